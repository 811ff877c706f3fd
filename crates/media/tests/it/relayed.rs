//! Phone, exchange and business: what the relay lets through, and in which numbers.

use std::time::Duration;

use media::{FrameKind, LegEvent};

use crate::world::{End, SECOND, Weather, World};

/// A phone and a business with the exchange between them.
pub(crate) struct Trio {
    pub(crate) phone: End,
    pub(crate) user_leg: End,
    pub(crate) business_leg: End,
    pub(crate) business: End,
}

impl Trio {
    pub(crate) fn new(world: &mut World) -> Self {
        let (phone, user_leg) = world.phone_and_exchange();
        let (business_leg, business) = world.exchange_and_business();
        world.join(user_leg, business_leg);
        world.run(2 * SECOND);
        Self {
            phone,
            user_leg,
            business_leg,
            business,
        }
    }

    pub(crate) fn open(&self, world: &mut World) {
        world.pass(self.user_leg, self.business_leg, true);
    }
}

#[test]
fn nothing_passes_before_the_gate_is_opened() {
    let mut world = World::new(Weather::FINE);
    let trio = Trio::new(&mut world);
    world.speak(trio.phone);
    world.speak(trio.business);
    world.run(2 * SECOND);
    world.press(trio.phone, "1");
    world.run(SECOND);
    assert_eq!(
        world.story(trio.user_leg).last(),
        Some(&LegEvent::Digit('1'))
    );
    assert!(world.heard(trio.business).is_empty());
    assert!(world.heard(trio.phone).is_empty());

    trio.open(&mut world);
    world.run(2 * SECOND);
    for end in [trio.phone, trio.business] {
        let numbers = world.numbers(end);
        assert!(numbers.len() > 95, "{}", numbers.len());
        assert!(numbers[0] > 140, "what was said before is not played later");
        assert!(
            numbers.windows(2).all(|pair| pair[1] == pair[0] + 1),
            "no gap"
        );
    }
}

#[test]
fn a_closed_gate_leaves_no_gap_in_the_numbers() {
    let mut world = World::new(Weather::FINE);
    let trio = Trio::new(&mut world);
    world.speak(trio.phone);
    trio.open(&mut world);
    world.run(SECOND);
    world.pass(trio.user_leg, trio.business_leg, false);
    world.run(5 * SECOND);
    trio.open(&mut world);
    world.run(SECOND);
    let heard = world.heard(trio.business);
    assert!(heard.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1));
    let longest = heard
        .windows(2)
        .map(|pair| pair[1].timestamp.wrapping_sub(pair[0].timestamp));
    let longest = longest.max().expect("frames");
    let pause = 5 * 48_000;
    assert!(
        (pause - 4_800..pause + 4_800).contains(&longest),
        "{longest} ticks"
    );
}

#[test]
fn a_bad_network_loses_what_it_loses_and_no_more() {
    let mut world = World::new(Weather::FOUL);
    let trio = Trio::new(&mut world);
    world.run(3 * SECOND);
    world.speak(trio.phone);
    world.speak(trio.business);
    trio.open(&mut world);
    world.run(60 * SECOND);
    for end in [trio.phone, trio.business] {
        let heard = world.numbers(end).len();
        // Two hops of five percent each, of 3 000.
        assert!((2_600..2_800).contains(&heard), "{heard}");
        let sources: Vec<u32> = world.heard(end).iter().map(|frame| frame.ssrc).collect();
        assert!(
            sources.windows(2).all(|pair| pair[0] == pair[1]),
            "one source per leg"
        );
    }
}

#[test]
fn timestamps_follow_the_audio_through_the_relay() {
    let mut world = World::new(Weather::FINE);
    let trio = Trio::new(&mut world);
    world.speak(trio.phone);
    trio.open(&mut world);
    world.run(3 * SECOND);
    let heard = world.heard(trio.business);
    assert!(heard.iter().all(|frame| frame.kind == FrameKind::Audio));
    assert!(heard[0].marker, "the first packet starts the talk");
    for pair in heard.windows(2) {
        assert_eq!(pair[1].timestamp.wrapping_sub(pair[0].timestamp), 960);
        assert_eq!(pair[1].seq, pair[0].seq + 1);
        assert!(!pair[1].marker);
    }
}

#[test]
fn a_second_phone_takes_over_without_a_jump() {
    let mut world = World::new(Weather::FINE);
    let trio = Trio::new(&mut world);
    world.speak(trio.phone);
    trio.open(&mut world);
    world.run(2 * SECOND);
    let (second, second_leg) = world.phone_and_exchange();
    world.speak(second);
    world.run(SECOND);
    let before = world.heard(trio.business).len();
    world.join(second_leg, trio.business_leg);
    world.run(2 * SECOND);
    let heard = world.heard(trio.business);
    assert!(heard.len() > before + 95, "{} after {before}", heard.len());
    for pair in heard.windows(2) {
        assert_eq!(pair[1].seq, pair[0].seq + 1);
        let step = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!((960..=1_920).contains(&step), "{step}");
    }
}

#[test]
fn an_hour_passes_the_rollover_of_the_numbers() {
    let mut world = World::new(Weather {
        delay: Duration::from_millis(1),
        ..Weather::FINE
    });
    let trio = Trio::new(&mut world);
    world.speak(trio.phone);
    trio.open(&mut world);
    for _ in 0..30 {
        world.forget(trio.business);
        world.forget(trio.user_leg);
        world.run(60 * SECOND);
        assert_eq!(world.heard(trio.business).len(), 3_000);
    }
}
