//! Weather on purpose: what the network between one leg and its peer does to their datagrams.
//!
//! A [`Weather`] stands between a leg and its sockets, and holds no clock and no chance but its seed:
//! the same datagrams at the same moments get lost and late in the same way. Its driver
//!
//! - shows it each datagram of the peer ([`Weather::arrives`]) and each one of the leg
//!   ([`Weather::sends`]), and goes on with those that it lets through at once;
//! - comes back at [`Weather::next_at`] for those that were only late ([`Weather::next_arrival`],
//!   [`Weather::next_transmit`]).
//!
//! Where the weather is fine there is none: a leg without one costs nothing.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use types::limits::WEATHER_HELD_MAX;

use crate::datagram::{self, Datagram};
use crate::leg::Transmit;

/// How the weather on one leg is to be. The default is fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forecast {
    /// What happens to datagrams of the peer.
    pub from_peer: Wind,
    /// What happens to datagrams to the peer.
    pub to_peer: Wind,
    /// Connectivity checks are lost, both ways: a black hole for ICE.
    pub no_checks: bool,
    /// The peer's audio and keys are lost. Checks, DTLS and RTCP pass.
    pub no_media: bool,
    /// The peer's audio and keys arrive, and are not passed on to the leg that this one is joined with.
    pub unheard: bool,
    /// What chance is made from.
    pub seed: u64,
}

/// What happens to datagrams that go one way. The default is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wind {
    /// How many of a thousand are lost.
    pub loss_permille: u32,
    /// How much later each of the others comes.
    pub delay: Duration,
    /// How much later still it may come, by chance; they overtake each other then.
    pub jitter: Duration,
}

/// The weather on one leg.
#[derive(Debug)]
pub struct Weather {
    forecast: Forecast,
    chance: u64,
    arrivals: Held<Arrival>,
    transmits: Held<Transmit>,
    /// Tells datagrams of one moment apart, in the order in which they came.
    count: u64,
}

/// A datagram of the peer that comes late.
#[derive(Debug)]
pub struct Arrival {
    /// Where it comes from.
    pub source: SocketAddr,
    /// Which of our candidates it was sent to.
    pub destination: SocketAddr,
    /// The datagram.
    pub datagram: Vec<u8>,
}

type Held<T> = BTreeMap<(Instant, u64), T>;

impl Forecast {
    /// Whether nothing happens.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        let fine = Self {
            seed: self.seed,
            ..Self::default()
        };
        *self == fine
    }

    /// This weather and another one at the same time, with this one's seed.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            from_peer: self.from_peer.and(other.from_peer),
            to_peer: self.to_peer.and(other.to_peer),
            no_checks: self.no_checks || other.no_checks,
            no_media: self.no_media || other.no_media,
            unheard: self.unheard || other.unheard,
            seed: self.seed,
        }
    }
}

impl Wind {
    fn and(self, other: Self) -> Self {
        Self {
            loss_permille: self.loss_permille.saturating_add(other.loss_permille),
            delay: self.delay + other.delay,
            jitter: self.jitter + other.jitter,
        }
    }
}

impl Weather {
    /// Weather as it is forecast.
    #[must_use]
    pub fn new(forecast: Forecast) -> Self {
        Self {
            chance: forecast.seed,
            forecast,
            arrivals: BTreeMap::new(),
            transmits: BTreeMap::new(),
            count: 0,
        }
    }

    /// Makes the weather so from now on. What is late already still comes when it is due: it is on its
    /// way.
    pub fn change(&mut self, forecast: Forecast) {
        self.chance = forecast.seed;
        self.forecast = forecast;
    }

    /// Whether it is fine again, and nothing is late any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.forecast.is_fine() && self.arrivals.is_empty() && self.transmits.is_empty()
    }

    /// Takes a datagram of the peer; whether it arrives at once. If not, it is lost, or comes out of
    /// [`Weather::next_arrival`] later.
    pub fn arrives(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
        bytes: &[u8],
    ) -> bool {
        let kind = datagram::kind(bytes);
        let lost = (self.forecast.no_checks && kind == Some(Datagram::Stun))
            || (self.forecast.no_media && kind == Some(Datagram::Rtp));
        if lost {
            return false;
        }
        match self.fate(self.forecast.from_peer, self.arrivals.len()) {
            Fate::AtOnce => true,
            Fate::Lost => false,
            Fate::After(wait) => {
                let arrival = Arrival {
                    source,
                    destination,
                    datagram: bytes.to_vec(),
                };
                let place = self.place(now + wait);
                self.arrivals.insert(place, arrival);
                false
            }
        }
    }

    /// Takes a datagram of the leg, and gives it back if it goes out at once. If not, it is lost, or
    /// comes out of [`Weather::next_transmit`] later.
    pub fn sends(&mut self, now: Instant, transmit: Transmit) -> Option<Transmit> {
        let kind = datagram::kind(&transmit.datagram);
        if self.forecast.no_checks && kind == Some(Datagram::Stun) {
            return None;
        }
        match self.fate(self.forecast.to_peer, self.transmits.len()) {
            Fate::AtOnce => Some(transmit),
            Fate::Lost => None,
            Fate::After(wait) => {
                let place = self.place(now + wait);
                self.transmits.insert(place, transmit);
                None
            }
        }
    }

    /// Whether the peer's audio and keys go on to the leg that this one is joined with.
    #[must_use]
    pub const fn is_heard(&self) -> bool {
        !self.forecast.unheard
    }

    /// When something that is late is due.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        let arrival = self.arrivals.first_key_value().map(|((at, _), _)| *at);
        let transmit = self.transmits.first_key_value().map(|((at, _), _)| *at);
        [arrival, transmit].into_iter().flatten().min()
    }

    /// The next datagram of the peer that is due by `now`.
    pub fn next_arrival(&mut self, now: Instant) -> Option<Arrival> {
        pop(&mut self.arrivals, now)
    }

    /// The next datagram of the leg that is due by `now`.
    pub fn next_transmit(&mut self, now: Instant) -> Option<Transmit> {
        pop(&mut self.transmits, now)
    }

    fn fate(&mut self, wind: Wind, held: usize) -> Fate {
        if wind.loss_permille > 0 && self.draw(1_000) < u64::from(wind.loss_permille) {
            return Fate::Lost;
        }
        let jitter_us = u64::try_from(wind.jitter.as_micros()).unwrap_or(u64::MAX);
        let wait = wind.delay + Duration::from_micros(self.draw(jitter_us.saturating_add(1)));
        if wait.is_zero() {
            Fate::AtOnce
        } else if held >= WEATHER_HELD_MAX {
            Fate::Lost
        } else {
            Fate::After(wait)
        }
    }

    fn place(&mut self, at: Instant) -> (Instant, u64) {
        self.count += 1;
        (at, self.count)
    }

    /// A number below `bound`, by SplitMix64 (Steele, Lea and Flood, 2014).
    fn draw(&mut self, bound: u64) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

enum Fate {
    AtOnce,
    Lost,
    After(Duration),
}

fn pop<T>(held: &mut Held<T>, now: Instant) -> Option<T> {
    let due = held.first_entry().filter(|entry| entry.key().0 <= now);
    due.map(|entry| entry.remove())
}

#[cfg(test)]
mod tests;
