//! What can be said, as it is written.

use super::*;

#[test]
fn speeches_are_read() {
    let speech = |text: &str| text.parse::<Speech>().expect(text);
    assert_eq!(speech("tone:440"), Speech::Tone { hz: 440 });
    assert_eq!(speech("tone: 440 Hz"), Speech::Tone { hz: 440 });
    assert_eq!(speech("echo"), Speech::Echo);
    assert_eq!(speech(" silence "), Speech::Silence);
    assert_eq!(speech("nothing"), Speech::Nothing);
    assert_eq!(
        speech("data:audio/wav;base64,aGVsbG8="),
        Speech::Data(b"hello".to_vec())
    );
    let file = speech("sounds/hello.wav");
    assert!(file.ends());
    assert_eq!(
        file.within(Path::new("/tests")).to_string(),
        "/tests/sounds/hello.wav"
    );
    assert_eq!(
        speech("/a.wav").within(Path::new("/tests")).to_string(),
        "/a.wav"
    );
    let looped = speech("loop:hold.ogg");
    assert!(!looped.ends());
    assert_eq!(looped.to_string(), "loop:hold.ogg");
}

#[test]
fn says_what_is_wrong() {
    let wrong = |text: &str| text.parse::<Speech>().expect_err(text).to_string();
    for text in ["tone:", "tone:19", "tone:20001", "tone:loud", "tone:440.5"] {
        assert_eq!(
            wrong(text),
            "a tone is written tone:440, its frequency from 20 to 20000 Hz"
        );
    }
    for text in ["data:", "data:audio/wav,x", "data:audio/wav;base64,!"] {
        assert_eq!(
            wrong(text),
            "data is written data:audio/wav;base64, and then the file in base64"
        );
    }
    for text in ["", "  ", "loop:"] {
        assert!(wrong(text).starts_with("it names nothing"));
    }
}

#[test]
fn files_are_loaded_or_refused_by_name() {
    let missing = "no/such.wav".parse::<Speech>().expect("a path");
    let error = missing.load().expect_err("no file").to_string();
    assert!(error.starts_with("no/such.wav cannot be read: "), "{error}");
    let error = Speech::Data(b"hello".to_vec())
        .load()
        .expect_err("no audio");
    assert_eq!(
        error.to_string(),
        "a file of 5 bytes is no audio file: give a WAV file (16 bit is best) or an Ogg Opus file"
    );
    assert!(matches!(
        Speech::Tone { hz: 440 }.load().expect("a tone").mouthpiece,
        Mouthpiece::Loop(_)
    ));
}
