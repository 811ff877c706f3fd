//! `cargo xtask fuzz`: noise for the readers of what strangers send. What it finds becomes a test.

use std::fs;

use crate::tools::{Failure, Outcome, Step, failed, has, root};

/// The readers that can be fuzzed: the files of `fuzz/targets`.
const TARGETS: &[&str] = &["sdp", "json", "messages", "templates"];

/// How long a reader is fuzzed when nobody says, in seconds.
const SECONDS: &str = "60";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let (name, seconds) = match arguments {
        [] => (None, SECONDS),
        [name] => (Some(name.as_str()), SECONDS),
        [name, seconds, ..] => (Some(name.as_str()), seconds.as_str()),
    };
    if let Some(name) = name.filter(|name| !TARGETS.contains(name)) {
        let names = TARGETS.join(", ");
        return failed(format!("no reader `{name}` to fuzz; there are {names}"));
    }
    if !has("cargo-fuzz") {
        return failed("`cargo-fuzz` is missing; install it: cargo install --locked cargo-fuzz");
    }
    give_examples()?;
    let wanted = TARGETS
        .iter()
        .filter(|it| name.is_none_or(|name| name == **it));
    for target in wanted {
        let time = format!("-max_total_time={seconds}");
        let words = [
            "fuzz",
            "run",
            target,
            "--",
            &time,
            "-max_len=8192",
            "-timeout=2",
        ];
        // A sanitizer asks for a nightly compiler, or for this word to the one we pin.
        Step::cargo(words).env("RUSTC_BOOTSTRAP", "1").run()?;
    }
    Ok(())
}

/// Descriptions of real stacks, to begin with.
fn give_examples() -> Outcome {
    let wrong = |error: std::io::Error| Failure(format!("fuzz/corpus: {error}"));
    let corpus = root().join("fuzz/corpus/sdp");
    fs::create_dir_all(&corpus).map_err(wrong)?;
    let fixtures = root().join("crates/wire/src/sdp/fixtures");
    for fixture in fs::read_dir(fixtures).map_err(wrong)? {
        let fixture = fixture.map_err(wrong)?;
        fs::copy(fixture.path(), corpus.join(fixture.file_name())).map_err(wrong)?;
    }
    Ok(())
}
