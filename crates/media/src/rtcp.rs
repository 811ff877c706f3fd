//! RTCP (RFC 3550, 6): the reports that we send, and what we take from the peer's.

use std::time::{Duration, Instant};

/// A moment as reports count it: seconds and their fraction, from some beginning of our own.
///
/// Nobody compares it with another clock: the peer sends its middle back, for the round trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReportTime(u64);

impl ReportTime {
    /// The moment `now` of a leg that began at `start`.
    pub(crate) fn at(start: Instant, now: Instant) -> Self {
        let since = now.saturating_duration_since(start);
        let fraction = (u64::from(since.subsec_nanos()) << 32) / 1_000_000_000;
        Self((since.as_secs() + BEGINNING_SECS) << 32 | fraction)
    }

    /// The middle 32 bits: 16 of seconds, 16 of their fraction.
    pub(crate) fn middle(self) -> u32 {
        (self.0 >> 16) as u32
    }
}

/// What we have sent so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SentSoFar {
    /// The RTP timestamp that belongs to the moment of the report.
    pub(crate) timestamp: u32,
    pub(crate) packets: u32,
    pub(crate) bytes: u32,
}

/// What we have received of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) ssrc: u32,
    /// The share of packets lost since the last report, in 256ths.
    pub(crate) fraction_lost: u8,
    pub(crate) lost: u32,
    pub(crate) newest_seq: u32,
    /// In ticks of the source's clock.
    pub(crate) jitter: u32,
    /// The middle of the last sender report's time, and how long ago that came, in 65 536ths of a
    /// second.
    pub(crate) last_report: u32,
    pub(crate) since_last_report: u32,
}

/// A whole compound packet: a sender's report if we have sent, else a receiver's, and our name.
pub(crate) fn report(
    ssrc: u32,
    name: &str,
    now: ReportTime,
    sent: Option<SentSoFar>,
    block: Option<Block>,
) -> Vec<u8> {
    let mut packet = Vec::with_capacity(80);
    let count = u8::from(block.is_some());
    let start = begin(
        &mut packet,
        if sent.is_some() { SENDER } else { RECEIVER },
        count,
    );
    push(&mut packet, ssrc);
    if let Some(sent) = sent {
        packet.extend(now.0.to_be_bytes());
        push(&mut packet, sent.timestamp);
        push(&mut packet, sent.packets);
        push(&mut packet, sent.bytes);
    }
    if let Some(block) = block {
        push(&mut packet, block.ssrc);
        push(
            &mut packet,
            u32::from(block.fraction_lost) << 24 | block.lost.min(LOST_MAX),
        );
        push(&mut packet, block.newest_seq);
        push(&mut packet, block.jitter);
        push(&mut packet, block.last_report);
        push(&mut packet, block.since_last_report);
    }
    finish(&mut packet, start);
    describe(&mut packet, ssrc, name);
    packet
}

/// A whole compound packet that ends the stream.
pub(crate) fn goodbye(ssrc: u32, name: &str) -> Vec<u8> {
    let mut packet = Vec::with_capacity(48);
    let start = begin(&mut packet, RECEIVER, 0);
    push(&mut packet, ssrc);
    finish(&mut packet, start);
    describe(&mut packet, ssrc, name);
    let start = begin(&mut packet, GOODBYE, 1);
    push(&mut packet, ssrc);
    finish(&mut packet, start);
    packet
}

/// What a peer's compound packet says that we use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The peer sends, by its clock at the middle of this time.
    SenderTime { ssrc: u32, middle: u32 },
    /// What the peer has received.
    Block(Block),
}

/// Reads a compound packet; stops at the first packet that is none.
pub(crate) fn read(mut compound: &[u8], mut take: impl FnMut(Heard)) {
    while let Some((kind, count, body, rest)) = next_packet(compound) {
        compound = rest;
        let blocks = match kind {
            SENDER => {
                if let Some(&[a, b, c, d, _, _, e, f, g, h]) = body.first_chunk::<10>() {
                    let ssrc = u32::from_be_bytes([a, b, c, d]);
                    take(Heard::SenderTime {
                        ssrc,
                        middle: u32::from_be_bytes([e, f, g, h]),
                    });
                }
                body.get(SENDER_BYTES..)
            }
            RECEIVER => body.get(4..),
            _ => None,
        };
        for block in blocks
            .unwrap_or_default()
            .chunks_exact(BLOCK_BYTES)
            .take(count)
        {
            take(Heard::Block(read_block(block)));
        }
    }
}

