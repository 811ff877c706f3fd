//! Users: made, changed, removed and found.

use serde_json::json;
use store::users::{Reachability, User};
use types::{Bsuid, Country, WaId};
use wire::Recipient;

use super::effects::Effect;
use super::{Refused, Turn, messages};
use crate::ids;

/// A user that is to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The digits they registered with.
    pub wa_id: WaId,
    /// Their business-scoped id; drawn if there is none.
    pub bsuid: Option<Bsuid>,
    /// Their profile name.
    pub name: String,
    /// Where their number is from.
    pub country: Country,
    /// What their phones show to take the line; drawn if there is none.
    pub phone_token: Option<String>,
    /// Whether they can be called.
    pub reachability: Reachability,
    /// Whether their phones take messages.
    pub online: bool,
}

/// What is to be changed of a user; nothing where there is none.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Their profile name.
    pub name: Option<String>,
    /// Where their number is from.
    pub country: Option<Country>,
    /// What their phones show to take the line.
    pub phone_token: Option<String>,
    /// Whether they can be called.
    pub reachability: Option<Reachability>,
    /// Whether their phones take messages. What waited for them arrives when they do again.
    pub online: Option<bool>,
}

impl UserChange {
    /// Whether it changes nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(
            self,
            Self {
                name: None,
                country: None,
                phone_token: None,
                reachability: None,
                online: None
            }
        )
    }
}

/// Makes a user.
///
/// # Errors
///
/// [`Refused::UserExists`].
pub fn create(turn: &mut Turn<'_>, new: NewUser) -> Result<User, Refused> {
    let bsuid = new
        .bsuid
        .unwrap_or_else(|| ids::bsuid(turn.chance, new.country));
    let taken = store::users::find(turn.tx, &new.wa_id)?.is_some()
        || store::users::find_by_bsuid(turn.tx, &bsuid)?.is_some();
    if taken {
        return Err(Refused::UserExists);
    }
    let user = User {
        wa_id: new.wa_id,
        bsuid,
        name: new.name,
        country: new.country,
        phone_token: new
            .phone_token
            .unwrap_or_else(|| ids::phone_token(turn.chance)),
        created_at: turn.now,
        online: new.online,
        reachability: new.reachability,
    };
    store::users::save(turn.tx, &user)?;
    tell(turn, "user.created", &user.wa_id)?;
    Ok(user)
}

/// Changes a user.
///
/// # Errors
///
/// [`Refused::UnknownUser`].
pub fn change(turn: &mut Turn<'_>, wa_id: &WaId, change: UserChange) -> Result<User, Refused> {
    let mut user = find(turn, wa_id)?;
    user.name = change.name.unwrap_or(user.name);
    if let Some(country) = change.country {
        user.country = country;
        // Businesses show call icons in some countries and not in others.
        turn.afterwards(Effect::ShowBusinesses);
    }
    user.phone_token = change.phone_token.unwrap_or(user.phone_token);
    user.reachability = change.reachability.unwrap_or(user.reachability);
    user.online = change.online.unwrap_or(user.online);
    store::users::save(turn.tx, &user)?;
    tell(turn, "user.changed", wa_id)?;
    messages::user_changed(turn, &user)?;
    Ok(user)
}

/// Removes a user and what they have consented to.
///
/// # Errors
///
/// [`Refused::UnknownUser`]; [`Refused::UserInCall`] while a call with them is not over.
pub fn remove(turn: &mut Turn<'_>, wa_id: &WaId) -> Result<(), Refused> {
    find(turn, wa_id)?;
    if !store::calls::running_of_user(turn.tx, wa_id)?.is_empty() {
        return Err(Refused::UserInCall);
    }
    store::messages::remove_of_user(turn.tx, wa_id)?;
    store::users::remove(turn.tx, wa_id)?;
    tell(turn, "user.removed", wa_id)?;
    Ok(())
}

/// The user of that wa_id.
///
/// # Errors
///
/// [`Refused::UnknownUser`].
pub fn find(turn: &mut Turn<'_>, wa_id: &WaId) -> Result<User, Refused> {
    store::users::find(turn.tx, wa_id)?.ok_or(Refused::UnknownUser)
}

/// The user whom a business names.
///
/// # Errors
///
/// [`Refused::UnknownUser`].
pub fn by_recipient(turn: &mut Turn<'_>, to: &Recipient) -> Result<User, Refused> {
    match to {
        Recipient::WaId(wa_id) => store::users::find(turn.tx, wa_id)?,
        Recipient::Bsuid(bsuid) => store::users::find_by_bsuid(turn.tx, bsuid)?,
    }
    .ok_or(Refused::UnknownUser)
}

/// Up to `rows` users by wa_id, beginning behind `after`.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(turn: &mut Turn<'_>, after: Option<&WaId>, rows: usize) -> Result<Vec<User>, Refused> {
    Ok(store::users::list(turn.tx, after, rows)?)
}

fn tell(turn: &mut Turn<'_>, kind: &str, wa_id: &WaId) -> Result<(), Refused> {
    Ok(turn.tell(kind, None, None, &json!({ "wa_id": wa_id }))?)
}
