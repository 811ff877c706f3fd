//! Schedules that may be set, and weeks walked minute by minute.

use proptest::prelude::*;
use types::Preset;

use super::*;

const OPEN: HoursRules = HoursRules {
    openings_per_day_max: 2,
    holidays_max: 3,
    holidays: HolidayTimes::Open,
};
const CLOSED: HoursRules = HoursRules {
    holidays: HolidayTimes::Closed,
    ..OPEN
};

/// A schedule from `MONDAY 0400 1020, 2026-01-01 0000 2359`.
#[track_caller]
fn schedule(text: &str) -> Schedule {
    let mut schedule = Schedule::default();
    for entry in text.split(", ").filter(|entry| !entry.is_empty()) {
        let [day, from, to] = entry.split(' ').collect::<Vec<_>>()[..] else {
            panic!("`<day> <from> <to>`: {entry}");
        };
        let time = |text: &str| text.parse::<TimeOfDay>().expect(text);
        let (from, to) = (time(from), time(to));
        match day.parse() {
            Ok(day) => schedule.weekly.push(Opening {
                day,
                open: from,
                close: to,
            }),
            Err(_) => schedule.holidays.push(Holiday {
                date: day.parse().expect(day),
                start: from,
                end: to,
            }),
        }
    }
    schedule
}

/// A moment from `2026-03-29 0130`, in UTC.
#[track_caller]
fn utc(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').expect("`<date> <time>`");
    let date: Date = date.parse().expect(date);
    let time: TimeOfDay = time.parse().expect(time);
    Timestamp::from_secs(u64::from(date.days()) * 86_400 + u64::from(time.minutes()) * 60)
}

#[track_caller]
fn check(text: &str, fault: Option<&str>) {
    let today = "2026-05-01".parse().expect("a date");
    let told = schedule(text).check(&OPEN, today).err();
    assert_eq!(told.map(|fault| fault.to_string()).as_deref(), fault);
}

#[test]
fn what_may_be_set() {
    check("MONDAY 0400 1020, TUESDAY 0108 1020", None);
    check("MONDAY 0900 1200, MONDAY 1200 1800, SUNDAY 0000 2359", None);
    check("MONDAY 0900 1200, 2026-05-01 1000 1100", None);
    check("MONDAY 0900 1200, 2026-12-25 0000 0000", None);
    let meta = Preset::meta_2026().hours;
    assert_eq!((meta.openings_per_day_max, meta.holidays_max), (2, 20));
}

#[test]
fn what_may_not() {
    check(
        "",
        Some(
            "weekly_operating_hours is empty. Give the hours of at least one day, or set the \
             status of call_hours to DISABLED.",
        ),
    );
    check(
        "MONDAY 0900 1000, MONDAY 1100 1200, MONDAY 1300 1400",
        Some("weekly_operating_hours has more than 2 entries for MONDAY. Join some of them."),
    );
    check(
        "FRIDAY 2200 0600",
        Some(
            "weekly_operating_hours opens FRIDAY at 2200 and closes at 0600. open_time has to come \
             before close_time; hours over midnight are two entries.",
        ),
    );
    check(
        "FRIDAY 0900 0900",
        Some(
            "weekly_operating_hours opens FRIDAY at 0900 and closes at 0900. open_time has to come \
             before close_time; hours over midnight are two entries.",
        ),
    );
    check(
        "FRIDAY 0900 1201, FRIDAY 1200 1800",
        Some("weekly_operating_hours has entries for FRIDAY that overlap. Join them."),
    );
    check(
        "MONDAY 0900 1200, 2026-04-30 0000 2359",
        Some("holiday_schedule names 2026-04-30, which is over. Leave it out."),
    );
    check(
        "MONDAY 0900 1200, 2026-06-01 1200 1100",
        Some(
            "holiday_schedule starts at 1200 on 2026-06-01 and ends at 1100. start_time has to come \
             before end_time.",
        ),
    );
    check(
        "MONDAY 0900 1200, 2026-06-01 0900 1100, 2026-06-01 1059 1200",
        Some("holiday_schedule has entries for 2026-06-01 that overlap. Join them."),
    );
    check(
        "MONDAY 0900 1200, 2026-06-01 0900 1100, 2026-06-02 0900 1100, 2026-06-03 0900 1100, \
         2026-06-04 0900 1100",
        Some("holiday_schedule has more than 3 entries. Leave out the later ones."),
    );
}

/// The minutes of UTC at which users begin and cease to be able to call, over some days.
#[track_caller]
fn turns(rules: &HoursRules, text: &str, offsets: &Offsets, from: &str, days: u64) -> Vec<String> {
    let schedule = schedule(text);
    let start = utc(from);
    let mut turns = Vec::new();
    let mut open = schedule.is_open(rules, start, offsets);
    for minute in 0..days * 1_440 {
        let now = start + Duration::from_secs(minute * 60);
        let then = schedule.is_open(rules, now, offsets);
        if then != open {
            let (date, minute) = Offsets::fixed(0).local(now);
            let time = TimeOfDay::from_minutes(minute).expect("of a day");
            turns.push(format!(
                "{} {date} {time}",
                if then { "open" } else { "shut" }
            ));
            open = then;
        }
    }
    turns
}

#[test]
fn a_week_opens_and_closes() {
    // 2026-05-04 is a Monday.
    let manaus = Offsets::fixed(-4 * 3_600);
    let told = turns(
        &OPEN,
        "MONDAY 0400 1020, MONDAY 2200 2359, TUESDAY 0000 0108",
        &manaus,
        "2026-05-03 0000",
        7,
    );
    assert_eq!(
        told,
        [
            "open 2026-05-04 0800",
            "shut 2026-05-04 1420",
            "open 2026-05-05 0200",
            "shut 2026-05-05 0508",
        ]
    );
}

