//! Which addresses and ports of this machine media is spoken on, from what was configured.

use std::net::IpAddr;

use media_io::{Address, MediaIoConfig, Ports, local_addresses};

use crate::config::{Media, PeerMedia};

/// Media of the exchange.
#[must_use]
pub fn exchange(media: &Media, seed: [u8; 32]) -> MediaIoConfig {
    MediaIoConfig {
        addresses: addresses(&media.bind, &media.advertise),
        ports: Ports::Shared(media.port),
        workers: media.workers,
        seed,
    }
}

/// Media of one that calls the exchange: the gateway, or a phone.
#[must_use]
pub fn peer(media: &PeerMedia, seed: [u8; 32]) -> MediaIoConfig {
    MediaIoConfig {
        addresses: addresses(&media.bind, &media.advertise),
        ports: Ports::PerLeg(media.first_port..=media.last_port),
        workers: 1,
        seed,
    }
}

/// What to bind and what to tell peers. An advertised address stands for the first bound one of its
/// family, as a one-to-one NAT maps it; bound addresses of that family are then told nobody.
fn addresses(bind: &[IpAddr], advertise: &[IpAddr]) -> Vec<Address> {
    let bound = if bind.is_empty() {
        local_addresses()
    } else {
        bind.to_vec()
    };
    let mut addresses = Vec::new();
    for outer in advertise {
        let inner = bound.iter().find(|it| it.is_ipv4() == outer.is_ipv4());
        addresses.extend(inner.map(|inner| Address {
            bind: *inner,
            advertised: *outer,
        }));
    }
    for inner in bound {
        if !advertise.iter().any(|it| it.is_ipv4() == inner.is_ipv4()) {
            addresses.push(Address::plain(inner));
        }
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bind: &[&str], advertise: &[&str]) -> Vec<String> {
        let parsed = |texts: &[&str]| -> Vec<IpAddr> {
            texts.iter().map(|it| it.parse().expect(it)).collect()
        };
        addresses(&parsed(bind), &parsed(advertise))
            .into_iter()
            .map(|it| format!("{} as {}", it.bind, it.advertised))
            .collect()
    }

    #[test]
    fn an_outer_address_takes_the_place_of_an_inner_one() {
        assert_eq!(told(&["10.0.0.5"], &[]), ["10.0.0.5 as 10.0.0.5"]);
        assert_eq!(
            told(&["10.0.0.5", "127.0.0.1", "fd00::5"], &["203.0.113.5"]),
            ["10.0.0.5 as 203.0.113.5", "fd00::5 as fd00::5"]
        );
    }

    #[test]
    fn without_a_choice_it_is_all_that_the_machine_has() {
        assert!(!addresses(&[], &[]).is_empty());
    }
}
