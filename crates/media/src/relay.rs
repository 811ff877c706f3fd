//! The outgoing stream of one leg: one source whose numbers never jump, whatever feeds it.
//!
//! A peer's relayed packets, an app's frames, a second peer after the first: to the receiver they
//! are one stream. [`Track`] rebases sequence numbers and timestamps at every switch, because a
//! receiver whose rollover counter no longer fits drops everything (RFC 3711, 3.3.1), and re-times
//! telephone events. It never looks into audio.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::audio_app::{AppFrame, FRAME_TICKS};
use crate::identity::LegDraw;
use crate::rtp::{FrameKind, RtpFrame};

/// One packet ready to be sent on a leg; the leg adds source and payload type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFrame {
    /// Whether the payload is a telephone event, and no audio.
    pub is_event: bool,
    /// The extended sequence number; starts below 32 768.
    pub seq: u64,
    /// The RTP timestamp, on one 48 kHz time line for audio and events alike.
    pub timestamp: u32,
    /// The marker bit.
    pub marker: bool,
    /// The payload.
    pub payload: Arc<[u8]>,
}

/// The numbers of one leg's outgoing stream.
///
/// It is driven by [`Track::relay`] or [`Track::speak`], one call per packet or tick, and may
/// change between the two at any time. A relayed packet passes only while the gate is open; a new
/// track's gate is closed.
#[derive(Debug)]
pub struct Track {
    open: bool,
    next_seq: u64,
    last: Option<Sent>,
    first_timestamp: u32,
    source: Option<Source>,
    events: [Option<Press>; 2],
    app: Option<AppTime>,
}

#[derive(Debug, Clone, Copy)]
struct Sent {
    at: Instant,
    timestamp: u32,
}

/// What is being relayed, and how its numbers become ours.
#[derive(Debug, Clone, Copy)]
struct Source {
    ssrc: u32,
    /// The first number of the source that is passed on; older ones are from before a switch.
    first_in: u64,
    first_out: u64,
    /// The newest number of the source.
    newest_in: u64,
    /// What to add to the source's audio timestamps.
    shift: u32,
    newest_timestamp: u32,
    newest_at: Instant,
}

/// A key press under way: all its packets share one timestamp.
#[derive(Debug, Clone, Copy)]
struct Press {
    ssrc: u32,
    theirs: u32,
    ours: u32,
}

/// The time line of an app: it goes on through silence.
#[derive(Debug, Clone, Copy)]
struct AppTime {
    timestamp: u32,
    silent: bool,
}

impl Track {
    /// A stream that starts at the numbers that chance drew for its leg.
    #[must_use]
    pub fn new(draw: &LegDraw) -> Self {
        Self {
            open: false,
            next_seq: u64::from(draw.first_seq),
            last: None,
            first_timestamp: draw.first_timestamp,
            source: None,
            events: [None; 2],
            app: None,
        }
    }

    /// Lets relayed packets pass, or stops them.
    ///
    /// What did not pass leaves no gap in the numbers: the receiver must not take it for loss.
    pub fn pass(&mut self, on: bool) {
        if self.open != on {
            self.source = None;
        }
        self.open = on;
    }

    /// Whether relayed packets pass.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Rewrites a packet of another leg for this one, whose telephone events tick at
    /// `event_clock_hz`, or which takes none.
    ///
    /// `None` if the gate is closed, the packet is from before the last switch, or it is a
    /// telephone event that this leg cannot be told.
    pub fn relay(
        &mut self,
        now: Instant,
        frame: &RtpFrame,
        event_clock_hz: Option<u32>,
    ) -> Option<OutFrame> {
        if !self.open {
            return None;
        }
        self.app = None;
        let switched = self.follow(now, frame);
        if let FrameKind::Event { clock_hz } = frame.kind {
            let payload = event_clock_hz.and_then(|to_hz| retimed(&frame.payload, clock_hz, to_hz));
            let Some(payload) = payload else {
                self.leave_out(frame.seq);
                return None;
            };
            let (timestamp, first) = self.press(now, frame);
            return self.out(now, frame.seq, timestamp, first, payload, true);
        }
        let shift = self.source?.shift;
        let timestamp = frame.timestamp.wrapping_add(shift);
        let marker = frame.marker || switched;
        self.out(
            now,
            frame.seq,
            timestamp,
            marker,
            Arc::clone(&frame.payload),
            false,
        )
    }

    /// Takes an app's next 20 ms; call it once per tick, also with `None`, so that time goes on.
    pub fn speak(
        &mut self,
        now: Instant,
        frame: Option<AppFrame>,
        event_clock_hz: Option<u32>,
    ) -> Option<OutFrame> {
        self.source = None;
        let start = self.timestamp_at(now);
        let time = self.app.get_or_insert(AppTime {
            timestamp: start,
            silent: true,
        });
        let timestamp = time.timestamp;
        time.timestamp = timestamp.wrapping_add(FRAME_TICKS);
        let (is_event, timestamp, marker, payload) = match frame {
            None => {
                time.silent = true;
                return None;
            }
            Some(AppFrame::Opus(payload)) => (false, timestamp, time.silent, payload),
            Some(AppFrame::Event(packet)) => {
                let began = packet.ticks_since_start.wrapping_mul(FRAME_TICKS);
                let payload = retimed(&packet.payload, DTMF_CLOCK_HZ, event_clock_hz?)?;
                (true, timestamp.wrapping_sub(began), packet.marker, payload)
            }
        };
        time.silent = is_event;
        let seq = self.next_seq;
        self.next_seq += 1;
        // A press keeps its first timestamp while time goes on.
        if !is_event || marker {
            self.last = Some(Sent { at: now, timestamp });
        }
        Some(OutFrame {
            is_event,
            seq,
            timestamp,
            marker,
            payload,
        })
    }

