//! Every story of a call that a few inputs can tell.

use super::*;

mod walk;

#[test]
fn a_user_calls_and_hangs_up() {
    check(
        "user: 20 made A, 50 done pre_accept, 300 up, 350 done accept, 400 media, 9350 terminated",
        "0ms make answer to O
         20ms request pre_accept A
         300ms connected
         300ms request accept A
         350ms answered
         350ms start handler
         9350ms close media
         9350ms ended: HungUp by user after 9s",
    );
}

#[test]
fn the_leg_is_up_before_the_pre_accept_is_answered() {
    check(
        "user: 20 made A, 40 up, 50 done pre_accept, 60 done accept, 70 hangup, 80 terminated",
        "0ms make answer to O
         20ms request pre_accept A
         40ms connected
         50ms request accept A
         60ms answered
         60ms start handler
         70ms request terminate
         70ms close media
         80ms ended: HungUp by business after 0s",
    );
}

#[test]
fn the_caller_gives_up_while_it_rings() {
    check(
        "user: 20 made A, 30 terminated, 50 done pre_accept",
        "0ms make answer to O
         20ms request pre_accept A
         30ms close media
         30ms ended: NotAnswered by user after 0s
         50ms refused: Ended",
    );
}

#[test]
fn a_call_without_a_working_path_is_declined_and_not_taken() {
    check(
        "user: 20 made A, 50 done pre_accept, 20050 timeout, 20060 done reject, 20070 terminated",
        "0ms make answer to O
         20ms request pre_accept A
         20050ms request reject
         20050ms close media
         20060ms refused: OutOfTurn
         20070ms ended: MediaFailed by network after 0s",
    );
}

#[test]
fn an_offer_that_cannot_be_answered_is_declined() {
    check(
        "user: 20 unmade, 40 terminated",
        "0ms make answer to O
         20ms request reject
         20ms close media
         40ms ended: MediaFailed by platform after 0s (no fingerprint)",
    );
}

#[test]
fn a_refused_pre_accept_ends_the_call() {
    check(
        "user: 20 made A, 30 refused pre_accept, 40 refused reject",
        "0ms make answer to O
         20ms request pre_accept A
         30ms request reject
         30ms close media
         40ms ended: Refused by platform after 0s (no (100))",
    );
}

#[test]
fn an_accept_whose_fate_is_unknown_is_left_to_the_watchdog() {
    check(
        "user: 20 made A, 30 unclear pre_accept, 40 up, 5000 unclear accept, 25000 timeout",
        "0ms make answer to O
         20ms request pre_accept A
         40ms connected
         40ms request accept A
         5000ms answered
         5000ms start handler
         25000ms request terminate
         25000ms close media",
    );
}

#[test]
fn hanging_up_while_the_accept_is_under_way_ends_what_was_accepted() {
    check(
        "user: 20 made A, 30 up, 40 done pre_accept, 50 hangup, 60 done accept, 70 terminated",
        "0ms make answer to O
         20ms request pre_accept A
         30ms connected
         40ms request accept A
         50ms request reject
         50ms close media
         60ms request terminate
         70ms ended: Declined by business after 0s",
    );
}

#[test]
fn the_business_calls_and_the_user_hangs_up() {
    check(
        "business: 5 made O, 40 placed, 60 answer A, 300 up, 900 rings, 4000 picked up, 4050 media, \
         10000 terminated",
        "0ms make offer
         5ms request connect O
         40ms placed wacid.T
         60ms apply A
         300ms connected
         900ms ringing
         4000ms answered
         4000ms start handler
         10000ms close media
         10000ms ended: HungUp by user after 6s",
    );
}

#[test]
fn the_answer_is_no_pickup() {
    check(
        "business: 5 made O, 40 placed, 60 answer A, 300 up, 350 media, 90040 timeout, 90050 terminated",
        "0ms make offer
         5ms request connect O
         40ms placed wacid.T
         60ms apply A
         300ms connected
         90040ms request terminate
         90040ms close media
         90050ms ended: NotAnswered by user after 0s",
    );
}

#[test]
fn the_pickup_overtakes_the_answer() {
    check(
        "business: 5 made O, 40 placed, 50 picked up, 55 rings, 60 answer A, 61 answer A, 200 up, \
         250 done handler, 300 terminated",
        "0ms make offer
         5ms request connect O
         40ms placed wacid.T
         50ms answered
         55ms refused: OutOfTurn
         60ms apply A
         61ms refused: OutOfTurn
         200ms connected
         200ms start handler
         250ms request terminate
         250ms close media
         300ms ended: HungUp by business after 0s",
    );
}

