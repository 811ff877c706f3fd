//! What a leg knows about its peer's streams: payload types, addresses, sources.

use std::net::SocketAddr;

use crate::rtp::FrameKind;
use crate::sdp_shape::{EVENTS, OPUS, PeerDescription};

/// The payload types of both directions.
///
/// An answer may name others than the offer did (RFC 3264, 6.1), so the ones of both descriptions
/// are understood, and the peer's are used.
#[derive(Debug)]
pub(super) struct Codecs {
    /// What Opus is sent as.
    pub(super) opus: u8,
    /// What telephone events are sent as, and their clock.
    pub(super) event: (u8, u32),
    /// Everything that is understood.
    pub(super) received: Vec<(u8, FrameKind)>,
}

impl Codecs {
    pub(super) fn of(peer: &PeerDescription) -> Self {
        let free = |pt: u8| !peer.payload_types.contains(&pt);
        let event = peer.events.first().copied();
        let mut received = vec![(peer.opus, FrameKind::Audio)];
        received.extend(peer.events.iter().map(|(pt, clock_hz)| {
            (
                *pt,
                FrameKind::Event {
                    clock_hz: *clock_hz,
                },
            )
        }));
        if free(OPUS) {
            received.push((OPUS, FrameKind::Audio));
        }
        if free(EVENTS) {
            received.push((EVENTS, FrameKind::Event { clock_hz: 8_000 }));
        }
        Self {
            opus: peer.opus,
            event: event.unwrap_or((EVENTS, 8_000)),
            received,
        }
    }

    pub(super) fn kind(&self, payload_type: u8) -> Option<FrameKind> {
        self.received
            .iter()
            .find(|(pt, _)| *pt == payload_type)
            .map(|(_, kind)| *kind)
    }
}

/// The addresses from which the peer has proved that it knows our password.
#[derive(Debug, Default)]
pub(super) struct Addresses(Vec<SocketAddr>);

impl Addresses {
    pub(super) fn contains(&self, address: SocketAddr) -> bool {
        self.0.contains(&address)
    }

    /// Adds an address; the oldest gives way to the newest.
    pub(super) fn add(&mut self, address: SocketAddr) {
        if self.0.len() == ADDRESSES_MAX {
            self.0.remove(0);
        }
        self.0.push(address);
    }
}

/// The sources that the peer may send from, announced or not.
///
/// A source that no session description announced is taken on trial; a genuine packet makes it
/// known. There is room for few on trial, so that forged packets cannot pile up.
#[derive(Debug, Default)]
pub(super) struct Sources {
    known: Vec<u32>,
    on_trial: Vec<u32>,
}

/// What to do about a packet's source.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SourceChange {
    /// It is expected.
    None,
    /// Expect it, and forget the other one.
    Expect { ssrc: u32, forget: Option<u32> },
}

impl Sources {
    pub(super) fn of(announced: &[u32]) -> Self {
        Self {
            known: announced.to_vec(),
            on_trial: Vec::new(),
        }
    }

    pub(super) fn known(&self) -> &[u32] {
        &self.known
    }

    pub(super) fn look_at(&mut self, ssrc: u32) -> SourceChange {
        if self.known.contains(&ssrc) || self.on_trial.contains(&ssrc) {
            return SourceChange::None;
        }
        let full = self.on_trial.len() == ON_TRIAL_MAX;
        let forget = full.then(|| self.on_trial.remove(0));
        self.on_trial.push(ssrc);
        SourceChange::Expect { ssrc, forget }
    }

    /// A genuine packet has come from the source. Returns one that is to be forgotten for it.
    pub(super) fn proved(&mut self, ssrc: u32) -> Option<u32> {
        let at = self.on_trial.iter().position(|trial| *trial == ssrc)?;
        self.on_trial.remove(at);
        self.known.push(ssrc);
        (self.known.len() > KNOWN_MAX).then(|| self.known.remove(0))
    }
}

const ADDRESSES_MAX: usize = 8;
const ON_TRIAL_MAX: usize = 4;
const KNOWN_MAX: usize = 8;
