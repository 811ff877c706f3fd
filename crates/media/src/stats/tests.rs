//! Loss and jitter by hand-made packets.

use std::sync::Arc;

use super::*;

fn frame(ssrc: u32, seq: u64, timestamp: u32) -> RtpFrame {
    RtpFrame {
        kind: FrameKind::Audio,
        ssrc,
        seq,
        timestamp,
        marker: false,
        payload: Arc::from([0; 60]),
    }
}

#[test]
fn missing_numbers_are_lost_and_late_ones_are_not() {
    let mut meter = Meter::default();
    let now = Instant::now();
    for seq in [10, 11, 14, 13] {
        meter.received(now, &frame(1, seq, 0));
    }
    assert_eq!(meter.stats.packets_received, 4);
    assert_eq!(meter.stats.bytes_received, 240);
    assert_eq!(meter.stats.packets_lost, 1);
}

#[test]
fn a_new_source_starts_anew_and_keeps_the_old_loss() {
    let mut meter = Meter::default();
    let now = Instant::now();
    for (ssrc, seq) in [(1, 10), (1, 12), (2, 60_000), (2, 60_003)] {
        meter.received(now, &frame(ssrc, seq, 0));
    }
    assert_eq!(meter.stats.packets_lost, 3);
}

#[test]
fn an_even_stream_has_no_jitter_and_an_uneven_one_has() {
    let start = Instant::now();
    let mut even = Meter::default();
    let mut uneven = Meter::default();
    for n in 0..100_u32 {
        let at = start + Duration::from_millis(20) * n;
        even.received(at, &frame(1, u64::from(n), n * 960));
        let late = Duration::from_millis(10) * (n % 2);
        uneven.received(at + late, &frame(1, u64::from(n), n * 960));
    }
    assert!(even.stats.jitter < Duration::from_micros(10));
    assert!(uneven.stats.jitter > Duration::from_millis(8));
    assert!(uneven.stats.jitter < Duration::from_millis(11));
}

#[test]
fn a_report_tells_what_is_new_since_the_last_one() {
    let mut meter = Meter::default();
    let now = Instant::now();
    assert_eq!(meter.report(now), None);
    for seq in [10, 11, 12, 14] {
        meter.received(now, &frame(1, seq, 0));
    }
    meter.heard_sender(now, 2, 5);
    meter.heard_sender(now, 1, 77);
    let block = meter
        .report(now + Duration::from_millis(500))
        .expect("a source");
    assert_eq!((block.ssrc, block.lost, block.newest_seq), (1, 1, 14));
    assert_eq!(block.fraction_lost, 51, "one of five");
    assert_eq!((block.last_report, block.since_last_report), (77, 32_768));
    meter.received(now, &frame(1, 15, 0));
    let block = meter.report(now).expect("a source");
    assert_eq!((block.fraction_lost, block.lost), (0, 1));
    // A late packet makes the loss less, not the report wrong.
    meter.received(now, &frame(1, 13, 0));
    let block = meter.report(now).expect("a source");
    assert_eq!((block.fraction_lost, block.lost), (0, 0));
}
