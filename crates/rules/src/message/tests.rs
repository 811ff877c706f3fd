//! Stories of one message, and a walk through every short one.

use std::time::Duration;

use types::Preset;

use super::*;

const BEGIN: Timestamp = Timestamp::from_secs(1_000);
const MONTH: Duration = Duration::from_hours(30 * 24);

/// What a story came to, each step with what the business heard.
fn told(mut message: Message, steps: &[(u64, Input)]) -> String {
    let mut story = heard(&mut message);
    for (after_secs, input) in steps {
        let now = BEGIN + Duration::from_secs(*after_secs);
        match message.handle(now, *input) {
            Ok(()) => story.push_str(&format!(", {}", heard(&mut message))),
            Err(refusal) => story.push_str(&format!(", {refusal:?}")),
        }
    }
    format!("{story} = {}", message.state().as_str())
}

fn heard(message: &mut Message) -> String {
    let mut words = Vec::new();
    while let Some(Output::Notify(status)) = message.poll_output() {
        words.push(status.as_str());
    }
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(" ")
    }
}

fn sent() -> Message {
    Message::sent(BEGIN, &Preset::meta_2026().consent)
}

#[test]
fn delivered_and_read() {
    let story = told(
        sent(),
        &[(1, Input::Arrived), (9, Input::Seen), (10, Input::Seen)],
    );
    assert_eq!(story, "sent, delivered, read, NothingNew = read");
}

#[test]
fn seen_at_once() {
    let story = told(sent(), &[(1, Input::Seen), (2, Input::Arrived)]);
    assert_eq!(story, "sent, delivered read, NothingNew = read");
}

#[test]
fn never_called_sent_when_it_fails_at_once() {
    let message = Message::failed(BEGIN, Failure::WindowClosed);
    let story = told(message, &[(1, Input::Arrived), (2, Input::Timeout)]);
    assert_eq!(story, "failed, HasFailed, nothing = failed");
}

#[test]
fn dropped_without_a_word() {
    let month = MONTH.as_secs();
    let story = told(
        sent(),
        &[(month - 1, Input::Timeout), (month, Input::Timeout)],
    );
    assert_eq!(story, "sent, nothing, nothing = dropped");
    let late = told(sent(), &[(month, Input::Arrived)]);
    assert_eq!(late, "sent, WasDropped = dropped");
    let just = told(
        sent(),
        &[(month - 1, Input::Arrived), (month, Input::Timeout)],
    );
    assert_eq!(just, "sent, delivered, nothing = delivered");
}

#[test]
fn failures_are_words_that_are_read_back() {
    for failure in Failure::ALL.iter().copied() {
        assert_eq!(failure.as_str().parse(), Ok(failure));
        assert!(failure.to_string().ends_with('.'));
    }
    assert!("bored".parse::<Failure>().is_err());
}

/// Every story of five steps, each soon or after a month.
#[test]
fn every_short_story_keeps_its_promises() {
    let inputs = [
        Input::Arrived,
        Input::Seen,
        Input::Undeliverable(Failure::OutdatedClient),
        Input::Timeout,
    ];
    let steps: Vec<(Duration, Input)> = [Duration::from_secs(1), MONTH]
        .into_iter()
        .flat_map(|wait| inputs.map(|input| (wait, input)))
        .collect();
    let mut stories = 0;
    for start in [sent(), Message::failed(BEGIN, Failure::NotOnWhatsApp)] {
        walk(&start, BEGIN, &steps, 5, &mut Vec::new(), &mut stories);
    }
    assert_eq!(stories, 2 * 8_usize.pow(5));
}

fn walk(
    message: &Message,
    now: Timestamp,
    steps: &[(Duration, Input)],
    depth: usize,
    heard: &mut Vec<Status>,
    stories: &mut usize,
) {
    let mut drained = message.clone();
    let before = heard.len();
    while let Some(Output::Notify(status)) = drained.poll_output() {
        heard.push(status);
    }
    holds(&drained, heard);
    if depth == 0 {
        *stories += 1;
    } else {
        for (wait, input) in steps {
            let (mut next, now) = (drained.clone(), now + *wait);
            let refused = next.handle(now, *input).is_err();
            assert!(
                !refused || next.outputs.is_empty(),
                "a refusal says nothing to the business"
            );
            assert_eq!(
                Message::from_state(next.state()).poll_timeout(),
                next.poll_timeout()
            );
            assert!(
                next.poll_timeout().is_none_or(|at| now < at),
                "no deadline in the past"
            );
            walk(&next, now, steps, depth - 1, heard, stories);
        }
    }
    heard.truncate(before);
}

/// What a business has heard is what the message is.
fn holds(message: &Message, heard: &[Status]) {
    let words: Vec<&str> = heard.iter().map(|it| it.as_str()).collect();
    let wanted: &[&[&str]] = match message.state() {
        State::Sent { .. } | State::Dropped { .. } => &[&["sent"]],
        State::Delivered { .. } => &[&["sent", "delivered"]],
        State::Read { delivered, at } => {
            assert!(delivered <= at);
            &[&["sent", "delivered", "read"]]
        }
        State::Failed { .. } => &[&["failed"], &["sent", "failed"]],
    };
    assert!(
        wanted.contains(&&words[..]),
        "{words:?} of {:?}",
        message.state()
    );
    let arrived = words.contains(&"delivered");
    assert_eq!(arrived, message.state().has_arrived());
}
