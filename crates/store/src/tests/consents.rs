//! Every state of a ledger and every line of it come back as they went in; both go with their user.

use diesel::connection::SimpleConnection;
use diesel_migrations::MigrationHarness;
use rules::consent::{
    Answer, Entry, Form, Grant, Held, Lack, Reason, Request, RequestEnd, Source, Stage, State,
};
use rules::rate::Bucket;
use types::{CallId, Direction, MessageId};

use super::*;
use crate::consents::{self, LedgerRow};
use crate::database::{EXCHANGE, connect};
use crate::rates::{self, RateKind, RateOf};
use crate::{recipients, windows};

#[test]
fn every_state_comes_back() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        for state in every_state() {
            let row = row(state);
            consents::save(tx, &row)?;
            assert_eq!(consents::find(tx, &number(), &wa_id())?, Some(row));
        }
        Ok(())
    });
}

#[test]
fn every_line_comes_back() {
    let mut store = store();
    let reasons = every_reason();
    in_tx(&mut store, |tx| {
        consents::save(tx, &row(State::default()))?;
        for (n, reason) in (0..).zip(&reasons) {
            let entry = Entry {
                number: n,
                at: at(n),
                reason: reason.clone(),
            };
            consents::append(tx, &number(), &wa_id(), &entry)?;
        }
        Ok(())
    });
    let all = in_tx(&mut store, |tx| {
        consents::history(tx, &number(), &wa_id(), None, 100)
    });
    let found: Vec<Reason> = all.iter().map(|entry| entry.reason.clone()).collect();
    assert_eq!(found, reasons);
    let rest = in_tx(&mut store, |tx| {
        consents::history(tx, &number(), &wa_id(), Some(1), 2)
    });
    assert_eq!(rest, all[2..4]);
    assert_eq!(
        in_tx(&mut store, |tx| consents::of_request(tx, &request(1))),
        Some((number(), wa_id()))
    );
    assert_eq!(
        in_tx(&mut store, |tx| consents::of_request(tx, &request(9))),
        None
    );
}

#[test]
fn old_lines_are_forgotten() {
    let mut store = store();
    let kept = types::limits::LEDGER_ENTRIES_KEPT;
    let line = |n| Entry {
        number: n,
        at: at(n),
        reason: Reason::Lapsed,
    };
    in_tx(&mut store, |tx| {
        consents::save(tx, &row(State::default()))?;
        consents::append(tx, &number(), &wa_id(), &line(0))?;
        consents::append(tx, &number(), &wa_id(), &line(1))?;
        consents::append(tx, &number(), &wa_id(), &line(kept))
    });
    let all = in_tx(&mut store, |tx| {
        consents::history(tx, &number(), &wa_id(), None, 100)
    });
    assert_eq!(all, [line(1), line(kept)]);
}

#[test]
fn deadlines_are_found_in_their_order() {
    let mut store = store();
    let held = |until| State {
        held: Held::Temporary {
            until: at(until),
            grant: grant(Source::Profile),
        },
        ..State::default()
    };
    in_tx(&mut store, |tx| {
        consents::save(tx, &row(State::default()))?;
        assert_eq!(consents::next_deadline(tx)?, None);
        consents::save(tx, &row(held(500)))?;
        assert_eq!(consents::next_deadline(tx)?, Some(at(500)));
        assert_eq!(consents::due(tx, at(499), 10)?, []);
        assert_eq!(consents::due(tx, at(500), 10)?, [(number(), wa_id())]);
        assert_eq!(consents::list(tx, &number())?.len(), 1);
        Ok(())
    });
}

#[test]
fn all_of_it_goes_with_its_user() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        consents::save(tx, &row(State::default()))?;
        let entry = Entry {
            number: 0,
            at: at(1),
            reason: Reason::Lapsed,
        };
        consents::append(tx, &number(), &wa_id(), &entry)?;
        windows::save(tx, &number(), &wa_id(), at(5))?;
        windows::save(tx, &number(), &wa_id(), at(6))?;
        assert_eq!(windows::find(tx, &number(), &wa_id())?.heard, Some(at(6)));
        recipients::add(tx, &number(), &wa_id(), at(1))?;
        recipients::add(tx, &number(), &wa_id(), at(2))?;
        assert!(recipients::contains(tx, &number(), &wa_id())?);
        assert_eq!(recipients::list(tx, &number())?[0].added_at, at(1));

        assert!(users::remove(tx, &wa_id())?);
        assert_eq!(consents::list(tx, &number())?, []);
        let lines = consents::history(tx, &number(), &wa_id(), None, 10)?;
        assert_eq!(lines, []);
        assert_eq!(windows::find(tx, &number(), &wa_id())?.heard, None);
        assert_eq!(recipients::list(tx, &number())?, []);
        Ok(())
    });
}

#[test]
fn buckets_are_told_apart() {
    let mut store = store();
    let wa_id = wa_id();
    let number = number();
    let of = |kind, wa_id| RateOf {
        kind,
        number: &number,
        wa_id,
    };
    let bucket = Bucket {
        owed: 7,
        at: Some(at(5)),
    };
    in_tx(&mut store, |tx| {
        rates::save(tx, of(RateKind::Pair, Some(&wa_id)), bucket)?;
        rates::save(tx, of(RateKind::Pair, Some(&wa_id)), bucket)?;
        rates::save(tx, of(RateKind::Messages, None), Bucket::default())?;
        assert_eq!(rates::find(tx, of(RateKind::Pair, Some(&wa_id)))?, bucket);
        assert_eq!(
            rates::find(tx, of(RateKind::Pair, None))?,
            Bucket::default()
        );
        assert_eq!(
            rates::find(tx, of(RateKind::Messages, None))?,
            Bucket::default()
        );
        Ok(())
    });
}

