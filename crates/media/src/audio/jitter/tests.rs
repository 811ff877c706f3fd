//! Packets in any order, played in theirs.

use proptest::prelude::*;

use super::*;
use crate::audio::codec::OpusCodec;
use crate::audio::probe::Probe;
use crate::audio::{Clip, FRAMES_PER_SECOND};

#[test]
fn it_fills_up_before_it_plays() {
    check(2, "1 due 2 due due 3 due", "- 1 2 3");
}

#[test]
fn swapped_packets_are_put_right() {
    check(2, "1 3 due 2 due due", "1 2 3");
}

#[test]
fn a_lost_packet_is_told_with_the_next_one() {
    check(1, "1 due 3 due due", "1 lost(3) 3");
}

#[test]
fn a_late_packet_is_dropped() {
    check(1, "1 due 3 due 2 due due", "1 lost(3) 3 -");
}

#[test]
fn after_running_dry_it_fills_up_again() {
    check(2, "1 2 due due due 3 due 4 due due", "1 2 - - 3 4");
}

#[test]
fn a_pause_is_no_loss() {
    check(1, "1 due due due due 2 due", "1 - - - 2");
}

#[test]
fn a_fast_clock_is_stepped_over() {
    check(1, "1 2 3 4 5 6 due due", "3 4");
}

#[test]
fn another_source_starts_over() {
    check(1, "90000 due 5 due 6 due", "90000 5 6");
}

#[test]
fn a_long_loss_is_skipped() {
    check(1, "1 due 50 due due", "1 lost(50) 50");
}

#[test]
fn a_listener_hears_through_loss_and_disorder() {
    let clip = Clip::tone(440, 0.5);
    let mut listener = Listener::new(OpusCodec::default(), 3);
    let mut heard = Vec::new();
    for n in 0_u64..500 {
        let seq = n ^ 1;
        if seq % 20 != 13 {
            let at = (seq as usize) % FRAMES_PER_SECOND;
            listener.push(seq + 10, clip.packets()[at].clone());
        }
        heard.extend(listener.tick());
    }
    assert_eq!(heard.len(), 480_000);
    let probe = Probe::new(&heard);
    assert!(probe.tone_share(440) > 0.9, "{}", probe.tone_share(440));
    let gap = probe.longest_tone_gap(440).expect("a tone");
    assert!(gap.as_millis() <= 40, "{gap:?}");
}

#[test]
fn a_listener_falls_silent_with_the_speaker() {
    let clip = Clip::tone(440, 0.5);
    let mut listener = Listener::new(OpusCodec::default(), 1);
    for (seq, packet) in (0..).zip(clip.packets()) {
        listener.push(seq, packet.clone());
        listener.tick();
    }
    for _ in 0..10 {
        listener.tick();
    }
    assert!(Probe::new(&listener.tick()).level() < 0.000_1);
}

proptest! {
    #[test]
    fn it_takes_anything_and_stays_small(
        depth in any::<usize>(), steps in proptest::collection::vec(proptest::option::of(any::<u64>()), 0..300)
    ) {
        let mut buffer = JitterBuffer::new(depth);
        for step in steps {
            match step {
                Some(seq) => buffer.push(seq / 2, Arc::from([0_u8])),
                None => {
                    buffer.due();
                }
            }
            prop_assert!(buffer.waiting.len() <= JITTER_PACKETS_MAX);
        }
    }
}

/// Plays numbers in as packets and `due` as a tick, and compares what was due.
#[track_caller]
fn check(depth: usize, script: &str, story: &str) {
    let mut buffer = JitterBuffer::new(depth);
    let mut told = Vec::new();
    for step in script.split(' ') {
        if let Ok(seq) = step.parse::<u64>() {
            buffer.push(seq, Arc::from(seq.to_be_bytes()));
            continue;
        }
        let number = |packet: &Arc<[u8]>| {
            u64::from_be_bytes(packet[..].try_into().expect("eight bytes")).to_string()
        };
        told.push(match buffer.due() {
            Due::Packet(packet) => number(&packet),
            Due::Lost { next } => format!("lost({})", number(&next)),
            Due::Nothing => "-".to_owned(),
        });
    }
    assert_eq!(told.join(" "), story);
}
