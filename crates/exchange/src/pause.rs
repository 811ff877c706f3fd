//! The exchange's only waits in real time: before something is tried again that failed here, between
//! two rounds of housekeeping, and for a hang-up that its own media has overtaken. Nothing of the platform's own time hangs on them, so a clock
//! that is turned need not shorten them; all else waits for [`crate::clock::Clock`].

use std::time::Duration;

/// Waits, in real time.
pub(crate) async fn for_real(wait: Duration) {
    tokio::time::sleep(wait).await;
}
