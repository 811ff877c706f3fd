//! Messages and templates: how many, what becomes of them, and with what code they are refused.

use std::time::Duration;

use types::preset::{Preset, ReviewOutcome};
use types::{MessageId, Timestamp};

use crate::law::letters::{Fate, Letter, Letters};
use crate::law::rates::Rates;
use crate::law::templates::{Act, Form, Templates};

const AT: Timestamp = Timestamp::from_secs(1_780_315_200);

#[test]
fn eighty_in_a_second_and_forty_five_to_one_user() {
    let limits = Preset::meta_2026().messages;
    let mut rates = Rates::default();
    for _ in 0..45 {
        assert_eq!(rates.too_many(AT, &limits, (0, 0)), None);
        rates.count(AT, &limits, (0, 0));
    }
    assert_eq!(rates.too_many(AT, &limits, (0, 0)), Some(131_056));
    let later = AT + Duration::from_millis(5_999);
    assert_eq!(rates.too_many(later, &limits, (0, 0)), Some(131_056));
    let paid_back = AT + Duration::from_secs(6);
    assert_eq!(rates.too_many(paid_back, &limits, (0, 0)), None);
    for user in 1..=35 {
        rates.count(AT, &limits, (0, user));
    }
    assert_eq!(rates.too_many(AT, &limits, (0, 99)), Some(130_429));
    assert_eq!(rates.too_many(AT, &limits, (1, 99)), None);
    let before = Timestamp::from_millis(AT.as_millis() - 1);
    assert_eq!(rates.too_many(before, &limits, (0, 0)), None, "set back");
}

#[test]
fn a_message_waits_for_thirty_days() {
    let id: MessageId = "wamid.1".parse().expect("an id");
    let keep_until = AT + Duration::from_hours(30 * 24);
    let waiting = || {
        let mut letters = Letters::default();
        let letter = Letter::new((0, 0), false, None, keep_until);
        letters.add(id.clone(), letter).expect("a new one");
        letters
    };
    let last = Timestamp::from_millis(keep_until.as_millis() - 1);
    for (at, fate, online, well) in [
        (last, Fate::Delivered, true, true),
        (last, Fate::Delivered, false, false),
        (keep_until, Fate::Delivered, true, false),
        (keep_until, Fate::Dropped, false, true),
        (last, Fate::Dropped, false, false),
        (last, Fate::Read, true, false),
    ] {
        let done = waiting().becomes(at, &id, fate, online);
        assert_eq!(done.is_ok(), well, "{fate:?}, there: {online}");
    }
    assert!(waiting().none_waits_in_vain(|_| true).is_err());
    assert!(waiting().none_waits_too_long(last).is_ok());
    assert!(waiting().none_waits_too_long(keep_until).is_err());
}

#[test]
fn a_template_is_sent_once_it_is_approved_and_not_while_it_is_paused() {
    let mut rules = Preset::meta_2026().templates;
    rules.review = ReviewOutcome::Approve;
    rules.review_after = Duration::from_mins(10);
    let key = (0, "hello", "de");
    let mut templates = Templates::default();
    assert_eq!(templates.no_send(AT, &rules, key), Some(132_001));
    assert_eq!(templates.made(AT, &rules, key, Form::Text), None);
    assert_eq!(templates.no_send(AT, &rules, key), Some(132_001));
    let reviewed = AT + rules.review_after;
    assert_eq!(templates.no_send(reviewed, &rules, key), None);
    assert!(templates.any_is_due(reviewed));
    let heard = templates.done(reviewed, &rules, key, Act::Pause);
    assert_eq!(heard.len(), 2, "approved, and paused: {heard:?}");
    assert_eq!(templates.no_send(reviewed, &rules, key), Some(132_015));
    assert!(templates.can(reviewed, &rules, key, Act::Unpause));
    templates.done(reviewed, &rules, key, Act::Disable);
    assert_eq!(templates.no_send(reviewed, &rules, key), Some(132_016));
    assert!(!templates.can(reviewed, &rules, key, Act::Edit));
    templates.done(reviewed, &rules, key, Act::Remove);
    assert_eq!(templates.no_send(reviewed, &rules, key), Some(132_001));
}
