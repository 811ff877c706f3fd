//! How often something may be done: a bucket that fills at a steady pace, as a value.
//!
//! Exact in whole numbers: one unit is what flows in a millisecond, so that nothing is lost to
//! rounding however often it is asked.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use types::Timestamp;
use types::preset::{MessageLimits, ReadLimits};

/// So many in a period, and at most so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many in a period, in the long run.
    pub count: u32,
    /// The period.
    pub period: Duration,
    /// How many at once, after a rest.
    pub burst: u32,
}

/// What is left to be paid back, to be kept between two questions. The default has nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// In units; one taken is worth the rate's period in milliseconds, and each millisecond pays back
    /// the rate's count.
    pub owed: u64,
    /// The moment that `owed` is of.
    pub at: Option<Timestamp>,
}

/// Too often. `Display` says when to come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// The first moment at which one more is let through; none where none ever is.
    pub next_at: Option<Timestamp>,
}

impl Rate {
    /// So many in a second.
    #[must_use]
    pub const fn per_second(count: u32) -> Self {
        Self {
            count,
            period: Duration::from_secs(1),
            burst: count,
        }
    }

    /// Reads of call permissions: 613.
    #[must_use]
    pub const fn of_permission_reads(limits: &ReadLimits) -> Self {
        Self::per_second(limits.permission_reads_per_second)
    }

    /// Messages of one business number: 130429.
    #[must_use]
    pub const fn of_messages(limits: &MessageLimits) -> Self {
        Self::per_second(limits.per_second)
    }

    /// Messages of one business number to one user: 131056.
    #[must_use]
    pub const fn of_pair(limits: &MessageLimits) -> Self {
        Self {
            count: 1,
            period: limits.pair_every,
            burst: limits.pair_burst,
        }
    }

    /// Templates that one account makes: 80008.
    #[must_use]
    pub const fn of_new_templates(per_hour: u32) -> Self {
        Self {
            count: per_hour,
            period: Duration::from_hours(1),
            burst: per_hour,
        }
    }

    fn period_ms(&self) -> u64 {
        u64::try_from(self.period.as_millis()).unwrap_or(u64::MAX)
    }
}

impl Bucket {
    /// Takes one.
    ///
    /// # Errors
    ///
    /// Refuses when as many were taken as the rate allows; the bucket is then as it was.
    pub fn take(&mut self, now: Timestamp, rate: &Rate) -> Result<(), TooOften> {
        let owed = self.owed_at(now, rate);
        let one = rate.period_ms();
        let room = one.saturating_mul(rate.burst.into());
        let after = owed.saturating_add(one);
        if rate.burst == 0 {
            return Err(TooOften { next_at: None });
        }
        if after > room {
            let wait = (after - room).checked_div(rate.count.into()).map(|whole| {
                let exact = whole * u64::from(rate.count) == after - room;
                Duration::from_millis(whole + u64::from(!exact))
            });
            return Err(TooOften {
                next_at: wait.map(|wait| now + wait),
            });
        }
        *self = Self {
            owed: after,
            at: Some(now),
        };
        Ok(())
    }

    /// Whether it says the same as one that was never used: such a one need not be kept.
    #[must_use]
    pub fn is_rested(&self, now: Timestamp, rate: &Rate) -> bool {
        self.owed_at(now, rate) == 0
    }

    fn owed_at(&self, now: Timestamp, rate: &Rate) -> u64 {
        // A clock that was set back forgives: nobody waits for what it has lost.
        let Some(at) = self.at.filter(|at| *at <= now) else {
            return 0;
        };
        let rested_ms = u64::try_from(now.since(at).as_millis()).unwrap_or(u64::MAX);
        let paid = rested_ms.saturating_mul(rate.count.into());
        self.owed.saturating_sub(paid)
    }
}

impl fmt::Display for TooOften {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.next_at {
            Some(at) => write!(
                f,
                "This was asked for too often. The next is taken at Unix time {}.",
                at.as_secs_up()
            ),
            None => f.write_str("This is not allowed at any rate."),
        }
    }
}

impl Error for TooOften {}

#[cfg(test)]
mod tests;
