//! Reviews: every state with every input, and what the preset makes of them.

use std::time::Duration;

use types::Timestamp;
use types::preset::{Preset, ReviewOutcome, TemplateRules};
use types::template::RejectReason;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_000);

fn rules(review: ReviewOutcome, after_secs: u64) -> TemplateRules {
    TemplateRules {
        review,
        review_after: Duration::from_secs(after_secs),
        rejected_reason: RejectReason::Scam,
        ..Preset::meta_2026().templates
    }
}

#[test]
fn a_review_comes_to_what_the_preset_says() {
    use ReviewOutcome::{Approve, Reject, Wait};
    let scam = Review::Rejected {
        reason: RejectReason::Scam,
    };
    for (outcome, decided) in [(Approve, Review::Approved), (Reject, scam)] {
        assert_eq!(Review::submitted(NOW, &rules(outcome, 0)), decided);

        let later = rules(outcome, 60);
        let mut review = Review::submitted(NOW, &later);
        let ends_at = NOW + Duration::from_secs(60);
        assert_eq!(review.deadline(), Some(ends_at));
        assert_eq!(review.status(), Status::Pending);
        assert!(!review.meet(NOW + Duration::from_secs(59), &later));
        assert!(review.meet(ends_at, &later));
        assert_eq!(review, decided);
        assert!(!review.meet(ends_at, &later), "it is over");
    }
    let mut review = Review::submitted(NOW, &rules(Wait, 60));
    assert_eq!(review, Review::Pending { ends_at: None });
    assert!(!review.meet(NOW + Duration::from_hours(1), &rules(Wait, 60)));

    // A preset that has become patient lets a review wait that was to end by itself.
    let mut review = Review::Pending { ends_at: Some(NOW) };
    assert!(review.meet(NOW, &rules(Wait, 0)));
    assert_eq!(review, Review::Pending { ends_at: None });
}

#[test]
fn the_default_preset_approves_at_once() {
    let templates = Preset::default().templates;
    assert_eq!(Review::submitted(NOW, &templates), Review::Approved);
}

/// Every story of up to five inputs, with a review that takes a minute and one that takes none.
#[test]
fn every_short_story_is_sound() {
    for after_secs in [0, 60] {
        let rules = rules(ReviewOutcome::Approve, after_secs);
        let mut stories = 0;
        let mut frontier = vec![(Review::submitted(NOW, &rules), NOW)];
        for _ in 0..5 {
            let mut next = Vec::new();
            for (review, now) in frontier {
                for input in INPUTS {
                    stories += 1;
                    next.extend(follow(review, now, &rules, input).map(|it| (it, now)));
                }
                if let Some(at) = review.deadline() {
                    let mut review = review;
                    assert!(review.meet(at, &rules));
                    assert_eq!(review, Review::Approved);
                    next.push((review, at));
                }
            }
            frontier = next;
        }
        assert!(stories > 100, "{stories}");
    }
}

const INPUTS: [ReviewInput; 6] = [
    ReviewInput::Approve,
    ReviewInput::Reject {
        reason: RejectReason::Promotional,
    },
    ReviewInput::Pause,
    ReviewInput::Disable,
    ReviewInput::Reinstate,
    ReviewInput::Edit,
];

/// Takes one input and holds what came of it against what must be true.
fn follow(
    before: Review,
    now: Timestamp,
    rules: &TemplateRules,
    input: ReviewInput,
) -> Option<Review> {
    let mut review = before;
    let allowed: &[Status] = match input {
        ReviewInput::Approve => &[Status::Pending, Status::Rejected],
        ReviewInput::Reject { .. } => &[Status::Pending],
        ReviewInput::Pause => &[Status::Approved],
        ReviewInput::Disable => &[Status::Approved, Status::Paused],
        ReviewInput::Reinstate => &[Status::Paused, Status::Disabled],
        ReviewInput::Edit => &[Status::Approved, Status::Rejected, Status::Paused],
    };
    let result = review.handle(now, rules, input);
    if !allowed.contains(&before.status()) {
        let status = before.status();
        let refusal = result.expect_err("it stands so that it cannot be");
        assert_eq!(refusal, NotSo { status, input });
        assert!(refusal.to_string().contains(status.as_str()), "{refusal}");
        assert_eq!(review, before, "a refusal changes nothing");
        return None;
    }
    assert_eq!(result, Ok(()));
    let wanted = match input {
        ReviewInput::Approve | ReviewInput::Reinstate => Review::Approved,
        ReviewInput::Reject { reason } => Review::Rejected { reason },
        ReviewInput::Pause => Review::Paused,
        ReviewInput::Disable => Review::Disabled,
        ReviewInput::Edit => Review::submitted(now, rules),
    };
    assert_eq!(review, wanted);
    let is_rejected = review.status() == Status::Rejected;
    assert_eq!(review.rejected().is_some(), is_rejected);
    assert!(review.deadline().is_none() || review.status() == Status::Pending);
    Some(review)
}

#[test]
fn refusals_say_what_to_do() {
    let mut review = Review::Disabled;
    let rules = Preset::default().templates;
    let told = |refusal: Result<(), NotSo>| refusal.expect_err("refused").to_string();
    assert_eq!(
        told(review.handle(NOW, &rules, ReviewInput::Edit)),
        "The template is DISABLED and cannot be edited. Only one that is APPROVED, REJECTED or \
         PAUSED can."
    );
    assert_eq!(
        told(review.handle(NOW, &rules, ReviewInput::Pause)),
        "The template is DISABLED and cannot be paused. Only one that is APPROVED can."
    );
}