/// Kind, count, what follows the first word, and the rest of the compound packet.
fn next_packet(bytes: &[u8]) -> Option<(u8, usize, &[u8], &[u8])> {
    let (&[flags, kind, high, low], after) = bytes.split_first_chunk()?;
    if flags >> 6 != 2 {
        return None;
    }
    let words = usize::from(u16::from_be_bytes([high, low]));
    let (body, rest) = after.split_at_checked(words * 4)?;
    Some((kind, usize::from(flags & 0x1f), body, rest))
}

fn read_block(bytes: &[u8]) -> Block {
    let word = |at: usize| {
        let bytes = bytes
            .get(at * 4..)
            .and_then(|rest| rest.first_chunk())
            .copied();
        u32::from_be_bytes(bytes.unwrap_or_default())
    };
    Block {
        ssrc: word(0),
        fraction_lost: (word(1) >> 24) as u8,
        lost: word(1) & LOST_MASK,
        newest_seq: word(2),
        jitter: word(3),
        last_report: word(4),
        since_last_report: word(5),
    }
}

impl Block {
    /// The round trip, if the peer has answered a report of ours that came before `now`.
    pub(crate) fn round_trip(&self, now: ReportTime) -> Option<Duration> {
        if self.last_report == 0 {
            return None;
        }
        let took = now
            .middle()
            .wrapping_sub(self.last_report)
            .wrapping_sub(self.since_last_report);
        // A peer that counts its delay a little long would make the round trip less than nothing.
        let took = u64::try_from(took.cast_signed().max(0)).unwrap_or(0);
        Some(Duration::from_micros(took * 1_000_000 / 65_536))
    }

    /// How many packets the peer has missed; more may have come than were sent, by doubles.
    pub(crate) fn packets_lost(&self) -> u64 {
        if self.lost > LOST_MAX {
            0
        } else {
            u64::from(self.lost)
        }
    }
}

fn begin(packet: &mut Vec<u8>, kind: u8, count: u8) -> usize {
    let start = packet.len();
    packet.extend([0x80 | count, kind, 0, 0]);
    start
}

fn push(packet: &mut Vec<u8>, word: u32) {
    packet.extend(word.to_be_bytes());
}

/// Pads the packet to whole words and writes its length.
fn finish(packet: &mut Vec<u8>, start: usize) {
    while !packet.len().is_multiple_of(4) {
        packet.push(0);
    }
    let words = (packet.len() - start) / 4 - 1;
    let words = u16::try_from(words).unwrap_or(u16::MAX).to_be_bytes();
    packet[start + 2..start + 4].copy_from_slice(&words);
}

/// Our canonical name, which the session description gives as well.
fn describe(packet: &mut Vec<u8>, ssrc: u32, name: &str) {
    let start = begin(packet, DESCRIPTION, 1);
    push(packet, ssrc);
    packet.extend([CANONICAL_NAME, u8::try_from(name.len()).unwrap_or(0)]);
    packet.extend(name.bytes().take(usize::from(u8::MAX)));
    // The list of items ends with at least one zero.
    packet.push(0);
    finish(packet, start);
}

const SENDER: u8 = 200;
const RECEIVER: u8 = 201;
const DESCRIPTION: u8 = 202;
const GOODBYE: u8 = 203;
const CANONICAL_NAME: u8 = 1;

/// A sender report without its first word and its blocks.
const SENDER_BYTES: usize = 24;
const BLOCK_BYTES: usize = 24;

/// The most that 24 bits with a sign can say, and the 24 bits.
const LOST_MAX: u32 = 0x7f_ffff;
const LOST_MASK: u32 = 0xff_ffff;

/// So that no report carries a time of zero, which means "none".
const BEGINNING_SECS: u64 = 3_600;

#[cfg(test)]
mod tests;
