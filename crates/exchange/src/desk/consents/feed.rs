//! One step of one ledger: it takes an input, is saved, and what it wants done is carried out.

use rules::consent::{Entry, Input, Ledger, Output, State};
use serde_json::json;
use store::consents::LedgerRow;
use store::numbers::Number;
use types::limits::DEADLINES_BATCH_MAX;
use types::{PhoneNumberId, Timestamp, WaId};

use super::super::{Refused, Turn, chat, numbers};
use super::load;
use crate::notices::permissions;

/// Gives the ledger of a number and a user one input. A refusal has written nothing.
///
/// # Errors
///
/// [`Refused::Consent`] where the ledger has no room for it.
pub fn feed(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    input: Input,
) -> Result<(), Refused> {
    let mut ledger = load(turn, &number.id, wa_id)?;
    let before = ledger.state().clone();
    ledger.handle(turn.now, &turn.preset.consent, input)?;
    carry_out(turn, number, wa_id, &before, ledger)
}

/// Meets the deadlines of ledgers that have come by `by`, some at a time.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn meet_deadlines(turn: &mut Turn<'_>, by: Timestamp) -> Result<(), Refused> {
    for (number, wa_id) in store::consents::due(turn.tx, by, DEADLINES_BATCH_MAX)? {
        let number = numbers::find(turn, &number)?;
        feed(turn, &number, &wa_id, Input::Timeout)?;
    }
    Ok(())
}

/// Shows what has become of permission and requests on the phones of the user.
pub(super) fn show_on_phones(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
    before: &State,
    after: &State,
) -> Result<(), Refused> {
    chat::ledger_changed(turn, number, wa_id, before, after)
}

fn carry_out(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    before: &State,
    mut ledger: Ledger,
) -> Result<(), Refused> {
    let outputs: Vec<Output> = std::iter::from_fn(|| ledger.poll_output()).collect();
    let row = LedgerRow {
        number: number.id.clone(),
        wa_id: wa_id.clone(),
        state: ledger.into_state(),
        changed_at: turn.now,
    };
    store::consents::save(turn.tx, &row)?;
    let granted = row.state.held.grant().is_some();
    for output in outputs {
        match output {
            Output::Record(entry) => record(turn, number, wa_id, &entry, granted)?,
            Output::Notify(notice) => permissions::send(turn, number, wa_id, &notice)?,
            Output::TellUser(notice) => chat::notice(turn, number, wa_id, notice)?,
        }
    }
    show_on_phones(turn, &number.id, wa_id, before, &row.state)
}

/// Keeps a line, and tells the stream of events. `granted` is how it stands in the end.
fn record(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    entry: &Entry,
    granted: bool,
) -> Result<(), Refused> {
    store::consents::append(turn.tx, &number.id, wa_id, entry)?;
    let detail = json!({
        "wa_id": wa_id,
        "entry": entry.number,
        "reason": entry.reason.as_str(),
        "message": entry.reason.to_string(),
        "request": entry.reason.request(),
        "until_ms": entry.reason.until().map(Timestamp::as_millis),
        "granted": granted,
    });
    let call = entry.reason.call();
    Ok(turn.tell("consent.changed", Some(&number.id), call, &detail)?)
}
