//! The time that a phone's script counts in. It is told: an exchange whose clock is turned turns its
//! phones' clocks too.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use types::Timestamp;

/// Tells a phone the time and wakes it.
pub trait PhoneClock: Send + Sync + 'static {
    /// The moment that it is.
    fn now(&self) -> Timestamp;

    /// Returns at `at`, or at once if that has passed. Dropped when the phone has something else to
    /// do.
    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// A clock that nobody turns: it shows what it is given to read.
pub struct RunningClock {
    read: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

impl RunningClock {
    /// A clock that shows what `read` gives, the machine's wall clock for instance.
    #[must_use]
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            read: Box::new(read),
        }
    }
}

impl PhoneClock for RunningClock {
    fn now(&self) -> Timestamp {
        (self.read)()
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            // A wall clock that is set back meanwhile makes the sleep too short: sleep on.
            loop {
                let now = self.now();
                if now >= at {
                    return;
                }
                tokio::time::sleep(at.since(now)).await;
            }
        })
    }
}

impl fmt::Debug for RunningClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningClock")
            .field("now", &self.now())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_clock_set_back_wakes_nobody_early() {
        let times = AtomicU64::new(0);
        // 1 ms, then back to 0 ms, then on.
        let clock = RunningClock::new(move || {
            Timestamp::from_millis([1, 0, 1, 2][times.fetch_add(1, Ordering::Relaxed) as usize % 4])
        });
        clock.sleep_until(Timestamp::from_millis(2)).await;
        assert_eq!(
            clock.now(),
            Timestamp::from_millis(1),
            "after 1, 0, 1 and 2"
        );
    }
}
