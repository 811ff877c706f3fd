//! Numbers of the outgoing stream under every kind of source.

use super::*;
use crate::dtmf::{Digits, DtmfSender};

const MS: Duration = Duration::from_millis(1);
const EVENT: FrameKind = FrameKind::Event { clock_hz: 8_000 };

fn track() -> Track {
    let mut track = Track::new(&LegDraw::from_bytes(&[9; LegDraw::BYTES]));
    track.pass(true);
    track
}

fn frame(kind: FrameKind, ssrc: u32, seq: u64, timestamp: u32) -> RtpFrame {
    let payload = if kind == FrameKind::Audio {
        vec![1; 60]
    } else {
        vec![5, 0x8a, 3, 0x20]
    };
    RtpFrame {
        kind,
        ssrc,
        seq,
        timestamp,
        marker: false,
        payload: payload.into(),
    }
}

/// Relays audio packets of one source, one every 20 ms, and returns what came out.
fn run(track: &mut Track, start: Instant, frames: &[RtpFrame]) -> Vec<OutFrame> {
    let at = |n: usize| start + 20 * MS * n as u32;
    let relay = |(n, frame)| track.relay(at(n), frame, Some(8_000));
    frames.iter().enumerate().filter_map(relay).collect()
}

#[test]
fn the_first_number_is_low_whatever_the_sources_is() {
    let mut track = track();
    let out = track.relay(
        Instant::now(),
        &frame(FrameKind::Audio, 1, 65_000 + (7 << 16), 5),
        None,
    );
    assert!(out.expect("a frame").seq < 32_768);
}

#[test]
fn order_and_loss_of_the_source_are_kept() {
    let mut track = track();
    let seqs = [100, 101, 104, 103, 105];
    let frames: Vec<_> = seqs
        .iter()
        .map(|seq| frame(FrameKind::Audio, 1, *seq, *seq as u32 * 960))
        .collect();
    let out = run(&mut track, Instant::now(), &frames);
    let first = out[0].seq;
    let steps: Vec<u64> = out.iter().map(|frame| frame.seq - first).collect();
    assert_eq!(steps, [0, 1, 4, 3, 5]);
    let first = out[0].timestamp;
    let steps: Vec<u32> = out
        .iter()
        .map(|frame| frame.timestamp.wrapping_sub(first) / 960)
        .collect();
    assert_eq!(steps, [0, 1, 4, 3, 5]);
}

#[test]
fn a_new_source_goes_on_where_the_old_one_stopped() {
    let mut track = track();
    let frames = [
        frame(FrameKind::Audio, 1, 500, 1_000_000),
        frame(FrameKind::Audio, 1, 501, 1_000_960),
        frame(FrameKind::Audio, 2, 3, 77),
        frame(FrameKind::Audio, 2, 4, 1_037),
    ];
    let out = run(&mut track, Instant::now(), &frames);
    assert!(out.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1));
    assert!(
        out.windows(2)
            .all(|pair| pair[1].timestamp.wrapping_sub(pair[0].timestamp) == 960)
    );
    let markers: Vec<bool> = out.iter().map(|frame| frame.marker).collect();
    assert_eq!(markers, [true, false, true, false]);
}

#[test]
fn a_restart_of_the_same_source_is_no_loss() {
    let mut track = track();
    let frames = [
        frame(FrameKind::Audio, 1, 500, 1_000_000),
        frame(FrameKind::Audio, 1, 40_000, 3_000_000_000),
        frame(FrameKind::Audio, 1, 40_001, 3_000_000_960),
    ];
    let out = run(&mut track, Instant::now(), &frames);
    assert!(out.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1));
    assert!(
        out.windows(2)
            .all(|pair| pair[1].timestamp.wrapping_sub(pair[0].timestamp) == 960)
    );
}

#[test]
fn a_clock_that_jumps_is_set_right() {
    let mut track = track();
    let frames = [
        frame(FrameKind::Audio, 1, 500, 0),
        frame(FrameKind::Audio, 1, 501, 960),
        frame(FrameKind::Audio, 1, 502, 900_000_000),
        frame(FrameKind::Audio, 1, 503, 900_000_960),
    ];
    let out = run(&mut track, Instant::now(), &frames);
    assert!(
        out.windows(2)
            .all(|pair| pair[1].timestamp.wrapping_sub(pair[0].timestamp) == 960)
    );
}

#[test]
fn packets_from_before_a_switch_are_not_sent() {
    let mut track = track();
    let now = Instant::now();
    assert!(
        track
            .relay(now, &frame(FrameKind::Audio, 1, 500, 0), None)
            .is_some()
    );
    track.pass(false);
    assert!(
        track
            .relay(now, &frame(FrameKind::Audio, 1, 501, 960), None)
            .is_none()
    );
    track.pass(true);
    assert!(
        track
            .relay(now, &frame(FrameKind::Audio, 1, 503, 2_880), None)
            .is_some()
    );
    assert!(
        track
            .relay(now, &frame(FrameKind::Audio, 1, 502, 1_920), None)
            .is_none()
    );
}

