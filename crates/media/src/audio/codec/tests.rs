//! A tone through the codec and back, losses, and packets that are none.

use proptest::prelude::*;

use super::super::clip::sine;
use super::super::probe::Probe;
use super::*;

#[test]
fn a_tone_comes_back() {
    for hz in [440, 600, 1_000, 3_000] {
        let pcm = round_trip(&sine(hz, 0.5, 48_000), CodecSettings::default());
        // The first frames bring the decoder up to date.
        let heard = Probe::new(&pcm[9_600..]);
        let level = heard.tone_level(hz);
        assert!((0.4..0.6).contains(&level), "{hz} Hz came back at {level}");
        assert!(heard.tone_share(hz) > 0.95, "{hz} Hz is clean");
        assert!(heard.tone_level(hz + 300) < 0.02, "and nothing beside it");
    }
}

#[test]
fn silence_stays_silence() {
    let pcm = round_trip(&vec![0.0; 48_000], CodecSettings::default());
    assert!(Probe::new(&pcm).level() < 0.000_1);

    let mut codec = OpusCodec::default();
    let mut pcm = Vec::new();
    for _ in 0..50 {
        let decoded = codec.decode(&super::super::SILENT_PACKET, &mut pcm);
        assert_eq!(decoded, Ok(FRAME_SAMPLES));
    }
    assert!(Probe::new(&pcm).level() < 0.000_1);
}

#[test]
fn a_lost_packet_is_made_up() {
    let tone = sine(440, 0.5, 48_000);
    let mut codec = OpusCodec::new(CodecSettings {
        expected_loss_percent: 20,
        bitrate_bps: 24_000,
        ..CodecSettings::default()
    });
    let packets: Vec<Vec<u8>> = tone
        .chunks(FRAME_SAMPLES)
        .map(|frame| codec.encode(frame).expect("a frame"))
        .collect();

    let mut pcm = Vec::new();
    for (at, packet) in packets.iter().enumerate() {
        match at % 10 {
            5 => {}
            6 => {
                codec.recover(packet, &mut pcm);
                codec.decode(packet, &mut pcm).expect("a packet");
            }
            _ => {
                codec.decode(packet, &mut pcm).expect("a packet");
            }
        }
    }
    assert_eq!(pcm.len(), 48_000, "no time is lost");
    let heard = Probe::new(&pcm[9_600..]);
    assert_eq!(heard.longest_tone_gap(440), Some(std::time::Duration::ZERO));

    let mut made_up = Vec::new();
    codec.conceal(1_000, &mut made_up);
    assert_eq!(made_up.len(), 1_000, "any length can be made up");
}

#[test]
fn says_what_is_wrong() {
    let mut codec = OpusCodec::default();
    let wrong = codec.encode(&[0.0; 100]).expect_err("no frame");
    assert_eq!(wrong.to_string(), "100 samples are not a frame of 960");
    let mut samples = vec![1.0];
    let wrong = codec.decode(&[], &mut samples).expect_err("no packet");
    assert_eq!(wrong.to_string(), "not an Opus packet: it is empty");
    assert_eq!(samples, [1.0], "what was there stays");
    assert!(
        packet_samples(&[3]).is_err(),
        "a packet without its frame count"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_decoder_takes_anything(
        packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 1..8)
    ) {
        let mut codec = OpusCodec::default();
        let mut samples = Vec::new();
        for packet in &packets {
            samples.clear();
            if let Ok(decoded) = codec.decode(packet, &mut samples) {
                prop_assert_eq!(decoded, samples.len());
                prop_assert!(decoded <= 5_760);
            }
            codec.recover(packet, &mut samples);
        }
    }

    #[test]
    fn an_encoder_takes_any_samples(
        loud in -4.0_f32..4.0, hz in 1_u16..24_000, bitrate_bps in 0_u32..300_000,
        complexity in any::<u8>(), expected_loss_percent in any::<u8>(),
    ) {
        let settings = CodecSettings { bitrate_bps, complexity, expected_loss_percent };
        let pcm = round_trip(&sine(hz, loud, 4_800), settings);
        prop_assert_eq!(pcm.len(), 4_800);
    }
}

fn round_trip(samples: &[f32], settings: CodecSettings) -> Vec<f32> {
    let mut codec = OpusCodec::new(settings);
    let mut heard = Vec::new();
    for frame in samples.chunks(FRAME_SAMPLES) {
        let packet = codec.encode(frame).expect("a frame");
        codec.decode(&packet, &mut heard).expect("a packet");
    }
    heard
}
