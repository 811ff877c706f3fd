//! Call hours: what may be set, and when they are.

use types::preset::HolidayTimes::{Closed, Open};
use types::{Date, Timestamp};

use crate::law::hours::{Hours, Zone};

/// From 9 to 17 o'clock on Mondays.
fn mondays(zone: Zone) -> Hours {
    Hours {
        on: true,
        zone,
        weekly: vec![(0, 540, 1_020)],
        holidays: Vec::new(),
    }
}

fn utc(year: u32, month: u32, day: u32, minutes: u64) -> Timestamp {
    Timestamp::from_secs(u64::from(days(year, month, day)) * 86_400 + minutes * 60)
}

fn days(year: u32, month: u32, day: u32) -> u32 {
    Date::from_ymd(year, month, day).expect("a day").days()
}

#[test]
fn local_time_moves_with_summer() {
    let berlin = mondays(Zone::Berlin);
    // In June 9 o'clock there is 7 UTC, in January 8.
    assert!(!berlin.is_open(utc(2026, 6, 1, 7 * 60 - 1), Open));
    assert!(berlin.is_open(utc(2026, 6, 1, 7 * 60), Open));
    assert!(!berlin.is_open(utc(2027, 1, 4, 7 * 60), Open));
    assert!(berlin.is_open(utc(2027, 1, 4, 8 * 60), Open));
    assert!(!berlin.is_open(utc(2027, 1, 4, 16 * 60), Open));
    let new_york = mondays(Zone::NewYork);
    assert!(new_york.is_open(utc(2026, 11, 2, 14 * 60), Open));
    assert!(!new_york.is_open(utc(2026, 10, 26, 13 * 60 - 1), Open));
    assert!(new_york.is_open(utc(2026, 10, 26, 13 * 60), Open));
    let kathmandu = mondays(Zone::Kathmandu);
    assert!(kathmandu.is_open(utc(2026, 6, 1, 3 * 60 + 15), Open));
}

#[test]
fn a_holiday_is_open_or_closed_by_the_preset() {
    let monday = utc(2026, 6, 1, 10 * 60);
    let mut hours = mondays(Zone::Manaus);
    hours.holidays = vec![(days(2026, 6, 1), 0, 1_439)];
    let afternoon = utc(2026, 6, 1, 15 * 60);
    assert!(hours.is_open(afternoon, Open));
    assert!(!hours.is_open(afternoon, Closed));
    assert!(hours.is_open(monday, Open), "6 in the morning there");
    hours.on = false;
    assert!(hours.is_open(monday, Closed), "hours that do not hold");
}

#[test]
fn they_begin_when_they_do_and_not_before() {
    let hours = mondays(Zone::Berlin);
    let saturday = utc(2026, 6, 6, 0);
    let begins = utc(2026, 6, 8, 7 * 60);
    assert!(hours.begin_at(saturday, Some(begins), Open));
    assert!(!hours.begin_at(saturday, Some(utc(2026, 6, 8, 7 * 60 + 1)), Open));
    assert!(!hours.begin_at(saturday, Some(utc(2026, 6, 8, 6 * 60)), Open));
    assert!(!hours.begin_at(saturday, None, Open));
}

#[test]
fn what_cannot_be_set() {
    let now = utc(2026, 6, 3, 600);
    let well = mondays(Zone::Kiritimati);
    assert!(well.may_be_set(now));
    let with = |change: fn(&mut Hours)| {
        let mut hours = mondays(Zone::Kiritimati);
        change(&mut hours);
        hours.may_be_set(now)
    };
    assert!(!with(|it| it.weekly.clear()), "none");
    assert!(!with(|it| it.weekly.push((1, 600, 600))), "no time at all");
    assert!(!with(|it| it.weekly.push((0, 600, 700))), "overlap");
    assert!(
        !with(|it| it.weekly.extend([(0, 0, 10), (0, 20, 30)])),
        "three"
    );
    assert!(
        !with(|it| it.holidays.push((days(2026, 6, 2), 0, 10))),
        "past"
    );
    assert!(
        with(|it| it.holidays.push((days(2026, 6, 4), 0, 0))),
        "none at all"
    );
}
