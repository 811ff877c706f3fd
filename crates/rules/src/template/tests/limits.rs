//! How often an approved template is edited, and what is held of the name of a removed one.

use std::time::Duration;

use proptest::prelude::*;
use types::Timestamp;
use types::preset::{Preset, TemplateRules};

use super::*;

const NOON: Timestamp = Timestamp::from_secs(1_000_000);
const DAY: Duration = Duration::from_hours(24);

fn rules(per_day: Option<u32>, per_month: Option<u32>) -> TemplateRules {
    TemplateRules {
        edits_per_day: per_day,
        edits_per_month: per_month,
        ..Preset::meta_2026().templates
    }
}

#[test]
fn a_refusal_names_the_moment_at_which_the_next_is_taken() {
    let rules = rules(Some(2), Some(3));
    let mut edits = Edits::default();
    let hour = Duration::from_hours(1);
    assert_eq!(edits.take(NOON, &rules), Ok(()));
    assert_eq!(edits.take(NOON + hour, &rules), Ok(()));
    let kept = edits.clone();
    let refused = edits
        .take(NOON + hour * 2, &rules)
        .expect_err("the third of a day");
    assert_eq!(refused.next_at, NOON + DAY);
    assert_eq!(edits, kept, "a refusal counts nothing");
    assert_eq!(
        refused.to_string(),
        "An approved template may be edited 2 times in 24 hours. The next edit is taken at Unix time \
         1086400; until then, make a new template."
    );
    assert_eq!(edits.take(NOON + DAY, &rules), Ok(()));
    let refused = edits
        .take(NOON + DAY * 3, &rules)
        .expect_err("the fourth of a month");
    assert_eq!((refused.max, refused.next_at), (3, NOON + DAY * 30));
    assert_eq!(edits.take(NOON + DAY * 30, &rules), Ok(()));
}

proptest! {
    /// Whatever the edits, no window of either length ever has more of them than it may, a refused one
    /// is taken at the moment that the refusal names, and nothing is kept that no limit looks at.
    #[test]
    fn no_window_has_too_many(
        waits in proptest::collection::vec(0_u64..40 * 3_600, 1..60),
        per_day in proptest::option::of(1_u32..4),
        per_month in proptest::option::of(1_u32..12),
    ) {
        let rules = rules(per_day, per_month);
        let (mut edits, mut taken, mut now) = (Edits::default(), Vec::new(), NOON);
        for wait in waits {
            now = now + Duration::from_secs(wait);
            match edits.take(now, &rules) {
                Ok(()) => taken.push(now),
                Err(why) => {
                    prop_assert!(why.next_at > now);
                    now = why.next_at;
                    // The other limit may still say no, and then names a later moment.
                    match edits.take(now, &rules) {
                        Ok(()) => taken.push(now),
                        Err(later) => prop_assert!(later.next_at > now),
                    }
                }
            }
            for (max, within) in [(per_day, DAY), (per_month, DAY * 30)] {
                let recent = taken.iter().filter(|at| **at + within > now).count();
                prop_assert!(max.is_none_or(|max| recent <= max as usize));
            }
            prop_assert!(edits.0.iter().all(|at| *at + DAY * 30 > now));
            prop_assert!(per_month.is_some() || per_day.is_some() || edits.0.is_empty());
        }
    }
}

#[test]
fn only_an_approved_one_leaves_its_name_held_and_a_disabled_one_stays() {
    let rejected = Review::Rejected {
        reason: types::template::RejectReason::Scam,
    };
    for (review, left) in [
        (Review::Approved, Ok(Name::Held)),
        (Review::Pending { ends_at: None }, Ok(Name::Free)),
        (rejected, Ok(Name::Free)),
        (Review::Paused, Ok(Name::Free)),
        (Review::Disabled, Err(NotRemovable)),
    ] {
        assert_eq!(review.removed(), left);
    }
}

#[test]
fn a_name_is_held_as_a_whole_once_no_language_of_it_lives() {
    let until = NOON + DAY;
    let held = [HeldName {
        language: "en".to_owned(),
        until,
    }];
    let may = |now, language, lives| may_use_again(now, language, lives, &held);
    assert_eq!(may(NOON, "en", false), Err(NameHeld { until }));
    assert_eq!(may(NOON, "de", false), Err(NameHeld { until }));
    assert_eq!(may(NOON, "en", true), Err(NameHeld { until }));
    assert_eq!(may(NOON, "de", true), Ok(()));
    assert_eq!(may(until, "en", false), Ok(()), "its time is over");
    assert_eq!(may_use_again(NOON, "en", false, &[]), Ok(()));
}
