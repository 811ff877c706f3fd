//! Peers whose session descriptions differ from ours.

use media::{IceRole, LegEvent, Shape};

use crate::world::{SECOND, Weather, World};

/// A call whose offer and answer are edited on their way; true if audio goes both ways.
fn talks(offer_edit: impl Fn(&str) -> String, answer_edit: impl Fn(&str) -> String) -> bool {
    let mut world = World::new(Weather::FINE);
    let (exchange, offer) = world.offer(IceRole::Lite, Shape::Meta);
    let (business, answer) = world.answer(IceRole::Full, Shape::Plain, &offer_edit(&offer));
    world.accept(exchange, &answer_edit(&answer));
    world.speak(exchange);
    world.speak(business);
    world.run(2 * SECOND);
    [exchange, business]
        .into_iter()
        .all(|end| world.story(end) == [LegEvent::Up, LegEvent::MediaStarted])
}

fn same(text: &str) -> String {
    text.to_owned()
}

fn without(text: &str, prefix: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with(prefix));
    lines.map(|line| format!("{line}\r\n")).collect()
}

#[test]
fn an_answer_without_sources_is_understood() {
    assert!(talks(same, |answer| without(answer, "a=ssrc")));
}

#[test]
fn an_answer_without_bundle_is_understood() {
    assert!(talks(same, |answer| without(answer, "a=group")));
}

#[test]
fn an_answer_without_mid_is_understood() {
    assert!(talks(same, |answer| without(
        &without(answer, "a=group"),
        "a=mid"
    )));
}

#[test]
fn an_answer_with_two_mid_lines_is_understood() {
    assert!(talks(same, |answer| answer
        .replace("a=mid:audio\r\n", "a=mid:audio\r\na=mid:audio\r\n")));
}

#[test]
fn an_offer_without_bundle_sources_or_mid_is_answered() {
    let bare = |offer: &str| without(&without(&without(offer, "a=group"), "a=ssrc"), "a=mid");
    assert!(talks(bare, same));
}

#[test]
fn an_answer_without_candidates_is_understood() {
    assert!(talks(same, |answer| without(answer, "a=candidate")));
}

#[test]
fn an_answer_with_line_feeds_only_is_understood() {
    assert!(talks(same, |answer| answer.replace("\r\n", "\n")));
}

#[test]
fn a_fingerprint_at_session_level_is_understood() {
    let moved = |answer: &str| {
        let line = answer
            .lines()
            .find(|line| line.starts_with("a=fingerprint"))
            .expect("one");
        let rest = without(answer, "a=fingerprint");
        rest.replace("t=0 0\r\n", &format!("t=0 0\r\n{line}\r\n"))
    };
    assert!(talks(same, moved));
}

#[test]
fn a_fingerprint_in_small_letters_is_understood() {
    let small = |answer: &str| {
        let lines = answer
            .lines()
            .map(|line| match line.strip_prefix("a=fingerprint:sha-256 ") {
                Some(hex) => format!("a=fingerprint:SHA-256 {}\r\n", hex.to_lowercase()),
                None => format!("{line}\r\n"),
            });
        lines.collect()
    };
    assert!(talks(same, small));
}

#[test]
fn of_several_fingerprints_the_sha_256_counts() {
    let several = |answer: &str| {
        answer.replace(
            "a=fingerprint:",
            "a=fingerprint:sha-512 AA:BB\r\na=fingerprint:",
        )
    };
    assert!(talks(same, several));
}
