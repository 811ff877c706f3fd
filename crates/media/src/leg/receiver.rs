//! What comes in on a leg: which source, which number, genuine or not.

use std::sync::Arc;

use crate::datagram::RtpHeader;
use crate::rtp::{FrameKind, RtpFrame};
use crate::srtp::{Opener, ReplayWindow};

/// Opens a peer's packets, whichever source it sends them from.
///
/// A session description need not announce sources (libdatachannel's does not), and a peer may
/// change its own in mid-call. So a source is whatever a genuine packet comes from: a forged one
/// leaves no trace.
#[derive(Debug)]
pub(super) struct Receiver {
    opener: Opener,
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    ssrc: u32,
    seen: ReplayWindow,
}

impl Receiver {
    pub(super) fn new(opener: Opener) -> Self {
        Self {
            opener,
            sources: Vec::new(),
        }
    }

    /// Opens an RTP packet; `None` if it is not genuine or has come before.
    pub(super) fn rtp(
        &mut self,
        header: &RtpHeader,
        kind: FrameKind,
        packet: &[u8],
    ) -> Option<RtpFrame> {
        let known = self
            .sources
            .iter()
            .position(|source| source.ssrc == header.ssrc);
        let newest = known.and_then(|at| self.sources[at].seen.newest());
        let mut plain = [0; PAYLOAD_BYTES_MAX];
        let mut index = index_near(newest, header.seq)?;
        if known.is_some_and(|at| !self.sources[at].seen.is_new(index)) {
            return None;
        }
        let mut opened = self.open(header, packet, index, &mut plain);
        if opened.is_none() && newest.is_none() {
            // A source whose beginning we have missed may have rolled over once already.
            index += 1 << 16;
            opened = self.open(header, packet, index, &mut plain);
        }
        let payload = unpadded(header, plain.get(..opened?)?)?;
        self.source(known, header.ssrc).seen.take(index);
        Some(RtpFrame {
            kind,
            ssrc: header.ssrc,
            seq: index,
            timestamp: header.timestamp,
            marker: header.marker,
            payload: Arc::from(payload),
        })
    }

    /// Opens an RTCP packet.
    pub(super) fn rtcp(&mut self, packet: &[u8]) -> Option<Vec<u8>> {
        self.opener.rtcp(packet)
    }

    fn open(
        &mut self,
        header: &RtpHeader,
        packet: &[u8],
        index: u64,
        plain: &mut [u8],
    ) -> Option<usize> {
        self.opener
            .rtp(packet, header.bytes, header.ssrc, index, plain)
    }

    /// The source of a genuine packet; the oldest gives way to a new one.
    fn source(&mut self, known: Option<usize>, ssrc: u32) -> &mut Source {
        let at = known.unwrap_or_else(|| {
            if self.sources.len() == SOURCES_MAX {
                self.sources.remove(0);
            }
            self.sources.push(Source {
                ssrc,
                seen: ReplayWindow::default(),
            });
            self.sources.len() - 1
        });
        &mut self.sources[at]
    }
}

/// The extended number that is nearest to the newest one (RFC 3711, 3.3.1).
fn index_near(newest: Option<u64>, seq: u16) -> Option<u64> {
    let Some(newest) = newest else {
        return Some(u64::from(seq));
    };
    let index = newest & !0xffff | u64::from(seq);
    if index + HALF < newest {
        Some(index + HALF * 2)
    } else if index > newest + HALF {
        index.checked_sub(HALF * 2)
    } else {
        Some(index)
    }
}

/// The payload without its padding, whose length is its last byte.
fn unpadded<'a>(header: &RtpHeader, payload: &'a [u8]) -> Option<&'a [u8]> {
    if !header.padded {
        return Some(payload);
    }
    let padding = usize::from(*payload.last()?);
    payload.get(..payload.len().checked_sub(padding)?)
}

/// Half the room of a sequence number.
const HALF: u64 = 1 << 15;

/// As much as a datagram may have.
const PAYLOAD_BYTES_MAX: usize = 1_600;

const SOURCES_MAX: usize = 8;

#[cfg(test)]
mod tests;
