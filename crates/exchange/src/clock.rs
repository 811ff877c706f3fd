//! The exchange's clock: runs with the program's, stands still, or is turned.
//!
//! Only moments are turned. Whoever waits for one asks [`Clock::sleep_until`] and wakes when the
//! clock gets there, by itself or by hand. Meeting every deadline on the way is
//! [`crate::ticker::Ticker::advance`]'s, not the clock's.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use types::Timestamp;

/// A handle to the exchange's one clock.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    base: Box<dyn Fn() -> Timestamp + Send + Sync>,
    hands: Mutex<Hands>,
    turned: watch::Sender<()>,
}

/// How the hands go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hands {
    /// With the base clock, ahead of it by so many milliseconds (behind, if negative).
    Running { ahead_ms: i64 },
    /// Not at all.
    Frozen { at: Timestamp },
}

impl Clock {
    /// A clock that runs with `base`, which the program provides.
    pub fn new(base: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            base: Box::new(base),
            hands: Mutex::new(Hands::Running { ahead_ms: 0 }),
            turned: watch::Sender::new(()),
        }))
    }

    /// A clock that stands at `at` until it is turned. For tests and simulation.
    #[must_use]
    pub fn frozen(at: Timestamp) -> Self {
        let clock = Self::new(move || at);
        clock.set_hands(|_| Hands::Frozen { at });
        clock
    }

    /// The moment that the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let hands = *self.hands();
        self.read(hands)
    }

    /// Whether the clock stands still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(*self.hands(), Hands::Frozen { .. })
    }

    /// Lets the clock stand still where it is.
    pub fn freeze(&self) {
        self.set_hands(|now| Hands::Frozen { at: now });
    }

    /// Lets the clock run on from where it is.
    pub fn resume(&self) {
        let base = (self.0.base)();
        self.set_hands(|now| Hands::Running {
            ahead_ms: signed(now) - signed(base),
        });
    }

    /// Puts the clock to `at`, forward or back; it runs or stands as before. Deadlines that lie
    /// between are met late, all at once.
    pub fn set(&self, at: Timestamp) {
        let base = (self.0.base)();
        let frozen = self.is_frozen();
        self.set_hands(|_| {
            if frozen {
                Hands::Frozen { at }
            } else {
                Hands::Running {
                    ahead_ms: signed(at) - signed(base),
                }
            }
        });
    }

    /// Waits until the clock shows `at` or later.
    pub async fn sleep_until(&self, at: Timestamp) {
        let mut turned = self.0.turned.subscribe();
        loop {
            turned.mark_unchanged();
            let now = self.now();
            if at <= now {
                return;
            }
            let turn = turned.changed();
            if self.is_frozen() {
                turn.await.ok();
            } else {
                // A wait for years is cut into pieces that every timer can hold.
                let wait = at.since(now).min(SLEEP_MAX);
                tokio::time::timeout(wait, turn).await.ok();
            }
        }
    }

    fn read(&self, hands: Hands) -> Timestamp {
        match hands {
            Hands::Running { ahead_ms } => {
                let millis = signed((self.0.base)()).saturating_add(ahead_ms);
                Timestamp::from_millis(u64::try_from(millis).unwrap_or(0))
            }
            Hands::Frozen { at } => at,
        }
    }

    fn set_hands(&self, to: impl FnOnce(Timestamp) -> Hands) {
        let mut hands = self.hands();
        *hands = to(self.read(*hands));
        drop(hands);
        self.0.turned.send_replace(());
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Hands> {
        self.0.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock")
            .field("hands", &*self.hands())
            .finish_non_exhaustive()
    }
}

fn signed(at: Timestamp) -> i64 {
    i64::try_from(at.as_millis()).unwrap_or(i64::MAX)
}

const SLEEP_MAX: Duration = Duration::from_hours(24);

#[cfg(test)]
mod tests;
