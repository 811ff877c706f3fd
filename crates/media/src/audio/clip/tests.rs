//! What is encoded once sounds right every time.

use super::super::codec::OpusCodec;
use super::super::probe::Probe;
use super::*;

#[test]
fn a_looped_tone_has_no_seam() {
    for hz in [300, 440, 600, 1_000] {
        let clip = Clip::tone(hz, 0.4);
        assert_eq!(clip.duration(), Duration::from_secs(1));
        let looped: Vec<_> = std::iter::repeat_n(clip.packets(), 3).flatten().collect();
        let pcm = decoded(looped.into_iter());
        let heard = Probe::new(&pcm[9_600..]);
        assert!((0.35..0.45).contains(&heard.tone_level(hz)));
        assert!(
            heard.tone_share(hz) > 0.95,
            "{hz} Hz: {}",
            heard.tone_share(hz)
        );
        assert_eq!(heard.longest_tone_gap(hz), Some(Duration::ZERO));
    }
}

#[test]
fn the_last_frame_is_filled_up() {
    let clip = Clip::from_pcm(&[0.1; 1_000], CodecSettings::default());
    assert_eq!(clip.packets().len(), 2);
    assert_eq!(clip.duration(), Duration::from_millis(40));
}

#[test]
fn only_packets_of_20_ms_pass_as_they_are() {
    let good = Clip::tone(440, 0.5).packets()[0].to_vec();
    assert!(Clip::from_packets(vec![good.clone(), good.clone()]).is_some());
    assert!(Clip::from_packets(vec![]).is_none());
    assert!(Clip::from_packets(vec![good.clone(), vec![]]).is_none());
    // SILK of 60 ms.
    assert!(Clip::from_packets(vec![good, vec![3 << 3, 0]]).is_none());
}

#[test]
fn a_sine_is_exact_far_out() {
    let samples = sine(19_999, 1.0, 48_000 * 20);
    let (first, last) = (&samples[..48_000], &samples[48_000 * 19..]);
    assert_eq!(first, last, "every second is the same");
    assert!((Probe::new(last).tone_level(19_999) - 1.0).abs() < 0.001);
}

fn decoded<'a>(packets: impl Iterator<Item = &'a Arc<[u8]>>) -> Vec<f32> {
    let mut codec = OpusCodec::default();
    let mut pcm = Vec::new();
    for packet in packets {
        codec.decode(packet, &mut pcm).expect("a packet");
    }
    pcm
}
