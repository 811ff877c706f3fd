//! How many messages a number may send: in a second, and to one user. Each message moves the moment at
//! which all is paid back further away, and that moment may lie only so far ahead.

use std::collections::BTreeMap;

use types::Timestamp;
use types::preset::MessageLimits;

/// What is counted.
#[derive(Default)]
pub(super) struct Rates {
    numbers: BTreeMap<usize, Meter>,
    pairs: BTreeMap<(usize, usize), Meter>,
}

/// When all is paid back, and when that was last moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meter {
    /// In milliseconds times the count of the rate.
    paid_back: u64,
    moved: Timestamp,
}

/// So many in so many milliseconds, and at most so many at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) count: u64,
    pub(super) period_ms: u64,
    pub(super) burst: u64,
}

impl Rates {
    /// With what code one more message is refused, if it is.
    pub(super) fn too_many(
        &self,
        now: Timestamp,
        limits: &MessageLimits,
        (business, user): (usize, usize),
    ) -> Option<u32> {
        let whole = self.numbers.get(&business);
        if of_number(limits).after(whole, now).is_none() {
            return Some(THROUGHPUT);
        }
        let pair = self.pairs.get(&(business, user));
        of_pair(limits).after(pair, now).is_none().then_some(PAIR)
    }

    /// A message was taken.
    pub(super) fn count(&mut self, now: Timestamp, limits: &MessageLimits, pair: (usize, usize)) {
        let whole = of_number(limits).after(self.numbers.get(&pair.0), now);
        let between = of_pair(limits).after(self.pairs.get(&pair), now);
        if let (Some(whole), Some(between)) = (whole, between) {
            self.numbers.insert(pair.0, whole);
            self.pairs.insert(pair, between);
        }
    }
}

impl Rate {
    /// The meter after one more, if there may be one more.
    pub(super) fn after(self, meter: Option<&Meter>, now: Timestamp) -> Option<Meter> {
        let at = now.as_millis() * self.count;
        // A clock that was set back forgives.
        let before = meter.filter(|meter| meter.moved <= now);
        let begins = before.map_or(at, |meter| meter.paid_back.max(at));
        let paid_back = begins + self.period_ms;
        let moved = now;
        (paid_back - at <= self.burst * self.period_ms).then_some(Meter { paid_back, moved })
    }
}

fn of_number(limits: &MessageLimits) -> Rate {
    let count = limits.per_second.into();
    Rate {
        count,
        period_ms: 1_000,
        burst: count,
    }
}

fn of_pair(limits: &MessageLimits) -> Rate {
    Rate {
        count: 1,
        period_ms: u64::try_from(limits.pair_every.as_millis()).unwrap_or(u64::MAX),
        burst: limits.pair_burst.into(),
    }
}

const THROUGHPUT: u32 = 130_429;
const PAIR: u32 = 131_056;
