//! Zones with and without changes, and names that are none.

use types::{Date, TimeOfDay};

use super::*;

/// The local date and time in a zone, at a moment given in UTC.
#[track_caller]
fn local(zone: &str, utc: &str) -> String {
    let now = self::utc(utc);
    let (date, minute) = offsets(zone, now).expect(zone).local(now);
    let time = TimeOfDay::from_minutes(minute).expect("of a day");
    format!("{date} {time}")
}

fn utc(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').expect("`<date> <time>`");
    let date: Date = date.parse().expect("a date");
    let time: TimeOfDay = time.parse().expect("a time");
    Timestamp::from_secs(u64::from(date.days()) * 86_400 + u64::from(time.minutes()) * 60)
}

#[test]
fn local_time_follows_the_zone() {
    assert_eq!(local("UTC", "2026-06-01 1200"), "2026-06-01 1200");
    assert_eq!(
        local("America/Manaus", "2026-06-01 0100"),
        "2026-05-31 2100"
    );
    assert_eq!(
        local("Asia/Kathmandu", "2026-06-01 0000"),
        "2026-06-01 0545"
    );
    assert_eq!(local("europe/berlin", "2026-01-01 1200"), "2026-01-01 1300");
    assert_eq!(local("Europe/Berlin", "2026-07-01 1200"), "2026-07-01 1400");
}

#[test]
fn changes_of_the_clocks_are_known_ahead() {
    let berlin = offsets("Europe/Berlin", utc("2026-03-01 0000")).expect("a zone");
    let minute = |at: &str| berlin.local(utc(at)).1;
    assert_eq!(minute("2026-03-29 0059"), 119);
    assert_eq!(minute("2026-03-29 0100"), 180);
    assert_eq!(minute("2026-10-25 0059"), 179);
    assert_eq!(minute("2026-10-25 0100"), 120);
}

#[test]
fn names_that_are_none() {
    for name in [
        "",
        "Berlin",
        "Europe/",
        "UTC+1",
        "Mars/Olympus_Mons",
        "../../etc/passwd",
    ] {
        assert!(offsets(name, utc("2026-03-01 0000")).is_none(), "{name}");
    }
}
