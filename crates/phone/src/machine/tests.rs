//! What a phone does, as short stories; and every short story there is.

mod chatting;
mod walk;

use super::*;
use crate::line::{DialRefusal, StopReason, ToPhone};

#[test]
fn answers_says_presses_and_hangs_up() {
    check(
        "answer_after_ms = 3000\nsay = \"hello.wav\"\npress = \"2\"\nhang_up_after_ms = 9000",
        "0 welcome, 100 ring, 3100 timeout, 3200 accepted, 3250 up, 5000 clip ended,
         5300 digits sent, 12200 timeout, 12250 ended",
        "0 tell online
         100 tell rings
         100 send ringing
         3100 make answer
         3100 tell picked_up
         3100 send pick_up
         3200 tell accepted
         3200 tell says hello.wav
         3200 say hello.wav
         3250 tell media_up
         5000 tell said
         5000 press 2
         5300 tell pressed
         12200 tell hung_up
         12200 send hang_up
         12200 close media
         12250 tell ended user_hung_up",
    );
}

#[test]
fn dials_by_itself_and_talks() {
    check(
        "dial = \"15550783881\"\ndial_after_ms = 500\nthen = [{say = \"tone:440\"}, {wait_ms = 1000}, {hang_up = true}]\ncalls = 1",
        "0 welcome, 500 timeout, 520 dialing, 600 remote ringing, 2000 accepted, 3000 timeout, 3010 ended",
        "0 tell online
         500 tell dialling
         500 make offer
         500 send dial
         520 tell calling
         520 apply answer
         600 tell remote_rings
         2000 tell accepted
         2000 tell says tone:440
         2000 say tone:440
         3000 tell hung_up
         3000 send hang_up
         3000 close media
         3010 tell ended user_hung_up
         3010 leave",
    );
}

#[test]
fn rejects() {
    check(
        "reject_after_ms = 0",
        "0 welcome, 100 ring, 150 ended",
        "0 tell online
         100 tell rings
         100 send ringing
         100 tell rejected
         100 send reject
         150 tell ended user_hung_up",
    );
}

#[test]
fn ignores() {
    check(
        "ignore = true",
        "0 welcome, 100 ring, 60100 stop ringing",
        "0 tell online
         100 tell rings
         100 send ringing
         60100 tell stopped_ringing no_answer",
    );
}

#[test]
fn waits_for_orders() {
    check(
        "",
        "0 dial, 0 welcome, 0 answer, 100 ring, 200 press, 300 answer, 400 dial, 400 accepted,
         500 press, 600 say, 700 hang up, 701 hang up, 702 dial",
        "0 refused: Offline
         0 tell online
         0 refused: NothingRings
         100 tell rings
         100 send ringing
         200 refused: NotTalking
         300 make answer
         300 tell picked_up
         300 send pick_up
         400 refused: Busy
         400 tell accepted
         500 press 1#
         600 tell says echo
         600 say echo
         700 tell hung_up
         700 send hang_up
         700 close media
         701 refused: NoCall
         702 tell dialling
         702 make offer
         702 send dial",
    );
}

#[test]
fn a_dial_is_refused() {
    check(
        "",
        "0 welcome, 1 dial, 5 dial refused, 6 dial",
        "0 tell online
         1 tell dialling
         1 make offer
         1 send dial
         5 tell dial_refused calling_disabled
         5 close media
         6 tell dialling
         6 make offer
         6 send dial",
    );
}

#[test]
fn gives_up_dialling_before_there_is_a_call() {
    check(
        "",
        "0 welcome, 1 dial, 2 hang up, 5 dialing, 9 ended",
        "0 tell online
         1 tell dialling
         1 make offer
         1 send dial
         2 tell hung_up
         2 close media
         5 send hang_up
         9 tell ended user_hung_up",
    );
}

#[test]
fn another_call_comes_while_it_talks() {
    check(
        "answer_after_ms = 0",
        "0 welcome, 1 ring, 2 accepted, 3 ring other, 4 ended other, 5 ended",
        "0 tell online
         1 tell rings
         1 send ringing
         1 make answer
         1 tell picked_up
         1 send pick_up
         2 tell accepted
         3 tell rings_while_busy
         5 tell ended user_hung_up
         5 close media",
    );
}

#[test]
fn media_breaks_down() {
    check(
        "answer_after_ms = 0",
        "0 welcome, 1 ring, 2 accepted, 3 media failed, 4 digit, 5 ended",
        "0 tell online
         1 tell rings
         1 send ringing
         1 make answer
         1 tell picked_up
         1 send pick_up
         2 tell accepted
         3 tell media_failed
         3 send hang_up
         3 close media
         5 tell ended user_hung_up",
    );
}

