//! Who is there from the start: accounts, apps, numbers and users, as the program was configured.

pub use rules::consent::Term;
use rules::reach::Restrictions;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use store::keys::{D360Holder, TokenHolder};
pub use store::subscriptions::{Callback, Dialect, Scope, Shape};
pub use store::users::Reachability;
use store::{apps, keys, numbers, wabas};
use types::calling::{CallingChange, MessagingLimit};
use types::{AppId, Bsuid, Country, PhoneNumber, PhoneNumberId, WaId, WabaId};

use crate::desk::auth::fingerprint;
use crate::desk::users::{NewUser, UserChange};
use crate::desk::{
    Refused, Turn, calls, consents, deliveries, settings, subscriptions, templates, users,
};

/// Who is there from the start.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// WhatsApp Business Accounts.
    pub wabas: Vec<Waba>,
    /// Meta apps.
    pub apps: Vec<App>,
    /// Business numbers.
    pub numbers: Vec<Number>,
    /// WhatsApp users.
    pub users: Vec<User>,
    /// What users have allowed.
    pub consents: Vec<Consent>,
    /// Message templates.
    pub templates: Vec<Template>,
    /// Who gets webhooks.
    pub callbacks: Vec<Callback>,
}

/// A WhatsApp Business Account.
#[derive(Debug, Clone)]
pub struct Waba {
    /// Its id.
    pub id: WabaId,
    /// What its owner calls it.
    pub name: String,
    /// The apps that it has subscribed.
    pub apps: Vec<AppId>,
}

/// A Meta app.
#[derive(Debug, Clone)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// What its owner calls it.
    pub name: String,
    /// What signs its webhooks.
    pub secret: SecretString,
    /// Its access tokens, each with the account that it opens.
    pub tokens: Vec<(SecretString, WabaId)>,
}

/// A business number.
#[derive(Debug, Clone)]
pub struct Number {
    /// Its id.
    pub id: PhoneNumberId,
    /// The account that owns it.
    pub waba: WabaId,
    /// The number that people dial.
    pub display: PhoneNumber,
    /// The name that people see.
    pub verified_name: String,
    /// Whether it may call and be called at first.
    pub calling_enabled: bool,
    /// Where it is from; read from the number if there is none.
    pub country: Option<Country>,
    /// The users whom it may reach, where the preset has such lists.
    pub recipients: Vec<WaId>,
    /// What else is set about its calls at first; see [`read_calling`].
    pub calling: CallingChange,
    /// How many users the business may write to first.
    pub messaging_limit: MessagingLimit,
    /// Its 360dialog key, with the app whose secret signs what goes to the webhook that the key sets.
    pub d360_key: Option<(SecretString, AppId)>,
}

/// A WhatsApp user.
#[derive(Debug, Clone)]
pub struct User {
    /// The digits they registered with.
    pub wa_id: WaId,
    /// Their business-scoped id; drawn if there is none.
    pub bsuid: Option<Bsuid>,
    /// Their profile name.
    pub name: String,
    /// Where their number is from.
    pub country: Country,
    /// What their phones show to take the line; drawn if there is none.
    pub phone_token: Option<SecretString>,
    /// Whether they can be called at first.
    pub reachability: Reachability,
    /// Whether their phones take messages at first.
    pub online: bool,
}

/// What a user has allowed at first.
#[derive(Debug, Clone)]
pub struct Consent {
    /// The business number.
    pub number: PhoneNumberId,
    /// The user.
    pub wa_id: WaId,
    /// For how long the number may call; none if it may not.
    pub term: Option<Term>,
}

/// What a start found of the process before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PickedUp {
    /// Calls that had lost their media, and are over.
    pub calls: usize,
    /// Deliveries that were under way, and are due again.
    pub deliveries: usize,
}

/// What every start does: brings the configured world in and picks up what an earlier process left.
///
/// # Errors
///
/// As [`apply`].
pub fn start(turn: &mut Turn<'_>, world: World) -> Result<PickedUp, Refused> {
    apply(turn, world)?;
    pick_up(turn)
}

/// The second half of [`start`], for records that come with a world of their own.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn pick_up(turn: &mut Turn<'_>) -> Result<PickedUp, Refused> {
    Ok(PickedUp {
        calls: calls::lose_media(turn)?,
        deliveries: deliveries::recover(turn)?,
    })
}

/// Reads settings of calls from a configuration, in the keys and words of the API.
///
/// # Errors
///
/// With a sentence that names the key.
pub fn read_calling(settings: &Map<String, Value>) -> Result<CallingChange, String> {
    if settings.is_empty() {
        return Ok(CallingChange::default());
    }
    wire::settings::calling(settings).map_err(|error| error.details)
}

/// A message template, which counts as approved.
#[derive(Debug, Clone)]
pub struct Template {
    /// The account that owns it.
    pub waba: WabaId,
    /// The parameters of the request that would make it.
    pub parameters: Map<String, Value>,
}