#[test]
fn a_date_has_its_own_hours_or_none() {
    let here = Offsets::fixed(0);
    let text = "MONDAY 0900 1700, TUESDAY 0900 1700, 2026-05-04 1200 1300, 2026-05-05 0000 0000";
    assert_eq!(
        turns(&OPEN, text, &here, "2026-05-04 0000", 7),
        ["open 2026-05-04 1200", "shut 2026-05-04 1300"]
    );
    assert_eq!(
        turns(&CLOSED, text, &here, "2026-05-04 0000", 2),
        [
            "open 2026-05-04 0900",
            "shut 2026-05-04 1200",
            "open 2026-05-04 1300",
            "shut 2026-05-04 1700",
            "open 2026-05-05 0900",
            "shut 2026-05-05 1700",
        ]
    );
    let new_year = "THURSDAY 0900 1700, 2026-01-01 0000 2359";
    assert_eq!(
        turns(&CLOSED, new_year, &here, "2025-12-31 0000", 3),
        Vec::<String>::new()
    );
    assert_eq!(
        turns(&OPEN, new_year, &here, "2025-12-31 0000", 3),
        ["open 2026-01-01 0000", "shut 2026-01-02 0000"]
    );
}

/// Berlin in 2026: forward on 29 March, back on 25 October, both at 0100 UTC.
fn berlin() -> Offsets {
    Offsets::new(
        3_600,
        vec![
            (utc("2026-10-25 0100"), 3_600),
            (utc("2026-03-29 0100"), 7_200),
        ],
    )
}

#[test]
fn clocks_are_changed() {
    let nine_to_five = "SATURDAY 0900 1700, SUNDAY 0900 1700";
    assert_eq!(
        turns(&OPEN, nine_to_five, &berlin(), "2026-03-28 0000", 2),
        [
            "open 2026-03-28 0800",
            "shut 2026-03-28 1600",
            "open 2026-03-29 0700",
            "shut 2026-03-29 1500",
        ]
    );
    // 0200 to 0300 is left out in March, and comes twice in October.
    let at_night = "SUNDAY 0230 0330";
    assert_eq!(
        turns(&OPEN, at_night, &berlin(), "2026-03-29 0000", 1),
        ["open 2026-03-29 0100", "shut 2026-03-29 0130"]
    );
    assert_eq!(
        turns(&OPEN, at_night, &berlin(), "2026-10-25 0000", 1),
        [
            "open 2026-10-25 0030",
            "shut 2026-10-25 0100",
            "open 2026-10-25 0130",
            "shut 2026-10-25 0230",
        ]
    );
}

#[test]
fn a_phone_is_told_when_it_opens() {
    let opens = |text: &str, now: &str| {
        let at = schedule(text).opens_at(&OPEN, utc(now), &berlin())?;
        let (date, minute) = Offsets::fixed(0).local(at);
        let time = TimeOfDay::from_minutes(minute).expect("of a day");
        Some(format!("{date} {time}"))
    };
    let at = |text: &str| Some(text.to_owned());
    let weekend = "SUNDAY 0900 1700";
    assert_eq!(opens(weekend, "2026-03-29 0800"), at("2026-03-29 0800"));
    assert_eq!(opens(weekend, "2026-03-28 0800"), at("2026-03-29 0700"));
    assert_eq!(opens(weekend, "2026-03-29 1500"), at("2026-04-05 0700"));
    assert_eq!(
        opens("SUNDAY 0230 0330", "2026-03-28 0800"),
        at("2026-03-29 0100")
    );
    assert_eq!(
        opens("SUNDAY 0230 0330", "2026-10-25 0110"),
        at("2026-10-25 0130")
    );
    let away = "SUNDAY 0900 1700, 2026-04-05 0000 0000, 2026-04-12 0000 0000";
    assert_eq!(opens(away, "2026-04-01 0000"), at("2026-04-19 0700"));
    assert_eq!(opens("SUNDAY 0000 0000", "2026-04-01 0000"), None);
    assert_eq!(opens("", "2026-04-01 0000"), None);
}

proptest! {
    /// Whoever is told when it opens finds it closed until then and open at that very moment.
    #[test]
    fn the_opening_is_told_truly(
        days in prop::collection::vec((0_usize..7, 0_u16..1_440, 0_u16..1_440), 1..5),
        start in 0_u64..400 * 1_440,
    ) {
        let time = |minutes| TimeOfDay::from_minutes(minutes).expect("of a day");
        let weekly = days
            .into_iter()
            .map(|(day, a, b)| Opening {
                day: Weekday::ALL[day],
                open: time(a.min(b)),
                close: time(a.max(b)),
            })
            .collect();
        let schedule = Schedule { weekly, holidays: Vec::new() };
        let now = utc("2026-01-01 0000") + Duration::from_secs(start * 60);
        let is_open = |at| schedule.is_open(&OPEN, at, &berlin());
        let minutes = (0..9 * 1_440).map(|minute| now + Duration::from_secs(minute * 60));
        let first = minutes.into_iter().find(|at| is_open(*at));
        let told = schedule.opens_at(&OPEN, now, &berlin());
        prop_assert!(told.is_none_or(is_open));
        let week = now + Duration::from_hours(7 * 24);
        if first.is_some_and(|at| at < week) || told.is_some() {
            prop_assert_eq!(told, first);
        }
    }
}
