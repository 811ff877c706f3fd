//! Files of every kind: played, or refused in a sentence.

use std::io::{Cursor, Write};

use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead};
use proptest::prelude::*;

use super::super::clip::sine;
use super::super::codec::{AudioCodec, OpusCodec};
use super::super::probe::Probe;
use super::*;

#[test]
fn a_wav_file_of_another_rate_is_played() {
    for rate in [8_000, 16_000, 44_100] {
        let clip = read_clip(&tone_wav(1_000, rate)).expect("a WAV file");
        let heard = decoded(&clip);
        assert_eq!(heard.len(), 48_000, "{rate} Hz");
        let middle = Probe::new(&heard[9_600..43_200]);
        assert!(middle.tone_share(1_000) > 0.95, "{rate} Hz");
    }
}

#[test]
fn opus_packets_of_20_ms_are_played_as_they_are() {
    let (file, packets) = tone_ogg(1, 960);
    let clip = read_clip(&file).expect("an Ogg Opus file");
    assert_eq!(clip.packets().len(), packets.len());
    assert!(clip.packets().iter().zip(&packets).all(|(a, b)| **a == **b));
}

#[test]
fn other_opus_is_encoded_again() {
    for (channels, frame) in [(2, 960), (1, 2_880)] {
        let (file, packets) = tone_ogg(channels, frame);
        let clip = read_clip(&file).expect("an Ogg Opus file");
        assert_ne!(*clip.packets()[5], *packets[5]);
        let heard = decoded(&clip);
        let middle = Probe::new(&heard[9_600..]);
        assert!(
            middle.tone_share(440) > 0.95,
            "{channels} channels of {frame}"
        );
    }
}

#[test]
fn says_what_it_is_instead() {
    let wrong = |bytes: &[u8]| read_clip(bytes).expect_err("refused").to_string();
    let hint = "give a WAV file (16 bit is best) or an Ogg Opus file";
    assert_eq!(wrong(b""), "is empty: it has no audio");
    assert_eq!(wrong(b"hello, world"), format!("is no audio file: {hint}"));
    assert_eq!(wrong(b"ID3\x04"), format!("is an MP3 or AAC file: {hint}"));
    assert_eq!(
        wrong(b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1e\x01vorbis"),
        format!("is an Ogg Vorbis file: {hint}")
    );
    assert_eq!(wrong(b"fLaC\0\0"), format!("is a FLAC file: {hint}"));
    assert_eq!(
        wrong(b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0"),
        "is empty: it has no audio"
    );
    assert_eq!(
        wrong(b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x64\0\0\0\0\0\0\0\x02\0\x10\0data\x02\0\0\0\0\0"),
        format!("is a sample rate of 100 Hz: from 4000 to 384000 Hz can be read: {hint}")
    );
    let missing = open_clip(Path::new("/nowhere/hello.wav")).expect_err("no file");
    assert!(missing.to_string().starts_with("cannot be read: "));
}

#[test]
fn a_file_on_disk_is_opened() {
    let path = std::env::temp_dir().join(format!("dialtone-media-{}.wav", std::process::id()));
    File::create(&path)
        .and_then(|mut file| file.write_all(&tone_wav(440, 48_000)))
        .expect("a temporary file");
    let clip = open_clip(&path);
    std::fs::remove_file(&path).expect("the file");
    assert_eq!(clip.expect("a WAV file").packets().len(), 50);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_damaged_opus_file_never_panics(hits in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..6), cut in any::<u16>()) {
        let (mut file, _) = tone_ogg(1, 960);
        for (at, byte) in hits {
            let at = usize::from(at) % file.len();
            file[at] ^= byte;
        }
        file.truncate(usize::from(cut) % (file.len() * 2) + 1);
        read_clip(&file).ok();
        read_pcm(&file).ok();
    }

    #[test]
    fn hostile_packets_in_a_sound_file_never_panic(
        packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..60), 1..20), channels in 1_u8..=2
    ) {
        let head = OpusHead::new(channels, 48_000).expect("a header");
        let mut writer = OggOpusWriter::new(Vec::new(), head).expect("a sink");
        for packet in &packets {
            writer.write_packet(packet).ok();
        }
        let file = writer.finish().expect("a sink");
        read_clip(&file).ok();
        read_pcm(&file).ok();
    }

    #[test]
    fn noise_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_clip(&noise).ok();
    }
}

fn tone_wav(hz: u16, rate: u32) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a sink");
    for at in 0..rate {
        let turn = f64::from(at) * f64::from(hz) / f64::from(rate);
        let sample = (turn.fract() * std::f64::consts::TAU).sin() * 16_000.0;
        writer.write_sample(sample as i16).expect("a sink");
    }
    writer.finalize().expect("a sink");
    bytes.into_inner()
}

fn tone_ogg(channels: usize, frame: usize) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut encoder = OpusEncoder::new(48_000, channels, Application::Voip).expect("an encoder");
    let head = OpusHead::for_encoder(&encoder, 48_000);
    let mut writer = OggOpusWriter::new(Vec::new(), head).expect("a sink");
    let mut buffer = vec![0; MAX_PACKET_BYTES];
    let mut packets = Vec::new();
    for block in sine(440, 0.5, 28_800).chunks_exact(frame) {
        let interleaved: Vec<f32> = block
            .iter()
            .flat_map(|sample| std::iter::repeat_n(*sample, channels))
            .collect();
        let bytes = encoder
            .encode(&interleaved, frame, &mut buffer)
            .expect("a frame");
        writer.write_packet(&buffer[..bytes]).expect("a sink");
        packets.push(buffer[..bytes].to_vec());
    }
    (writer.finish().expect("a sink"), packets)
}

fn decoded(clip: &Clip) -> Vec<f32> {
    let mut codec = OpusCodec::default();
    let mut pcm = Vec::new();
    for packet in clip.packets() {
        codec.decode(packet, &mut pcm).expect("a packet");
    }
    pcm
}