#[test]
fn an_event_that_cannot_be_told_leaves_no_gap() {
    let mut track = track();
    let now = Instant::now();
    let first = track
        .relay(now, &frame(FrameKind::Audio, 1, 500, 0), None)
        .expect("audio");
    assert!(track.relay(now, &frame(EVENT, 1, 501, 960), None).is_none());
    assert!(track.relay(now, &frame(EVENT, 1, 502, 960), None).is_none());
    let next = track
        .relay(now, &frame(FrameKind::Audio, 1, 503, 2_880), None)
        .expect("audio");
    assert_eq!(next.seq, first.seq + 1);
}

#[test]
fn chromiums_three_end_packets_are_one_press() {
    let mut track = track();
    let frames = [
        frame(FrameKind::Audio, 1, 500, 0),
        frame(EVENT, 1, 501, 960),
        frame(EVENT, 1, 502, 960),
        frame(EVENT, 1, 503, 960),
        frame(FrameKind::Audio, 1, 504, 3_840),
    ];
    let out = run(&mut track, Instant::now(), &frames);
    assert_eq!(out.len(), 5);
    assert!(
        out[1..4]
            .iter()
            .all(|event| event.is_event && event.timestamp == out[1].timestamp)
    );
    let markers: Vec<bool> = out[1..4].iter().map(|event| event.marker).collect();
    assert_eq!(markers, [true, false, false]);
    assert_eq!(out[4].timestamp.wrapping_sub(out[0].timestamp), 3_840);
}

#[test]
fn an_event_counted_by_its_own_clock_lands_on_the_audios_time_line() {
    let mut track = track();
    let frames = [
        frame(FrameKind::Audio, 1, 500, 2_000_000_000),
        frame(EVENT, 1, 501, 160),
        frame(EVENT, 1, 502, 160),
        frame(FrameKind::Audio, 1, 503, 2_000_002_880),
    ];
    let out = run(&mut track, Instant::now(), &frames);
    assert_eq!(out[1].timestamp.wrapping_sub(out[0].timestamp), 960);
    assert_eq!(out[2].timestamp, out[1].timestamp);
    assert_eq!(out[3].timestamp.wrapping_sub(out[0].timestamp), 2_880);
}

#[test]
fn durations_follow_the_clock_of_the_leg() {
    let mut track = track();
    let event = frame(EVENT, 1, 501, 960);
    let out = track
        .relay(Instant::now(), &event, Some(48_000))
        .expect("an event");
    assert_eq!(*out.payload, [5, 0x8a, 0x12, 0xc0]);
    let long = RtpFrame {
        payload: Arc::from([5, 0x0a, 0xff, 0xff]),
        ..frame(EVENT, 1, 502, 960)
    };
    let out = track
        .relay(Instant::now(), &long, Some(48_000))
        .expect("an event");
    assert_eq!(*out.payload, [5, 0x0a, 0xff, 0xff]);
}

#[test]
fn an_empty_event_is_left_out() {
    let mut track = track();
    let empty = RtpFrame {
        payload: Arc::from([]),
        ..frame(EVENT, 1, 501, 960)
    };
    assert_eq!(track.relay(Instant::now(), &empty, Some(8_000)), None);
}

#[test]
fn an_apps_time_goes_on_through_silence() {
    let mut track = track();
    let start = Instant::now();
    let opus = || Some(AppFrame::Opus(Arc::from([1; 60])));
    let mut out = Vec::new();
    for (tick, frame) in [opus(), opus(), None, None, opus()].into_iter().enumerate() {
        out.extend(track.speak(start + 20 * MS * tick as u32, frame, Some(8_000)));
    }
    let steps: Vec<u32> = out
        .iter()
        .map(|frame| frame.timestamp.wrapping_sub(out[0].timestamp))
        .collect();
    assert_eq!(steps, [0, 960, 3_840]);
    let seqs: Vec<u64> = out.iter().map(|frame| frame.seq - out[0].seq).collect();
    assert_eq!(seqs, [0, 1, 2]);
    let markers: Vec<bool> = out.iter().map(|frame| frame.marker).collect();
    assert_eq!(markers, [true, false, true]);
}

#[test]
fn an_apps_key_has_one_timestamp() {
    let mut track = track();
    let start = Instant::now();
    let mut keys = DtmfSender::new();
    keys.press(&"5".parse::<Digits>().expect("a key"))
        .expect("room");
    let mut out = Vec::new();
    for tick in 0..7 {
        let frame = keys.tick().map(AppFrame::Event);
        out.extend(track.speak(start + 20 * MS * tick, frame, Some(8_000)));
    }
    assert_eq!(out.len(), 7);
    assert!(
        out.iter()
            .all(|event| event.is_event && event.timestamp == out[0].timestamp)
    );
    assert!(out[0].marker && !out[1].marker);
}

#[test]
fn from_app_to_relay_nothing_jumps() {
    let mut track = track();
    let start = Instant::now();
    let opus = AppFrame::Opus(Arc::from([1; 60]));
    let said = track.speak(start, Some(opus), None).expect("a frame");
    let relayed = track.relay(
        start + 20 * MS,
        &frame(FrameKind::Audio, 7, 90_000, 5),
        None,
    );
    let relayed = relayed.expect("a frame");
    assert_eq!(relayed.seq, said.seq + 1);
    assert_eq!(relayed.timestamp.wrapping_sub(said.timestamp), 960);
}
