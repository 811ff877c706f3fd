//! What a leg has counted at the end of a call.

use std::time::Duration;

use crate::world::{SECOND, Weather, World};

#[test]
fn a_fine_call_is_counted_as_one() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.run(SECOND);
    world.speak(phone);
    world.speak(exchange);
    world.run(10 * SECOND);
    let stats = world.stats(exchange);
    assert!((495..=500).contains(&stats.packets_received), "{stats:?}");
    assert!((495..=501).contains(&stats.packets_sent), "{stats:?}");
    assert_eq!(stats.bytes_received, stats.packets_received * 60);
    assert_eq!(stats.packets_lost, 0);
    assert_eq!(stats.packets_lost_by_peer, Some(0));
    assert!(stats.jitter < Duration::from_millis(1), "{stats:?}");
    let round_trip = stats.round_trip.expect("a round trip");
    assert!((15..30).contains(&round_trip.as_millis()), "{round_trip:?}");
}

#[test]
fn a_foul_call_shows_loss_and_jitter_on_both_sides() {
    let mut world = World::new(Weather::FOUL);
    let (phone, exchange) = world.phone_and_exchange();
    world.run(3 * SECOND);
    world.speak(phone);
    world.speak(exchange);
    world.run(20 * SECOND);
    let stats = world.stats(exchange);
    assert!((20..90).contains(&stats.packets_lost), "{stats:?}");
    assert!(
        (10..90).contains(&stats.packets_lost_by_peer.expect("a report")),
        "{stats:?}"
    );
    assert!(stats.jitter > Duration::from_millis(2), "{stats:?}");
    assert!(
        stats.jitter_at_peer.expect("a report") > Duration::from_millis(2),
        "{stats:?}"
    );
    assert!(
        stats.round_trip.expect("a round trip") > Duration::from_millis(55),
        "{stats:?}"
    );
}

#[test]
fn the_counts_outlive_the_leg() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.speak(phone);
    world.run(2 * SECOND);
    let now = world.now;
    world.leg(exchange).close(now);
    assert!(world.stats(exchange).packets_received > 50);
}
