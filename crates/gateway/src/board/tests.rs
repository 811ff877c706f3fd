//! Whose event it is, in every order in which a platform may tell it.

use std::time::Duration;

use super::*;
use crate::call::{Ending, News, Request};

#[test]
fn a_user_calls_twice_told() {
    check(
        "0 offer A, 1 offer A, 20 made c1, 5000 over A, 5001 over A",
        "0ms c1 make answer
         0ms began c1
         1ms stale c1
         20ms c1 request pre_accept
         5000ms c1 close media
         5000ms c1 ended NotAnswered
         5000ms given c1
         5001ms stale c1",
    );
}

#[test]
fn terminate_before_connect() {
    check(
        "0 over A, 10 offer A",
        "0ms tombstone
         10ms c1 ended NotAnswered
         10ms began c1",
    );
    check(
        "0 place, 10 over? A, 20 offer A",
        "0ms c1 make offer
         10ms waits
         20ms c2 ended NotAnswered
         20ms began c2",
    );
}

#[test]
fn a_call_that_is_too_old_is_not_answered() {
    check(
        "60000 offer A@4000, 60001 offer B@6000",
        "60000ms c1 ended TooLate
         60000ms began c1
         60001ms c2 make answer
         60001ms began c2",
    );
}

#[test]
fn the_answer_overtakes_the_response() {
    check(
        "0 place, 5 made c1, 10 answer A, 15 rings A, 20 named c1 A, 30 picked A",
        "0ms c1 make offer
         5ms c1 request connect
         10ms waits
         15ms waits
         20ms c1 placed
         20ms c1 apply
         20ms c1 ringing
         30ms c1 answered
         30ms given c1",
    );
}

#[test]
fn a_webhook_that_echoes_our_reference_names_the_call() {
    check(
        "0 place, 5 made c1, 10 answer A=c1, 20 named c1 A",
        "0ms c1 make offer
         5ms c1 request connect
         10ms c1 placed
         10ms c1 apply
         10ms given c1",
    );
}

#[test]
fn what_nobody_waits_for_is_not_ours() {
    check("0 answer A, 1 rings A", "0ms not ours\n1ms not ours");
}

#[test]
fn one_call_too_many_is_declined() {
    check(
        "0 offer A, 1 offer B, 2 offer C, 3 place",
        "0ms c1 make answer
         0ms began c1
         1ms c2 make answer
         1ms began c2
         2ms c3 request reject
         2ms began c3
         3ms full",
    );
}

#[test]
fn a_call_of_an_earlier_life_is_hung_up() {
    check(
        "0 left A, 10 over A",
        "0ms c1 request terminate
         10ms c1 ended Lost
         10ms given c1",
    );
}

#[test]
fn what_is_over_is_forgotten() {
    let mut board = board();
    let id: CallId = "wacid.A".parse().unwrap();
    let reference = CallRef(1);
    board.hear(at(0), heard("A", Word::Offer("o".to_owned()), 0), reference);
    board.hear(at(5), heard("A", over(), 0), CallRef(2));
    assert_eq!(board.by_id(&id), Some(reference));
    board.tick(at(400_000));
    assert_eq!(board.by_id(&id), None);
    assert!(board.call(reference).is_none());
    assert_eq!(board.open(), 0);
    assert_eq!(board.poll_timeout(), None);
}

/// Our call: the answer to the request and four webhooks, in every order, each also coming twice, with
/// and without the echo of our reference.
#[test]
fn every_order_comes_to_the_same_end() {
    let words = ["response", "answer", "rings", "picked", "over"];
    let mut orders = 0;
    for order in permutations(&words) {
        for (echo, twice) in [(false, false), (false, true), (true, false), (true, true)] {
            orders += 1;
            let story = play(&order, echo, twice);
            let count = |what: &str| story.iter().filter(|line| line.contains(what)).count();
            assert_eq!(count("placed"), 1, "{order:?}: {story:#?}");
            assert_eq!(count("ended"), 1, "{order:?}: {story:#?}");
            assert_eq!(count("close media"), 1, "{order:?}: {story:#?}");
            assert!(
                count("apply") <= 1 && count("request") == 1,
                "{order:?}: {story:#?}"
            );
            // Whatever came before the end was taken, whatever came after was not.
            let end = order.iter().position(|word| *word == "over").unwrap();
            let heard = |word: &str| order.iter().position(|it| *it == word).unwrap() < end;
            assert_eq!(
                count("answered") == 1,
                heard("picked"),
                "{order:?}: {story:#?}"
            );
            assert_eq!(
                count("apply") == 1,
                heard("answer"),
                "{order:?}: {story:#?}"
            );
        }
    }
    assert_eq!(orders, 480);
}

fn play(order: &[&str], echo: bool, twice: bool) -> Vec<String> {
    let mut board = board();
    let reference = CallRef(1);
    board.place(at(0), reference).unwrap();
    board
        .handle(at(0), reference, Input::DescriptionMade("o".to_owned()))
        .unwrap();
    for word in order {
        for _ in 0..=u8::from(twice) {
            let what = match *word {
                "response" => {
                    let id = "wacid.A".parse().unwrap();
                    board.handle(at(1), reference, Input::Placed(id)).ok();
                    continue;
                }
                "answer" => Word::Answer("a".to_owned()),
                "rings" => Word::Rings,
                "picked" => Word::PickedUp,
                _ => Word::CallOver(Terminated::default()),
            };
            let mut heard = heard("A", what, 0);
            heard.reference = echo.then_some(reference);
            board.hear(at(1), heard, CallRef(9));
        }
    }
    let mut story = Vec::new();
    drain(&mut board, at(1), &mut story);
    story
}

