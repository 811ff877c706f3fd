//! The wall clock of the machine: asked here and nowhere else.

use std::time::{SystemTime, UNIX_EPOCH};

use types::Timestamp;

/// The moment it is, by the machine's clock.
#[must_use]
pub fn wall_clock() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
