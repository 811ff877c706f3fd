//! What the probe says of audio that is known.

use super::super::clip::sine;
use super::*;

#[test]
fn a_tone_is_measured() {
    let samples = sine(440, 0.5, 48_000);
    let probe = Probe::new(&samples);
    assert_eq!(probe.duration(), Duration::from_secs(1));
    assert!((probe.tone_level(440) - 0.5).abs() < 0.001);
    assert!(probe.tone_share(440) > 0.999);
    assert!(probe.tone_level(600) < 0.01);
    assert!(probe.tone_share(600) < 0.001);
    assert!((probe.level() - 0.5 / 2.0_f32.sqrt()).abs() < 0.001);
    assert_eq!(probe.longest_tone_gap(440), Some(Duration::ZERO));
    assert_eq!(probe.longest_tone_gap(600), None);
    assert_eq!(probe.longest_silence(), Some(Duration::ZERO));
}

#[test]
fn a_gap_is_found() {
    for lost_ms in [20, 60, 500] {
        let mut samples = vec![0.0; 9_600];
        samples.extend(sine(440, 0.3, 48_000));
        samples.extend(vec![0.0; 48 * lost_ms]);
        samples.extend(sine(440, 0.3, 48_000));
        samples.extend(vec![0.0; 48_000]);
        let probe = Probe::new(&samples);
        near(probe.longest_tone_gap(440), lost_ms as u64);
        let silence = probe.longest_silence().expect("sound");
        assert!(
            silence.as_millis() as usize + 20 >= lost_ms && silence.as_millis() as usize <= lost_ms
        );
        let inside = probe.part(Duration::from_millis(300), Duration::from_millis(500));
        assert_eq!(inside.longest_tone_gap(440), Some(Duration::ZERO));
    }
}

#[test]
fn another_tone_is_a_gap_but_no_silence() {
    let mut samples = sine(440, 0.3, 48_000);
    samples.extend(sine(1_200, 0.3, 4_800));
    samples.extend(sine(440, 0.3, 48_000));
    let probe = Probe::new(&samples);
    near(probe.longest_tone_gap(440), 100);
    assert_eq!(probe.longest_silence(), Some(Duration::ZERO));
}

#[test]
fn nothing_has_no_tone() {
    for samples in [vec![], vec![0.0; 10], vec![0.0; 48_000]] {
        let probe = Probe::new(&samples);
        assert!(probe.tone_level(440).abs() < f32::EPSILON);
        assert!(probe.tone_share(440).abs() < f32::EPSILON);
        assert_eq!(probe.longest_tone_gap(440), None);
        assert_eq!(probe.longest_silence(), None);
    }
    let far = Duration::from_secs(99);
    assert_eq!(Probe::new(&[]).part(far, far).duration(), Duration::ZERO);
}

#[track_caller]
fn near(gap: Option<Duration>, expected_ms: u64) {
    let gap = gap.expect("a tone").as_millis() as u64;
    assert!(
        gap.abs_diff(expected_ms) <= 10,
        "{gap} ms, not {expected_ms}"
    );
}
