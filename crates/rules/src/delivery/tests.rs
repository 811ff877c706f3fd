//! Stories of deliveries, and what must hold in all of them.

use proptest::prelude::*;

use super::*;

const LEASE: Duration = Duration::from_secs(60);

/// Waits of 1, 2, 4 and 5 seconds, bent by a fifth, for 20 seconds.
const SCHEDULE: RetrySchedule = RetrySchedule {
    answer_within: Duration::from_secs(2),
    first_wait: Duration::from_secs(1),
    wait_max: Duration::from_secs(5),
    give_up_after: Duration::from_secs(20),
    jitter_percent: 20,
};

/// Plays `script`, a list of `<millis> <verb>`, and compares the states with `story`.
#[track_caller]
fn check(script: &str, story: &str) {
    let mut delivery = Delivery::new(Timestamp::EPOCH);
    let mut told = vec![format!("{:?}", delivery.state)];
    for step in script.split(", ") {
        let (at, verb) = step.split_once(' ').expect("`<millis> <verb>`");
        let now = Timestamp::from_millis(at.parse().expect("millis"));
        let (verb, argument) = verb.split_once(' ').unwrap_or((verb, "500"));
        let number = |text: &str| text.parse::<u32>().expect("a number");
        let answer = match verb {
            "lease" => delivery.lease(now, LEASE).map(|_| ()),
            "taken" => {
                let attempt = delivery.attempts;
                delivery.report(now, &SCHEDULE, attempt, Outcome::Taken, Jitter(500))
            }
            "failed" => {
                let (attempt, jitter) = (delivery.attempts, Jitter(number(argument)));
                delivery.report(now, &SCHEDULE, attempt, Outcome::NotTaken, jitter)
            }
            "late_failure" => {
                let attempt = number(argument);
                delivery.report(now, &SCHEDULE, attempt, Outcome::NotTaken, Jitter(500))
            }
            "redeliver" => {
                delivery.redeliver(now);
                Ok(())
            }
            other => panic!("no such verb: {other}"),
        };
        told.push(match answer {
            Ok(()) => format!("{:?}", delivery.state),
            Err(refusal) => format!("refused: {refusal:?}"),
        });
    }
    let story: Vec<&str> = story.lines().map(str::trim).collect();
    assert_eq!(told.join("\n"), story.join("\n"));
}

#[test]
fn taken_at_once() {
    check(
        "3 lease, 40 taken, 50 lease",
        "Due { at: 0ms }
         Leased { until: 60003ms }
         Delivered { at: 40ms }
         refused: NotDue",
    );
}

#[test]
fn waits_double_up_to_the_longest() {
    check(
        "0 lease, 0 failed, 999 lease, 1000 lease, 1000 failed, 3000 lease, 3000 failed, \
         7000 lease, 7000 failed",
        "Due { at: 0ms }
         Leased { until: 60000ms }
         Due { at: 1000ms }
         refused: NotDue
         Leased { until: 61000ms }
         Due { at: 3000ms }
         Leased { until: 63000ms }
         Due { at: 7000ms }
         Leased { until: 67000ms }
         Due { at: 12000ms }",
    );
}

#[test]
fn chance_bends_a_wait_both_ways() {
    check(
        "0 lease, 0 failed 0",
        "Due { at: 0ms }
         Leased { until: 60000ms }
         Due { at: 800ms }",
    );
    for most in ["1000", "4000000000"] {
        check(
            &format!("0 lease, 0 failed {most}"),
            "Due { at: 0ms }
             Leased { until: 60000ms }
             Due { at: 1200ms }",
        );
    }
}

#[test]
fn given_up_when_the_next_wait_would_end_too_late() {
    check(
        "19000 lease, 19000 failed, 20000 lease, 20000 failed, 20001 lease",
        "Due { at: 0ms }
         Leased { until: 79000ms }
         Due { at: 20000ms }
         Leased { until: 80000ms }
         GivenUp { at: 20000ms }
         refused: NotDue",
    );
}

#[test]
fn a_worker_that_died_leaves_a_lease_that_runs_out() {
    check(
        "0 lease, 59999 lease, 60000 lease, 60001 late_failure 1, 60002 taken",
        "Due { at: 0ms }
         Leased { until: 60000ms }
         refused: NotDue
         Leased { until: 120000ms }
         refused: Stale
         Delivered { at: 60002ms }",
    );
}

#[test]
fn redelivered_by_hand_with_a_schedule_of_its_own() {
    check(
        "19000 lease, 19900 failed, 30000 redeliver, 30000 lease, 30001 late_failure 1, \
         30002 failed, 31002 lease, 31003 taken, 40000 redeliver",
        "Due { at: 0ms }
         Leased { until: 79000ms }
         GivenUp { at: 19900ms }
         Due { at: 30000ms }
         Leased { until: 90000ms }
         refused: Stale
         Due { at: 31002ms }
         Leased { until: 91002ms }
         Delivered { at: 31003ms }
         Due { at: 40000ms }",
    );
}

proptest! {
    #[test]
    fn a_subscriber_that_never_takes_it_is_given_up_in_bounded_time(
        jitters in prop::collection::vec(0..=1_000_u32, 64),
        answer_ms in 0..2_000_u64,
    ) {
        let mut delivery = Delivery::new(Timestamp::EPOCH);
        let mut now = Timestamp::EPOCH;
        for jitter in jitters {
            let Some(due) = delivery.poll_timeout() else { break };
            prop_assert!(due >= now);
            now = due;
            let attempt = delivery.lease(now, LEASE).expect("due");
            now = now + Duration::from_millis(answer_ms);
            delivery
                .report(now, &SCHEDULE, attempt, Outcome::NotTaken, Jitter(jitter))
                .expect("under way");
        }
        prop_assert!(delivery.is_over());
        prop_assert!(now <= Timestamp::EPOCH + SCHEDULE.give_up_after + SCHEDULE.answer_within);
    }

    #[test]
    fn no_schedule_overflows(
        first_wait in any::<u64>(),
        wait_max in any::<u64>(),
        jitter_percent in any::<u32>(),
        failures in any::<u32>(),
        jitter in any::<u32>(),
    ) {
        let schedule = RetrySchedule {
            first_wait: Duration::from_millis(first_wait),
            wait_max: Duration::from_millis(wait_max),
            jitter_percent,
            ..SCHEDULE
        };
        let waited = wait(&schedule, failures, Jitter(jitter));
        prop_assert!(waited <= schedule.wait_max.saturating_mul(2));
    }
}
