//! What users have allowed business numbers to do: the ledgers of `rules::consent`, and the
//! customer-service windows beside them.
//!
//! What a ledger says is decided by `rules`; here it is loaded whole, fed with what happened, saved
//! whole, and what it wants done is noted as webhooks, events and words to the user's phones.

use rules::consent::{Answer, Entry, Input, Ledger, Refusal, State, Term};
use rules::window::Window;
use serde_json::json;
use store::consents::LedgerRow;
use types::{MessageId, PhoneNumberId, WaId};

use super::{Refused, Turn, numbers, users};

mod facts;
mod feed;
mod recipients;

pub use facts::{Facts, Permitted, facts_of_stranger, outbound, read_permissions};
pub use feed::{feed, meet_deadlines};
pub use recipients::{add_recipient, list_recipients, remove_recipient};

/// The ledger of a number and a user; that of a pair that never heard of each other is empty.
///
/// # Errors
///
/// When the records cannot be read.
pub fn load(turn: &mut Turn<'_>, number: &PhoneNumberId, wa_id: &WaId) -> Result<Ledger, Refused> {
    let row = store::consents::find(turn.tx, number, wa_id)?;
    Ok(row.map_or_else(Ledger::new, LedgerRow::into_ledger))
}

/// The ledger of a number and a user as it is kept, if anything ever happened between them.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
pub fn find(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<Option<LedgerRow>, Refused> {
    numbers::find(turn, number)?;
    users::find(turn, wa_id)?;
    Ok(store::consents::find(turn.tx, number, wa_id)?)
}

/// Up to `rows` lines of a ledger in their order, beginning behind the one with the number `after`.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
pub fn history(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
    after: Option<u64>,
    rows: usize,
) -> Result<Vec<Entry>, Refused> {
    numbers::find(turn, number)?;
    users::find(turn, wa_id)?;
    Ok(store::consents::history(
        turn.tx, number, wa_id, after, rows,
    )?)
}

/// Grants for a term, or takes back, as the platform's operator: the business hears nothing of it.
/// That it is so already is no error.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
pub fn set(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
    term: Option<Term>,
) -> Result<(), Refused> {
    let number = numbers::find(turn, number)?;
    users::find(turn, wa_id)?;
    let input = match term {
        Some(term) => Input::OperatorGrant { term },
        None => Input::OperatorRevoke,
    };
    match feed(turn, &number, wa_id, input) {
        Err(Refused::Consent(Refusal::NothingNew | Refusal::NothingToRevoke)) => Ok(()),
        other => other,
    }
}

/// The user allows calls for a term in the business's profile, or takes the permission back there.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`]; [`Refused::Consent`] where it says nothing
/// new.
pub fn profile(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    number: &PhoneNumberId,
    term: Option<Term>,
) -> Result<(), Refused> {
    let number = numbers::find(turn, number)?;
    users::find(turn, wa_id)?;
    let input = match term {
        Some(term) => Input::ProfileGrant { term },
        None => Input::ProfileRevoke,
    };
    feed(turn, &number, wa_id, input)
}

/// The user answers a call permission request, or changes the answer.
///
/// # Errors
///
/// [`Refused::Consent`] where it says nothing new, and for a request that is over, or is not one that
/// this user was sent.
pub fn answer(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    request: &MessageId,
    answer: Answer,
) -> Result<(), Refused> {
    let (number, asked) = of_request(turn, request)?;
    if asked != *wa_id {
        return Err(Refused::Consent(Refusal::NoSuchRequest));
    }
    let number = numbers::find(turn, &number)?;
    let request = request.clone();
    feed(turn, &number, wa_id, Input::Answered { request, answer })
}

/// Between whom a call permission request was sent.
///
/// # Errors
///
/// [`Refused::Consent`] where there never was such a request.
pub fn of_request(
    turn: &mut Turn<'_>,
    request: &MessageId,
) -> Result<(PhoneNumberId, WaId), Refused> {
    store::consents::of_request(turn.tx, request)?.ok_or(Refused::Consent(Refusal::NoSuchRequest))
}

/// Forgets all that there is between a number and a user, the window included; whether there was
/// anything.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
pub fn forget(turn: &mut Turn<'_>, number: &PhoneNumberId, wa_id: &WaId) -> Result<bool, Refused> {
    let Some(row) = find(turn, number, wa_id)? else {
        store::windows::remove(turn.tx, number, wa_id)?;
        return Ok(false);
    };
    store::consents::remove(turn.tx, number, wa_id)?;
    store::windows::remove(turn.tx, number, wa_id)?;
    let detail = json!({ "wa_id": wa_id, "granted": false });
    turn.tell("consent.forgotten", Some(number), None, &detail)?;
    feed::show_on_phones(turn, number, wa_id, &row.state, &State::default())?;
    Ok(true)
}

/// The customer-service window between a number and a user.
///
/// # Errors
///
/// When the records cannot be read.
pub fn window(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<Window, Refused> {
    Ok(store::windows::find(turn.tx, number, wa_id)?)
}

/// The user was heard of by a number: wrote, called, or took a call of it. Opens the window, or keeps
/// it open.
///
/// # Errors
///
/// When the records cannot be written.
pub fn heard_of(turn: &mut Turn<'_>, number: &PhoneNumberId, wa_id: &WaId) -> Result<(), Refused> {
    let mut window = window(turn, number, wa_id)?;
    window.open(turn.now);
    let heard = window.heard.unwrap_or(turn.now);
    Ok(store::windows::save(turn.tx, number, wa_id, heard)?)
}
