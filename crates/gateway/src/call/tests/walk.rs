//! Every short sequence of inputs, from every stage of a call, held to what must be true of any call.

use super::*;

#[test]
fn every_short_story_is_sound() {
    let stages = [
        "user: 0 timeout",
        "user: 0 made A",
        "user: 0 made A, 0 done pre_accept",
        "user: 0 made A, 0 done pre_accept, 0 up",
        "user: 0 made A, 0 up, 0 done pre_accept, 0 done accept",
        "user: 0 made A, 0 hangup",
        "business: 0 timeout",
        "business: 0 made O",
        "business: 0 made O, 0 placed",
        "business: 0 made O, 0 placed, 0 answer A, 0 up",
        "business: 0 made O, 0 placed, 0 picked up",
        "business: 0 made O, 0 hangup",
    ];
    let mut stories = 0_usize;
    for stage in stages {
        let (call, told) = play(stage);
        walk(call, Timestamp::from_millis(0), told, 3, &mut stories);
    }
    assert_eq!(stories, stages.len() * (2 * inputs().len()).pow(3));
}

#[derive(Debug, Clone, Copy, Default)]
struct Told {
    made: u32,
    closed: u32,
    started: u32,
    answered: u32,
    accepts: u32,
    connects: u32,
    ended: u32,
    after: u32,
}

/// Everything that can happen, each once.
fn inputs() -> Vec<Input> {
    [
        "answer A",
        "made A",
        "unmade",
        "placed",
        "done handler",
        "done pre_accept",
        "done accept",
        "done reject",
        "done terminate",
        "refused pre_accept",
        "refused accept",
        "refused connect",
        "refused reject",
        "refused terminate",
        "denied",
        "unclear connect",
        "unclear pre_accept",
        "unclear accept",
        "unclear terminate",
        "up",
        "down",
        "closed",
        "media",
        "silence",
        "rings",
        "picked up",
        "declined",
        "hangup",
        "terminated",
        "failed",
        "timeout",
    ]
    .into_iter()
    .map(input)
    .collect()
}

fn play(stage: &str) -> (Call, Told) {
    let (who, steps) = stage.split_once(": ").expect("`<who>: <steps>`");
    let mut call = begin(who);
    let mut told = Told::default();
    drain(&mut call, &mut told);
    for step in steps.split(", ") {
        let (_, verb) = step.split_once(' ').expect("`<millis> <verb>`");
        call.handle(Timestamp::from_millis(0), &timers(), input(verb))
            .expect("the stage fits");
        drain(&mut call, &mut told);
    }
    (call, told)
}

fn drain(call: &mut Call, told: &mut Told) {
    while let Some(output) = call.poll_output() {
        if told.ended == 1 {
            // Only a call whose id came too late is still ended at the platform.
            assert_eq!(output, Output::Request(Request::Terminate));
            told.after += 1;
        }
        match output {
            Output::MakeAnswer(_) | Output::MakeOffer => told.made += 1,
            Output::CloseMedia => told.closed += 1,
            Output::StartHandler => told.started += 1,
            Output::Tell(News::Answered) => told.answered += 1,
            Output::Tell(News::Ended(_)) => told.ended += 1,
            Output::Request(Request::Accept { .. }) => told.accepts += 1,
            Output::Request(Request::Connect { .. }) => told.connects += 1,
            Output::ApplyAnswer(_) => assert_eq!(told.closed, 0, "an answer needs its leg"),
            Output::Request(Request::PreAccept { .. } | Request::Reject | Request::Terminate)
            | Output::Tell(News::Connected | News::Placed(_) | News::Ringing) => {}
        }
        assert!(
            told.started <= told.answered,
            "nothing is said before the answer"
        );
        assert!(told.closed == 0 || told.started == 0 || told.answered == 1);
    }
}

fn walk(mut call: Call, now: Timestamp, mut told: Told, depth: u32, stories: &mut usize) {
    drain(&mut call, &mut told);
    assert!(told.closed <= told.made && told.made == 1);
    assert!(told.started <= 1 && told.answered <= 1 && told.ended <= 1);
    assert!(
        told.accepts <= 1 && told.connects <= 1,
        "never a second ring"
    );
    assert!(told.after <= 1);
    assert_eq!(told.ended == 1, call.phase() == Phase::Ended);
    if told.ended == 1 {
        assert_eq!(told.closed, told.made, "an ended call holds no media");
        assert_eq!(call.poll_timeout(), None, "an ended call waits for nothing");
    } else {
        let deadline = call.poll_timeout();
        assert!(
            deadline.is_none_or(|deadline| now < deadline),
            "a deadline lies ahead, or the driver spins"
        );
        assert!(
            deadline.is_some() || call.phase() == Phase::Talking,
            "only a conversation may last for ever"
        );
    }

    if depth == 0 {
        *stories += 1;
        return;
    }
    for input in inputs() {
        for at in [now, call.poll_timeout().unwrap_or(now)] {
            let mut waited = call.clone();
            waited
                .handle(at, &timers(), Input::Timeout)
                .expect("time is never refused");

            let mut next = call.clone();
            if next.handle(at, &timers(), input.clone()).is_err() {
                assert_eq!(next, waited, "a refused input changes nothing");
            }
            waited.handle(at, &timers(), input.clone()).ok();
            assert_eq!(next, waited, "timer or input first: the same call");

            walk(next, at, told, depth - 1, stories);
        }
    }
}
