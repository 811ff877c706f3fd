//! Buckets at their edges, and against a list of everything that was taken.

use proptest::prelude::*;
use types::Preset;

use super::*;

/// Takes one at each of these milliseconds; answers `ok`, or when the next is taken.
#[track_caller]
fn check(rate: Rate, script: &[u64], story: &[&str]) {
    let mut bucket = Bucket::default();
    let told: Vec<String> = script
        .iter()
        .map(|ms| match bucket.take(Timestamp::from_millis(*ms), &rate) {
            Ok(()) => "ok".to_owned(),
            Err(TooOften { next_at: Some(at) }) => at.as_millis().to_string(),
            Err(TooOften { next_at: None }) => "never".to_owned(),
        })
        .collect();
    assert_eq!(told, story);
}

#[test]
fn a_second_has_so_many() {
    let rate = Rate::of_permission_reads(&Preset::seeds_2025().reads);
    check(
        rate,
        &[0, 0, 0, 0, 0, 0, 199, 200, 200, 1_200],
        &[
            "ok", "ok", "ok", "ok", "ok", "200", "200", "ok", "400", "ok",
        ],
    );
}

#[test]
fn a_pair_borrows_and_pays_back() {
    let mut rate = Rate::of_pair(&Preset::meta_2026().messages);
    assert_eq!((rate.burst, rate.period), (45, Duration::from_secs(6)));
    rate.burst = 2;
    check(
        rate,
        &[0, 1, 2, 5_999, 6_000, 6_001, 12_000, 60_000, 60_000, 60_000],
        &[
            "ok", "ok", "6000", "6000", "ok", "12000", "ok", "ok", "ok", "66000",
        ],
    );
}

#[test]
fn a_pace_that_does_not_fit_milliseconds_is_kept_all_the_same() {
    let three = Rate::per_second(3);
    check(
        three,
        &[0, 0, 0, 0, 333, 334, 334, 667],
        &["ok", "ok", "ok", "334", "334", "ok", "667", "ok"],
    );
}

#[test]
fn nothing_is_nothing() {
    check(Rate::per_second(0), &[0], &["never"]);
    let once = Rate {
        count: 0,
        period: Duration::from_secs(1),
        burst: 1,
    };
    check(once, &[0, 1_000_000], &["ok", "never"]);
}

#[test]
fn a_clock_that_is_set_back_does_not_lock_anybody_out() {
    check(
        Rate::per_second(1),
        &[9_000, 1_000, 1_999, 2_000],
        &["ok", "ok", "2000", "ok"],
    );
}

proptest! {
    /// In any stretch of time no more gets through than the rate and its burst; and whoever is told
    /// when to come again is let in at that moment, and not before.
    #[test]
    fn the_rate_holds(
        count in 1_u32..20,
        period in 1_u64..3_000,
        burst in 1_u32..6,
        waits in prop::collection::vec(0_u64..500, 1..60),
    ) {
        let rate = Rate { count, period: Duration::from_millis(period), burst };
        let mut bucket = Bucket::default();
        let mut taken: Vec<u64> = Vec::new();
        let mut now = 0;
        for wait in waits {
            now += wait;
            match bucket.take(Timestamp::from_millis(now), &rate) {
                Ok(()) => taken.push(now),
                Err(TooOften { next_at }) => {
                    let next_at = next_at.expect("it fills").as_millis();
                    prop_assert!(next_at > now);
                    let at = |ms| bucket.clone().take(Timestamp::from_millis(ms), &rate);
                    prop_assert!(at(next_at).is_ok());
                    prop_assert!(at(next_at - 1).is_err());
                }
            }
            let rested = Timestamp::from_millis(now + period * u64::from(burst));
            prop_assert!(bucket.is_rested(rested, &rate));
        }
        for (index, from) in taken.iter().enumerate() {
            for (more, to) in taken[index..].iter().enumerate() {
                let allowed = u64::from(burst) + (to - from) * u64::from(count) / period;
                prop_assert!((more as u64) < allowed, "{taken:?}");
            }
        }
    }
}
