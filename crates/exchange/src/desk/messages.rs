//! Messages: taken from businesses, brought to phones, written by users.
//!
//! What becomes of a message is decided by `rules::message`; here it is kept, and what it wants done
//! becomes webhooks, a chat on the phones, and a word to the consent ledger where it asks for a
//! permission.

use store::messages::{MessageFilter, MessageRow};
use types::{MessageId, WaId};

use super::{Refused, Turn};

mod answer;
mod by_time;
mod compose;
mod course;
mod fate;
mod pricing;
mod rates;
mod send;
mod shown;
mod user;

pub use answer::mark_read;
pub use by_time::{meet_deadlines, user_changed};
pub(crate) use pricing::of as pricing_of;
pub use send::{Sent, send};
pub use shown::{Shown, ShownButton, ShownCallButton};
pub use user::{Pressed, button, user_reads, user_writes};

/// The message of that id.
///
/// # Errors
///
/// [`Refused::UnknownMessage`].
pub fn find(turn: &mut Turn<'_>, id: &MessageId) -> Result<MessageRow, Refused> {
    store::messages::find(turn.tx, id)?.ok_or(Refused::UnknownMessage)
}

/// Up to `rows` messages, the youngest first.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(
    turn: &mut Turn<'_>,
    filter: &MessageFilter,
    rows: usize,
) -> Result<Vec<MessageRow>, Refused> {
    Ok(store::messages::list(turn.tx, filter, rows)?)
}

/// A message between that user and any business.
fn find_of(turn: &mut Turn<'_>, wa_id: &WaId, id: &MessageId) -> Result<MessageRow, Refused> {
    let row = find(turn, id)?;
    if row.wa_id == *wa_id {
        Ok(row)
    } else {
        Err(Refused::UnknownMessage)
    }
}
