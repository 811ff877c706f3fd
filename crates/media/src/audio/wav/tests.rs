//! WAV files as programs really write them.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

#[test]
fn every_coding_says_the_same() {
    // Half of full scale, upwards and downwards.
    for (tag, bits, data) in [
        (1, 8, vec![192, 64]),
        (1, 16, vec![0x00, 0x40, 0x00, 0xc0]),
        (1, 24, vec![0, 0x00, 0x40, 0, 0x00, 0xc0]),
        (1, 32, vec![0, 0, 0x00, 0x40, 0, 0, 0x00, 0xc0]),
        (
            3,
            32,
            [0.5_f32, -0.5]
                .iter()
                .flat_map(|x| x.to_le_bytes())
                .collect(),
        ),
        (
            3,
            64,
            [0.5_f64, -0.5]
                .iter()
                .flat_map(|x| x.to_le_bytes())
                .collect(),
        ),
        (6, 8, vec![0xa5, 0x25]),
        (7, 8, vec![0x90, 0x10]),
    ] {
        let wav = read(&file(tag, 1, 8_000, bits, &data, None)).expect("a WAV file");
        assert_eq!(wav.rate, 8_000);
        let [up, down] = wav.samples[..] else {
            panic!("format {tag}, {bits} bits: {:?}", wav.samples)
        };
        assert!((up - 0.5).abs() < 0.02, "format {tag}, {bits} bits: {up}");
        assert!(
            (down + 0.5).abs() < 0.02,
            "format {tag}, {bits} bits: {down}"
        );
    }
}

#[test]
fn g711_is_the_standards() {
    // ITU-T G.711: the quietest and the loudest of each law.
    assert!((mu_law(0xff)).abs() < 1e-6);
    assert!((mu_law(0x80) - 32_124.0 / 32_768.0).abs() < 1e-6);
    assert!((mu_law(0x00) + 32_124.0 / 32_768.0).abs() < 1e-6);
    assert!((a_law(0xd5) - 8.0 / 32_768.0).abs() < 1e-6);
    assert!((a_law(0xaa) - 32_256.0 / 32_768.0).abs() < 1e-6);
    assert!((a_law(0x2a) + 32_256.0 / 32_768.0).abs() < 1e-6);
}

#[test]
fn channels_are_mixed() {
    let data = [0x00, 0x40, 0x00, 0x20].repeat(3);
    let wav = read(&file(1, 2, 44_100, 16, &data, None)).expect("a WAV file");
    assert_eq!(wav.samples, [0.375; 3]);
}

#[test]
fn lengths_that_were_never_written_are_measured() {
    let data = [0x00, 0x40].repeat(5);
    for claimed in [0, u32::MAX, 0x7fff_ffff, 11] {
        let wav = read(&file(1, 1, 8_000, 16, &data, Some(claimed))).expect("a WAV file");
        assert_eq!(wav.samples, [0.5; 5], "claimed {claimed}");
    }
    let mut odd = file(1, 1, 8_000, 16, &data, Some(u32::MAX));
    odd.push(1);
    assert_eq!(read(&odd).expect("a WAV file").samples.len(), 5);
}

#[test]
fn other_chunks_are_passed_over() {
    let mut bytes = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0".to_vec();
    bytes.extend(&file(1, 1, 8_000, 16, &[0, 0x40], None)[12..]);
    assert_eq!(read(&bytes).expect("a WAV file").samples, [0.5]);
}

#[test]
fn an_extensible_header_names_the_true_format() {
    let mut format = format_chunk(0xfffe, 1, 48_000, 16);
    format.extend([22, 0, 16, 0, 4, 0, 0, 0]);
    format.extend([1, 0]);
    format.extend(b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
    let mut bytes = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
    bytes.extend((format.len() as u32).to_le_bytes());
    bytes.extend(format);
    bytes.extend(b"data\x02\0\0\0\0\x40");
    assert_eq!(read(&bytes).expect("a WAV file").samples, [0.5]);
}

#[test]
fn says_what_is_wrong() {
    let wrong = |bytes: &[u8]| read(bytes).expect_err("refused").to_string();
    assert_eq!(wrong(b"RIFF\0\0\0\0WAVE"), "is damaged: it has no data");
    assert_eq!(
        wrong(b"RIFF\0\0\0\0WAVEdata\x02\0\0\0\0\0"),
        "is damaged: its data comes before its format"
    );
    assert_eq!(
        wrong(b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0\x01\0"),
        "is damaged: its format is cut off"
    );
    assert_eq!(
        wrong(&file(2, 1, 8_000, 4, &[0], None)),
        "is a WAV file of format 2 with 4 bits: give a WAV file (16 bit is best) or an Ogg Opus file"
    );
    assert_eq!(
        wrong(&file(1, 9, 8_000, 16, &[0; 18], None)),
        "is a WAV file with 9 channels: give a WAV file (16 bit is best) or an Ogg Opus file"
    );
    assert_eq!(
        wrong(&file(1, 1, 10, 8, &[0; 6_001], None)),
        "is too long: at most 600 seconds can be played"
    );
}

#[test]
fn what_is_written_is_read() {
    let mut sink = Cursor::new(Vec::new());
    let mut wav = writer(&mut sink, 2).expect("a sink");
    for sample in [0.5, -0.5, 2.0, f32::NAN] {
        write_sample(&mut wav, sample).expect("a sink");
    }
    finish(wav).expect("a sink");
    let again = read(sink.get_ref()).expect("a WAV file");
    assert_eq!(again.rate, 48_000);
    assert!(again.samples[0].abs() < 0.001, "the mean of both");
    assert!(
        (again.samples[1] - 0.5).abs() < 0.001,
        "clipped, and nothing"
    );
}

proptest! {
    #[test]
    fn a_reader_takes_anything(
        tag in prop_oneof![Just(1_u16), Just(3), Just(6), Just(7), Just(0xfffe), any::<u16>()],
        channels in any::<u16>(), rate in any::<u32>(), bits in prop_oneof![Just(8_u16), Just(16), Just(24), Just(32), Just(64), any::<u16>()],
        data in proptest::collection::vec(any::<u8>(), 0..100), claimed in proptest::option::of(any::<u32>()),
        cut in 0_usize..200,
    ) {
        let mut bytes = file(tag, channels % 12, rate, bits, &data, claimed);
        bytes.truncate(cut);
        if let Ok(wav) = read(&bytes) {
            prop_assert!(wav.samples.iter().all(|sample| (-1.0..=1.0).contains(sample)));
        }
    }

    #[test]
    fn a_reader_takes_noise(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
        bytes.extend(noise);
        read(&bytes).ok();
    }
}

fn file(
    tag: u16,
    channels: u16,
    rate: u32,
    bits: u16,
    data: &[u8],
    claimed: Option<u32>,
) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
    bytes.extend(format_chunk(tag, channels, rate, bits));
    bytes.extend(b"data");
    bytes.extend(claimed.unwrap_or(data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

fn format_chunk(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let block = channels.wrapping_mul(bits / 8);
    let mut chunk = Vec::new();
    chunk.extend(tag.to_le_bytes());
    chunk.extend(channels.to_le_bytes());
    chunk.extend(rate.to_le_bytes());
    chunk.extend(rate.wrapping_mul(u32::from(block)).to_le_bytes());
    chunk.extend(block.to_le_bytes());
    chunk.extend(bits.to_le_bytes());
    chunk
}
