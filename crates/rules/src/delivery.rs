//! One webhook on its way to one subscriber: when it is tried, and when it is given up.
//!
//! A worker takes a delivery that is due ([`Delivery::lease`]), sends it, and reports
//! ([`Delivery::report`]). A worker that dies leaves a lease that runs out, and the delivery is due
//! again: at least once, never at most once.
//!
//! ```text
//! Due ──lease──▶ Leased ──taken──▶ Delivered
//!  ▲               │ └─not taken, too late─▶ GivenUp
//!  └──not taken: after a wait; lease ran out: at once; redeliver
//! ```

use std::error::Error;
use std::fmt;
use std::time::Duration;

use types::Timestamp;
use types::preset::RetrySchedule;

/// One webhook to one subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// From when the time to give up is counted: the event, or the last redelivery by hand.
    pub since: Timestamp,
    /// Attempts begun, ever.
    pub attempts: u32,
    /// Attempts that failed since `since`; the wait doubles with each.
    pub failures: u32,
    /// Where it stands.
    pub state: DeliveryState,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be sent from `at` on.
    Due {
        /// The moment.
        at: Timestamp,
    },
    /// A worker sends it.
    Leased {
        /// When it is due again, unless the worker has reported.
        until: Timestamp,
    },
    /// The subscriber took it.
    Delivered {
        /// The moment.
        at: Timestamp,
    },
    /// The subscriber did not take it for too long.
    GivenUp {
        /// The moment.
        at: Timestamp,
    },
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The subscriber answered 2xx.
    Taken,
    /// Any other answer, or none.
    NotTaken,
}

/// How a wait is bent, in thousandths of the range that the schedule allows: 0 is the shortest wait,
/// 500 the plain one, 1000 the longest. Drawn by the driver; more than 1000 counts as 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter(pub u32);

/// Why a delivery is not for this worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not due.
    NotDue,
    /// Another attempt has begun since, or it is over: the report comes too late to matter.
    Stale,
}

impl Delivery {
    /// The delivery of an event that happened `now`: due at once.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self {
            since: now,
            attempts: 0,
            failures: 0,
            state: DeliveryState::Due { at: now },
        }
    }

    /// When a worker has to look at it again, if at all.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Timestamp> {
        match self.state {
            DeliveryState::Due { at } => Some(at),
            DeliveryState::Leased { until } => Some(until),
            DeliveryState::Delivered { .. } | DeliveryState::GivenUp { .. } => None,
        }
    }

    /// Whether nothing more will be tried by itself.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.poll_timeout().is_none()
    }

    /// Gives the delivery to a worker for as long as `lease` lasts. Answers with the number of the
    /// attempt that it is to report, from 1.
    ///
    /// # Errors
    ///
    /// Refuses one that is not due: under way with a lease that has not run out, waiting, or over.
    pub fn lease(&mut self, now: Timestamp, lease: Duration) -> Result<u32, Refusal> {
        match self.poll_timeout() {
            Some(at) if at <= now => {
                self.attempts = self.attempts.saturating_add(1);
                self.state = DeliveryState::Leased { until: now + lease };
                Ok(self.attempts)
            }
            Some(_) | None => Err(Refusal::NotDue),
        }
    }

    /// Takes what came of an attempt.
    ///
    /// A subscriber that took it has it, however late the worker says so. A failure counts only for
    /// the attempt that is under way: the next wait doubles with each, up to the schedule's longest,
    /// and is bent by chance; one that would end after the schedule's horizon is not begun.
    ///
    /// # Errors
    ///
    /// Refuses a report that no longer matters.
    pub fn report(
        &mut self,
        now: Timestamp,
        schedule: &RetrySchedule,
        attempt: u32,
        outcome: Outcome,
        jitter: Jitter,
    ) -> Result<(), Refusal> {
        match (self.state, outcome) {
            (DeliveryState::Delivered { .. }, _) => return Err(Refusal::Stale),
            (_, Outcome::Taken) => self.state = DeliveryState::Delivered { at: now },
            (DeliveryState::Leased { .. }, Outcome::NotTaken) if attempt == self.attempts => {
                self.failures = self.failures.saturating_add(1);
                let at = now + wait(schedule, self.failures, jitter);
                self.state = if self.since + schedule.give_up_after < at {
                    DeliveryState::GivenUp { at: now }
                } else {
                    DeliveryState::Due { at }
                };
            }
            (
                DeliveryState::Due { .. }
                | DeliveryState::Leased { .. }
                | DeliveryState::GivenUp { .. },
                Outcome::NotTaken,
            ) => return Err(Refusal::Stale),
        }
        Ok(())
    }

    /// Sends it again by hand, whatever came of it: due at once, with a schedule of its own.
    pub const fn redeliver(&mut self, now: Timestamp) {
        self.since = now;
        self.failures = 0;
        self.state = DeliveryState::Due { at: now };
    }
}

/// How long to wait after that many failures in a row.
fn wait(schedule: &RetrySchedule, failures: u32, jitter: Jitter) -> Duration {
    let doublings = failures.saturating_sub(1).min(DOUBLINGS_MAX);
    let plain = schedule
        .first_wait
        .saturating_mul(1 << doublings)
        .min(schedule.wait_max);
    let percent = schedule.jitter_percent.min(100);
    let shortest = plain.saturating_mul(100 - percent) / 100;
    let range = plain.saturating_mul(2 * percent) / 100;
    shortest + range.saturating_mul(jitter.0.min(JITTER_MAX)) / JITTER_MAX
}

/// The largest [`Jitter`].
pub const JITTER_MAX: u32 = 1_000;

/// More would not fit 32 bits; the longest wait is reached long before.
const DOUBLINGS_MAX: u32 = 30;

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotDue => "The delivery is not due.",
            Self::Stale => "The report comes too late: the delivery has gone on without it.",
        })
    }
}

impl Error for Refusal {}

#[cfg(test)]
mod tests;