/// Brings the records in line with the configuration; twice is as good as once.
///
/// Names, secrets and callbacks are as configured at every start. What has a life of its own after
/// that, consents, the settings of calls and whether users can be called, is set only where the
/// records know nothing yet.
/// What the configuration no longer names stays.
///
/// # Errors
///
/// When an entry names something that is not there, or a number or id is taken.
pub fn apply(turn: &mut Turn<'_>, world: World) -> Result<(), Refused> {
    for waba in &world.wabas {
        wabas::save(
            turn.tx,
            &wabas::Waba {
                id: waba.id.clone(),
                name: waba.name.clone(),
            },
        )?;
    }
    for app in &world.apps {
        apply_app(turn, app)?;
    }
    for waba in &world.wabas {
        for app in &waba.apps {
            wabas::subscribe(turn.tx, &waba.id, app)?;
        }
    }
    let lists: Vec<_> = world
        .numbers
        .iter()
        .map(|number| (number.id.clone(), number.recipients.clone()))
        .collect();
    for number in world.numbers {
        apply_number(turn, number)?;
    }
    for user in world.users {
        apply_user(turn, user)?;
    }
    for (number, wa_id) in lists
        .iter()
        .flat_map(|(id, list)| list.iter().map(move |it| (id, it)))
    {
        consents::add_recipient(turn, number, wa_id)?;
    }
    for consent in world.consents {
        if consents::find(turn, &consent.number, &consent.wa_id)?.is_none() {
            consents::set(turn, &consent.number, &consent.wa_id, consent.term)?;
        }
    }
    for template in world.templates {
        templates::configure(turn, &template.waba, &template.parameters)?;
    }
    for callback in &world.callbacks {
        subscriptions::set(turn, callback)?;
    }
    Ok(())
}

fn apply_app(turn: &mut Turn<'_>, app: &App) -> Result<(), Refused> {
    apps::save(
        turn.tx,
        &apps::App {
            id: app.id.clone(),
            name: app.name.clone(),
            secret: app.secret.expose_secret().to_owned(),
        },
    )?;
    for (token, waba) in &app.tokens {
        wabas::find(turn.tx, waba)?.ok_or(Refused::UnknownWaba)?;
        let holder = TokenHolder {
            app: app.id.clone(),
            waba: waba.clone(),
        };
        keys::save_token(turn.tx, &fingerprint(token.expose_secret()), &holder)?;
    }
    Ok(())
}

fn apply_number(turn: &mut Turn<'_>, number: Number) -> Result<(), Refused> {
    wabas::find(turn.tx, &number.waba)?.ok_or(Refused::UnknownWaba)?;
    if let Some(other) = numbers::find_by_display(turn.tx, &number.display)?
        && other.id != number.id
    {
        return Err(Refused::NumberTaken);
    }
    let known = numbers::find(turn.tx, &number.id)?;
    let known_country = known.as_ref().and_then(|known| known.country);
    let (settings, restrictions) = match known {
        Some(known) => (known.settings, known.restrictions),
        None => {
            let change = CallingChange {
                enabled: number.calling.enabled.or(Some(number.calling_enabled)),
                ..number.calling
            };
            let settings = settings::at_first(turn, &number.waba, change)?;
            (settings, Restrictions::default())
        }
    };
    let row = numbers::Number {
        id: number.id.clone(),
        waba: number.waba,
        country: number
            .country
            .or(known_country)
            .or_else(|| Country::of_number(&number.display)),
        display: number.display,
        verified_name: number.verified_name,
        settings,
        messaging_limit: number.messaging_limit,
        restrictions,
    };
    numbers::save(turn.tx, &row)?;
    if let Some((key, app)) = number.d360_key {
        apps::find(turn.tx, &app)?.ok_or(Refused::UnknownApp)?;
        let holder = D360Holder {
            number: number.id,
            app,
        };
        keys::save_d360(turn.tx, &fingerprint(key.expose_secret()), &holder)?;
    }
    Ok(())
}

fn apply_user(turn: &mut Turn<'_>, user: User) -> Result<(), Refused> {
    let phone_token = user
        .phone_token
        .map(|token| token.expose_secret().to_owned());
    match store::users::find(turn.tx, &user.wa_id)? {
        None => {
            let new = NewUser {
                wa_id: user.wa_id,
                bsuid: user.bsuid,
                name: user.name,
                country: user.country,
                phone_token,
                reachability: user.reachability,
                online: user.online,
            };
            users::create(turn, new)?;
        }
        Some(known) => {
            let change = UserChange {
                name: Some(user.name).filter(|name| *name != known.name),
                country: Some(user.country).filter(|country| *country != known.country),
                phone_token: phone_token.filter(|token| *token != known.phone_token),
                reachability: None,
                ..UserChange::default()
            };
            if !change.is_empty() {
                users::change(turn, &user.wa_id, change)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
