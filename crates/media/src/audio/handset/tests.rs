//! What a handset says, keeps and tells, tick by tick.

use std::sync::Mutex;

use super::*;
use crate::audio::codec::CodecSettings;
use crate::audio::probe::Probe;
use crate::audio::{Tape, clip::sine};

#[test]
fn a_clip_is_played_and_then_silence() {
    let clip = Clip::from_pcm(&sine(440, 0.5, 2_880), CodecSettings::default());
    let (mut handset, _control, told) = handset(Mouthpiece::Once(clip.clone()));
    for packet in clip.packets() {
        assert_eq!(handset.tick(), Some(AppFrame::Opus(packet.clone())));
    }
    assert_eq!(story(&told), "");
    for _ in 0..5 {
        assert_eq!(handset.tick(), Some(silence()));
    }
    assert_eq!(story(&told), "ClipEnded", "told once");
}

#[test]
fn a_loop_goes_on() {
    let clip = Clip::from_pcm(&sine(440, 0.5, 1_920), CodecSettings::default());
    let (mut handset, _control, told) = handset(Mouthpiece::Loop(clip.clone()));
    for packet in clip.packets().iter().cycle().take(7) {
        assert_eq!(handset.tick(), Some(AppFrame::Opus(packet.clone())));
    }
    assert_eq!(story(&told), "");
}

#[test]
fn an_echo_says_what_it_heard() {
    let (mut handset, _control, told) = handset(Mouthpiece::Echo);
    assert_eq!(handset.tick(), Some(silence()));
    handset.on_rtp(&audio(0, &[1]));
    handset.on_rtp(&audio(1, &[2]));
    assert_eq!(handset.tick(), Some(AppFrame::Opus(Arc::from([1]))));
    assert_eq!(handset.tick(), Some(AppFrame::Opus(Arc::from([2]))));
    assert_eq!(handset.tick(), Some(silence()));
    for n in 0..50 {
        handset.on_rtp(&audio(n, &[n as u8]));
    }
    assert_eq!(
        handset.tick(),
        Some(AppFrame::Opus(Arc::from([40]))),
        "never late by more than 200 ms"
    );
    assert_eq!(story(&told), "HearsAudio");
}

#[test]
fn nothing_is_nothing() {
    let (mut handset, control, _told) = handset(Mouthpiece::Nothing);
    assert_eq!(handset.tick(), None);
    control.say(Mouthpiece::Silence).expect("it listens");
    assert_eq!(handset.tick(), Some(silence()));
}

#[test]
fn keys_come_before_audio_and_end() {
    let (mut handset, control, told) = handset(Mouthpiece::Silence);
    control
        .press("12".parse().expect("digits"))
        .expect("it listens");
    let mut events = 0;
    for _ in 0..30 {
        if let Some(AppFrame::Event(_)) = handset.tick() {
            events += 1;
        }
    }
    assert_eq!(events, 14);
    assert_eq!(story(&told), "DigitsSent");
    handset.on_digit('7');
    assert_eq!(story(&told), "DigitsSent Digit('7')");
}

#[test]
fn both_sides_are_kept_in_step() {
    let clip = Clip::tone(440, 0.5);
    let (heard, said) = (Tape::new(), Tape::new());
    let (app, _control) = Handset::new(Mouthpiece::Loop(clip), |_| {});
    let mut handset = app.keep_heard(heard.clone()).keep_said(said.clone());
    let other = Clip::tone(600, 0.5);
    for n in 0..100_u32 {
        handset.tick();
        if n >= 50 {
            let packet = &other.packets()[n as usize - 50];
            handset.on_rtp(&audio(n, packet));
        }
    }
    assert_eq!(said.packets(), 100);
    assert_eq!(heard.packets(), 50);
    let pcm = said.pcm();
    assert!(Probe::new(&pcm[9_600..]).tone_share(440) > 0.95);
    let pcm = heard.pcm();
    // It heard nothing for the first second, and its tape says so.
    assert!((pcm.len() as i64 - 96_000).abs() <= 960);
    assert!(Probe::new(&pcm[..47_000]).level() < 0.001);
    assert!(Probe::new(&pcm[57_600..]).tone_share(600) > 0.95);
}

#[test]
fn orders_are_bounded_and_end_with_the_handset() {
    let (handset, control, _told) = handset(Mouthpiece::Silence);
    for _ in 0..HANDSET_ORDERS_MAX {
        control.say(Mouthpiece::Silence).expect("room");
    }
    assert_eq!(control.say(Mouthpiece::Silence), Err(NotTold::Busy));
    drop(handset);
    assert_eq!(control.say(Mouthpiece::Silence), Err(NotTold::Closed));
}

type Told = Arc<Mutex<Vec<HandsetEvent>>>;

fn handset(mouthpiece: Mouthpiece) -> (Handset, HandsetControl, Told) {
    let told = Told::default();
    let listener = told.clone();
    let (handset, control) = Handset::new(mouthpiece, move |event| {
        listener.lock().expect("whole").push(event);
    });
    (handset, control, told)
}

fn story(told: &Told) -> String {
    let told = told.lock().expect("whole");
    let told: Vec<String> = told.iter().map(|event| format!("{event:?}")).collect();
    told.join(" ")
}

fn silence() -> AppFrame {
    AppFrame::Opus(Arc::from(SILENT_PACKET))
}

fn audio(n: u32, payload: &[u8]) -> RtpFrame {
    RtpFrame {
        kind: FrameKind::Audio,
        ssrc: 1,
        seq: u64::from(n),
        timestamp: n * 960,
        marker: false,
        payload: Arc::from(payload),
    }
}
