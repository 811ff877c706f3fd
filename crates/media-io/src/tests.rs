//! What can be told without a call: ports, places, seeds.

use std::net::Ipv4Addr;

use super::*;

fn media(ports: Ports, workers: usize) -> MediaIo {
    let config = MediaIoConfig {
        addresses: vec![Address::plain(Ipv4Addr::LOCALHOST.into())],
        ports,
        workers,
        seed: [3; 32],
    };
    MediaIo::start(config, |_| {}).expect("media")
}

#[test]
fn legs_beside_each_other_share_a_worker_and_others_are_spread() {
    let io = media(Ports::Shared(0), 2);
    let one = io.prepare_offer(LegWish::meta(1)).expect("a leg");
    let other = io.prepare_offer(LegWish::meta(1)).expect("a leg");
    let beside = io
        .prepare_offer(LegWish::meta(1).beside(one.id))
        .expect("a leg");
    assert_ne!(worker_of(one.id), worker_of(other.id));
    assert_eq!(worker_of(one.id), worker_of(beside.id));
    assert!(io.join(one.id, beside.id).is_ok());
    assert!(matches!(
        io.join(one.id, other.id),
        Err(MediaIoError::Apart)
    ));
}

#[test]
fn each_worker_has_a_port_of_its_own() {
    let io = media(Ports::Shared(0), 3);
    let mut ports: Vec<u16> = io.candidates().iter().map(SocketAddr::port).collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 3);
}

#[test]
fn a_range_of_ports_ends_and_begins_again() {
    // Two ports that were free a moment ago; whoever takes them meanwhile makes this test moot.
    let free = || {
        let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
        socket.local_addr().expect("an address").port()
    };
    let first = (0..100)
        .map(|_| free())
        .find(|port| *port < u16::MAX)
        .expect("a port");
    let io = media(Ports::PerLeg(first..=first), 1);
    let Ok(one) = io.prepare_offer(LegWish::plain(1)) else {
        return;
    };
    assert!(
        one.sdp.contains(&format!(" {first} typ host")),
        "{}",
        one.sdp
    );
    assert!(matches!(
        io.prepare_offer(LegWish::plain(1)),
        Err(MediaIoError::Port(_))
    ));
    drop(one);
    assert!(io.prepare_offer(LegWish::plain(1)).is_ok());
}

#[test]
fn a_dropped_leg_gives_its_place_back() {
    let io = media(Ports::Shared(0), 1);
    for _ in 0..limits::LEGS_PER_WORKER_MAX + 10 {
        let prepared = io.prepare_offer(LegWish::meta(1)).expect("a place");
        assert_eq!(io.workers[0].legs.load(Ordering::Relaxed), 1);
        drop(prepared);
    }
    io.workers[0]
        .legs
        .store(limits::LEGS_PER_WORKER_MAX, Ordering::Relaxed);
    assert!(matches!(
        io.prepare_offer(LegWish::meta(1)),
        Err(MediaIoError::Full)
    ));
    assert_eq!(
        io.workers[0].legs.load(Ordering::Relaxed),
        limits::LEGS_PER_WORKER_MAX
    );
}

#[test]
fn the_same_seed_draws_the_same_credentials() {
    let draw = || {
        let io = media(Ports::Shared(0), 1);
        let sdp = io.prepare_offer(LegWish::meta(1)).expect("a leg").sdp;
        let ours = |line: &&str| {
            line.starts_with("a=ice") || line.starts_with("a=ssrc") || line.starts_with("a=msid")
        };
        sdp.lines().filter(ours).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(draw(), draw());
}

#[test]
fn this_machine_has_an_address() {
    assert!(
        local_addresses()
            .iter()
            .any(|address| address.is_loopback())
    );
}
