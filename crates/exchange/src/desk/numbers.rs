//! Business numbers: found, dialled, and their settings.

use serde_json::json;
use store::numbers::Number;
use types::calling::{CallingChange, MessagingLimit};
use types::{Country, PhoneNumber, PhoneNumberId};

use super::{Refused, Turn, settings};

/// The number of that id, for those who see all numbers.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn find(turn: &mut Turn<'_>, id: &PhoneNumberId) -> Result<Number, Refused> {
    store::numbers::find(turn.tx, id)?.ok_or(Refused::UnknownNumber)
}

/// The number that a user dials: by its digits in any usual writing, or by its id.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn dialled(turn: &mut Turn<'_>, to: &str) -> Result<Number, Refused> {
    if let Ok(display) = to.parse::<PhoneNumber>()
        && let Some(number) = store::numbers::find_by_display(turn.tx, &display)?
    {
        return Ok(number);
    }
    let id = to.parse().map_err(|_| Refused::UnknownNumber)?;
    find(turn, &id)
}

/// Every number, by id.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(turn: &mut Turn<'_>) -> Result<Vec<Number>, Refused> {
    Ok(store::numbers::list(turn.tx)?)
}

/// Says where a number is from.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn set_country(
    turn: &mut Turn<'_>,
    id: &PhoneNumberId,
    country: Country,
) -> Result<Number, Refused> {
    let mut number = find(turn, id)?;
    number.country = Some(country);
    store::numbers::save(turn.tx, &number)?;
    turn.tell(
        "number.changed",
        Some(id),
        None,
        &json!({ "country": country }),
    )?;
    Ok(number)
}

/// Lets a number call and be called, or not. Calls that run go on.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn set_calling(
    turn: &mut Turn<'_>,
    id: &PhoneNumberId,
    enabled: bool,
) -> Result<Number, Refused> {
    let change = CallingChange {
        enabled: Some(enabled),
        ..CallingChange::default()
    };
    settings::change_by_operator(turn, id, change)
}

/// Sets how many users the business of a number may write to first.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn set_messaging_limit(
    turn: &mut Turn<'_>,
    id: &PhoneNumberId,
    limit: MessagingLimit,
) -> Result<Number, Refused> {
    let mut number = find(turn, id)?;
    number.messaging_limit = limit;
    store::numbers::save(turn.tx, &number)?;
    let detail = json!({ "messaging_limit": limit.as_str() });
    turn.tell("number.changed", Some(id), None, &detail)?;
    Ok(number)
}
