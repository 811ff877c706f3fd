//! Packets in the order of their RTP timestamps, and how much is missing between them.
//!
//! A recording must be as long as the call was: what was lost, or never sent because the speaker was
//! silent, has its place in time all the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::codec::packet_samples;
use super::{FRAME_SAMPLES, SAMPLE_RATE};

/// Orders packets and finds gaps. Fed with packets and with ticks of 20 ms; read by `drain`.
#[derive(Debug, Default)]
pub struct Timeline {
    /// Ticks so far; those before the first packet are the silence that a recording begins with.
    ticks: u64,
    /// Samples of all slots given out: never much more than there was time for.
    given: u64,
    /// The end of the last slot given out, as an extended timestamp; none before the first packet.
    end: Option<i64>,
    /// The newest packet's extended timestamp, against which the next one's 32 bits are read.
    newest: i64,
    waiting: BTreeMap<i64, Waiting>,
    ready: Vec<Slot>,
}

/// A piece of the time line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// One Opus packet.
    Packet(Arc<[u8]>),
    /// Nothing came for this stretch.
    Missing {
        /// Its length at 48 kHz.
        samples: u64,
    },
}

impl Timeline {
    /// A time line that begins now.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// 20 ms have gone by.
    pub fn tick(&mut self) {
        self.ticks += 1;
    }

    /// Takes one packet. What is no Opus packet, came before, or comes too late to be put in order
    /// is dropped.
    pub fn push(&mut self, timestamp: u32, packet: &Arc<[u8]>) {
        let Ok(samples) = packet_samples(packet) else {
            return;
        };
        let samples = i64::try_from(samples).unwrap_or(0);
        let at = self.extend(timestamp);
        let Some(end) = self.end else {
            self.miss(self.gone_by());
            self.end = Some(at);
            self.give(at, packet.clone(), samples);
            return;
        };
        if end - at > LATE_MAX || at - end > self.gap_max() {
            // Not late, and no pause either, but another source: its clock says nothing about ours.
            self.flush();
            self.end = Some(at);
            self.newest = at;
        } else if at < end {
            return;
        }
        self.newest = self.newest.max(at);
        self.waiting.entry(at).or_insert_with(|| Waiting {
            packet: packet.clone(),
            samples,
        });
        self.settle(REORDER_MAX);
    }

    /// The samples of all slots given out so far.
    #[must_use]
    pub const fn given(&self) -> u64 {
        self.given
    }

    /// The slots that are certain and were not given before.
    pub fn drain(&mut self) -> std::vec::Drain<'_, Slot> {
        self.ready.drain(..)
    }

    /// What still waits for a late packet, as if none would come.
    pub fn waiting(&self) -> impl Iterator<Item = Slot> {
        let mut slots = Vec::new();
        let mut end = self.end.unwrap_or(0);
        for (at, waiting) in &self.waiting {
            if let Ok(samples @ 1..) = u64::try_from(at - end) {
                slots.push(Slot::Missing { samples });
            }
            if *at >= end {
                slots.push(Slot::Packet(waiting.packet.clone()));
                end = at + waiting.samples;
            }
        }
        slots.into_iter()
    }

    /// Gives up waiting for packets that are late: the call is over.
    pub fn flush(&mut self) {
        self.settle(0);
    }

    /// Moves packets that follow on at once, and those that waited for too many others, to `ready`.
    fn settle(&mut self, patience: usize) {
        while let Some(first) = self.waiting.first_entry() {
            let at = *first.key();
            let end = self.end.unwrap_or(at);
            if at > end && self.waiting.len() <= patience {
                return;
            }
            let Some((_, Waiting { packet, samples })) = self.waiting.pop_first() else {
                return;
            };
            // A packet that begins inside the one before it is a repeat in another cut.
            if at >= end {
                self.miss(u64::try_from(at - end).unwrap_or(0));
                self.give(at, packet, samples);
            }
        }
    }

    fn give(&mut self, at: i64, packet: Arc<[u8]>, samples: i64) {
        self.ready.push(Slot::Packet(packet));
        self.end = Some(at + samples);
        self.given += samples.unsigned_abs();
    }

    fn miss(&mut self, samples: u64) {
        self.given += samples;
        if samples > 0 {
            self.ready.push(Slot::Missing { samples });
        }
    }

    /// The time that has gone by, in samples.
    fn gone_by(&self) -> u64 {
        self.ticks.saturating_mul(FRAME_SAMPLES as u64)
    }

    /// The longest gap that there was time for. A peer that claims a longer one would otherwise make
    /// a recording of days in a second.
    fn gap_max(&self) -> i64 {
        let most = (self.gone_by() + SLACK).saturating_sub(self.given);
        i64::try_from(most).unwrap_or(i64::MAX)
    }

    /// The timestamp without its wrap, read as the value nearest to the newest one.
    fn extend(&mut self, timestamp: u32) -> i64 {
        if self.end.is_none() {
            self.newest = i64::from(timestamp);
            return self.newest;
        }
        let newest = self.newest.to_le_bytes();
        let newest = u32::from_le_bytes([newest[0], newest[1], newest[2], newest[3]]);
        self.newest + i64::from(timestamp.wrapping_sub(newest).cast_signed())
    }
}

#[derive(Debug)]
struct Waiting {
    packet: Arc<[u8]>,
    samples: i64,
}

/// What comes ten seconds late or later is another source, which started elsewhere.
const LATE_MAX: i64 = 10 * SAMPLE_RATE as i64;
/// How far the speaker's clock may run ahead of ours, over a whole call.
const SLACK: u64 = 30 * SAMPLE_RATE as u64;
/// Packets that may wait for one that is late: 100 ms of them.
const REORDER_MAX: usize = 5;

#[cfg(test)]
mod tests;
