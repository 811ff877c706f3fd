//! Each limit at its edge.

use super::*;
use types::Preset;

const FREE: Load = Load {
    calling_enabled: true,
    calls_running: 0,
    in_call_with_user: false,
    attempts: 0,
    first_attempt: None,
};

/// What `load` is told in both directions: to the user who calls, to the business that calls.
#[track_caller]
fn check(load: Load, user: Result<(), Refusal>, business: Result<(), Refusal>) {
    let limits = Preset::meta_2026().calls;
    assert_eq!(load.admit(&limits, Direction::UserInitiated), user);
    assert_eq!(load.admit(&limits, Direction::BusinessInitiated), business);
}

#[test]
fn a_free_number_takes_a_call() {
    check(FREE, Ok(()), Ok(()));
}

#[test]
fn calling_must_be_enabled() {
    let load = Load {
        calling_enabled: false,
        in_call_with_user: true,
        ..FREE
    };
    let refused = Err(Refusal::CallingDisabled);
    check(load, refused, refused);
}

#[test]
fn one_call_with_one_user() {
    let load = Load {
        in_call_with_user: true,
        calls_running: 1_000,
        ..FREE
    };
    let refused = Err(Refusal::AlreadyInCall);
    check(load, refused, refused);
}

#[test]
fn calls_at_one_time_are_bounded() {
    let busy = |calls_running| Load {
        calls_running,
        ..FREE
    };
    check(busy(999), Ok(()), Ok(()));
    let refused = Err(Refusal::TooManyCalls { max: 1_000 });
    check(busy(1_000), refused, refused);
}

#[test]
fn attempts_of_a_day_are_bounded_for_the_business() {
    let tried = |attempts| Load {
        attempts,
        first_attempt: Some(Timestamp::from_secs(100)),
        ..FREE
    };
    check(tried(9_999), Ok(()), Ok(()));
    let refusal = Refusal::TooManyAttempts {
        max: 10_000,
        next_at: Some(Timestamp::from_secs(86_500)),
    };
    check(tried(10_000), Ok(()), Err(refusal));
    assert_eq!(
        refusal.to_string(),
        "This business number has placed 10000 calls in 24 hours, which is as many as it may. The \
         next is taken at Unix time 86500."
    );
}
