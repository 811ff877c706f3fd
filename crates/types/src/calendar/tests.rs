//! The calendar against its own definition, and what a client may write.

use super::*;

/// Days of a month, as a school book has it.
fn days_of(year: u32, month: u32) -> u32 {
    let every = |years| year.is_multiple_of(years);
    match month {
        2 if every(400) || (every(4) && !every(100)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[test]
fn every_day_of_the_calendar_has_its_name() {
    let (mut days, mut weekday) = (0, 3);
    for year in 1970..=9999 {
        for month in 1..=12 {
            for day in 1..=days_of(year, month) {
                let date = Date::from_days(days);
                assert_eq!(date.ymd(), (year, month, day));
                assert_eq!(date.weekday(), Weekday::ALL[weekday % 7]);
                if day == 1 {
                    assert_eq!(Date::from_ymd(year, month, day), Some(date));
                }
                (days, weekday) = (days + 1, weekday + 1);
            }
            assert_eq!(Date::from_ymd(year, month, days_of(year, month) + 1), None);
        }
    }
    assert_eq!(days, LAST_DAY + 1);
    assert_eq!(Date::from_days(u32::MAX).to_string(), "9999-12-31");
}

#[test]
fn dates_are_read_as_they_are_written() {
    let date: Date = "2026-02-28".parse().expect("a day");
    assert_eq!(date.to_string(), "2026-02-28");
    assert_eq!(date.next().to_string(), "2026-03-01");
    assert_eq!(date.weekday(), Weekday::Saturday);
    for wrong in [
        "",
        "2026-2-8",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "1969-12-31",
        "26-01-01",
        "01-01-2026",
        "2026-01-01T00:00",
        "+026-01-01",
        "äö26-01-01",
    ] {
        wrong.parse::<Date>().expect_err(wrong);
    }
}

#[test]
fn times_are_read_with_and_without_a_colon() {
    let time = |text: &str| text.parse::<TimeOfDay>().expect(text);
    assert_eq!(time("0000").minutes(), 0);
    assert_eq!(time("0400"), time("04:00"));
    assert_eq!(time("2359").minutes(), MINUTES_OF_DAY - 1);
    assert_eq!(time("04:05").to_string(), "0405");
    for wrong in [
        "", "400", "2400", "1260", "4:00", "04:0", "+400", "04.00", "ä00",
    ] {
        wrong.parse::<TimeOfDay>().expect_err(wrong);
    }
    assert_eq!(TimeOfDay::from_minutes(MINUTES_OF_DAY), None);
}

#[test]
fn days_of_the_week_are_read_in_any_case() {
    for day in Weekday::ALL {
        assert_eq!(day.as_str().parse(), Ok(day));
        assert_eq!(day.as_str().to_lowercase().parse(), Ok(day));
    }
    "MON".parse::<Weekday>().expect_err("short");
}
