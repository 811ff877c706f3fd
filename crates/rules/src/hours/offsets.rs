//! What local time is, as the caller says.

use types::calendar::MINUTES_OF_DAY;
use types::{Date, Timestamp};

/// The offsets from UTC of one time zone, in seconds east.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offsets {
    first: i32,
    changes: Vec<(Timestamp, i32)>,
}

impl Offsets {
    /// `first` up to the first change; each change with the offset from then on. They may come in any
    /// order.
    #[must_use]
    pub fn new(first: i32, mut changes: Vec<(Timestamp, i32)>) -> Self {
        changes.sort_unstable();
        Self { first, changes }
    }

    /// A zone that never changes its clocks.
    #[must_use]
    pub const fn fixed(offset: i32) -> Self {
        Self {
            first: offset,
            changes: Vec::new(),
        }
    }

    /// The local date and the minute of its day, from 0.
    #[must_use]
    pub fn local(&self, now: Timestamp) -> (Date, u16) {
        let secs = now.as_secs().saturating_add_signed(self.at(now).into());
        let minute = u16::try_from(secs / 60 % u64::from(MINUTES_OF_DAY)).unwrap_or(0);
        let days = u32::try_from(secs / SECS_OF_DAY).unwrap_or(u32::MAX);
        (Date::from_days(days), minute)
    }

    /// The local date.
    #[must_use]
    pub fn date(&self, now: Timestamp) -> Date {
        self.local(now).0
    }

    fn at(&self, now: Timestamp) -> i32 {
        let passed = self.changes.partition_point(|(at, _)| *at <= now);
        match passed.checked_sub(1) {
            Some(last) => self.changes[last].1,
            None => self.first,
        }
    }

    pub(super) fn changes_between(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = Timestamp> + '_ {
        self.changes
            .iter()
            .map(|(at, _)| *at)
            .filter(move |at| from < *at && *at <= to)
    }

    /// The moments at which that local minute may begin, by any offset that holds between the two
    /// moments: one on most days, none or two where the clocks are changed. The caller checks them.
    pub(super) fn moments(
        &self,
        date: Date,
        minute: u16,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = Timestamp> + '_ {
        let local = u64::from(date.days()) * SECS_OF_DAY + u64::from(minute) * 60;
        let changes = self.changes.iter();
        changes
            .filter(move |(at, _)| from < *at && *at <= to)
            .map(|(_, offset)| *offset)
            .chain([self.at(from)])
            .map(move |offset| {
                Timestamp::from_secs(local.saturating_add_signed(-i64::from(offset)))
            })
    }
}

const SECS_OF_DAY: u64 = 86_400;
