//! Every sequence of a few inputs, each at once or at the phone's own deadline, and what must be true
//! of any of them.

use super::*;

#[test]
fn every_short_story_is_sound() {
    for script in [
        "",
        "answer_after_ms = 5\nthen = [{wait_ms = 5}, {say = \"a.wav\"}, {press = \"1\"}, {hang_up = true}]",
        "reject_after_ms = 0\ndial = \"1555\"\ncalls = 1",
        "on_permission = \"temporary\"\nthen_permission = \"decline\"\nread_after_ms = 5\npress_button_after_ms = 5",
        "answer_after_ms = 0\nthen = [{wait_ms = 0}, {say = \"echo\"}, {wait_ms = 0}]\nhang_up_after_ms = 0",
    ] {
        let phone = Machine::new(Script::from_toml(script).expect("a script"));
        let mut stories = 0;
        walk(&phone, Timestamp::EPOCH, false, DEPTH, &mut stories);
        assert!(stories > 10_000, "{stories}");
    }
}

fn walk(phone: &Machine, now: Timestamp, media: bool, depth: u32, stories: &mut u32) {
    if depth == 0 {
        *stories += 1;
        return;
    }
    for event in EVENTS {
        // At once; and at the deadline, if there is one and the input is not its own.
        let at_deadline = phone.poll_timeout();
        for at in [Some(now), at_deadline].into_iter().flatten() {
            let mut next = phone.clone();
            let refused = next.handle(at, input(event)).is_err();

            let mut waited = phone.clone();
            waited.handle(at, Input::Timeout).expect("time passes");
            if refused {
                assert_eq!(next, waited, "a refused order changes nothing: {event}");
            }

            let media = serve_and_hold(&mut next, at, media, event);
            walk(&next, at, media, depth - 1, stories);
        }
    }
}

/// Serves the phone as its driver does and holds it to what must be true. Whether there is media now.
fn serve_and_hold(phone: &mut Machine, now: Timestamp, mut media: bool, event: &str) -> bool {
    while let Some(output) = phone.poll_output() {
        match output {
            Output::MakeOffer | Output::MakeAnswer { .. } => {
                assert!(!media, "one call's media at a time");
                media = true;
                let sdp = String::new();
                let made = match output {
                    Output::MakeOffer => Input::OfferMade { sdp },
                    _ => Input::AnswerMade { sdp },
                };
                phone.handle(now, made).expect("answers are taken");
            }
            Output::CloseMedia => media = false,
            Output::Say(_) | Output::Press(_) | Output::ApplyAnswer { .. } => {
                assert!(media, "only a call with media talks");
            }
            Output::Send(FromPhone::Dial { .. }) => assert!(phone.doing().online),
            Output::Send(_) | Output::Tell(_) | Output::Leave => {}
        }
    }
    match phone.doing().state {
        "idle" | "ringing" | "hanging_up" => assert!(!media, "nothing talks after {event}"),
        _ => assert!(media, "a call has media after {event}"),
    }
    if let Some(deadline) = phone.poll_timeout() {
        assert!(now < deadline, "a deadline lies ahead, or the driver spins");
    }
    media
}

const DEPTH: u32 = 4;

const EVENTS: [&str; 25] = [
    "welcome",
    "welcome in call",
    "line down",
    "ring",
    "ring other",
    "stop ringing",
    "dialing",
    "dial refused",
    "accepted",
    "ended",
    "dial",
    "answer",
    "reject",
    "hang up",
    "press",
    "say",
    "up",
    "clip ended",
    "digits sent",
    "media failed",
    "digit",
    "timeout",
    "request",
    "button",
    "press button",
];
