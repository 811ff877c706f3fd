//! Left is left, right is right, and both sound at their time.

use std::time::Duration;

use super::*;
use crate::audio::probe::Probe;
use crate::audio::{Clip, Track};

#[test]
fn each_side_has_its_ear() {
    let (mut user, mut business) = (Tape::new(), Tape::new());
    let (low, high) = (Clip::tone(440, 0.5), Clip::tone(600, 0.5));
    for n in 0..150_u32 {
        let at = n as usize % 50;
        user.packet(n * 960, &low.packets()[at]);
        // The business speaks from the second second on, and one second less.
        if (50..100).contains(&n) {
            business.packet(n * 960, &high.packets()[at]);
        }
        user.tick();
        business.tick();
    }
    let mut sink = Cursor::new(Vec::new());
    stereo_of_tapes(&user, &business, &mut sink).expect("a mix");

    let mut reader = hound::WavReader::new(Cursor::new(sink.into_inner())).expect("a WAV file");
    assert_eq!(reader.spec().channels, 2);
    let samples: Vec<f32> = reader
        .samples::<i16>()
        .map(|sample| f32::from(sample.expect("a sample")) / 32_768.0)
        .collect();
    let ear =
        |first: usize| -> Vec<f32> { samples.iter().skip(first).step_by(2).copied().collect() };
    let (left, right) = (ear(0), ear(1));
    assert!((left.len() as i64 - 144_000).abs() < 960, "three seconds");
    assert!(Probe::new(&left).tone_share(440) > 0.95);
    let second = Duration::from_secs(1);
    let right = Probe::new(&right);
    assert!(right.part(Duration::ZERO, second * 9 / 10).level() < 0.001);
    assert!(
        right
            .part(second * 11 / 10, second * 8 / 10)
            .tone_share(600)
            > 0.95
    );
    assert!(right.part(second * 21 / 10, second).level() < 0.001);
}

#[test]
fn says_which_side_is_broken() {
    let mut good = Vec::new();
    Tape::new().write_ogg(&mut good).expect("a sink");
    let wrong = stereo_of_files(&*good, &b"nonsense"[..], Cursor::new(Vec::new()));
    assert!(
        wrong
            .expect_err("broken")
            .to_string()
            .starts_with("the recording of the right side is damaged: ")
    );
}
