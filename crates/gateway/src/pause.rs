//! The waits before another attempt to reach another machine.
//!
//! Real time on purpose: the network does not know of a clock that is turned. Nothing else in the
//! gateway sleeps.

use std::time::Duration;

/// Waits before another attempt.
pub(crate) async fn before_another_attempt(wait: Duration) {
    tokio::time::sleep(wait).await;
}
