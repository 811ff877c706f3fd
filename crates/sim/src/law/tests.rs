//! The law itself, in a few stories: what it is held to say is written out here, number by number.

use super::calls::End;
use super::*;

mod faults;
mod hours;
mod messages;

const AT: Timestamp = Timestamp::from_secs(1_780_315_200);

fn after(hours: u64) -> Timestamp {
    AT + Duration::from_hours(hours)
}

fn request(n: u32) -> MessageId {
    format!("wamid.{n}").parse().expect("an id")
}

fn call(n: u32) -> CallId {
    format!("wacid.{n}").parse().expect("an id")
}

fn no_link() -> CallOrigin {
    CallOrigin::default()
}

fn law() -> Law {
    Law::new(Preset::meta_2026(), 1)
}

#[test]
fn one_request_a_day_and_two_a_week_until_a_call_is_taken() {
    let mut law = law();
    assert_eq!(law.no_request(AT, 0, 0, false), None);
    assert_eq!(law.no_request(AT, 0, 0, true), Some(138_011), "no window");
    law.asked(AT, 0, 0, request(1));
    assert_eq!(law.no_request(after(23), 0, 0, false), Some(138_009));
    assert_eq!(law.no_request(after(24), 0, 0, false), None);
    law.asked(after(24), 0, 0, request(2));
    assert_eq!(law.no_request(after(48), 0, 0, false), Some(138_009));
    assert_eq!(law.no_request(after(7 * 24), 0, 0, false), None);

    let users = Direction::UserInitiated;
    law.placed(after(48), &call(1), users, (0, 0), no_link())
        .expect("may");
    law.connected(after(48), &call(1)).expect("runs");
    assert_eq!(law.no_request(after(48), 0, 0, false), None);
    assert_eq!(
        law.no_request(after(48), 0, 0, true),
        None,
        "the user called"
    );
}

#[test]
fn a_permission_lasts_a_week_and_four_missed_calls() {
    let mut law = law();
    assert_eq!(law.no_call(AT, 0, 0), Some(138_006));
    law.said(AT, 0, 0, Word::Temporary);
    assert_eq!(law.no_call(after(167), 0, 0), None);
    assert_eq!(law.no_call(after(168), 0, 0), Some(138_006));

    law.said(after(168), 0, 0, Word::Permanent);
    assert_eq!(law.no_request(after(168), 0, 0, false), Some(138_017));
    for n in 0..4 {
        assert_eq!(law.no_call(after(169), 0, 0), None);
        let ours = Direction::BusinessInitiated;
        law.placed(after(169), &call(n), ours, (0, 0), no_link())
            .expect("may");
        assert_eq!(law.no_call(after(169), 0, 0), Some(138_003));
        law.ended(after(169), &call(n), End::NotTaken, false)
            .expect("runs");
    }
    assert_eq!(law.no_call(after(169), 0, 0), Some(138_006));
    let ours = Direction::BusinessInitiated;
    assert!(
        law.placed(after(169), &call(9), ours, (0, 0), no_link())
            .is_err()
    );
}

#[test]
fn a_call_ends_once() {
    let mut law = law();
    let users = Direction::UserInitiated;
    law.placed(AT, &call(1), users, (0, 0), no_link())
        .expect("may");
    law.ended(AT, &call(1), End::NoMatter, false).expect("runs");
    assert!(law.ended(AT, &call(1), End::NoMatter, false).is_err());
    assert!(law.connected(AT, &call(2)).is_err());
    assert_eq!(law.running_count(), 0);
}

#[test]
fn the_answer_may_be_changed_for_a_week() {
    let mut law = law();
    law.asked(AT, 0, 0, request(1));
    law.delivered(AT, 0, 0, &request(1));
    law.answered(after(100), 0, 0, &request(1), Word::No);
    assert!(law.can_answer(after(267), 0, 0, &request(1)));
    law.answered(after(267), 0, 0, &request(1), Word::Permanent);
    assert!(!law.can_answer(after(268), 0, 0, &request(1)));
    assert_eq!(law.held(after(9_999), 0, 0), Held::Forever);
}

#[test]
fn a_request_in_vain_has_run_out() {
    let mut law = Law::new(Preset::seeds_2025(), 1);
    law.asked(AT, 0, 0, request(1));
    law.delivered(AT, 0, 0, &request(1));
    assert_eq!(law.no_call(after(167), 0, 0), Some(138_006));
    assert_eq!(law.no_call(after(168), 0, 0), Some(138_010));
}

#[test]
fn a_suspension_refuses_and_ends() {
    let mut law = law();
    law.said(AT, 0, 0, Word::Permanent);
    let order = number::Order {
        business: true,
        lasts: Some(Duration::from_hours(3)),
        ..number::Order::default()
    };
    law.suspend(AT, 0, order);
    assert_eq!(law.no_call(after(2), 0, 0), Some(138_014));
    assert_eq!(law.no_request(after(2), 0, 0, false), Some(138_014));
    assert_eq!(law.no_dial(after(2), 0, 0), None, "users may call");
    assert_eq!(law.no_call(after(3), 0, 0), None);
    assert_eq!(law.no_request(after(3), 0, 0, false), Some(138_017));
    let user = number::Order {
        user: true,
        ..number::Order::default()
    };
    law.suspend(after(4), 0, user);
    assert_eq!(law.no_dial(after(4 + 167), 0, 0), Some("restricted"));
    assert_eq!(law.no_dial(after(4 + 168), 0, 0), None);
    assert_eq!(law.notices(0).len(), 2);
}

#[test]
fn a_call_is_taken_in_time_and_fails_where_it_must() {
    let mut law = law();
    let users = Direction::UserInitiated;
    let late = AT + Duration::from_secs(60);
    for n in 1..=2 {
        let user = n as usize;
        law.placed(AT, &call(n), users, (0, user), no_link())
            .expect("may");
    }
    assert!(law.none_rings_too_long(AT).is_ok());
    assert!(law.none_rings_too_long(late).is_err());
    assert!(
        law.ended(AT, &call(1), End::BusinessTooLate, false)
            .is_err()
    );
    law.must_fail(&call(2), 138_019).expect("runs");
    assert!(law.none_outlives_its_fault().is_err());
    assert!(law.ended(AT, &call(2), End::NoMatter, false).is_err());
    law.placed(AT, &call(3), users, (0, 3), no_link())
        .expect("may");
    assert!(law.connected(late, &call(3)).is_err(), "a minute is over");
}
