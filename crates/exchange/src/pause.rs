//! The exchange's only waits in real time: before something is tried again that failed here, and
//! between two rounds of housekeeping. Nothing of the platform's own time hangs on them, so a clock
//! that is turned need not shorten them; all else waits for [`crate::clock::Clock`].

use std::time::Duration;

/// Waits, in real time.
pub(crate) async fn for_real(wait: Duration) {
    tokio::time::sleep(wait).await;
}
