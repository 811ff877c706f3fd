//! RTP as the rest of the crate sees it: a packet without its transport.

use std::sync::Arc;

/// One RTP packet, decrypted and without its header's wire form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RtpFrame {
    /// What the payload is.
    pub kind: FrameKind,
    /// The sender's source.
    pub ssrc: u32,
    /// The sequence number, extended beyond its 16 bits: it never wraps.
    pub seq: u64,
    /// The RTP timestamp.
    pub timestamp: u32,
    /// The marker bit: the first packet after silence, or of a telephone event.
    pub marker: bool,
    /// The payload: an Opus packet, or a telephone event's four bytes.
    pub payload: Arc<[u8]>,
}

/// What the payload of an [`RtpFrame`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// Opus; its clock is always 48 kHz.
    Audio,
    /// A telephone event (RFC 4733); [`crate::dtmf`] reads it.
    Event {
        /// The clock of the event's duration, in Hz.
        clock_hz: u32,
    },
}
