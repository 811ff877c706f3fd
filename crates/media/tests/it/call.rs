//! Two legs find each other, talk, and part.

use media::{IceRole, LegError, LegEvent, LegFailure, Setup, Shape};

use crate::world::{SECOND, Weather, World};

#[test]
fn a_call_comes_up_in_every_combination_of_roles() {
    for (offering, answering) in [
        (IceRole::Full, IceRole::Lite),
        (IceRole::Lite, IceRole::Full),
    ] {
        for dtls in [Setup::Active, Setup::Passive] {
            let mut world = World::new(Weather::FINE);
            let (one, offer) = world.offer(offering, Shape::Plain);
            let (other, answer) = world.answer_as(answering, Shape::Plain, Some(dtls), &offer);
            world.accept(one, &answer);
            world.run(SECOND);
            assert_eq!(world.story(one), [LegEvent::Up], "{offering:?} {dtls:?}");
            assert_eq!(world.story(other), [LegEvent::Up], "{offering:?} {dtls:?}");
        }
    }
}

#[test]
fn a_call_comes_up_on_a_bad_network() {
    let mut world = World::new(Weather {
        loss_percent: 20,
        ..Weather::FOUL
    });
    let (phone, exchange) = world.phone_and_exchange();
    world.run(15 * SECOND);
    assert_eq!(world.story(phone), [LegEvent::Up]);
    assert_eq!(world.story(exchange), [LegEvent::Up]);
}

#[test]
fn checks_that_come_before_the_answer_are_not_lost() {
    let mut world = World::new(Weather::FINE);
    let (exchange, offer) = world.offer(IceRole::Lite, Shape::Meta);
    let (business, answer) = world.answer(IceRole::Full, Shape::Plain, &offer);
    world.run(SECOND / 5);
    world.accept(exchange, &answer);
    let accepted = SECOND / 5;
    world.run(SECOND);
    let up = world.when(business, &LegEvent::Up).expect("up");
    assert!(up < accepted + SECOND / 5, "up after {up:?}");
}

#[test]
fn audio_goes_both_ways() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.speak(phone);
    world.speak(exchange);
    world.run(3 * SECOND);
    for end in [phone, exchange] {
        assert_eq!(world.story(end), [LegEvent::Up, LegEvent::MediaStarted]);
        let numbers = world.numbers(end);
        assert!(numbers.len() > 130, "{}", numbers.len());
        assert!(
            numbers.windows(2).all(|pair| pair[1] == pair[0] + 1),
            "no gap"
        );
    }
}

#[test]
fn silence_is_told_and_its_end_too() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.speak(phone);
    world.run(SECOND);
    world.silence(phone, true);
    world.run(3 * SECOND);
    world.silence(phone, false);
    world.run(SECOND);
    assert_eq!(
        world.story(exchange),
        [
            LegEvent::Up,
            LegEvent::MediaStarted,
            LegEvent::MediaStopped,
            LegEvent::MediaStarted
        ],
    );
}

#[test]
fn the_end_of_one_is_told_to_the_other() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.run(SECOND);
    let now = world.now;
    world.leg(phone).close(now);
    world.run(SECOND);
    assert!(world.leg(phone).is_closed());
    assert!(world.leg(exchange).is_closed());
    assert_eq!(
        world.story(exchange),
        [LegEvent::Up, LegEvent::Failed(LegFailure::PeerClosed)]
    );
}

#[test]
fn a_peer_that_is_gone_is_missed() {
    for (offering, answering) in [
        (IceRole::Full, IceRole::Lite),
        (IceRole::Lite, IceRole::Full),
    ] {
        let mut world = World::new(Weather::FINE);
        let (one, offer) = world.offer(offering, Shape::Plain);
        let (other, answer) = world.answer(answering, Shape::Plain, &offer);
        world.accept(one, &answer);
        world.run(SECOND);
        world.set_weather(Weather {
            loss_percent: 100,
            ..Weather::FINE
        });
        world.run(60 * SECOND);
        for end in [one, other] {
            let story = world.story(end);
            assert_eq!(
                story,
                [LegEvent::Up, LegEvent::Failed(LegFailure::PeerLost)]
            );
        }
    }
}

#[test]
fn a_short_outage_is_survived() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.speak(phone);
    world.run(2 * SECOND);
    world.set_weather(Weather {
        loss_percent: 100,
        ..Weather::FINE
    });
    world.run(8 * SECOND);
    world.set_weather(Weather::FINE);
    world.forget(exchange);
    world.run(5 * SECOND);
    assert!(
        world.numbers(exchange).len() > 200,
        "{}",
        world.numbers(exchange).len()
    );
    assert!(!world.leg(phone).is_closed());
}

#[test]
fn a_second_answer_is_refused() {
    let mut world = World::new(Weather::FINE);
    let (exchange, offer) = world.offer(IceRole::Lite, Shape::Meta);
    let (_, answer) = world.answer(IceRole::Full, Shape::Plain, &offer);
    world.accept(exchange, &answer);
    let now = world.now;
    let refused = world.leg(exchange).accept_answer(&answer, now);
    assert_eq!(refused, Err(LegError::NotOffered));
}

#[test]
fn a_bad_answer_leaves_room_for_a_good_one() {
    let mut world = World::new(Weather::FINE);
    let (exchange, offer) = world.offer(IceRole::Lite, Shape::Meta);
    let now = world.now;
    let refused = world.leg(exchange).accept_answer(&offer, now);
    assert_eq!(refused, Err(LegError::OpenSetup));
    let (business, answer) = world.answer(IceRole::Full, Shape::Plain, &offer);
    world.accept(exchange, &answer);
    world.run(SECOND);
    assert_eq!(world.story(business), [LegEvent::Up]);
}
