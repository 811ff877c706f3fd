//! Descriptions of real WebRTC stacks get through; each rule is broken once, in one of them.
//!
//! Chrome 156, aiortc 1.16 and werift 0.23 made theirs, the answers to Meta's offer; the others have
//! the shape that their stacks give them, with names and numbers of our own.

use proptest::prelude::*;
use types::Preset;

use super::*;

mod broken;
mod hostile;

const CHROME_OFFER: &str = include_str!("fixtures/chrome_offer.sdp");
const CHROME_ANSWER: &str = include_str!("fixtures/chrome_answer.sdp");
const AIORTC_OFFER: &str = include_str!("fixtures/aiortc_offer.sdp");
const AIORTC_ANSWER: &str = include_str!("fixtures/aiortc_answer.sdp");
const META_OFFER: &str = include_str!("fixtures/meta_offer.sdp");

const OFFERS: [(&str, &str); 5] = [
    ("Chrome", CHROME_OFFER),
    ("aiortc", AIORTC_OFFER),
    ("werift", include_str!("fixtures/werift_offer.sdp")),
    ("FreeSWITCH", include_str!("fixtures/freeswitch_offer.sdp")),
    ("Meta", META_OFFER),
];

const ANSWERS: [(&str, &str); 8] = [
    ("Chrome", CHROME_ANSWER),
    ("aiortc", AIORTC_ANSWER),
    ("werift", include_str!("fixtures/werift_answer.sdp")),
    (
        "libdatachannel",
        include_str!("fixtures/libdatachannel_answer.sdp"),
    ),
    ("Janus", include_str!("fixtures/janus_answer.sdp")),
    ("rtpengine", include_str!("fixtures/rtpengine_answer.sdp")),
    ("Pion", include_str!("fixtures/pion_answer.sdp")),
    ("Meta", include_str!("fixtures/meta_answer.sdp")),
];

/// What Meta refuses is refused.
fn strict() -> SdpRules {
    Preset::meta_2026().sdp
}

/// What a business may take from a platform, and a preset may take from a business.
fn lenient() -> SdpRules {
    SdpRules {
        several_fingerprints: true,
        ice_lite: true,
        ..strict()
    }
}

/// As pipecat and others do it: the first fingerprint stays.
fn one_fingerprint(text: &str) -> String {
    let drop = ["a=fingerprint:sha-384", "a=fingerprint:sha-512"];
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !drop.iter().any(|it| line.starts_with(it)))
        .collect()
}

#[test]
fn offers_of_real_stacks_get_through() {
    for (stack, text) in OFFERS {
        let read = SessionDescription::offer(text, &lenient());
        assert_eq!(read.map(|it| it.text), Ok(text.to_owned()), "{stack}");
    }
    for (stack, text) in OFFERS.into_iter().filter(|(stack, _)| *stack != "Meta") {
        let text = one_fingerprint(text);
        let read = SessionDescription::offer(&text, &strict());
        assert_eq!(read.map(|it| it.text), Ok(text), "{stack}");
    }
}

#[test]
fn answers_of_real_stacks_get_through() {
    // Pion ends one line with a space.
    let tidied = |text: &str| text.replace(" \r\n", "\r\n");
    for (stack, text) in ANSWERS {
        let read = SessionDescription::answer(text, &lenient(), Some(META_OFFER));
        assert_eq!(read.map(|it| it.text), Ok(tidied(text)), "{stack}");
    }
    for (stack, text) in ANSWERS.into_iter().filter(|(stack, _)| *stack != "Meta") {
        let text = one_fingerprint(text);
        let read = SessionDescription::answer(&text, &strict(), Some(META_OFFER));
        assert_eq!(read.map(|it| it.text), Ok(tidied(&text)), "{stack}");
    }
}

#[test]
fn two_texts_that_say_the_same_have_one_digest() {
    let read = |text: &str| SessionDescription::answer(text, &strict(), None).expect("sound");
    let first = read(CHROME_ANSWER);
    for same in [
        CHROME_ANSWER.replace("\r\n", "\n"),
        CHROME_ANSWER.replace("\r\n", " \r\n"),
        CHROME_ANSWER.trim_end().to_owned(),
        CHROME_ANSWER.replace("\r\n", "\r\n\r\n"),
    ] {
        let same = read(&same);
        assert_eq!(same.as_str(), CHROME_ANSWER);
        assert_eq!(same.digest(), first.digest());
    }
    let other = read(&CHROME_ANSWER.replace("a=ice-ufrag:TFJs", "a=ice-ufrag:TFJt"));
    assert_ne!(other.digest(), first.digest());
}

#[test]
fn what_the_standards_want_ignored_is_ignored() {
    for line in [
        "a=candidate:1 1 ssltcp 1694498815 203.0.113.9 443 typ host",
        "a=candidate:1 1 udp 1694498815 203.0.113.9 443 typ future",
        "a=candidate:1 1 udp 1694498815 0f8a3b5c-1d2e-4f60-8a9b-cc0011223344.local 443 typ host",
        "a=nobody-knows-this:at all",
        "a=rtcp-fb:111 future thing",
        "b=FUTURE:7",
    ] {
        let text = format!("{CHROME_OFFER}{line}\r\n");
        let read = SessionDescription::offer(&text, &strict());
        assert_eq!(read.map(|it| it.text), Ok(text), "{line}");
    }
    let text = CHROME_OFFER.replace(
        "t=0 0\r\n",
        "u=https://example.com\r\ne=a@example.com\r\nt=0 0\r\n",
    );
    assert!(SessionDescription::offer(&text, &strict()).is_ok());
}
