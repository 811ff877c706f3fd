//! Which faults fire at which occasions: stories, and every combination held against a plain reading.

use std::collections::BTreeSet;
use std::time::Duration;

use types::{Direction, PhoneNumberId, WaId};

use super::*;
use crate::call::EndReason;
use crate::message::Failure;

mod combinations;
mod misfits;

fn number() -> PhoneNumberId {
    "436666719526789".parse().expect("an id")
}

fn user() -> WaId {
    "14085551234".parse().expect("a number")
}

/// Every kind of fault, and of those with a moment or a side one for each.
fn faults() -> Vec<Fault> {
    let second = Duration::from_secs(1);
    let mut faults = vec![
        Fault::RefuseApi { code: 131_000 },
        Fault::DropWebhook,
        Fault::DelayWebhook { by: second },
        Fault::DoubleWebhook,
        Fault::ReorderWebhooks { behind: None },
        Fault::WebhookBeforeResponse,
        Fault::RingFor { time: second },
        Fault::PaymentMissing,
        Fault::RestrictAccount {
            direction: None,
            time: None,
        },
        Fault::NoMedia,
    ];
    for failure in Failure::ALL.iter().copied() {
        if failure.outside().is_some() {
            for when in [Sending::Before, Sending::After] {
                faults.push(Fault::FailMessage { failure, when });
            }
        }
    }
    for when in When::ALL {
        faults.push(Fault::RevokePermission { when });
        if when != When::BeforeCall {
            let reason = EndReason::UserSetUpFailed;
            faults.push(Fault::FailCall { reason, when });
        }
    }
    for party in [Party::User, Party::Business] {
        faults.push(Fault::OneWayAudio { silent: party });
        faults.push(Fault::IceBlackhole { leg: party });
        faults.push(Fault::AssumeMedia { leg: party });
        faults.push(Fault::Network {
            leg: party,
            toward: Toward::Both,
            loss_permille: 100,
            delay: second,
            jitter: second,
        });
    }
    faults
}

/// Every point there is, with two events.
fn points() -> Vec<Point<'static>> {
    let mut points = vec![
        Point::Webhook("connect"),
        Point::Webhook("terminate"),
        Point::Reply,
    ];
    points.extend(Operation::ALL.map(Point::Request));
    points.extend(messages().map(Point::Sending));
    for direction in [Direction::UserInitiated, Direction::BusinessInitiated] {
        points.extend([
            Point::Placing(direction),
            Point::Ringing(direction),
            Point::Answered(direction),
        ]);
    }
    points
}

/// A text, and templates of each sort.
fn messages() -> [Kind; 4] {
    let text = Kind {
        is_template: false,
        is_marketing: false,
        has_media: false,
    };
    let template = Kind {
        is_template: true,
        ..text
    };
    let marketing = Kind {
        is_marketing: true,
        ..template
    };
    let media = Kind {
        has_media: true,
        ..template
    };
    [text, template, marketing, media]
}

fn armed(fault: Fault, times: Times) -> Armed {
    Armed::new(fault, Filter::default(), times, 7).expect("parts that go together")
}

/// Lets `armed` meet a row of draws at one point; where it fired, as `x`, and where not, as `.`.
fn row(armed: &mut Armed, point: Point<'_>, draws: &[u32]) -> String {
    let occasion = Occasion {
        point,
        number: None,
        wa_id: None,
    };
    draws
        .iter()
        .map(|draw| {
            if armed.take(&occasion, Draw(*draw)) {
                'x'
            } else {
                '.'
            }
        })
        .collect()
}

#[test]
fn it_fires_as_often_as_it_was_told_to() {
    let connect = Point::Webhook("connect");
    let draws = [0, 199, 200, 999, 100];
    for (times, wanted, left) in [
        (Times::Always, "xxxxx", None),
        (Times::Next(1), "x....", Some(0)),
        (Times::Next(3), "xxx..", Some(0)),
        (Times::Next(9), "xxxxx", Some(4)),
        (Times::Permille(200), "xx..x", None),
        (Times::Permille(1_000), "xxxxx", None),
    ] {
        let mut armed = armed(Fault::DropWebhook, times);
        assert_eq!(row(&mut armed, connect, &draws), wanted, "{times:?}");
        assert_eq!(armed.left(), left, "{times:?}");
        assert_eq!(armed.is_spent(), left == Some(0));
        let fired = wanted.matches('x').count();
        assert_eq!(armed.fired, u64::try_from(fired).expect("a few"));
        let met = if armed.is_spent() { fired } else { draws.len() };
        assert_eq!(armed.met, u64::try_from(met).expect("a few"));
    }
}

#[test]
fn what_does_not_fit_uses_nothing_up() {
    let mut armed = armed(Fault::DropWebhook, Times::Next(1));
    let before = armed.clone();
    assert_eq!(row(&mut armed, Point::Reply, &[0, 0]), "..");
    assert_eq!(armed, before);
    assert_eq!(row(&mut armed, Point::Webhook("connect"), &[999]), "x");
}

#[test]
fn a_filter_on_what_is_not_known_does_not_fit() {
    let filter = Filter {
        wa_id: Some(user()),
        ..Filter::default()
    };
    let mut armed = Armed::new(Fault::DropWebhook, filter, Times::Always, 7).expect("fits");
    let (number, user) = (number(), user());
    let other: WaId = "14085550000".parse().expect("a number");
    for (wa_id, fires) in [(None, false), (Some(&other), false), (Some(&user), true)] {
        let occasion = Occasion {
            point: Point::Webhook("connect"),
            number: Some(&number),
            wa_id,
        };
        assert_eq!(armed.take(&occasion, Draw(0)), fires, "{wa_id:?}");
    }
}

#[test]
fn words_stand_once() {
    let words: BTreeSet<_> = Operation::ALL.map(Operation::as_str).into();
    assert_eq!(words.len(), Operation::ALL.len());
    for operation in Operation::ALL {
        assert_eq!(Operation::from_word(operation.as_str()), Some(operation));
    }
    assert_eq!(Operation::from_word("any"), None);
    let kinds: BTreeSet<_> = faults().iter().map(Fault::word).collect();
    assert_eq!(kinds.len(), 17, "{kinds:?}");
}

#[test]
fn a_cause_strikes_only_messages_that_it_can_have() {
    let strikes = |failure: Failure| {
        let fault = Fault::FailMessage {
            failure,
            when: Sending::Before,
        };
        messages().map(|kind| fault.bites(Point::Sending(kind)))
    };
    assert_eq!(strikes(Failure::AccountLocked), [true; 4]);
    assert_eq!(strikes(Failure::Ecosystem), [false, false, true, false]);
    assert_eq!(strikes(Failure::MessagingLimit), [false, true, true, true]);
    assert_eq!(strikes(Failure::MediaUpload), [false, false, false, true]);
    assert_eq!(strikes(Failure::WindowClosed), [false; 4]);
}
