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
