//! Keys through the relay, whatever the two ends call them.

use media::{FrameKind, IceRole, Shape};

use crate::relayed::Trio;
use crate::world::{SECOND, Weather, World};

#[test]
fn every_key_arrives_once() {
    let mut world = World::new(Weather::FINE);
    let trio = Trio::new(&mut world);
    trio.open(&mut world);
    world.speak(trio.phone);
    world.speak(trio.business);
    world.run(SECOND);
    world.press(trio.phone, "1234567890*#ABCD");
    world.run(5 * SECOND);
    assert_eq!(world.digits(trio.business), "1234567890*#ABCD");
    world.press(trio.business, "7");
    world.run(SECOND);
    assert_eq!(world.digits(trio.phone), "7");
}

#[test]
fn keys_survive_a_bad_network() {
    let mut world = World::new(Weather::FOUL);
    let trio = Trio::new(&mut world);
    world.run(3 * SECOND);
    trio.open(&mut world);
    world.speak(trio.phone);
    world.press(trio.phone, "11w22w33w44w55w66");
    world.run(10 * SECOND);
    assert_eq!(world.digits(trio.business), "112233445566");
}

#[test]
fn one_press_has_one_timestamp_and_audio_goes_on_after_it() {
    let mut world = World::new(Weather::FINE);
    let trio = Trio::new(&mut world);
    trio.open(&mut world);
    world.speak(trio.phone);
    world.run(SECOND);
    world.press(trio.phone, "5");
    world.run(SECOND);
    let heard = world.heard(trio.business);
    let events: Vec<_> = heard
        .iter()
        .filter(|frame| frame.kind != FrameKind::Audio)
        .collect();
    assert_eq!(events.len(), 7);
    assert!(events[0].marker);
    assert!(
        events
            .iter()
            .all(|frame| frame.timestamp == events[0].timestamp)
    );
    assert!(heard.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1));
    let audio: Vec<_> = heard
        .iter()
        .filter(|frame| frame.kind == FrameKind::Audio)
        .collect();
    for pair in audio.windows(2) {
        let step = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!(step == 960 || step == 960 * 8, "{step}");
    }
}

/// A business that calls telephone events something else than we do.
fn pressed_to_business(rewrite: impl Fn(&str) -> String) -> (String, Option<FrameKind>) {
    let mut world = World::new(Weather::FINE);
    let (phone, user_leg) = world.phone_and_exchange();
    let (business_leg, offer) = world.offer(IceRole::Lite, Shape::Meta);
    let (business, answer) = world.answer(IceRole::Full, Shape::Plain, &rewrite(&offer));
    world.accept(business_leg, &answer);
    world.join(user_leg, business_leg);
    world.pass(user_leg, business_leg, true);
    world.speak(phone);
    world.run(2 * SECOND);
    world.press(phone, "42");
    world.run(2 * SECOND);
    let kind = world.heard(business).iter().map(|frame| frame.kind);
    let kind = kind.rev().find(|kind| *kind != FrameKind::Audio);
    (world.digits(business), kind)
}

#[test]
fn events_are_sent_at_the_payload_type_of_the_answer() {
    let (digits, kind) = pressed_to_business(|offer| offer.replace("126", "101"));
    assert_eq!(digits, "42");
    assert_eq!(kind, Some(FrameKind::Event { clock_hz: 8_000 }));
}

#[test]
fn events_change_their_clock_between_legs() {
    let (digits, kind) =
        pressed_to_business(|offer| offer.replace("telephone-event/8000", "telephone-event/48000"));
    assert_eq!(digits, "42");
    assert_eq!(kind, Some(FrameKind::Event { clock_hz: 48_000 }));
}

#[test]
fn a_business_without_events_still_gets_them_at_126() {
    let without = |offer: &str| {
        let lines = offer
            .lines()
            .filter(|line| !line.contains("telephone-event"));
        let text: String = lines.map(|line| format!("{line}\r\n")).collect();
        text.replace(" 111 126", " 111")
    };
    let (digits, kind) = pressed_to_business(without);
    assert_eq!(digits, "42");
    assert_eq!(kind, Some(FrameKind::Event { clock_hz: 8_000 }));
}
