//! What forged, broken and doubled datagrams can do to a leg: nothing.

use std::net::SocketAddr;

use media::datagram;
use media::{IceRole, LegEvent, LegFailure, Shape};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::world::{SECOND, Weather, World};

/// A well-formed DTLS 1.2 ClientHello without a cookie, such as anybody can send.
fn client_hello() -> Vec<u8> {
    let mut body = vec![0xfe, 0xfd];
    body.extend([0x5a; 32]);
    body.extend([0, 0]); // no session, no cookie
    body.extend([0, 2, 0xc0, 0x2b]); // one cipher suite
    body.extend([1, 0]); // no compression
    let extensions: &[u8] = &[
        0, 10, 0, 4, 0, 2, 0, 23, // supported groups: P-256
        0, 11, 0, 2, 1, 0, // point formats: uncompressed
        0, 13, 0, 4, 0, 2, 4, 3, // signatures: ECDSA with SHA-256
        0, 14, 0, 5, 0, 2, 0, 1, 0, // SRTP: AES128_CM_SHA1_80
        0, 23, 0, 0, // extended master secret
    ];
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    let length = (body.len() as u32).to_be_bytes();
    let mut handshake = vec![1];
    handshake.extend(&length[1..]);
    handshake.extend([0, 0, 0, 0, 0]);
    handshake.extend(&length[1..]);
    handshake.extend(body);
    let mut record = vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0];
    record.extend((handshake.len() as u16).to_be_bytes());
    record.extend(handshake);
    record
}

#[test]
fn a_forged_client_hello_before_the_true_one_changes_nothing() {
    let stranger = SocketAddr::from(([192, 0, 2, 66], 6_666));
    for at in [0, 5, 15, 25, 35, 45] {
        let mut world = World::new(Weather::FINE);
        let (phone, offer) = world.offer(IceRole::Full, Shape::Plain);
        let (exchange, answer) = world.answer(IceRole::Lite, Shape::Meta, &offer);
        world.accept(phone, &answer);
        world.run(SECOND * at / 1_000);
        world.inject(exchange, stranger, &client_hello());
        world.run(2 * SECOND);
        assert_eq!(world.story(exchange), [LegEvent::Up], "forged at {at} ms");
    }
}

#[test]
fn a_wrong_certificate_ends_the_leg() {
    let mut world = World::new(Weather::FINE);
    let (exchange, offer) = world.offer(IceRole::Lite, Shape::Meta);
    let (_, answer) = world.answer(IceRole::Full, Shape::Plain, &offer);
    let wrong = answer.lines().map(|line| {
        let wrong = "AA:".repeat(31) + "AA";
        if line.starts_with("a=fingerprint") {
            format!("a=fingerprint:sha-256 {wrong}\r\n")
        } else {
            format!("{line}\r\n")
        }
    });
    let wrong: String = wrong.collect();
    world.accept(exchange, &wrong);
    world.run(2 * SECOND);
    assert_eq!(
        world.story(exchange),
        [LegEvent::Failed(LegFailure::Handshake)]
    );
}

#[test]
fn a_wrong_ice_password_is_not_listened_to() {
    let mut world = World::new(Weather::FINE);
    let (exchange, offer) = world.offer(IceRole::Lite, Shape::Meta);
    let password = offer
        .lines()
        .find(|line| line.starts_with("a=ice-pwd"))
        .expect("one");
    let forged = offer.replace(password, "a=ice-pwd:AAAAAAAAAAAAAAAAAAAAAAAA");
    let (business, answer) = world.answer(IceRole::Full, Shape::Plain, &forged);
    world.accept(exchange, &answer);
    world.speak(business);
    world.run(5 * SECOND);
    assert_eq!(world.story(exchange), []);
}

#[test]
fn doubled_and_replayed_datagrams_are_heard_once() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.run(SECOND);
    world.speak(phone);
    let mut recorded = Vec::new();
    for _ in 0..100 {
        world.run(SECOND / 100);
        for (source, destination, bytes) in world.intercept() {
            let to = if destination == world.address(exchange) {
                exchange
            } else {
                phone
            };
            world.inject(to, source, &bytes);
            world.inject(to, source, &bytes);
            recorded.push((to, source, bytes));
        }
    }
    let heard = world.numbers(exchange);
    assert!(heard.len() > 45 && heard.len() <= 51, "{}", heard.len());
    for (to, source, bytes) in recorded {
        world.inject(to, source, &bytes);
    }
    assert_eq!(world.numbers(exchange), heard);
}

#[test]
fn forged_sources_do_not_drive_out_the_true_one() {
    let mut world = World::new(Weather::FINE);
    let (phone, exchange) = world.phone_and_exchange();
    world.run(SECOND);
    world.speak(phone);
    world.run(SECOND);
    let from = world.address(phone);
    for ssrc in 1_000_u32..3_000 {
        let mut packet = vec![0x80, 111, 0, 1, 0, 0, 0, 0];
        packet.extend(ssrc.to_be_bytes());
        packet.extend([0; 40]);
        world.inject(exchange, from, &packet);
    }
    world.forget(exchange);
    world.run(SECOND);
    assert!(world.numbers(exchange).len() >= 49);
}

/// Bytes that look like one of the four protocols, or like nothing.
fn datagrams() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let first = prop_oneof![0_u8..4, 20_u8..64, 128_u8..192, any::<u8>()];
    let datagram = (first, vec(any::<u8>(), 0..200)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        if first < 4 && rest.len() >= 20 {
            let length = ((rest.len() - 20) as u16).to_be_bytes();
            rest[2..4].copy_from_slice(&length);
            rest[4..8].copy_from_slice(&[0x21, 0x12, 0xa4, 0x42]);
        }
        rest
    });
    vec(datagram, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_datagram_is_too_strange(bytes in vec(any::<u8>(), 0..300)) {
        let _kind = datagram::kind(&bytes);
        let _ufrag = datagram::wanted_ufrag(&bytes);
    }

    #[test]
    fn a_leg_comes_up_in_a_hail_of_datagrams(hail in datagrams(), from_peer in any::<bool>()) {
        let mut world = World::new(Weather::FINE);
        let (phone, exchange) = world.phone_and_exchange();
        let stranger = SocketAddr::from(([192, 0, 2, 66], 6_666));
        for (at, datagram) in hail.iter().enumerate() {
            // DTLS of the peer's own address is the handshake itself: whoever can forge that can
            // as well cut the wire.
            let is_dtls = datagram::kind(datagram) == Some(datagram::Datagram::Dtls);
            for (to, other) in [(phone, exchange), (exchange, phone)] {
                let peer = world.address(other);
                let source = if from_peer && !is_dtls { peer } else { stranger };
                world.inject(to, source, datagram);
            }
            world.run(SECOND * at as u32 / 500);
        }
        world.speak(phone);
        world.run(3 * SECOND);
        prop_assert_eq!(world.story(exchange), [LegEvent::Up, LegEvent::MediaStarted]);
    }

    #[test]
    fn a_leg_never_panics(hail in datagrams()) {
        let mut world = World::new(Weather::FINE);
        let (phone, exchange) = world.phone_and_exchange();
        for datagram in &hail {
            for (to, other) in [(phone, exchange), (exchange, phone)] {
                let peer = world.address(other);
                world.inject(to, peer, datagram);
            }
            world.run(SECOND / 50);
        }
        world.run(5 * SECOND);
    }
}
