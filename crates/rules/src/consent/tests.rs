//! Stories of consent: a script goes in, what the ledger did comes out, compared as text.

mod calls;
mod grants;
mod model;
mod requests;
mod standing;
mod walk;
mod week;
mod words;

use std::time::Duration;

use types::preset::ConsentLimits;
use types::{CallId, Direction, MessageId, Preset, Timestamp};

use super::*;
use crate::window::Window;

/// Plays `script` by the limits of `meta-2026`, and compares what the ledger did with `story`.
#[track_caller]
fn check(script: &str, story: &str) {
    check_by(&Preset::meta_2026().consent, script, story);
}

/// A script is a list of `<moment> <verb> ...`, where a moment is such as `6d23h` or `7d-1ms`; a story
/// one line per thing done, and per refusal. The one place that knows the API.
#[track_caller]
fn check_by(limits: &ConsentLimits, script: &str, story: &str) {
    let mut ledger = Ledger::new();
    let mut told = Vec::new();
    for step in script.split(", ") {
        let (at, verb) = step.trim().split_once(' ').expect("`<moment> <verb>`");
        let now = moment(at);
        let answer = take(&mut ledger, now, limits, verb);
        tell(&mut ledger, now, &mut told);
        match answer {
            Ok(None) => {}
            Ok(Some(line)) => told.push(format!("{} {line}", in_words(now))),
            Err(refusal) => told.push(format!("{} refused: {refusal:?}", in_words(now))),
        }
    }
    let story: Vec<&str> = story.lines().map(str::trim).collect();
    assert_eq!(told.join("\n"), story.join("\n"));
}

/// Does what one step of a script says; answers with a line where there is one.
fn take(
    ledger: &mut Ledger,
    now: Timestamp,
    limits: &ConsentLimits,
    verb: &str,
) -> Result<Option<String>, Refusal> {
    let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
    let input = match verb {
        "look" => return Ok(Some(words::standing(&ledger.standing(now, limits)))),
        "may_call" => {
            let line = match ledger.may_call(now, limits) {
                Ok(_) => "may call".to_owned(),
                Err(refusal) => words::no_call(&refusal),
            };
            return Ok(Some(line));
        }
        "ask" => {
            let (name, how) = rest.split_once(' ').unwrap_or((rest, "by template"));
            match ledger.may_request(now, limits, how_of(how)) {
                Ok(pass) => Input::Requested {
                    pass,
                    request: request(name),
                },
                Err(refusal) => return Ok(Some(words::no_request(&refusal))),
            }
        }
        _ => words::input(verb, rest),
    };
    ledger.handle(now, limits, input).map(|()| None)
}

fn how_of(text: &str) -> How {
    let heard = |secs| {
        How::FreeForm(Window {
            heard: Some(Timestamp::from_secs(secs)),
        })
    };
    match text {
        "by template" => How::Template,
        "in a window" => heard(1_000_000_000),
        "too late" => heard(0),
        other => panic!("no such way to ask: {other}"),
    }
}

fn tell(ledger: &mut Ledger, now: Timestamp, told: &mut Vec<String>) {
    while let Some(output) = ledger.poll_output() {
        told.push(match output {
            Output::Record(entry) => words::entry(&entry),
            Output::Notify(notice) => format!("{} {}", in_words(now), words::notice(&notice)),
            Output::TellUser(notice) => format!("{} user: {notice:?}", in_words(now)),
        });
    }
}

fn request(name: &str) -> MessageId {
    format!("wamid.{name}").parse().expect("an id")
}

fn call(name: &str) -> CallId {
    format!("wacid.{name}").parse().expect("an id")
}

/// The moment `6d23h`, or `7d-1ms`, after the epoch.
#[track_caller]
fn moment(text: &str) -> Timestamp {
    let (more, less) = text.split_once('-').unwrap_or((text, "0ms"));
    let (more, less) = (span(more), span(less));
    let millis = more.checked_sub(less).expect(text).as_millis();
    Timestamp::from_millis(millis.try_into().expect(text))
}

#[track_caller]
fn span(text: &str) -> Duration {
    let mut sum = Duration::ZERO;
    let mut rest = if text == "0" { "" } else { text };
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = rest.split_at(digits);
        let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = unit.split_at(letters);
        let millis: u64 = match unit {
            "d" => 86_400_000,
            "h" => 3_600_000,
            "s" => 1_000,
            "ms" => 1,
            other => panic!("no such unit: {other} in {text}"),
        };
        let count: u64 = count.parse().expect(text);
        sum += Duration::from_millis(count * millis);
        rest = after;
    }
    sum
}

/// The way back: `6d23h59m59s999ms` without what is zero.
fn in_words(at: Timestamp) -> String {
    let mut rest = at.as_millis();
    let mut words = String::new();
    for (unit, millis) in [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
        ("ms", 1),
    ] {
        if rest >= millis {
            words += &format!("{}{unit}", rest / millis);
            rest %= millis;
        }
    }
    if words.is_empty() {
        words.push('0');
    }
    words
}
