//! Who a datagram is from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::*;

#[test]
fn senders_of_both_ip_versions_are_told_apart_in_one_batch() {
    let mut batch = ReceiveBatch::new();
    let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let ends = addresses.map(|ip| {
        let port = Port::open(Address::plain(ip), 0).expect("a port");
        (UdpSocket::bind((ip, 0)).expect("a socket"), port)
    });
    for (sender, port) in ends.iter().chain(&ends) {
        sender.send_to(b"hello", port.candidate()).expect("sent");
        let mut sources = Vec::new();
        while sources.is_empty() {
            batch.receive(port, |source, _| sources.push(source));
        }
        assert_eq!(sources, [sender.local_addr().expect("an address")]);
    }
}
