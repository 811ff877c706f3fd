//! The words of endings and refusals.

use std::collections::BTreeSet;

use super::*;

#[test]
fn a_reason_is_read_back_from_its_word() {
    let mut words = BTreeSet::new();
    for reason in EndReason::ALL {
        assert_eq!(reason.as_str().parse::<EndReason>(), Ok(reason));
        assert!(words.insert(reason.as_str()), "{reason} stands twice");
        let fits = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(reason.as_str().chars().all(fits), "{reason} is a label");
    }
    assert!("".parse::<EndReason>().is_err());
    assert!("Ended".parse::<EndReason>().is_err());
}

#[test]
fn a_refusal_says_what_was_wrong_and_what_to_do() {
    let at = Timestamp::EPOCH;
    let reason = EndReason::UserHungUp;
    for (refusal, sentence) in [
        (
            Refusal::Ended { reason, at },
            "The call is over: the user hung up. Nothing more can be done with it.",
        ),
        (
            Refusal::AlreadyAccepted { at },
            "The call has been accepted already. Accept a call once; terminate ends it.",
        ),
        (
            Refusal::AnswerDiffers,
            "The session description differs from the one given with pre_accept. Send the same one \
             again.",
        ),
        (
            Refusal::OutOfTurn {
                phase: Phase::PreAccepted,
            },
            "This means nothing to a call that is pre_accepted.",
        ),
    ] {
        assert_eq!(refusal.to_string(), sentence);
    }
}

#[test]
fn a_digest_is_shown_in_short() {
    assert_eq!(format!("{:?}", SdpDigest([0xab; 32])), "abababab…");
}
