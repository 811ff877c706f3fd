//! What users have allowed business numbers to do: the place of the consent ledger.

use rules::consent::Consent;
use serde_json::json;
use store::consents::ConsentRow;
use types::{PhoneNumberId, WaId};

use super::{Refused, Turn, numbers, users};

/// What the rules know of a user's consent for a number; one that was never given is none.
///
/// # Errors
///
/// When the records cannot be read.
pub fn load(turn: &mut Turn<'_>, number: &PhoneNumberId, wa_id: &WaId) -> Result<Consent, Refused> {
    let row = store::consents::find(turn.tx, number, wa_id)?;
    Ok(Consent::new(row.is_some_and(|row| row.granted)))
}

/// The consent of a user for a number, if the user ever said anything.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
pub fn find(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<Option<ConsentRow>, Refused> {
    numbers::find(turn, number)?;
    users::find(turn, wa_id)?;
    Ok(store::consents::find(turn.tx, number, wa_id)?)
}

/// Grants or takes back, in the user's name.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
pub fn set(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
    granted: bool,
) -> Result<ConsentRow, Refused> {
    numbers::find(turn, number)?;
    users::find(turn, wa_id)?;
    let row = ConsentRow {
        number: number.clone(),
        wa_id: wa_id.clone(),
        granted,
        changed_at: turn.now,
    };
    store::consents::save(turn.tx, &row)?;
    let detail = json!({ "wa_id": wa_id, "granted": granted });
    turn.tell("consent.changed", Some(number), None, &detail)?;
    Ok(row)
}

/// Forgets what a user said; whether there was anything.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
pub fn forget(turn: &mut Turn<'_>, number: &PhoneNumberId, wa_id: &WaId) -> Result<bool, Refused> {
    find(turn, number, wa_id)?;
    let was_there = store::consents::remove(turn.tx, number, wa_id)?;
    let detail = json!({ "wa_id": wa_id, "granted": false });
    turn.tell("consent.changed", Some(number), None, &detail)?;
    Ok(was_there)
}