#[test]
fn the_line_breaks_while_it_rings() {
    check(
        "answer_after_ms = 1000",
        "0 welcome, 1 ring, 500 line down, 700 welcome in call, 701 ring, 1001 timeout",
        "0 tell online
         1 tell rings
         1 send ringing
         500 tell offline
         700 tell online
         701 send ringing
         1001 make answer
         1001 tell picked_up
         1001 send pick_up",
    );
}

#[test]
fn the_pick_up_is_lost_with_the_line() {
    check(
        "answer_after_ms = 0",
        "0 welcome, 1 ring, 2 line down, 3 welcome in call, 4 ring, 5 accepted",
        "0 tell online
         1 tell rings
         1 send ringing
         1 make answer
         1 tell picked_up
         1 send pick_up
         2 tell offline
         3 tell online
         4 close media
         4 make answer
         4 tell picked_up
         4 send pick_up
         5 tell accepted",
    );
}

#[test]
fn the_line_breaks_in_a_call() {
    check(
        "answer_after_ms = 0",
        "0 welcome, 1 ring, 2 accepted, 3 line down, 4 hang up, 5 welcome in call, 6 ended",
        "0 tell online
         1 tell rings
         1 send ringing
         1 make answer
         1 tell picked_up
         1 send pick_up
         2 tell accepted
         3 tell offline
         4 tell hung_up
         4 send hang_up
         4 close media
         5 tell online
         5 send hang_up
         6 tell ended user_hung_up",
    );
}

#[test]
fn the_call_ends_while_the_line_is_down() {
    check(
        "answer_after_ms = 0",
        "0 welcome, 1 ring, 2 accepted, 3 line down, 9 welcome",
        "0 tell online
         1 tell rings
         1 send ringing
         1 make answer
         1 tell picked_up
         1 send pick_up
         2 tell accepted
         3 tell offline
         9 tell online
         9 tell ended ended_while_offline
         9 close media",
    );
}

#[test]
fn a_dial_goes_down_with_the_line() {
    check(
        "dial = \"1555078\"",
        "0 welcome, 1 line down, 2 welcome",
        "0 tell online
         0 tell dialling
         0 make offer
         0 send dial
         1 tell offline
         1 close media
         2 tell online",
    );
}

#[test]
fn a_turned_clock_skips_no_step() {
    // Hours pass at once: all that was due is done, in its order.
    check(
        "answer_after_ms = 10\nthen = [{wait_ms = 1000}, {press = \"5\"}]\nhang_up_after_ms = 3600000",
        "0 welcome, 0 ring, 10 timeout, 10 accepted, 7200000 timeout",
        "0 tell online
         0 tell rings
         0 send ringing
         10 make answer
         10 tell picked_up
         10 send pick_up
         10 tell accepted
         7200000 press 5
         7200000 tell hung_up
         7200000 send hang_up
         7200000 close media",
    );
}

#[test]
fn what_it_does_is_one_word() {
    let mut phone = Machine::new(Script::default());
    assert_eq!(phone.doing().state, "idle");
    assert!(!phone.doing().online);
    for (step, word) in [
        ("welcome", "idle"),
        ("ring", "ringing"),
        ("answer", "answering"),
        ("accepted", "talking"),
        ("hang up", "hanging_up"),
        ("ended", "idle"),
        ("dial", "dialling"),
        ("dialing", "waiting"),
    ] {
        phone
            .handle(Timestamp::EPOCH, input(step))
            .expect("it fits");
        serve(&mut phone, Timestamp::EPOCH, &mut Vec::new());
        assert_eq!(phone.doing().state, word);
    }
    assert_eq!(phone.doing().call_id, Some(call("wacid.A")));
}

/// Plays `events` to a phone with `script` and compares what it did with `story`.
#[track_caller]
fn check(script: &str, events: &str, story: &str) {
    let mut phone = Machine::new(Script::from_toml(script).expect("a script"));
    let mut told = Vec::new();
    for event in events.split(',') {
        let (at, event) = event.trim().split_once(' ').expect("`<millis> <event>`");
        let now = Timestamp::from_millis(at.parse().expect("millis"));
        if let Err(refusal) = phone.handle(now, input(event)) {
            told.push(format!("{at} refused: {refusal:?}"));
        }
        serve(&mut phone, now, &mut told);
        assert!(phone.poll_timeout().is_none_or(|deadline| deadline > now));
    }
    let story: Vec<&str> = story.lines().map(str::trim).collect();
    assert_eq!(told.join("\n"), story.join("\n"));
}

/// Does what a driver does, and notes it.
fn serve(phone: &mut Machine, now: Timestamp, told: &mut Vec<String>) {
    let at = now.as_millis();
    while let Some(output) = phone.poll_output() {
        let answer = match &output {
            Output::MakeOffer => Some(Input::OfferMade {
                sdp: "offer".to_owned(),
            }),
            Output::MakeAnswer { .. } => Some(Input::AnswerMade {
                sdp: "answer".to_owned(),
            }),
            _ => None,
        };
        told.push(format!("{at} {}", words(&output)));
        if let Some(answer) = answer {
            phone.handle(now, answer).expect("answers are taken");
        }
    }
}

