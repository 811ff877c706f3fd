//! Packets that come when they come, played when they are due.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use types::limits::JITTER_PACKETS_MAX;

use super::FRAME_SAMPLES;
use super::codec::AudioCodec;

/// Puts packets in order and holds them back a little, so that late ones are still in time.
///
/// By sequence numbers, not timestamps: a speaker who falls silent sends nothing and misses no
/// number, so a pause is no loss.
#[derive(Debug)]
pub struct JitterBuffer {
    waiting: BTreeMap<u64, Arc<[u8]>>,
    next: Option<u64>,
    /// Packets to gather before playing begins, and again after it ran dry.
    depth: usize,
    playing: bool,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// This packet.
    Packet(Arc<[u8]>),
    /// A packet that never came; the one after it, which may carry a copy, is there.
    Lost {
        /// The packet after it. It stays in the buffer.
        next: Arc<[u8]>,
    },
    /// Nothing: nobody speaks, or the buffer fills up again.
    Nothing,
}

impl JitterBuffer {
    /// A buffer that holds back `depth` packets, 1 to 20.
    #[must_use]
    pub fn new(depth: usize) -> Self {
        Self {
            waiting: BTreeMap::new(),
            next: None,
            depth: depth.clamp(1, DEPTH_MAX),
            playing: false,
        }
    }

    /// Takes a packet with its extended sequence number. One that was due already is dropped.
    pub fn push(&mut self, seq: u64, packet: Arc<[u8]>) {
        if let Some(next) = self.next {
            if seq < next && next - seq < RESTART_DISTANCE {
                return;
            }
            if seq.abs_diff(next) >= RESTART_DISTANCE {
                self.waiting.clear();
                self.next = None;
                self.playing = false;
            }
        }
        self.waiting.insert(seq, packet);
        // A sender whose clock is fast fills the buffer: step over its oldest packet.
        let most = (self.depth * 2 + 2).min(JITTER_PACKETS_MAX);
        while self.waiting.len() > most {
            if let Some((skipped, _)) = self.waiting.pop_first() {
                self.next = Some(skipped + 1);
            }
        }
    }

    /// The next packet, taken out. Called whenever the one before has been played.
    pub fn due(&mut self) -> Due {
        if self.waiting.is_empty() {
            self.playing = false;
            return Due::Nothing;
        }
        if !self.playing && self.waiting.len() < self.depth {
            return Due::Nothing;
        }
        self.playing = true;
        let Some(first) = self.waiting.first_entry() else {
            return Due::Nothing;
        };
        let seq = *first.key();
        match self.next {
            Some(next) if seq > next => {
                let lost = Due::Lost {
                    next: first.get().clone(),
                };
                // A long run of lost packets is not made up one by one.
                self.next = Some(if seq - next > LOST_RUN_MAX {
                    seq
                } else {
                    next + 1
                });
                lost
            }
            _ => {
                self.next = Some(seq + 1);
                Due::Packet(first.remove())
            }
        }
    }
}

/// A jitter buffer with a decoder behind it: packets in, a steady 20 ms of samples out.
#[derive(Debug)]
pub struct Listener<C> {
    buffer: JitterBuffer,
    codec: C,
    decoded: VecDeque<f32>,
    scratch: Vec<f32>,
    dry_ticks: u32,
}

impl<C: AudioCodec> Listener<C> {
    /// Listens with `codec`, holding back `depth` packets.
    #[must_use]
    pub fn new(codec: C, depth: usize) -> Self {
        Self {
            buffer: JitterBuffer::new(depth),
            codec,
            decoded: VecDeque::new(),
            scratch: Vec::new(),
            dry_ticks: CONCEALED_TICKS_MAX,
        }
    }

    /// Takes a packet with its extended sequence number.
    pub fn push(&mut self, seq: u64, packet: Arc<[u8]>) {
        self.buffer.push(seq, packet);
    }

    /// The next 20 ms as they are to be heard.
    pub fn tick(&mut self) -> [f32; FRAME_SAMPLES] {
        while self.decoded.len() < FRAME_SAMPLES {
            self.scratch.clear();
            match self.buffer.due() {
                Due::Packet(packet) => {
                    self.dry_ticks = 0;
                    if self.codec.decode(&packet, &mut self.scratch).is_err() {
                        self.codec.conceal(FRAME_SAMPLES, &mut self.scratch);
                    }
                }
                Due::Lost { next } => self.codec.recover(&next, &mut self.scratch),
                Due::Nothing if self.dry_ticks < CONCEALED_TICKS_MAX => {
                    self.dry_ticks += 1;
                    self.codec.conceal(FRAME_SAMPLES, &mut self.scratch);
                }
                Due::Nothing => self.scratch.resize(FRAME_SAMPLES, 0.0),
            }
            self.decoded.extend(&self.scratch);
        }
        let mut frame = [0.0; FRAME_SAMPLES];
        for (slot, sample) in frame.iter_mut().zip(self.decoded.drain(..FRAME_SAMPLES)) {
            *slot = sample;
        }
        frame
    }
}

/// 400 ms: nobody talks comfortably over more.
const DEPTH_MAX: usize = 20;
/// A sequence number this far away is another source's.
const RESTART_DISTANCE: u64 = 3_000;
/// 100 ms of loss are made up; over more, playing goes on with what is there.
const LOST_RUN_MAX: u64 = 5;
/// Frames that are made up when nothing comes, before it is silence.
const CONCEALED_TICKS_MAX: u32 = 3;

#[cfg(test)]
mod tests;
