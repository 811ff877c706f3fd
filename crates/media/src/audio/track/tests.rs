//! A file written while the call runs, read again.

use super::*;
use crate::audio::probe::Probe;
use crate::audio::{Clip, read_pcm};

#[test]
fn a_call_with_gaps_keeps_its_length() {
    let clip = Clip::tone(440, 0.5);
    let mut track = OggTrack::new(Vec::new()).expect("a sink");
    for _ in 0..25 {
        track.tick();
    }
    for n in 0..500_u32 {
        // A tenth is lost, some overtake each other, and for two seconds nobody speaks.
        let place = if n < 2 { n } else { n ^ 1 };
        if n % 10 != 7 && !(200..300).contains(&n) {
            track.packet(place * 960, &clip.packets()[place as usize % 50]);
        }
        track.tick();
    }
    let file = track.finish().expect("a sink");
    let pcm = read_pcm(&file).expect("an Ogg Opus file");
    // Half a second before the first packet, ten seconds of call, less what a decoder skips.
    assert_eq!(pcm.len(), 24_000 + 480_000 - 312);
    let heard = Probe::new(&pcm);
    let second = std::time::Duration::from_secs(1);
    assert!(heard.part(second, second * 2).tone_share(440) > 0.8);
    let gap = heard.longest_tone_gap(440).expect("a tone");
    assert!((1_900..=2_030).contains(&gap.as_millis()), "{gap:?}");
}

#[test]
fn a_crash_leaves_what_was_written() {
    let clip = Clip::tone(440, 0.5);
    let mut track = OggTrack::new(Vec::new()).expect("a sink");
    for (n, packet) in (0_u32..).zip(clip.packets().iter().cycle().take(500)) {
        track.packet(n * 960, packet);
    }
    let written = track.writer.get_ref().expect("a sink").clone();
    let seconds = read_pcm(&written).expect("readable").len() / 48_000;
    assert!(seconds >= 8, "of ten seconds {seconds} are there");
}

#[test]
fn a_sink_that_fails_is_told_at_the_end() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self
                .0
                .checked_sub(bytes.len())
                .ok_or_else(|| std::io::Error::other("the disk is full"))?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let clip = Clip::tone(440, 0.5);
    let mut track = OggTrack::new(Full(10_000)).expect("room for the beginning");
    for (n, packet) in (0_u32..).zip(clip.packets().iter().cycle().take(500)) {
        track.packet(n * 960, packet);
    }
    let error = track.finish().err().expect("the disk is full");
    assert_eq!(error.to_string(), "io error: the disk is full");
}