#[test]
fn no_permission_is_an_outcome_of_its_own() {
    check(
        "business: 5 made O, 40 denied",
        "0ms make offer
         5ms request connect O
         40ms close media
         40ms ended: NoPermission by user after 0s (not allowed (138006))",
    );
}

#[test]
fn the_user_declines() {
    check(
        "business: 5 made O, 40 placed, 50 rings, 900 declined, 910 declined, 950 terminated",
        "0ms make offer
         5ms request connect O
         40ms placed wacid.T
         50ms ringing
         900ms close media
         910ms refused: OutOfTurn
         950ms ended: Declined by user after 0s",
    );
}

#[test]
fn a_request_of_unknown_fate_is_not_repeated_and_may_be_named_later() {
    check(
        "business: 5 made O, 9000 unclear connect, 10000 placed, 10010 answer A",
        "0ms make offer
         5ms request connect O
         10000ms placed wacid.T
         10010ms apply A",
    );
}

#[test]
fn a_call_that_is_named_after_we_gave_up_is_terminated() {
    check(
        "business: 5 made O, 9000 unclear connect, 19000 timeout, 20000 placed, 20001 placed",
        "0ms make offer
         5ms request connect O
         19000ms close media
         19000ms ended: Unclear by network after 0s
         20000ms request terminate
         20001ms refused: Ended",
    );
}

#[test]
fn a_cancelled_call_is_terminated_as_soon_as_it_has_a_name() {
    check(
        "business: 5 made O, 10 hangup, 40 placed, 50 terminated",
        "0ms make offer
         5ms request connect O
         10ms close media
         40ms request terminate
         50ms ended: Cancelled by business after 0s",
    );
}

#[test]
fn a_dead_peer_ends_the_call() {
    check(
        "business: 5 made O, 40 placed, 60 answer A, 70 up, 80 media, 90 picked up, 1000 silence, \
         1500 media, 5000 silence, 35000 timeout, 45000 timeout",
        "0ms make offer
         5ms request connect O
         40ms placed wacid.T
         60ms apply A
         70ms connected
         90ms answered
         90ms start handler
         35000ms request terminate
         35000ms close media
         45000ms ended: NoMedia by network after 44s",
    );
}

#[test]
fn closed_media_is_no_failure_but_the_end_before_its_word() {
    check(
        "user: 0 made A, 0 up, 0 done pre_accept, 0 done accept, 0 media, 5000 closed, 5100 terminated",
        "0ms make answer to O
         0ms request pre_accept A
         0ms connected
         0ms request accept A
         0ms answered
         0ms start handler
         5100ms close media
         5100ms ended: HungUp by user after 5s",
    );
    check(
        "business: 0 made O, 0 placed, 0 answer A, 0 up, 5000 closed, 8000 timeout, 8100 terminated",
        "0ms make offer
         0ms request connect O
         0ms placed wacid.T
         0ms apply A
         0ms connected
         8000ms request terminate
         8000ms close media
         8100ms ended: NotAnswered by user after 0s",
    );
    check(
        "business: 0 made O, 0 placed, 0 picked up, 0 answer A, 0 up, 5000 closed, 8000 timeout, \
         8100 terminated",
        "0ms make offer
         0ms request connect O
         0ms placed wacid.T
         0ms answered
         0ms apply A
         0ms connected
         0ms start handler
         8000ms request terminate
         8000ms close media
         8100ms ended: HungUp by user after 8s",
    );
}

#[test]
fn the_platform_gives_its_reason() {
    check(
        "business: 5 made O, 40 placed, 50 picked up, 60 answer A, 15000 failed",
        "0ms make offer
         5ms request connect O
         40ms placed wacid.T
         50ms answered
         60ms apply A
         15000ms close media
         15000ms ended: Failed by platform after 14s (silent (138021))",
    );
}

/// A call that starts as the script's first word says.
fn begin(who: &str) -> Call {
    let now = Timestamp::from_millis(0);
    match who {
        "user" => Call::from_user(now, &timers(), id(), now, "O".to_owned()),
        "business" => Call::to_user(now, &timers()),
        other => panic!("nobody calls as {other}"),
    }
}

fn id() -> CallId {
    "wacid.T".parse().expect("a call id")
}

fn timers() -> Timers {
    Timers {
        answer_within: Duration::from_secs(55),
        answer_after: Duration::ZERO,
        connect_within: Duration::from_secs(20),
        place_within: Duration::from_secs(40),
        learn_within: Duration::from_secs(10),
        ring_for: Duration::from_secs(90),
        first_media_within: Duration::from_secs(20),
        media_gap_max: Duration::from_secs(30),
        goodbye_within: Duration::from_secs(10),
        farewell_within: Duration::from_secs(3),
    }
}

