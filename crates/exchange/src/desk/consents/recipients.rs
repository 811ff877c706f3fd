//! Whom a number for tests may reach: its list of recipients, as long as the preset lets it be.

use rules::reach::allow_list_has_room;
use serde_json::json;
use store::recipients::Recipient;
use types::{PhoneNumberId, WaId};

use super::super::{Refused, Turn, numbers, users};

/// A number's list, by user.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn list_recipients(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
) -> Result<Vec<Recipient>, Refused> {
    numbers::find(turn, number)?;
    Ok(store::recipients::list(turn.tx, number)?)
}

/// Puts a user on a number's list. That they are on it already is no error.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`]; [`Refused::AllowListFull`].
pub fn add_recipient(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<(), Refused> {
    let list = list_recipients(turn, number)?;
    users::find(turn, wa_id)?;
    if list.iter().any(|recipient| recipient.wa_id == *wa_id) {
        return Ok(());
    }
    if !allow_list_has_room(list.len(), &turn.preset.eligibility) {
        return Err(Refused::AllowListFull { users: list.len() });
    }
    store::recipients::add(turn.tx, number, wa_id, turn.now)?;
    let detail = json!({ "wa_id": wa_id });
    Ok(turn.tell("recipient.added", Some(number), None, &detail)?)
}

/// Takes a user off a number's list; whether they were on it.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn remove_recipient(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<bool, Refused> {
    numbers::find(turn, number)?;
    let was_on_it = store::recipients::remove(turn.tx, number, wa_id)?;
    if was_on_it {
        let detail = json!({ "wa_id": wa_id });
        turn.tell("recipient.removed", Some(number), None, &detail)?;
    }
    Ok(was_on_it)
}
