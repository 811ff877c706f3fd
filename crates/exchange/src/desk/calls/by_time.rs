//! What happens to calls by itself: deadlines pass, and the process starts or ends.

use rules::call::{Input, Refusal};
use store::calls::CallRow;
use types::Timestamp;
use types::limits::DEADLINES_BATCH_MAX;

use super::super::{Refused, Turn};
use super::load;
use super::step::{self, With};

/// Meets the deadlines of calls that have come by `by`, some at a time.
pub(in crate::desk) fn meet_deadlines(turn: &mut Turn<'_>, by: Timestamp) -> Result<(), Refused> {
    for id in store::calls::due(turn.tx, by, DEADLINES_BATCH_MAX)? {
        let mut call = load(turn, &id)?;
        step::step(turn, &mut call, Input::Timeout, With::default())?;
    }
    Ok(())
}

/// The process has just started: whatever media calls had is gone. Says how many calls there were.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn lose_media(turn: &mut Turn<'_>) -> Result<usize, Refused> {
    let running = store::calls::running(turn.tx)?;
    for id in &running {
        store::legs::forget_media(turn.tx, id)?;
        let mut call = load(turn, id)?;
        call.phone_line = None;
        lose(turn, &mut call)?;
    }
    Ok(running.len())
}

/// The process is about to end, and every call with it. Says how many calls there were.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn end_all(turn: &mut Turn<'_>) -> Result<usize, Refused> {
    let running = store::calls::running(turn.tx)?;
    for id in &running {
        let mut call = load(turn, id)?;
        lose(turn, &mut call)?;
    }
    Ok(running.len())
}

/// The media of one call is gone. A call whose deadline had passed before that, while no process was
/// there to meet it, ended by the deadline.
fn lose(turn: &mut Turn<'_>, call: &mut CallRow) -> Result<(), Refused> {
    match step::step(turn, call, Input::MediaLost, With::default()) {
        Err(Refused::Call(Refusal::Ended { .. })) => {
            step::step(turn, call, Input::Timeout, With::default())
        }
        other => other,
    }
}