fn words(output: &Output) -> String {
    match output {
        Output::Send(message) => {
            let message = format!("{message:?}");
            let word = message.split(' ').next().expect("a word");
            format!("send {word}")
        }
        Output::MakeOffer => "make offer".to_owned(),
        Output::MakeAnswer { .. } => "make answer".to_owned(),
        Output::ApplyAnswer { .. } => "apply answer".to_owned(),
        Output::Say(speech) => format!("say {speech}"),
        Output::Press(digits) => format!("press {digits}"),
        Output::CloseMedia => "close media".to_owned(),
        Output::Leave => "leave".to_owned(),
        Output::Tell(what) => {
            let detail = match what {
                Happening::Ended { reason, .. } => format!(" {reason}"),
                Happening::StoppedRinging { reason, .. } => format!(" {}", reason.as_str()),
                Happening::DialRefused { reason, .. } => format!(" {}", reason.as_str()),
                Happening::Says { what } => format!(" {what}"),
                chat if chat.message_id().is_some() => chat
                    .detail()
                    .map_or_else(String::new, |detail| format!(" {detail}")),
                Happening::Permission { .. } | Happening::SetPermission { .. } => what
                    .detail()
                    .map_or_else(String::new, |detail| format!(" {detail}")),
                _ => String::new(),
            };
            format!("tell {}{detail}", what.word())
        }
    }
}

fn input(event: &str) -> Input {
    let message = Input::Message;
    match event {
        "welcome" => message(welcome(vec![])),
        "welcome in call" => message(welcome(vec![call("wacid.A")])),
        "line down" => Input::LineDown {
            why: "gone".to_owned(),
        },
        "ring" => message(ring("wacid.A")),
        "ring other" => message(ring("wacid.B")),
        "stop ringing" => message(ToPhone::StopRinging {
            call_id: call("wacid.A"),
            reason: StopReason::NoAnswer,
        }),
        "dialing" => message(ToPhone::Dialing {
            dial_id: "dial-1".to_owned(),
            call_id: call("wacid.A"),
            sdp: "answer".to_owned(),
        }),
        "dial refused" => message(ToPhone::DialRefused {
            dial_id: "dial-1".to_owned(),
            reason: DialRefusal::CallingDisabled,
            message: "No.".to_owned(),
            opens_at_ms: None,
            callback_offered: false,
        }),
        "remote ringing" => message(ToPhone::RemoteRinging {
            call_id: call("wacid.A"),
        }),
        "accepted" => message(ToPhone::Accepted {
            call_id: call("wacid.A"),
        }),
        "ended" => message(ended("wacid.A")),
        "ended other" => message(ended("wacid.B")),
        "dial" => Input::Order(Order::Dial {
            to: "15550783881".to_owned(),
            deep_link_payload: None,
        }),
        "answer" => Input::Order(Order::Answer),
        "reject" => Input::Order(Order::Reject),
        "hang up" => Input::Order(Order::HangUp),
        "press" => Input::Order(Order::Press("1#".parse().expect("digits"))),
        "say" => Input::Order(Order::Say(Speech::Echo)),
        "up" => Input::Media(MediaInput::Up),
        "digit" => Input::Media(MediaInput::Digit('5')),
        "clip ended" => Input::Media(MediaInput::ClipEnded),
        "digits sent" => Input::Media(MediaInput::DigitsSent),
        "media failed" => Input::Media(MediaInput::Failed {
            why: "no ICE".to_owned(),
        }),
        "timeout" => Input::Timeout,
        other => chatting::chat_input(other).unwrap_or_else(|| panic!("no such event: {other}")),
    }
}

fn welcome(calls: Vec<CallId>) -> ToPhone {
    ToPhone::Welcome {
        wa_id: "14085551234".parse().expect("a number"),
        name: "Ana".to_owned(),
        businesses: vec![],
        calls,
        chat: vec![],
        permissions: vec![],
        now_ms: 0,
    }
}

fn ring(call_id: &str) -> ToPhone {
    ToPhone::Ring {
        call_id: call(call_id),
        from: crate::line::Business {
            phone_number_id: "436666719526789".parse().expect("an id"),
            display_phone_number: "15550783881".parse().expect("a number"),
            name: "Shop".to_owned(),
            call_icon: true,
        },
        sdp: "offer".to_owned(),
    }
}

fn ended(call_id: &str) -> ToPhone {
    ToPhone::Ended {
        call_id: call(call_id),
        reason: "user_hung_up".to_owned(),
        message: "The user hung up.".to_owned(),
    }
}

fn call(id: &str) -> CallId {
    id.parse().expect("a call id")
}
