//! Days and times of day as business hours are written: without a time zone, and without a clock.

use std::fmt;
use std::str::FromStr;

use crate::{ParseError, text_on_the_wire};

/// A day of the Gregorian calendar from 1970 to 9999, such as `2026-01-01`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: u32,
}

/// A minute of a day, written `HHMM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    minutes: u16,
}

/// A day of the week, in the words of the wire (`wire.md` 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// The first by ISO 8601.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

/// Hours of one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Opening {
    /// The day.
    pub day: Weekday,
    /// The first minute.
    pub open: TimeOfDay,
    /// The minute after the last; 2359 is the end of the day, which has no other name.
    pub close: TimeOfDay,
}

/// Hours of one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Holiday {
    /// The date.
    pub date: Date,
    /// The first minute.
    pub start: TimeOfDay,
    /// The minute after the last; 2359 is the end of the day. The same as `start` for none at all.
    pub end: TimeOfDay,
}

impl Date {
    /// The day that lies `days` after 1970-01-01; the last of 9999 for more than there are.
    #[must_use]
    pub const fn from_days(days: u32) -> Self {
        if days > LAST_DAY {
            return Self { days: LAST_DAY };
        }
        Self { days }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> u32 {
        self.days
    }

    /// The day of that name, if the calendar has it.
    #[must_use]
    pub fn from_ymd(year: u32, month: u32, day: u32) -> Option<Self> {
        if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let days = days_before(year, month) + day - 1;
        let date = Self { days };
        (date.ymd() == (year, month, day)).then_some(date)
    }

    /// Year, month from 1, day from 1.
    #[must_use]
    pub const fn ymd(self) -> (u32, u32, u32) {
        // Counted from 0000-03-01, so that a leap day ends its year and its four centuries.
        let days = self.days + DAYS_TO_1970;
        let (era, of_era) = (days / DAYS_OF_ERA, days % DAYS_OF_ERA);
        let year_of_era =
            (of_era - of_era / 1_460 + of_era / 36_524 - of_era / (DAYS_OF_ERA - 1)) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + (month <= 2) as u32;
        (year, month, day)
    }

    /// Which day of the week it is.
    #[must_use]
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[((self.days + 3) % 7) as usize]
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::from_days(self.days + 1)
    }
}

/// Days from 1970-01-01 to the first of that month.
const fn days_before(year: u32, month: u32) -> u32 {
    let year = year - (month <= 2) as u32;
    let (era, year_of_era) = (year / 400, year % 400);
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * DAYS_OF_ERA + of_era - DAYS_TO_1970
}

/// From 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: u32 = 719_468;
/// Four centuries.
const DAYS_OF_ERA: u32 = 146_097;
/// 9999-12-31.
const LAST_DAY: u32 = 2_932_896;

impl TimeOfDay {
    /// The minute that lies `minutes` after midnight, if it is of the same day.
    #[must_use]
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes < MINUTES_OF_DAY {
            Some(Self { minutes })
        } else {
            None
        }
    }

    /// Minutes since midnight, 0 to 1439.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.minutes
    }
}

/// Minutes of a day.
pub const MINUTES_OF_DAY: u16 = 24 * 60;

impl Weekday {
    /// The week from Monday on.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "MONDAY",
            Self::Tuesday => "TUESDAY",
            Self::Wednesday => "WEDNESDAY",
            Self::Thursday => "THURSDAY",
            Self::Friday => "FRIDAY",
            Self::Saturday => "SATURDAY",
            Self::Sunday => "SUNDAY",
        }
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = ParseError {
            what: "date",
            rule: "a day of the calendar as YYYY-MM-DD, from 1970 on",
        };
        let parsed = match text.as_bytes() {
            [.., b'-', _, _, b'-', _, _] if text.len() == "YYYY-MM-DD".len() => {
                let part = |range| text.get(range).and_then(digits);
                part(0..4)
                    .zip(part(5..7))
                    .zip(part(8..10))
                    .and_then(|((year, month), day)| Self::from_ymd(year, month, day))
            }
            _ => None,
        };
        parsed.ok_or(wrong)
    }
}

impl FromStr for TimeOfDay {
    type Err = ParseError;

    /// Takes `HHMM`, and `HH:MM` as one sample of Meta's prints it.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = ParseError {
            what: "time of day",
            rule: "a minute from 0000 to 2359 as HHMM",
        };
        let halves = match text.len() {
            4 => text.split_at_checked(2),
            5 => text.split_once(':').filter(|(hour, _)| hour.len() == 2),
            _ => None,
        };
        let (hour, minute) = halves.ok_or_else(|| wrong.clone())?;
        match (digits(hour), digits(minute)) {
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) => {
                let minutes = u16::try_from(hour * 60 + minute).map_err(|_| wrong)?;
                Ok(Self { minutes })
            }
            _ => Err(wrong),
        }
    }
}

impl FromStr for Weekday {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|day| day.as_str().eq_ignore_ascii_case(text))
            .ok_or(ParseError {
                what: "day of the week",
                rule: "one of MONDAY to SUNDAY",
            })
    }
}

fn digits(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

text_on_the_wire!(Date);
text_on_the_wire!(TimeOfDay);
text_on_the_wire!(Weekday);

#[cfg(test)]
mod tests;
