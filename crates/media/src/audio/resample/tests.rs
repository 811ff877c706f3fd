//! A tone keeps its pitch, its level and its length, and brings no ghosts.

use std::f32::consts::PI;

use super::super::probe::Probe;
use super::*;

#[test]
fn a_tone_keeps_pitch_level_and_length() {
    for rate in [
        8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 96_000, 192_000,
    ] {
        let heard = to_48k(tone(1_000.0, rate), rate).expect("an audio rate");
        assert_eq!(heard.len(), 48_000, "{rate} Hz: a second stays a second");
        let middle = Probe::new(&heard[4_800..43_200]);
        let level = middle.tone_level(1_000);
        assert!((level - 0.5).abs() < 0.01, "{rate} Hz: level {level}");
        assert!(middle.tone_share(1_000) > 0.999, "{rate} Hz: no ghosts");
    }
}

#[test]
fn what_48_khz_cannot_hold_is_filtered_out() {
    // 30 kHz would come back as 18 kHz.
    let heard = to_48k(tone(30_000.0, 96_000), 96_000).expect("an audio rate");
    let level = Probe::new(&heard[4_800..43_200]).level();
    assert!(level < 0.0005, "-60 dB of 0.5: {level}");
}

#[test]
fn images_of_telephone_audio_are_filtered_out() {
    let heard = to_48k(tone(3_400.0, 8_000), 8_000).expect("an audio rate");
    let image = Probe::new(&heard[4_800..43_200]).tone_level(4_600);
    assert!(image < 0.0005, "-60 dB of 0.5: {image}");
}

#[test]
fn odd_lengths_and_rates() {
    assert_eq!(to_48k(vec![], 8_000), Ok(vec![]));
    assert_eq!(to_48k(vec![0.1], 48_000), Ok(vec![0.1]));
    assert_eq!(to_48k(vec![0.1], 8_000).expect("short").len(), 6);
    assert_eq!(
        to_48k(vec![0.0; 44_101], 44_101).expect("odd").len(),
        48_000
    );
    for rate in [0, 3_999, 384_001, u32::MAX] {
        assert_eq!(to_48k(vec![0.0; 10], rate), Err(BadRate { rate }));
    }
}

fn tone(hz: f32, rate: u32) -> Vec<f32> {
    (0..rate)
        .map(|at| (2.0 * PI * (hz * (at as f32 / rate as f32)).fract()).sin() * 0.5)
        .collect()
}
