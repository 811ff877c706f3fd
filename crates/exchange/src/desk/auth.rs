//! Who a request speaks for. A check returns a proof that the commands of calls demand.

use sha2::{Digest, Sha256};
use store::apps::App;
use store::keys::TokenHolder;
use store::numbers::Number;
use store::users::User;
use subtle::ConstantTimeEq;
use types::{AppId, PhoneNumberId, WaId, WabaId};

use super::{Refused, Turn};

/// Proof that a request may act for a business number. Only this module makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    number: Number,
    app: AppId,
}

impl Acting {
    /// The number.
    #[must_use]
    pub const fn number(&self) -> &Number {
        &self.number
    }

    /// The app that the request comes from.
    #[must_use]
    pub const fn app(&self) -> &AppId {
        &self.app
    }
}

/// What an access token opens.
///
/// # Errors
///
/// [`Refused::WrongToken`]; [`Refused::AppToken`] for an app's own.
pub fn token(turn: &mut Turn<'_>, token: &str) -> Result<TokenHolder, Refused> {
    match store::keys::find_token(turn.tx, &fingerprint(token))? {
        Some(holder) => Ok(holder),
        None if own_app(turn, token)?.is_some() => Err(Refused::AppToken),
        None => Err(Refused::WrongToken),
    }
}

/// The app whose own token that is: its id and secret joined by `|`.
fn own_app(turn: &mut Turn<'_>, token: &str) -> Result<Option<App>, Refused> {
    let Some((id, secret)) = token.split_once('|') else {
        return Ok(None);
    };
    let Ok(id) = id.parse() else {
        return Ok(None);
    };
    match app_by_secret(turn, &id, secret) {
        Ok(app) => Ok(Some(app)),
        Err(Refused::WrongToken) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The right to act for a number, by an access token.
///
/// # Errors
///
/// [`Refused::WrongToken`]; [`Refused::UnknownNumber`] also for a number of somebody else's account,
/// so that ids cannot be guessed.
pub fn number_by_token(
    turn: &mut Turn<'_>,
    access_token: &str,
    id: &PhoneNumberId,
) -> Result<Acting, Refused> {
    let holder = token(turn, access_token)?;
    let number = store::numbers::find(turn.tx, id)?
        .filter(|number| number.waba == holder.waba)
        .ok_or(Refused::UnknownNumber)?;
    Ok(Acting {
        number,
        app: holder.app,
    })
}

/// The right to act for a number, by its 360dialog key.
///
/// # Errors
///
/// [`Refused::WrongKey`].
pub fn number_by_d360_key(turn: &mut Turn<'_>, key: &str) -> Result<Acting, Refused> {
    let holder = store::keys::find_d360(turn.tx, &fingerprint(key))?.ok_or(Refused::WrongKey)?;
    let number = store::numbers::find(turn.tx, &holder.number)?.ok_or(Refused::UnknownNumber)?;
    Ok(Acting {
        number,
        app: holder.app,
    })
}

/// The account of a path, if the token may work on it.
///
/// # Errors
///
/// [`Refused::WrongToken`], [`Refused::UnknownWaba`].
pub fn waba_by_token(
    turn: &mut Turn<'_>,
    access_token: &str,
    id: &WabaId,
) -> Result<TokenHolder, Refused> {
    let holder = token(turn, access_token)?;
    if holder.waba == *id {
        Ok(holder)
    } else {
        Err(Refused::UnknownWaba)
    }
}

/// The app of a path, if the token is one of its own: an access token that was made for it, or the
/// app's id and secret joined by `|`.
///
/// # Errors
///
/// [`Refused::WrongToken`], [`Refused::UnknownApp`].
pub fn app_by_token(turn: &mut Turn<'_>, access_token: &str, id: &AppId) -> Result<App, Refused> {
    if let Some(app) = own_app(turn, access_token)? {
        return if app.id == *id {
            Ok(app)
        } else {
            Err(Refused::UnknownApp)
        };
    }
    let holder = token(turn, access_token)?;
    if holder.app != *id {
        return Err(Refused::UnknownApp);
    }
    store::apps::find(turn.tx, id)?.ok_or(Refused::UnknownApp)
}

/// The app of that id, if the secret is its own.
///
/// # Errors
///
/// [`Refused::WrongToken`], for an unknown app as well.
pub fn app_by_secret(turn: &mut Turn<'_>, id: &AppId, secret: &str) -> Result<App, Refused> {
    store::apps::find(turn.tx, id)?
        .filter(|app| same(&app.secret, secret))
        .ok_or(Refused::WrongToken)
}

/// The user whose phone asks for its line.
///
/// # Errors
///
/// [`Refused::WrongPhoneToken`], for an unknown user as well.
pub fn phone(turn: &mut Turn<'_>, wa_id: &WaId, token: &str) -> Result<User, Refused> {
    store::users::find(turn.tx, wa_id)?
        .filter(|user| same(&user.phone_token, token))
        .ok_or(Refused::WrongPhoneToken)
}

/// The hex of a secret's SHA-256, which is all that the records hold of tokens and keys.
#[must_use]
pub fn fingerprint(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Compares in a time that does not tell how much of it was right.
fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
