//! Stories of calls: a script goes in, what the call did comes out, compared as text.

mod business_initiated;
mod failures;
mod user_initiated;
mod walk;
mod words;

use std::time::Duration;

use super::*;
use types::preset::Preset;

use crate::consent::{self, Ledger, Term};

/// Limits that are all different, so that a story shows which one was met.
fn limits() -> CallLimits {
    CallLimits {
        accept_within: Duration::from_secs(60),
        ring_for: Duration::from_secs(45),
        connect_within: Duration::from_secs(15),
        first_media_within: Duration::from_secs(20),
        media_gap_max: Duration::from_secs(30),
        first_sign_within: Duration::from_secs(3),
        concurrent_calls_max: 1,
        attempts_per_day_max: 1,
    }
}

/// A call placed at the epoch.
fn placed(direction: Direction, limits: &CallLimits) -> Call {
    let now = Timestamp::EPOCH;
    match direction {
        Direction::UserInitiated => Call::user_initiated(now, limits),
        Direction::BusinessInitiated => {
            let consent = Preset::meta_2026().consent;
            let mut ledger = Ledger::new();
            let term = Term::Permanent;
            let granted = ledger.handle(now, &consent, consent::Input::OperatorGrant { term });
            granted.expect("something new");
            let permission = ledger.may_call(now, &consent).expect("granted");
            Call::business_initiated(now, limits, permission)
        }
    }
}

/// Every input there is, with two different answers where there is one.
fn inputs() -> [Input; 20] {
    let (a, b) = (SdpDigest([0xaa; 32]), SdpDigest([0xbb; 32]));
    [
        Input::PreAccept { answer: a },
        Input::PreAccept { answer: b },
        Input::Accept { answer: a },
        Input::Accept { answer: b },
        Input::Reject,
        Input::BusinessHangUp,
        Input::PhoneRings,
        Input::PhoneUnreachable,
        Input::UserPicksUp,
        Input::UserRejects,
        Input::UserHangUp,
        Input::BusinessLegUp,
        Input::BusinessMediaStarted,
        Input::BusinessMediaStopped,
        Input::BusinessLegFailed,
        Input::UserLegUp,
        Input::UserLegFailed,
        Input::MediaLost,
        Input::CutOff {
            reason: EndReason::PaymentMissing,
        },
        Input::Timeout,
    ]
}

/// Plays `script` on a call that a user places, and compares what it did with `story`.
#[track_caller]
fn user_calls(script: &str, story: &str) {
    check(Direction::UserInitiated, script, story);
}

/// Plays `script` on a call that the business places, and compares what it did with `story`.
#[track_caller]
fn business_calls(script: &str, story: &str) {
    check(Direction::BusinessInitiated, script, story);
}

/// A script is a list of `<millis> <input>`; a story one line per moment: what was refused, what is
/// to be done, in order. The one place that knows the API.
#[track_caller]
fn check(direction: Direction, script: &str, story: &str) {
    let limits = limits();
    let mut call = placed(direction, &limits);
    let mut told = Vec::new();
    tell(&mut call, Timestamp::EPOCH, &mut told);

    for step in script.split(", ").filter(|step| !step.is_empty()) {
        let (at, verb) = step.split_once(' ').expect("`<millis> <input>`");
        let at = Timestamp::from_millis(at.parse().expect("millis"));
        let answer = call.handle(at, &limits, input(verb));
        tell(&mut call, at, &mut told);
        if let Err(refusal) = answer {
            told.push(format!("{at:?} refused: {refusal:?}"));
        }
    }

    let story: Vec<&str> = story.lines().map(str::trim).collect();
    assert_eq!(told.join("\n"), story.join("\n"));
}

#[track_caller]
fn input(verb: &str) -> Input {
    let answer = |name: &str| SdpDigest([if name == "a" { 0xaa } else { 0xbb }; 32]);
    match verb.split_once(' ') {
        Some(("pre_accept", name)) => {
            return Input::PreAccept {
                answer: answer(name),
            };
        }
        Some(("accept", name)) => {
            return Input::Accept {
                answer: answer(name),
            };
        }
        Some(_) | None => {}
    }
    match verb {
        "reject" => Input::Reject,
        "terminate" => Input::BusinessHangUp,
        "rings" => Input::PhoneRings,
        "unreachable" => Input::PhoneUnreachable,
        "pickup" => Input::UserPicksUp,
        "declines" => Input::UserRejects,
        "hangup" => Input::UserHangUp,
        "b_up" => Input::BusinessLegUp,
        "b_media" => Input::BusinessMediaStarted,
        "b_silent" => Input::BusinessMediaStopped,
        "b_failed" => Input::BusinessLegFailed,
        "u_up" => Input::UserLegUp,
        "u_failed" => Input::UserLegFailed,
        "restart" => Input::MediaLost,
        "cut_off" => Input::CutOff {
            reason: EndReason::PaymentMissing,
        },
        "timeout" => Input::Timeout,
        other => panic!("no such input: {other}"),
    }
}

fn tell(call: &mut Call, at: Timestamp, told: &mut Vec<String>) {
    while let Some(output) = call.poll_output() {
        let line = match output {
            Output::Notify(Notice::Connect) => "webhook connect".to_owned(),
            Output::Notify(Notice::Ringing) => "webhook RINGING".to_owned(),
            Output::Notify(Notice::Accepted) => "webhook ACCEPTED".to_owned(),
            Output::Notify(Notice::Rejected) => "webhook REJECTED".to_owned(),
            Output::Notify(Notice::Terminated(ending)) => terminated(ending),
            Output::RingPhone => "ring phone".to_owned(),
            Output::TellPhone(PhoneNotice::Ringing) => "phone: ringing".to_owned(),
            Output::TellPhone(PhoneNotice::Accepted) => "phone: accepted".to_owned(),
            Output::TellPhone(PhoneNotice::Ended(reason)) => format!("phone: ended {reason}"),
            Output::ApplyBusinessAnswer => "apply business answer".to_owned(),
            Output::ApplyUserAnswer => "apply user answer".to_owned(),
            Output::PassMedia => "pass media".to_owned(),
            Output::CloseMedia => "close media".to_owned(),
        };
        told.push(format!("{at:?} {line}"));
    }
}

fn terminated(ending: Ending) -> String {
    let Ending {
        reason,
        started,
        ended,
    } = ending;
    let (status, blame) = (ending.status(), ending.blame());
    let mut line = format!("webhook terminate {status}: {reason} by {blame}");
    if let Some(fault) = ending.fault() {
        line += &format!(", {fault:?}");
    }
    match started {
        Some(started) => line + &format!(", {started:?} to {ended:?}"),
        None => line + &format!(", never taken, at {ended:?}"),
    }
}
