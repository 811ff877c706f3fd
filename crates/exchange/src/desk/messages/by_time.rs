//! What happens to messages by itself: a user's phones come back, or do not in time.

use rules::message::Input;
use types::limits::DEADLINES_BATCH_MAX;
use types::{Timestamp, WaId};

use super::super::{Refused, Turn};
use super::course;

/// The user's phones take messages again: those that waited arrive, the oldest first.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn came_online(turn: &mut Turn<'_>, wa_id: &WaId) -> Result<(), Refused> {
    loop {
        let waiting = store::messages::waiting_for(turn.tx, wa_id, DEADLINES_BATCH_MAX)?;
        if waiting.is_empty() {
            return Ok(());
        }
        for mut row in waiting {
            // One whose time is over at this very moment is dropped instead.
            let input = match row.state {
                rules::message::State::Sent { keep_until } if keep_until <= turn.now => {
                    Input::Timeout
                }
                _ => Input::Arrived,
            };
            course::step(turn, &mut row, input)?;
        }
    }
}

/// Drops messages for which no phone came by `by`, the earliest first and some at a time.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn meet_deadlines(turn: &mut Turn<'_>, by: Timestamp) -> Result<(), Refused> {
    for mut row in store::messages::due(turn.tx, by, DEADLINES_BATCH_MAX)? {
        course::step(turn, &mut row, Input::Timeout)?;
    }
    Ok(())
}