#[test]
fn what_operators_had_granted_stays_granted() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::File(folder.path().join("exchange.db"));
    let mut before = connect(&place).expect("a database");
    before.run_next_migration(EXCHANGE).expect("the first one");
    before
        .batch_execute(
            "INSERT INTO waba VALUES ('1', 'Lucky Shrub');
             INSERT INTO number VALUES ('436666719526789', '1', '15550001111', 'Lucky Shrub', 1);
             INSERT INTO user VALUES ('14085551234', 'US.1', 'Pablo', 'US', 'token', 0);
             INSERT INTO user VALUES ('14085550000', 'US.2', 'Ada', 'US', 'token', 0);
             INSERT INTO consent VALUES ('436666719526789', '14085551234', 1, 5);
             INSERT INTO consent VALUES ('436666719526789', '14085550000', 0, 6);",
        )
        .expect("rows of the first version");
    drop(before);

    let mut store = Store::open(&place).expect("a store of this version");
    in_tx(&mut store, |tx| {
        let granted = consents::find(tx, &number(), &wa_id())?.expect("a ledger");
        let operators = Grant {
            since: at(5),
            source: Source::Operator,
            calls: 0,
            unanswered: 0,
        };
        assert_eq!(granted.state.held, Held::Permanent { grant: operators });
        let lines = consents::history(tx, &number(), &wa_id(), None, 10)?;
        assert_eq!(lines[0].reason, Reason::OperatorGrant { until: None });
        assert_eq!(lines.len() as u64, granted.state.entries);

        let other = "14085550000".parse().expect("a number");
        let taken_back = consents::find(tx, &number(), &other)?.expect("a ledger");
        assert_eq!(taken_back.state, State::default());
        Ok(())
    });
}

fn row(state: State) -> LedgerRow {
    LedgerRow {
        number: number(),
        wa_id: wa_id(),
        state,
        changed_at: at(5),
    }
}

fn request(n: u32) -> MessageId {
    format!("wamid.{n}").parse().expect("an id")
}

fn call() -> CallId {
    "wacid.1".parse().expect("an id")
}

fn grant(source: Source) -> Grant {
    Grant {
        since: at(1),
        source,
        calls: 2,
        unanswered: 1,
    }
}

fn every_state() -> Vec<State> {
    let lacks = [
        Lack::Never,
        Lack::Asked { at: at(1) },
        Lack::NotAnswered { at: at(2) },
        Lack::Declined { at: at(3) },
        Lack::Lapsed { at: at(4) },
        Lack::Withdrawn { at: at(5) },
        Lack::RevokedUnanswered { at: at(6) },
    ];
    let sources = [
        Source::Request(request(1)),
        Source::Call(call()),
        Source::Profile,
        Source::Operator,
    ];
    let stages = [
        Stage::Sent,
        Stage::Delivered,
        Stage::Answered(Answer::Temporary),
        Stage::Answered(Answer::Permanent),
        Stage::Answered(Answer::Decline),
    ];
    let temporary = |source| Held::Temporary {
        until: at(9),
        grant: grant(source),
    };
    let permanent = |source| Held::Permanent {
        grant: grant(source),
    };
    let held = lacks
        .map(Held::Nothing)
        .into_iter()
        .chain(sources.clone().map(temporary))
        .chain(sources.map(permanent));
    held.map(|held| State {
        held,
        requests: stages
            .iter()
            .map(|stage| Request {
                id: request(2),
                sent: at(1),
                until: at(8),
                stage: *stage,
            })
            .collect(),
        asked: vec![at(1), at(2)],
        connected: vec![at(3)],
        entries: 7,
    })
    .collect()
}

fn every_reason() -> Vec<Reason> {
    let request = || request(1);
    let mut all = vec![
        Reason::Requested {
            request: request(),
            form: Form::FreeForm,
        },
        Reason::Requested {
            request: self::request(2),
            form: Form::Template,
        },
        Reason::RequestDelivered { request: request() },
        Reason::AnsweredTemporary {
            request: request(),
            until: at(4),
        },
        Reason::AnsweredPermanent { request: request() },
        Reason::Declined { request: request() },
        Reason::AutomaticGrant {
            call: call(),
            until: at(4),
        },
        Reason::ProfileGrant { until: Some(at(4)) },
        Reason::ProfileGrant { until: None },
        Reason::ProfileRevoke,
        Reason::OperatorGrant { until: None },
        Reason::OperatorRevoke,
        Reason::Lapsed,
        Reason::Nudged { unanswered: 2 },
        Reason::RevokedUnanswered { unanswered: 4 },
        Reason::CallConnected {
            call: call(),
            direction: Direction::UserInitiated,
        },
        Reason::CallUnanswered { call: call() },
        Reason::CallRejected { call: call() },
        Reason::CountersCleared { requests: 1 },
    ];
    all.extend(
        [
            RequestEnd::Superseded,
            RequestEnd::AnswerSettled,
            RequestEnd::NotAnswered,
            RequestEnd::NotDelivered,
            RequestEnd::Undeliverable,
            RequestEnd::CrowdedOut,
        ]
        .map(|end| Reason::RequestEnded {
            request: request(),
            end,
        }),
    );
    all
}
