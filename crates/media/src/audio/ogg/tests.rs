//! Fillers are as long as the gap, and decode to nothing loud.

use super::*;
use crate::audio::codec::packet_samples;

#[test]
fn fillers_are_as_long_as_the_gap() {
    for samples in [
        0,
        119,
        120,
        960,
        2_880,
        48_000,
        48_000 * 60,
        961,
        1_799,
        959,
    ] {
        let filled: usize = fillers(samples)
            .map(|packet| packet_samples(packet).expect("a packet"))
            .sum();
        let expected = samples - samples % 120;
        assert_eq!(filled as u64, expected, "{samples}");
    }
}

#[test]
fn damage_is_named() {
    let wrong = |bytes: &[u8]| read_pcm(bytes).expect_err("damaged").to_string();
    assert!(wrong(b"OggS").starts_with("is damaged: "));
    assert!(wrong(b"").starts_with("is damaged: "));
}