fn permutations<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    if words.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in words.iter().enumerate() {
        let mut rest = words.to_vec();
        rest.remove(at);
        for mut order in permutations(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn over() -> Word {
    Word::UserCallOver(Terminated::default())
}

fn heard(id: &str, what: Word, stamped: u64) -> Heard {
    Heard {
        id: format!("wacid.{id}").parse().expect("a call id"),
        stamped: Some(at(stamped)),
        reference: None,
        what,
    }
}

fn board() -> Board {
    let secs = Duration::from_secs;
    Board::new(BoardLimits {
        timers: Timers {
            answer_within: secs(55),
            answer_after: Duration::ZERO,
            connect_within: secs(20),
            place_within: secs(40),
            learn_within: secs(10),
            ring_for: secs(90),
            first_media_within: secs(20),
            media_gap_max: secs(30),
            goodbye_within: secs(10),
            farewell_within: secs(3),
        },
        calls_max: 2,
    })
}

/// Plays `script` and compares what the board did with `story`. The one place that knows the API.
#[track_caller]
fn check(script: &str, story: &str) {
    let mut board = board();
    let mut told = Vec::new();
    let mut fresh = 1;
    for step in script.split(", ") {
        let (millis, step) = step.split_once(' ').expect("`<millis> <step>`");
        let now = at(millis.parse().expect("millis"));
        let (verb, rest) = step.split_once(' ').unwrap_or((step, ""));
        let (rest, stamped) = rest
            .split_once('@')
            .map_or((rest, now.as_millis()), |(rest, at)| {
                (rest, at.parse().unwrap())
            });
        let (rest, echo) = rest.split_once('=').unwrap_or((rest, ""));
        let own = |name: &str| CallRef(name.trim_start_matches('c').parse().expect("c1"));
        let word = match verb {
            "offer" => Some(Word::Offer("o".to_owned())),
            "answer" => Some(Word::Answer("a".to_owned())),
            "rings" => Some(Word::Rings),
            "picked" => Some(Word::PickedUp),
            "over" => Some(over()),
            "over?" => Some(Word::CallOver(Terminated::default())),
            _ => None,
        };
        let verdict = if let Some(word) = word {
            let mut heard = heard(rest, word, stamped);
            heard.reference = (!echo.is_empty()).then(|| own(echo));
            let verdict = board.hear(now, heard, CallRef(fresh));
            fresh += u64::from(matches!(verdict, Verdict::Began(_)));
            Some(match verdict {
                Verdict::Began(it) => format!("began c{}", it.0),
                Verdict::Given(it) => format!("given c{}", it.0),
                Verdict::Stale(it) => format!("stale c{}", it.0),
                Verdict::Waits => "waits".to_owned(),
                Verdict::Tombstone => "tombstone".to_owned(),
                Verdict::NotOurs => "not ours".to_owned(),
            })
        } else {
            order(&mut board, now, verb, rest, &mut fresh)
        };
        drain(&mut board, now, &mut told);
        told.extend(verdict.map(|verdict| format!("{now:?} {verdict}")));
    }
    let story: Vec<&str> = story.lines().map(str::trim).collect();
    assert_eq!(told.join("\n"), story.join("\n"));
}

fn order(
    board: &mut Board,
    now: Timestamp,
    verb: &str,
    rest: &str,
    fresh: &mut u64,
) -> Option<String> {
    let own = |name: &str| CallRef(name.trim_start_matches('c').parse().expect("c1"));
    match verb {
        "place" => {
            let placed = board.place(now, CallRef(*fresh));
            *fresh += u64::from(placed.is_ok());
            placed.err().map(|_| "full".to_owned())
        }
        "left" => {
            let left = LeftOver {
                direction: types::Direction::UserInitiated,
                id: Some(format!("wacid.{rest}").parse().expect("a call id")),
                answered: Some(now),
            };
            board.take_over(now, CallRef(*fresh), left);
            *fresh += 1;
            None
        }
        "made" => {
            let made = Input::DescriptionMade("d".to_owned());
            board.handle(now, own(rest), made).expect("it fits");
            None
        }
        "named" => {
            let (call, id) = rest.split_once(' ').expect("`named c1 A`");
            let id = format!("wacid.{id}").parse().expect("a call id");
            board.handle(now, own(call), Input::Placed(id)).ok();
            None
        }
        other => panic!("no such step: {other}"),
    }
}

fn drain(board: &mut Board, now: Timestamp, told: &mut Vec<String>) {
    while let Some((CallRef(number), output)) = board.poll_output() {
        let line = match output {
            Output::ApplyAnswer(_) => "apply".to_owned(),
            Output::CloseMedia => "close media".to_owned(),
            Output::MakeAnswer(_) => "make answer".to_owned(),
            Output::MakeOffer => "make offer".to_owned(),
            Output::Request(request) => format!("request {}", Request::kind(&request).as_str()),
            Output::StartHandler => "start handler".to_owned(),
            Output::Tell(News::Answered) => "answered".to_owned(),
            Output::Tell(News::Connected) => "connected".to_owned(),
            Output::Tell(News::Ended(Ending { outcome, .. })) => format!("ended {outcome:?}"),
            Output::Tell(News::Placed(_)) => "placed".to_owned(),
            Output::Tell(News::Ringing) => "ringing".to_owned(),
        };
        told.push(format!("{now:?} c{number} {line}"));
    }
}
