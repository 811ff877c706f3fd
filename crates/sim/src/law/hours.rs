//! When users may call a number, as Meta's page on call settings says it: hours by the day of the week
//! in a time zone, and days that are otherwise. The zones' rules are written down here, not looked up.

use std::time::Duration;

use types::preset::HolidayTimes;
use types::{Date, Timestamp};

/// What a business has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hours {
    /// Whether they hold.
    pub(crate) on: bool,
    pub(crate) zone: Zone,
    /// The day, Monday being 0, and the minutes of its opening and closing.
    pub(crate) weekly: Vec<(u32, u32, u32)>,
    /// The day, counted from 1970, and the minutes of its beginning and end.
    pub(crate) holidays: Vec<(u32, u32, u32)>,
}

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Summer time from the last Sunday of March to that of October, at 1 o'clock UTC.
    Berlin,
    /// Summer time from the second Sunday of March to the first of November, at 2 o'clock there.
    NewYork,
    Manaus,
    Kathmandu,
    Kiritimati,
}

impl Hours {
    /// Whether they may be set at a moment: at most two openings a day that end after they begin and
    /// do not overlap, at most twenty holidays, none of them past. To switch them off nothing else need
    /// be said.
    pub(crate) fn may_be_set(&self, now: Timestamp) -> bool {
        if !self.on && self.weekly.is_empty() && self.holidays.is_empty() {
            return true;
        }
        let today = self.zone.local(now).0;
        let of_day = |day| self.weekly.iter().filter(move |it| it.0 == day);
        let days_are_well = (0..7).all(|day| {
            let spans: Vec<_> = of_day(day).map(|it| (it.1, it.2)).collect();
            spans.len() <= 2 && spans.iter().all(|it| it.0 < it.1) && apart(&spans)
        });
        let holidays_are_well = self.holidays.iter().all(|holiday| {
            let same = self.holidays.iter().filter(|it| it.0 == holiday.0);
            let spans: Vec<_> = same.map(|it| (it.1, it.2)).collect();
            holiday.0 >= today && holiday.1 <= holiday.2 && apart(&spans)
        });
        !self.weekly.is_empty() && days_are_well && holidays_are_well && self.holidays.len() <= 20
    }

    /// Whether users can call.
    pub(crate) fn is_open(&self, now: Timestamp, holidays: HolidayTimes) -> bool {
        if !self.on {
            return true;
        }
        let (date, minute) = self.zone.local(now);
        let holds = |(from, to): (u32, u32)| {
            // 2359 is the end of the day, which has no other name.
            let to = if to == 1_439 && from < to { 1_440 } else { to };
            (from..to).contains(&minute)
        };
        let of_today = self.holidays.iter().filter(|it| it.0 == date);
        let of_today: Vec<_> = of_today.map(|it| (it.1, it.2)).collect();
        let weekly = self.weekly.iter().filter(|it| it.0 == weekday(date));
        let in_the_week = weekly.map(|it| (it.1, it.2)).any(holds);
        match holidays {
            _ if of_today.is_empty() => in_the_week,
            HolidayTimes::Open => of_today.into_iter().any(holds),
            HolidayTimes::Closed => in_the_week && !of_today.into_iter().any(holds),
        }
    }

    /// Whether they begin at `opens_at`, and not before: closed at `now` and at every minute between.
    /// With no such moment, whether they are closed for a week.
    pub(crate) fn begin_at(
        &self,
        now: Timestamp,
        opens_at: Option<Timestamp>,
        holidays: HolidayTimes,
    ) -> bool {
        let end = opens_at.unwrap_or(now + WEEK);
        let mut at = now;
        while at < end {
            if self.is_open(at, holidays) {
                return false;
            }
            at = Timestamp::from_secs((at.as_secs() / 60 + 1) * 60);
        }
        opens_at.is_none_or(|at| self.is_open(at, holidays))
    }
}

impl Zone {
    pub(crate) const ALL: [Self; 5] = [
        Self::Berlin,
        Self::NewYork,
        Self::Manaus,
        Self::Kathmandu,
        Self::Kiritimati,
    ];

    /// Its name in the IANA database.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Berlin => "Europe/Berlin",
            Self::NewYork => "America/New_York",
            Self::Manaus => "America/Manaus",
            Self::Kathmandu => "Asia/Kathmandu",
            Self::Kiritimati => "Pacific/Kiritimati",
        }
    }

    /// The local day, counted from 1970, and the minute of it.
    pub(crate) fn local(self, now: Timestamp) -> (u32, u32) {
        let minutes = now.as_secs() / 60;
        let local = minutes.saturating_add_signed(self.minutes_east(now));
        (small(local / DAY_MINUTES), small(local % DAY_MINUTES))
    }

    fn minutes_east(self, now: Timestamp) -> i64 {
        let (year, ..) = Date::from_days(small(now.as_secs() / 86_400)).ymd();
        let summer = |begins: u64, ends: u64| (begins..ends).contains(&now.as_secs());
        match self {
            Self::Berlin => {
                let last = |month| sunday(year, month, 25) * 86_400 + 3_600;
                60 + 60 * i64::from(summer(last(3), last(10)))
            }
            Self::NewYork => {
                let begins = sunday(year, 3, 8) * 86_400 + 7 * 3_600;
                let ends = sunday(year, 11, 1) * 86_400 + 6 * 3_600;
                -300 + 60 * i64::from(summer(begins, ends))
            }
            Self::Manaus => -240,
            Self::Kathmandu => 345,
            Self::Kiritimati => 840,
        }
    }
}

/// The first Sunday from that day of the month on, counted from 1970.
fn sunday(year: u32, month: u32, from: u32) -> u64 {
    let days = (from..from + 7).filter_map(|day| Date::from_ymd(year, month, day));
    let mut sundays = days.map(Date::days).filter(|day| weekday(*day) == 6);
    sundays.next().map_or(0, u64::from)
}

/// Monday is 0; 1970 began on a Thursday.
const fn weekday(date: u32) -> u32 {
    (date + 3) % 7
}

fn apart(spans: &[(u32, u32)]) -> bool {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

const DAY_MINUTES: u64 = 24 * 60;
const WEEK: Duration = Duration::from_hours(7 * 24);
