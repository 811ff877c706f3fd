//! What happens to calls by itself: deadlines pass, and the process starts or ends.

use rules::call::Input;
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
        step::step(turn, &mut call, Input::MediaLost, With::default())?;
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
        step::step(turn, &mut call, Input::MediaLost, With::default())?;
    }
    Ok(running.len())
}
