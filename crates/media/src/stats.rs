//! What a leg counts: packets, bytes, loss, jitter and round trip.

use std::time::{Duration, Instant};

use crate::rtp::{FrameKind, RtpFrame};

/// The counts of one leg so far. "Received" and "sent" are as the exchange sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LegStats {
    /// RTP packets that came from the peer and were genuine.
    pub packets_received: u64,
    /// Their payloads, in bytes.
    pub bytes_received: u64,
    /// Packets that the peer sent and that never came, by their sequence numbers.
    pub packets_lost: u64,
    /// The variation of the peer's packets' travel time (RFC 3550, 6.4.1).
    pub jitter: Duration,
    /// RTP packets that went to the peer.
    pub packets_sent: u64,
    /// Their payloads, in bytes.
    pub bytes_sent: u64,
    /// Packets that the peer says it has missed; absent until it has reported.
    pub packets_lost_by_peer: Option<u64>,
    /// The jitter that the peer has reported.
    pub jitter_at_peer: Option<Duration>,
    /// The round trip by the peer's last report; absent until it has answered one of ours.
    pub round_trip: Option<Duration>,
}

/// Counts what comes in on one leg.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    pub(crate) stats: LegStats,
    source: Option<Source>,
    lost_before: u64,
}

/// The source that is being received, from its first packet on.
#[derive(Debug, Clone, Copy)]
struct Source {
    ssrc: u32,
    first_seq: u64,
    last_seq: u64,
    received: u64,
    transit: Option<(Instant, u32)>,
    jitter_ticks: f64,
}

impl Meter {
    pub(crate) fn received(&mut self, now: Instant, frame: &RtpFrame) {
        self.stats.packets_received += 1;
        self.stats.bytes_received += frame.payload.len() as u64;
        if self.source.is_none_or(|source| source.ssrc != frame.ssrc) {
            self.lost_before = self.stats.packets_lost;
            self.source = Some(Source::new(frame));
        }
        if let Some(source) = &mut self.source {
            source.take(now, frame);
            self.stats.packets_lost = self.lost_before + source.lost();
            self.stats.jitter = Duration::from_secs_f64(source.jitter_ticks / CLOCK_HZ);
        }
    }

    pub(crate) fn sent(&mut self, bytes: usize) {
        self.stats.packets_sent += 1;
        self.stats.bytes_sent += bytes as u64;
    }
}

impl Source {
    fn new(frame: &RtpFrame) -> Self {
        Self {
            ssrc: frame.ssrc,
            first_seq: frame.seq,
            last_seq: frame.seq,
            received: 0,
            transit: None,
            jitter_ticks: 0.0,
        }
    }

    fn take(&mut self, now: Instant, frame: &RtpFrame) {
        self.received += 1;
        self.first_seq = self.first_seq.min(frame.seq);
        self.last_seq = self.last_seq.max(frame.seq);
        if frame.kind != FrameKind::Audio {
            return;
        }
        if let Some((then, timestamp)) = self.transit {
            let arrived = now.saturating_duration_since(then).as_secs_f64() * CLOCK_HZ;
            let sent = f64::from(frame.timestamp.wrapping_sub(timestamp).cast_signed());
            self.jitter_ticks += ((arrived - sent).abs() - self.jitter_ticks) / 16.0;
        }
        self.transit = Some((now, frame.timestamp));
    }

    fn lost(&self) -> u64 {
        let expected = self.last_seq - self.first_seq + 1;
        expected.saturating_sub(self.received)
    }
}

/// The clock of Opus in RTP (RFC 7587, 4.1).
const CLOCK_HZ: f64 = 48_000.0;

#[cfg(test)]
mod tests;
