//! The addresses of this machine that media is spoken on.

use std::net::IpAddr;

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;

/// An address to bind to, and what peers are told in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The address to bind to; one of this machine's own, not the unspecified one: an answer must
    /// leave from the address that it was asked at.
    pub bind: IpAddr,
    /// The address in the session description: the outer one behind a one-to-one NAT.
    pub advertised: IpAddr,
}

impl Address {
    /// An address that peers reach as it is.
    #[must_use]
    pub const fn plain(address: IpAddr) -> Self {
        Self {
            bind: address,
            advertised: address,
        }
    }
}

/// The addresses of this machine's interfaces that are up: outer ones before loopback, IPv4 before
/// IPv6. Link-local ones are left out.
#[must_use]
pub fn local_addresses() -> Vec<IpAddr> {
    let Ok(interfaces) = getifaddrs() else {
        return Vec::new();
    };
    let mut addresses: Vec<IpAddr> = interfaces
        .filter(|interface| interface.flags.contains(InterfaceFlags::IFF_UP))
        .filter_map(|interface| {
            let address = interface.address?;
            let four = address.as_sockaddr_in().map(|four| IpAddr::V4(four.ip()));
            four.or_else(|| address.as_sockaddr_in6().map(|six| IpAddr::V6(six.ip())))
        })
        .filter(|address| !is_link_local(*address))
        .collect();
    addresses.sort_by_key(|address| (address.is_loopback(), address.is_ipv6()));
    addresses.dedup();
    addresses
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_link_local(),
        IpAddr::V6(six) => six.is_unicast_link_local(),
    }
}
