//! The stream of events, read from committed rows.

use store::events::Event;
use types::EventId;

use super::{Refused, Turn};

/// Up to `rows` entries behind `after`, in order.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(turn: &mut Turn<'_>, after: EventId, rows: usize) -> Result<Vec<Event>, Refused> {
    Ok(store::events::list(turn.tx, after, rows)?)
}

/// The last entry's place; 0 when there is none.
///
/// # Errors
///
/// When the records cannot be read.
pub fn last(turn: &mut Turn<'_>) -> Result<EventId, Refused> {
    Ok(store::events::last(turn.tx)?)
}
