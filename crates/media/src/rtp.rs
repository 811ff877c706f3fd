//! RTP as the rest of the crate sees it: a frame without its transport, and telephone events.

use std::sync::Arc;
use std::time::Duration;

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
    /// A telephone event (RFC 4733).
    Event {
        /// The clock of the event's duration, in Hz.
        clock_hz: u32,
    },
}

/// One packet of a telephone event: a key that is pressed or has been let go (RFC 4733, 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TelephoneEvent {
    /// The event code; 0 to 15 are the keys `0123456789*#ABCD`.
    pub code: u8,
    /// Whether the key has been let go.
    pub end: bool,
    /// The tone's level as dBm0 without its sign, 0 to 63; 10 is usual.
    pub volume: u8,
    /// How long the key has been pressed so far.
    pub duration: Duration,
}

impl TelephoneEvent {
    /// The keys in the order of their codes.
    const KEYS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D',
    ];

    /// Reads a payload whose duration counts ticks of `clock_hz`; `None` if it is too short, as
    /// the empty packets that Chromium sends at times.
    #[must_use]
    pub fn read(payload: &[u8], clock_hz: u32) -> Option<Self> {
        let &[code, flags, high, low, ..] = payload else {
            return None;
        };
        let ticks = u64::from(u16::from_be_bytes([high, low]));
        let micros = ticks * 1_000_000 / u64::from(clock_hz.max(1));
        Some(Self {
            code,
            end: flags & END != 0,
            volume: flags & VOLUME,
            duration: Duration::from_micros(micros),
        })
    }

    /// The payload, its duration in ticks of `clock_hz`, at most 65 535 of them.
    #[must_use]
    pub fn write(&self, clock_hz: u32) -> [u8; 4] {
        let ticks = self.duration.as_micros() * u128::from(clock_hz) / 1_000_000;
        let [high, low] = u16::try_from(ticks).unwrap_or(u16::MAX).to_be_bytes();
        let end = if self.end { END } else { 0 };
        [self.code, end | (self.volume & VOLUME), high, low]
    }

    /// The key, if the event is one.
    #[must_use]
    pub fn digit(&self) -> Option<char> {
        Self::KEYS.get(usize::from(self.code)).copied()
    }

    /// The event code of a key; lower-case letters are taken as well.
    #[must_use]
    pub fn code_of(digit: char) -> Option<u8> {
        let digit = digit.to_ascii_uppercase();
        let code = Self::KEYS.iter().position(|key| *key == digit)?;
        u8::try_from(code).ok()
    }
}

const END: u8 = 0x80;
const VOLUME: u8 = 0x3f;

#[cfg(test)]
mod tests;
