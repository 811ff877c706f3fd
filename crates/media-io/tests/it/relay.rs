//! A phone and a business through the relay: tones and keys, when the gate is open.

use std::net::IpAddr;
use std::time::Duration;

use media::audio::{Clip, Mouthpiece, Probe};
use media_io::{MediaEventKind, Ports, local_addresses};

use crate::stage::{Party, Talker, V4, V6};

fn tone(hz: u16) -> Mouthpiece {
    Mouthpiece::Loop(Clip::tone(hz, 0.5))
}

fn assert_hears(talker: &Talker, hz: u16, other: u16) {
    let pcm = talker.tape.pcm();
    let probe = Probe::new(&pcm);
    let part = probe.part(Duration::from_millis(500), probe.duration());
    assert!(
        part.tone_level(hz) > 0.3,
        "{hz} Hz: {}",
        part.tone_level(hz)
    );
    assert!(
        part.tone_level(other) < 0.02,
        "{other} Hz: {}",
        part.tone_level(other)
    );
    // The machine may be busy with many other tests; an unloaded one shows none.
    let gap = part.longest_tone_gap(hz).expect("the tone");
    assert!(gap < Duration::from_millis(250), "{gap:?}");
}

fn tones_go_through(addresses: &[IpAddr]) {
    let mut exchange = Party::new(addresses, Ports::Shared(0));
    let mut peers = Party::new(addresses, Ports::PerLeg(0..=0));
    let (phone, user_leg) = Talker::calling(&peers, &exchange, tone(440));
    let (business, business_leg) = Talker::called(&peers, &exchange, user_leg, tone(600));
    exchange
        .io
        .join(user_leg, business_leg)
        .expect("beside each other");
    for leg in [user_leg, business_leg] {
        exchange.await_event(leg, &MediaEventKind::Up);
        exchange.await_event(leg, &MediaEventKind::MediaStarted);
    }
    for leg in [phone.leg, business.leg] {
        peers.await_event(leg, &MediaEventKind::Up);
    }
    assert_eq!(phone.tape.packets(), 0, "the gate is closed");
    assert_eq!(business.tape.packets(), 0, "the gate is closed");

    exchange.io.pass(user_leg, true);
    phone.await_tape(Duration::from_secs(3));
    business.await_tape(Duration::from_secs(3));
    assert_hears(&phone, 600, 440);
    assert_hears(&business, 440, 600);

    business
        .control
        .press("42#".parse().expect("keys"))
        .expect("pressed");
    phone
        .control
        .press("7".parse().expect("a key"))
        .expect("pressed");
    peers.await_event(phone.leg, &MediaEventKind::Digit('#'));
    peers.await_event(business.leg, &MediaEventKind::Digit('7'));
    assert_eq!(peers.digits(phone.leg), "42#");
    assert_eq!(peers.digits(business.leg), "7");

    exchange.io.close(user_leg);
    exchange.io.close(business_leg);
    for leg in [user_leg, business_leg] {
        let closed = exchange.await_that(leg, "Closed", |kind| {
            matches!(kind, MediaEventKind::Closed(_))
        });
        let MediaEventKind::Closed(stats) = closed else {
            panic!("{closed:?}");
        };
        assert!(
            stats.packets_received > 140 && stats.packets_sent > 140,
            "{stats:?}"
        );
    }
    for leg in [phone.leg, business.leg] {
        peers.await_that(leg, "Closed", |kind| {
            matches!(kind, MediaEventKind::Closed(_))
        });
    }
}

#[test]
fn tones_and_keys_go_through_over_ipv4() {
    tones_go_through(&[V4]);
}

#[test]
fn tones_and_keys_go_through_over_ipv6() {
    // Machines without IPv6 have nothing to test here.
    if std::net::UdpSocket::bind((V6, 0)).is_ok() {
        tones_go_through(&[V6]);
    }
}

#[test]
fn tones_and_keys_go_through_with_every_address_of_this_machine() {
    tones_go_through(&local_addresses());
}
