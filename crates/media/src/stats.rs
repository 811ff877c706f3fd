//! What a leg counts: packets, bytes, loss, jitter and round trip.

use std::time::{Duration, Instant};

use crate::rtcp::{Block, ReportTime};
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

/// Counts what comes in and goes out on one leg.
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
    /// Expected and received packets as of our last report.
    reported: (u64, u64),
    /// The middle of the peer's last report's time, and when it came.
    heard: Option<(u32, Instant)>,
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

    /// The peer has reported that it sends, by its own clock.
    pub(crate) fn heard_sender(&mut self, now: Instant, ssrc: u32, middle: u32) {
        if let Some(source) = self.source.as_mut().filter(|source| source.ssrc == ssrc) {
            source.heard = Some((middle, now));
        }
    }

    /// The peer has reported what it has received of us.
    pub(crate) fn heard_block(&mut self, now: ReportTime, block: &Block) {
        self.stats.packets_lost_by_peer = Some(block.packets_lost());
        let jitter = Duration::from_secs_f64(f64::from(block.jitter) / CLOCK_HZ);
        self.stats.jitter_at_peer = Some(jitter);
        self.stats.round_trip = block.round_trip(now).or(self.stats.round_trip);
    }

    /// What is to be reported to the peer, since the last call of this.
    pub(crate) fn report(&mut self, now: Instant) -> Option<Block> {
        self.source.as_mut().map(|source| source.report(now))
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
            reported: (0, 0),
            heard: None,
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

    fn expected(&self) -> u64 {
        self.last_seq - self.first_seq + 1
    }

    fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    /// RFC 3550, A.3.
    fn report(&mut self, now: Instant) -> Block {
        let (expected, received) = (self.expected(), self.received);
        let expected_since = expected - self.reported.0;
        let lost_since = expected_since.saturating_sub(received - self.reported.1);
        self.reported = (expected, received);
        let share = (lost_since * 256).checked_div(expected_since).unwrap_or(0);
        let delay =
            |at: Instant| now.saturating_duration_since(at).as_micros() * 65_536 / 1_000_000;
        Block {
            ssrc: self.ssrc,
            fraction_lost: u8::try_from(share).unwrap_or(u8::MAX),
            lost: u32::try_from(self.lost()).unwrap_or(u32::MAX),
            newest_seq: (self.last_seq & u64::from(u32::MAX)) as u32,
            jitter: self.jitter_ticks as u32,
            last_report: self.heard.map_or(0, |(middle, _)| middle),
            since_last_report: self
                .heard
                .map_or(0, |(_, at)| u32::try_from(delay(at)).unwrap_or(u32::MAX)),
        }
    }
}

/// The clock of Opus in RTP (RFC 7587, 4.1).
const CLOCK_HZ: f64 = 48_000.0;

#[cfg(test)]
mod tests;
