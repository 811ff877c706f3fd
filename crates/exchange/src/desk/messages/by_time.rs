//! What happens to messages that wait: a user's phones come back, or do not in time.

use rules::message::{Input, State};
use store::users::User;
use types::Timestamp;
use types::limits::DEADLINES_BATCH_MAX;

use super::super::{Refused, Turn};
use super::{course, fate};

/// A user's phones have come back, or their client is another: the messages that wait arrive, or fail
/// where it turns out that they never will, the oldest first.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn user_changed(turn: &mut Turn<'_>, user: &User) -> Result<(), Refused> {
    if !user.online && !fate::is_gone(user.reachability) {
        return Ok(());
    }
    loop {
        let waiting = store::messages::waiting_for(turn.tx, &user.wa_id, DEADLINES_BATCH_MAX)?;
        if waiting.is_empty() {
            return Ok(());
        }
        for mut row in waiting {
            // One whose time is over at this very moment is dropped instead.
            let input = match row.state {
                State::Sent { keep_until } if keep_until <= turn.now => Input::Timeout,
                _ => match fate::bar(user.reachability, &course::shown(&row)?) {
                    Some(failure) => Input::Undeliverable(failure),
                    None => Input::Arrived,
                },
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
