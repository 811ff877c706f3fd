//! Business hours for calls: whether a schedule may be set, and whether users can call now
//! (`wire.md` 4.1).
//!
//! Hours are written in local time, and what local time is, the caller says: the offsets from UTC and
//! when they change.

mod fault;
mod offsets;

use std::ops::Range;
use std::time::Duration;

use types::calendar::MINUTES_OF_DAY;
use types::preset::{HolidayTimes, HoursRules};
use types::{Date, TimeOfDay, Timestamp, Weekday};

pub use fault::HoursFault;
pub use offsets::Offsets;
pub use types::calendar::{Holiday, Opening};

/// When users can call: plain data, to be stored as it is. Check it before it is set; one that was
/// set stays good when its holidays pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// By the day of the week.
    pub weekly: Vec<Opening>,
    /// By the date; a date that is named here has no weekly hours.
    pub holidays: Vec<Holiday>,
}

impl Schedule {
    /// Whether the schedule may be set on the local date `today`.
    ///
    /// # Errors
    ///
    /// With the first entry that breaks a rule.
    pub fn check(&self, rules: &HoursRules, today: Date) -> Result<(), HoursFault> {
        if self.weekly.is_empty() {
            return Err(HoursFault::NoHours);
        }
        for day in Weekday::ALL {
            self.check_day(rules, day)?;
        }
        let max = rules.holidays_max;
        if self.holidays.len() > max as usize {
            return Err(HoursFault::TooManyHolidays { max });
        }
        for (index, holiday) in self.holidays.iter().enumerate() {
            let Holiday { date, start, end } = *holiday;
            if date < today {
                return Err(HoursFault::HolidayPast { date });
            }
            if end < start {
                return Err(HoursFault::HolidayEndsEarly { date, start, end });
            }
            let others = self.holidays[..index].iter();
            let span = span(start, end);
            let clash = others
                .filter(|other| other.date == date)
                .any(|other| overlap(&self::span(other.start, other.end), &span));
            if clash {
                return Err(HoursFault::HolidaysOverlap { date });
            }
        }
        Ok(())
    }

    fn check_day(&self, rules: &HoursRules, day: Weekday) -> Result<(), HoursFault> {
        let mut spans: Vec<Range<u16>> = Vec::new();
        for Opening { open, close, .. } in self.weekly.iter().filter(|it| it.day == day) {
            let (open, close) = (*open, *close);
            if close <= open {
                return Err(HoursFault::ClosesEarly { day, open, close });
            }
            let span = span(open, close);
            if spans.iter().any(|other| overlap(other, &span)) {
                return Err(HoursFault::HoursOverlap { day });
            }
            spans.push(span);
        }
        let max = rules.openings_per_day_max;
        if spans.len() > max as usize {
            return Err(HoursFault::TooManyOpenings { day, max });
        }
        Ok(())
    }

    /// Whether users can call.
    #[must_use]
    pub fn is_open(&self, rules: &HoursRules, now: Timestamp, offsets: &Offsets) -> bool {
        let (date, minute) = offsets.local(now);
        self.hours_of(rules, date)
            .iter()
            .any(|hours| hours.contains(&minute))
    }

    /// The first moment from `now` on at which users can call, if there is one within as many weeks
    /// as there are holidays, and one more.
    #[must_use]
    pub fn opens_at(
        &self,
        rules: &HoursRules,
        now: Timestamp,
        offsets: &Offsets,
    ) -> Option<Timestamp> {
        if self.is_open(rules, now, offsets) {
            return Some(now);
        }
        let weeks = u32::try_from(self.holidays.len() + 1).unwrap_or(u32::MAX);
        // The first day may be half over.
        let days = weeks.saturating_mul(7).saturating_add(1);
        let end = now + Duration::from_hours(24 * u64::from(days));
        // An opening begins where the schedule says so, or where the clocks are changed.
        let mut candidates: Vec<Timestamp> = offsets.changes_between(now, end).collect();
        let (mut date, _) = offsets.local(now);
        for _ in 0..days {
            for hours in self.hours_of(rules, date) {
                candidates.extend(offsets.moments(date, hours.start, now, end));
            }
            date = date.next();
        }
        candidates
            .into_iter()
            .filter(|at| now < *at && self.is_open(rules, *at, offsets))
            .min()
    }

    /// The open minutes of a date.
    fn hours_of(&self, rules: &HoursRules, date: Date) -> Vec<Range<u16>> {
        let weekly = self
            .weekly
            .iter()
            .filter(|opening| opening.day == date.weekday())
            .map(|opening| span(opening.open, opening.close));
        let mut holidays = self
            .holidays
            .iter()
            .filter(|holiday| holiday.date == date)
            .map(|holiday| span(holiday.start, holiday.end))
            .peekable();
        match rules.holidays {
            _ if holidays.peek().is_none() => weekly.collect(),
            HolidayTimes::Open => holidays.collect(),
            HolidayTimes::Closed => {
                let holidays: Vec<_> = holidays.collect();
                weekly.flat_map(|hours| without(hours, &holidays)).collect()
            }
        }
    }
}

fn span(from: TimeOfDay, to: TimeOfDay) -> Range<u16> {
    let end = match to.minutes() {
        LAST_MINUTE if from < to => MINUTES_OF_DAY,
        minutes => minutes,
    };
    from.minutes()..end
}

const LAST_MINUTE: u16 = MINUTES_OF_DAY - 1;

fn overlap(a: &Range<u16>, b: &Range<u16>) -> bool {
    a.start < b.end && b.start < a.end
}

/// What is left of some hours without those that are taken from them.
fn without(hours: Range<u16>, taken: &[Range<u16>]) -> Vec<Range<u16>> {
    let mut left = vec![hours];
    for gone in taken {
        left = left
            .into_iter()
            .flat_map(|part| {
                let before = part.start..part.end.min(gone.start);
                let after = part.start.max(gone.end)..part.end;
                [before, after]
            })
            .filter(|part| !part.is_empty())
            .collect();
    }
    left
}

#[cfg(test)]
mod tests;
