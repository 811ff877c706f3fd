//! Why a schedule cannot be set.

use std::error::Error;
use std::fmt;

use types::{Date, TimeOfDay, Weekday};

/// Why a schedule cannot be set. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoursFault {
    /// No weekly hours at all.
    NoHours,
    /// More entries for a day of the week than there may be.
    TooManyOpenings {
        /// The day.
        day: Weekday,
        /// How many there may be.
        max: u32,
    },
    /// An entry that closes before, or when, it opens.
    ClosesEarly {
        /// The day.
        day: Weekday,
        /// When it opens.
        open: TimeOfDay,
        /// When it closes.
        close: TimeOfDay,
    },
    /// Two entries for a day of the week that share minutes.
    HoursOverlap {
        /// The day.
        day: Weekday,
    },
    /// More holidays than there may be.
    TooManyHolidays {
        /// How many there may be.
        max: u32,
    },
    /// A holiday on a date that is over.
    HolidayPast {
        /// The date.
        date: Date,
    },
    /// A holiday that ends before it starts.
    HolidayEndsEarly {
        /// The date.
        date: Date,
        /// When it starts.
        start: TimeOfDay,
        /// When it ends.
        end: TimeOfDay,
    },
    /// Two entries for a date that share minutes.
    HolidaysOverlap {
        /// The date.
        date: Date,
    },
}

impl fmt::Display for HoursFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHours => f.write_str(
                "weekly_operating_hours is empty. Give the hours of at least one day, or set the \
                 status of call_hours to DISABLED.",
            ),
            Self::TooManyOpenings { day, max } => write!(
                f,
                "weekly_operating_hours has more than {max} entries for {day}. Join some of them."
            ),
            Self::ClosesEarly { day, open, close } => write!(
                f,
                "weekly_operating_hours opens {day} at {open} and closes at {close}. open_time has \
                 to come before close_time; hours over midnight are two entries."
            ),
            Self::HoursOverlap { day } => write!(
                f,
                "weekly_operating_hours has entries for {day} that overlap. Join them."
            ),
            Self::TooManyHolidays { max } => write!(
                f,
                "holiday_schedule has more than {max} entries. Leave out the later ones."
            ),
            Self::HolidayPast { date } => write!(
                f,
                "holiday_schedule names {date}, which is over. Leave it out."
            ),
            Self::HolidayEndsEarly { date, start, end } => write!(
                f,
                "holiday_schedule starts at {start} on {date} and ends at {end}. start_time has to \
                 come before end_time."
            ),
            Self::HolidaysOverlap { date } => write!(
                f,
                "holiday_schedule has entries for {date} that overlap. Join them."
            ),
        }
    }
}

impl Error for HoursFault {}
