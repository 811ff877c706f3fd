//! A tape is heard while it runs and after.

use std::io::Cursor;

use super::*;
use crate::audio::probe::Probe;
use crate::audio::{Clip, read_pcm};

#[test]
fn what_was_recorded_is_heard() {
    let tape = recorded(440, &[]);
    assert_eq!(tape.packets(), 100);
    assert_eq!(tape.duration(), Duration::from_secs(2));
    assert_eq!(tape.longest_gap(), Duration::ZERO);
    let pcm = tape.pcm();
    assert_eq!(pcm.len(), 96_000);
    assert!(Probe::new(&pcm[9_600..]).tone_share(440) > 0.95);

    let mut wav = Cursor::new(Vec::new());
    tape.write_wav(&mut wav).expect("a sink");
    let again = read_pcm(wav.get_ref()).expect("a WAV file");
    assert_eq!(again.len(), 96_000);
    assert!(Probe::new(&again[9_600..]).tone_share(440) > 0.95);

    let mut ogg = Vec::new();
    tape.write_ogg(&mut ogg).expect("a sink");
    let again = read_pcm(&ogg).expect("an Ogg Opus file");
    assert!(Probe::new(&again[9_600..]).tone_share(440) > 0.95);
}

#[test]
fn gaps_are_known_and_made_up() {
    let tape = recorded(440, &[10, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
    assert_eq!(tape.packets(), 89);
    assert_eq!(tape.longest_gap(), Duration::from_millis(200));
    assert_eq!(tape.duration(), Duration::from_secs(2));
    let pcm = tape.pcm();
    assert_eq!(pcm.len(), 96_000);
    let gap = Probe::new(&pcm).longest_tone_gap(440).expect("a tone");
    assert!(
        (100..=220).contains(&gap.as_millis()),
        "the beginning is made up, the rest is silent: {gap:?}"
    );
}

#[test]
fn an_empty_tape_is_an_empty_file() {
    let tape = Tape::new();
    assert_eq!(tape.pcm(), []);
    assert_eq!(tape.duration(), Duration::ZERO);
    let mut wav = Cursor::new(Vec::new());
    tape.write_wav(&mut wav).expect("a sink");
    assert_eq!(wav.get_ref().len(), 44);
    tape.write_ogg(Vec::new()).expect("a sink");
}

#[test]
fn a_packet_that_waits_for_a_late_one_is_heard_too() {
    let mut tape = Tape::new();
    let clip = Clip::tone(440, 0.5);
    tape.packet(0, &clip.packets()[0]);
    tape.packet(1_920, &clip.packets()[2]);
    assert_eq!(tape.packets(), 2);
    assert_eq!(tape.duration(), Duration::from_millis(60));
    tape.packet(960, &clip.packets()[1]);
    assert_eq!(tape.packets(), 3);
    assert_eq!(tape.longest_gap(), Duration::ZERO);
}

fn recorded(hz: u16, lost: &[u32]) -> Tape {
    let clip = Clip::tone(hz, 0.5);
    let mut tape = Tape::new();
    for (n, packet) in (0_u32..).zip(clip.packets().iter().cycle().take(100)) {
        if !lost.contains(&n) {
            tape.packet(n.wrapping_mul(960).wrapping_sub(4_800), packet);
        }
        tape.tick();
    }
    tape
}
