//! What the peer's payload types mean, and which ones it wants.

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
