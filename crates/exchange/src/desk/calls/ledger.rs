//! What calls mean to the user's ledger and to the customer-service window (`wire.md` 3.3, 3.4, 10.1).

use rules::call::Call;
use rules::consent::Input;
use store::calls::CallRow;
use store::numbers::Number;
use types::{CallId, Direction, WaId};

use super::super::{Refused, Turn, consents, numbers};

/// A user has called: the window opens, taken or not, and where the number says so the business may
/// call back.
pub(super) fn user_called(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    call: &CallId,
) -> Result<(), Refused> {
    consents::heard_of(turn, &number.id, wa_id)?;
    if number.settings.callback_permission {
        let call = call.clone();
        consents::feed(turn, number, wa_id, Input::CallbackGrant { call })?;
    }
    Ok(())
}

/// A call has gone on from `before` to what its row holds.
pub(super) fn went_on(turn: &mut Turn<'_>, row: &CallRow, before: &Call) -> Result<(), Refused> {
    let call = row.machine();
    let direction = call.direction();
    let taken = before.accepted_at().is_none() && call.accepted_at().is_some();
    if taken {
        if direction == Direction::BusinessInitiated {
            consents::heard_of(turn, &row.number, &row.wa_id)?;
        }
        let connected = Input::CallConnected {
            call: row.id.clone(),
            direction,
        };
        feed(turn, row, connected)?;
    }
    let ending = call.ending().filter(|_| before.ending().is_none());
    match ending.and_then(|ending| Input::of_ending(row.id.clone(), direction, &ending)) {
        Some(input) => feed(turn, row, input),
        None => Ok(()),
    }
}

fn feed(turn: &mut Turn<'_>, row: &CallRow, input: Input) -> Result<(), Refused> {
    let number = numbers::find(turn, &row.number)?;
    consents::feed(turn, &number, &row.wa_id, input)
}