/// Plays `script` and compares what the call did with `story`. The one place that knows the API.
#[track_caller]
fn check(script: &str, story: &str) {
    let (who, steps) = script.split_once(": ").expect("`<who>: <steps>`");
    let mut call = begin(who);
    let mut told = Vec::new();
    tell(&mut call, Timestamp::from_millis(0), &mut told);

    for step in steps.split(", ") {
        let (at, verb) = step.trim().split_once(' ').expect("`<millis> <verb>`");
        let at = Timestamp::from_millis(at.parse().expect("millis"));
        let answer = call.handle(at, &timers(), input(verb));
        tell(&mut call, at, &mut told);
        if let Err(refusal) = answer {
            told.push(format!("{at:?} refused: {refusal:?}"));
        }
    }

    let story: Vec<&str> = story.lines().map(str::trim).collect();
    assert_eq!(told.join("\n"), story.join("\n"));
}

fn input(verb: &str) -> Input {
    let reason = |code: u32, text: &str| Reason {
        code: Some(code),
        text: text.to_owned(),
    };
    let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
    match (verb, rest) {
        ("answer", sdp) => Input::AnswerCame(sdp.to_owned()),
        ("made", sdp) => Input::DescriptionMade(sdp.to_owned()),
        ("unmade", "") => Input::DescriptionFailed("no fingerprint".to_owned()),
        ("placed", "") => Input::Placed(id()),
        ("done", "handler") => Input::HandlerDone,
        ("done", what) => Input::Done(kind(what)),
        ("refused", what) => Input::Refused(kind(what), reason(100, "no")),
        ("denied", "") => Input::Refused(RequestKind::Connect, reason(138_006, "not allowed")),
        ("unclear", what) => Input::Unclear(kind(what)),
        ("up", "") => Input::LegUp,
        ("down", "") => Input::LegFailed,
        ("closed", "") => Input::LegClosed,
        ("media", "") => Input::MediaStarted,
        ("silence", "") => Input::MediaStopped,
        ("rings", "") => Input::Rings,
        ("picked", "up") => Input::PickedUp,
        ("declined", "") => Input::Declined,
        ("hangup", "") => Input::HangUp,
        ("terminated", "") => Input::Terminated(Terminated::default()),
        ("failed", "") => Input::Terminated(Terminated {
            failed: true,
            reason: Some(reason(138_021, "silent")),
        }),
        ("timeout", "") => Input::Timeout,
        other => panic!("no such input: {other:?}"),
    }
}

fn kind(word: &str) -> RequestKind {
    [
        RequestKind::Accept,
        RequestKind::Connect,
        RequestKind::PreAccept,
        RequestKind::Reject,
        RequestKind::Terminate,
    ]
    .into_iter()
    .find(|kind| kind.as_str() == word)
    .unwrap_or_else(|| panic!("no such request: {word}"))
}

fn tell(call: &mut Call, at: Timestamp, told: &mut Vec<String>) {
    while let Some(output) = call.poll_output() {
        told.push(format!("{at:?} {}", line(&output)));
    }
}

fn line(output: &Output) -> String {
    match output {
        Output::ApplyAnswer(sdp) => format!("apply {sdp}"),
        Output::CloseMedia => "close media".to_owned(),
        Output::MakeAnswer(offer) => format!("make answer to {offer}"),
        Output::MakeOffer => "make offer".to_owned(),
        Output::Request(request) => {
            let sdp = match request {
                Request::Accept { answer } | Request::PreAccept { answer } => answer,
                Request::Connect { offer } => offer,
                Request::Reject | Request::Terminate => "",
            };
            let line = format!("request {} {sdp}", request.kind().as_str());
            line.trim_end().to_owned()
        }
        Output::StartHandler => "start handler".to_owned(),
        Output::Tell(News::Answered) => "answered".to_owned(),
        Output::Tell(News::Connected) => "connected".to_owned(),
        Output::Tell(News::Ended(ending)) => {
            let Ending {
                outcome,
                blame,
                reason,
                talked,
            } = ending;
            let reason = reason
                .as_ref()
                .map_or_else(String::new, |it| format!(" ({it})"));
            format!(
                "ended: {outcome:?} by {blame} after {}s{reason}",
                talked.as_secs()
            )
        }
        Output::Tell(News::Placed(id)) => format!("placed {id}"),
        Output::Tell(News::Ringing) => "ringing".to_owned(),
    }
}
