//! Packets in any order in, a time line out, as short stories.

use proptest::prelude::*;

use super::*;
use crate::audio::SILENT_PACKET;

#[test]
fn in_order() {
    check("0 960 1920", "0 1 2");
}

#[test]
fn swapped_and_doubled() {
    check("0 1920 960 960 2880", "0 2 1 4");
}

#[test]
fn one_is_lost() {
    check(
        "0 960 2880 3840 4800 5760 6720 7680",
        "0 1 -960 2 3 4 5 6 7",
    );
    check("0 960 2880", "0 1 -960 2");
}

#[test]
fn one_comes_too_late() {
    check(
        "0 1920 2880 3840 4800 5760 6720 7680 960",
        "0 -960 1 2 3 4 5 6 7",
    );
}

#[test]
fn the_speaker_was_silent() {
    check("0 48000", "0 -47040 1");
}

#[test]
fn a_pause_longer_than_the_time_that_went_by_is_none() {
    // Half a minute is granted to a clock that is fast.
    check("0 1440000", "0 -1439040 1");
    check("0 1500000 1500960", "0 1 2");
    check("0 1000000 2000000", "0 -999040 1 2");
}

#[test]
fn timestamps_wrap() {
    check("4294966336 0 960 4294965376", "0 1 2");
}

#[test]
fn another_source_goes_on_where_the_first_stopped() {
    check("0 960 2000000000 2000000960 5", "0 1 2 3 4");
}

#[test]
fn packets_that_overlap_are_dropped() {
    check("0 480 960", "0 2");
}

#[test]
fn what_is_no_packet_is_dropped() {
    let mut timeline = Timeline::new();
    timeline.push(0, &Arc::from([]));
    timeline.push(0, &Arc::from([3_u8]));
    timeline.flush();
    assert_eq!(timeline.drain().count(), 0);
}

#[test]
fn it_begins_with_the_wait_for_the_first_packet() {
    let mut timeline = Timeline::new();
    for _ in 0..10 {
        timeline.tick();
    }
    let packet: Arc<[u8]> = Arc::from(SILENT_PACKET);
    timeline.push(77, &packet);
    timeline.tick();
    timeline.push(77 + 960, &packet);
    let slots: Vec<Slot> = timeline.drain().collect();
    assert_eq!(
        slots,
        [
            Slot::Missing { samples: 9_600 },
            Slot::Packet(packet.clone()),
            Slot::Packet(packet),
        ]
    );
}

proptest! {
    #[test]
    fn any_packets_make_a_bounded_time_line(
        packets in proptest::collection::vec((any::<u32>(), proptest::collection::vec(any::<u8>(), 0..4)), 0..200)
    ) {
        let mut timeline = Timeline::new();
        let mut total = 0;
        for (timestamp, packet) in packets {
            timeline.tick();
            timeline.push(timestamp, &Arc::from(packet));
            prop_assert!(timeline.waiting.len() <= REORDER_MAX + 1);
            for slot in timeline.drain().collect::<Vec<_>>() {
                total += match slot {
                    Slot::Packet(_) => 0,
                    Slot::Missing { samples } => samples,
                };
                prop_assert!(total <= SLACK + timeline.gone_by(), "no days in a second");
            }
        }
        let waiting: Vec<Slot> = timeline.waiting().collect();
        timeline.flush();
        let flushed: Vec<Slot> = timeline.drain().collect();
        prop_assert_eq!(waiting, flushed);
    }

    #[test]
    fn small_disorder_is_put_right(order in Just((0_u32..40).collect::<Vec<_>>()).prop_shuffle()) {
        // Each packet at most four places from its own.
        let mut order: Vec<(usize, u32)> = order.into_iter().enumerate().collect();
        order.sort_by_key(|(at, n)| *n as usize + at % 4);
        let mut timeline = Timeline::new();
        timeline.push(0, &numbered(0));
        for (_, n) in &order {
            timeline.push(n * 960, &numbered(*n));
        }
        timeline.flush();
        let slots: Vec<Slot> = timeline.drain().collect();
        let expected: Vec<Slot> = (0..40).map(|n| Slot::Packet(numbered(n))).collect();
        prop_assert_eq!(slots, expected);
    }
}

/// Pushes packets of 20 ms, numbered in the order of coming, with these timestamps, and compares the
/// time line: a number is a packet, a negative one that many missing samples.
#[track_caller]
fn check(timestamps: &str, story: &str) {
    let mut timeline = Timeline::new();
    for (n, timestamp) in (0..).zip(timestamps.split(' ')) {
        timeline.push(timestamp.parse().expect("a timestamp"), &numbered(n));
    }
    timeline.flush();
    let told: Vec<String> = timeline
        .drain()
        .map(|slot| match slot {
            Slot::Packet(packet) => packet[1].to_string(),
            Slot::Missing { samples } => format!("-{samples}"),
        })
        .collect();
    assert_eq!(told.join(" "), story);
}

fn numbered(n: u32) -> Arc<[u8]> {
    Arc::from([SILENT_PACKET[0], n as u8])
}
