//! Whole calls between processes: `dialtone dev`, a phone in a terminal, and a business that calls from
//! one, with the sound measured at the far ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use media::audio::{Probe, read_pcm};

use crate::program::{Program, dialtone};

const BUSINESS_HZ: u16 = 440;
const USER_HZ: u16 = 600;

/// A phone of the user, with these flags, that keeps what it hears.
fn phone(program: &Program, folder: &Path, flags: &[&str]) -> Command {
    let mut command = dialtone(folder);
    command
        .args(["phone", "--calls", "1", "--record", "heard.wav"])
        .args(["--say", &format!("tone:{USER_HZ}")])
        .args(flags)
        .envs(&program.env)
        .stdout(Stdio::piped());
    command
}

/// What a process said, once it has ended well.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{text}{wrong}", output.status);
    text
}

/// The recording is the one tone for a second at least, without a gap, and nothing of the other.
fn assert_heard(file: &Path, hz: u16, other: u16) {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let samples = read_pcm(&bytes).expect("a recording");
    let whole = Probe::new(&samples);
    assert!(
        whole.duration() > Duration::from_millis(1_500),
        "{:?}",
        whole.duration()
    );
    // The middle: at the edges is what the codec and the jitter buffer make of a beginning.
    let part = whole.part(Duration::from_millis(300), Duration::from_secs(1));
    assert!(
        part.tone_share(hz) > 0.9,
        "{hz} Hz: {}",
        part.tone_share(hz)
    );
    assert!(
        part.tone_share(other) < 0.01,
        "{other} Hz: {}",
        part.tone_share(other)
    );
}

#[test]
fn a_user_calls_the_business() {
    let program = Program::start("dev", &["--handler", "tone"]);
    let folder = tempfile::tempdir().expect("a folder");
    let number = program.env("DIALTONE_DISPLAY_PHONE_NUMBER").to_owned();
    let flags = [
        "--dial",
        &number,
        "--press",
        "12#",
        "--hang-up-after",
        "2.5",
    ];
    let output = phone(&program, folder.path(), &flags)
        .output()
        .expect("it starts");
    let story = said(&output);
    assert!(story.contains("The keys were sent."), "{story}");
    assert!(story.contains("(user_hung_up)"), "{story}");
    assert_heard(&folder.path().join("heard.wav"), BUSINESS_HZ, USER_HZ);
}

#[test]
fn the_business_calls_a_user() {
    let program = Program::start("dev", &[]);
    let folder = tempfile::tempdir().expect("a folder");
    let flags = ["--answer-after", "0.2", "--press", "7"];
    let phone = phone(&program, folder.path(), &flags)
        .spawn()
        .expect("it starts");
    let user = program.env("DIALTONE_USER_WA_ID").to_owned();
    let call = dialtone(folder.path())
        .args(["call", &user, "--tone", &BUSINESS_HZ.to_string()])
        .args(["--hang-up-after", "3", "--record", "both.wav"])
        .env("DIALTONE_GATEWAY_URL", program.gateway())
        .output()
        .expect("it starts");
    let story = said(&call);
    assert!(story.contains('7'), "the key is told: {story}");
    let story = said(&phone.wait_with_output().expect("it ended"));
    assert!(story.contains("(business_hung_up)"), "{story}");
    assert_heard(&folder.path().join("heard.wav"), BUSINESS_HZ, USER_HZ);
    assert!(folder.path().join("both.wav").exists());
}

#[test]
fn a_user_declines() {
    let program = Program::start("dev", &[]);
    let folder = tempfile::tempdir().expect("a folder");
    let phone = phone(&program, folder.path(), &["--reject-after", "0.1"])
        .spawn()
        .expect("it starts");
    let user = program.env("DIALTONE_USER_WA_ID").to_owned();
    let call = dialtone(folder.path())
        .args(["call", &user])
        .env("DIALTONE_GATEWAY_URL", program.gateway())
        .output()
        .expect("it starts");
    assert_eq!(call.status.code(), Some(11), "{call:?}");
    said(&phone.wait_with_output().expect("it ended"));
}
