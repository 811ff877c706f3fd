//! The time that a phone's script counts in. It is told: an exchange whose clock is turned turns its
//! phones' clocks too.

use std::future::Future;
use std::pin::Pin;

use tokio::time::Instant;
use types::Timestamp;

/// Tells a phone the time and wakes it.
pub trait PhoneClock: Send + Sync + 'static {
    /// The moment that it is.
    fn now(&self) -> Timestamp;

    /// Returns at `at`, or at once if that has passed. Dropped when the phone has something else to
    /// do.
    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// A clock that runs on from a moment that it is told, at its own pace.
#[derive(Debug, Clone, Copy)]
pub struct RunningClock {
    started: Instant,
    at: Timestamp,
}

impl RunningClock {
    /// A clock that shows `now` now.
    #[must_use]
    pub fn starting_at(now: Timestamp) -> Self {
        Self {
            started: Instant::now(),
            at: now,
        }
    }
}

impl PhoneClock for RunningClock {
    fn now(&self) -> Timestamp {
        self.at + self.started.elapsed()
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep_until(self.started + at.since(self.at)))
    }
}