    /// Makes the source of `frame` the one that is relayed. True if it was another before.
    fn follow(&mut self, now: Instant, frame: &RtpFrame) -> bool {
        if let Some(source) = &mut self.source
            && source.ssrc == frame.ssrc
            && frame.seq < source.newest_in + SEQ_JUMP_MAX
        {
            let is_newest = frame.seq > source.newest_in;
            source.newest_in = source.newest_in.max(frame.seq);
            if is_newest && frame.kind == FrameKind::Audio {
                let elapsed = ticks(now.saturating_duration_since(source.newest_at));
                let step = frame.timestamp.wrapping_sub(source.newest_timestamp);
                let astray = step.wrapping_sub(elapsed).cast_signed().unsigned_abs();
                if astray > TIMESTAMP_ASTRAY_MAX {
                    let ours = source.newest_timestamp.wrapping_add(source.shift);
                    let expected = ours.wrapping_add(elapsed.max(FRAME_TICKS));
                    source.shift = expected.wrapping_sub(frame.timestamp);
                }
                source.newest_timestamp = frame.timestamp;
                source.newest_at = now;
            }
            return false;
        }
        let ours = self.timestamp_at(now);
        self.source = Some(Source {
            ssrc: frame.ssrc,
            first_in: frame.seq,
            first_out: self.next_seq,
            newest_in: frame.seq,
            shift: ours.wrapping_sub(frame.timestamp),
            newest_timestamp: frame.timestamp,
            newest_at: now,
        });
        true
    }

    /// The timestamp of a press: one of its own for all its packets, on our audio time line.
    fn press(&mut self, now: Instant, frame: &RtpFrame) -> (u32, bool) {
        let is_same = |press: &&Press| press.ssrc == frame.ssrc && press.theirs == frame.timestamp;
        if let Some(press) = self.events.iter().flatten().find(is_same) {
            return (press.ours, false);
        }
        // A peer may count an event's timestamp in the event's own clock, so only a timestamp
        // that lies where the audio is can be carried over.
        let expected = self.timestamp_at(now);
        let carried = self
            .source
            .map(|source| frame.timestamp.wrapping_add(source.shift));
        let ours = carried
            .filter(|at| at.wrapping_sub(expected).cast_signed().unsigned_abs() < CLOCK_HZ / 2)
            .unwrap_or(expected);
        let press = Press {
            ssrc: frame.ssrc,
            theirs: frame.timestamp,
            ours,
        };
        self.events = [Some(press), self.events[0]];
        (ours, true)
    }

    /// Closes the gap that a packet which is not passed on would leave.
    fn leave_out(&mut self, seq: u64) {
        if let Some(source) = &mut self.source
            && seq >= source.first_in
        {
            source.first_in = seq + 1;
            source.first_out = self.next_seq;
        }
    }

    fn out(
        &mut self,
        now: Instant,
        seq: u64,
        timestamp: u32,
        marker: bool,
        payload: Arc<[u8]>,
        is_event: bool,
    ) -> Option<OutFrame> {
        let source = self.source?;
        let seq = seq.checked_sub(source.first_in)? + source.first_out;
        if seq >= self.next_seq {
            self.next_seq = seq + 1;
            // A press keeps its first timestamp while time goes on.
            if !is_event || marker {
                self.last = Some(Sent { at: now, timestamp });
            }
        }
        Some(OutFrame {
            is_event,
            seq,
            timestamp,
            marker,
            payload,
        })
    }

    /// Where the time line stands: at least one frame after the last packet.
    fn timestamp_at(&self, now: Instant) -> u32 {
        self.last.map_or(self.first_timestamp, |last| {
            let elapsed = ticks(now.saturating_duration_since(last.at));
            last.timestamp.wrapping_add(elapsed.max(FRAME_TICKS))
        })
    }
}

/// The same event with its duration counted by another clock; `None` if it is too short for one.
fn retimed(payload: &[u8], from_hz: u32, to_hz: u32) -> Option<Arc<[u8]>> {
    let &[code, flags, high, low, ..] = payload else {
        return None;
    };
    let duration = u64::from(u16::from_be_bytes([high, low]));
    let duration = duration * u64::from(to_hz) / u64::from(from_hz.max(1));
    let [high, low] = u16::try_from(duration).unwrap_or(u16::MAX).to_be_bytes();
    Some(Arc::from([code, flags, high, low]))
}

fn ticks(duration: Duration) -> u32 {
    let ticks = duration.as_micros() * u128::from(CLOCK_HZ) / 1_000_000;
    u32::try_from(ticks & u128::from(u32::MAX)).unwrap_or(u32::MAX)
}

/// The clock of Opus in RTP (RFC 7587, 4.1).
const CLOCK_HZ: u32 = 48_000;

/// The clock of the events that apps send.
const DTMF_CLOCK_HZ: u32 = 8_000;

/// A larger step of one source's sequence numbers is a restart and no loss (RFC 3550, A.1).
const SEQ_JUMP_MAX: u64 = 3_000;

/// A timestamp that is further from the arrival time is a restarted clock, and no delay.
const TIMESTAMP_ASTRAY_MAX: u32 = 3 * CLOCK_HZ;

#[cfg(test)]
mod tests;
