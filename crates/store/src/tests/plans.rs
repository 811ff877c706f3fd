//! What the database does for the questions that are asked with every call, message and webhook: none
//! may look at all rows of a table that grows.

use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use diesel::sql_types::{Integer, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl};
use types::{CallId, DeliveryId, Direction, EventId, MessageId, SubscriptionId};

use super::{app, at, in_tx, number, store, wa_id, waba};
use crate::legs::Side;
use crate::{
    StoreError, Tx, attempts, calls, chat, consents, deliveries, events, faults, held_names, legs,
    messages, numbers, rates, recipients, subscriptions, templates, users, windows,
};

type Question = fn(&mut Tx) -> Result<(), StoreError>;

#[test]
fn no_question_of_every_day_looks_at_all_rows() {
    let mut wrong = Vec::new();
    for (name, question) in QUESTIONS {
        for step in plan(*question) {
            if let Some(table) = looked_through(&step)
                && !SMALL.contains(&table)
            {
                wrong.push(format!("{name}: {step}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tables that do not grow with what happens: configured, bounded, or made by the statement itself of
/// as many rows as there are subscribers (`s`, `subscriber`) or of one (`CONSTANT ROW`).
const SMALL: &[&str] = &[
    "app",
    "CONSTANT",
    "fault",
    "number",
    "s",
    "subscriber",
    "subscription",
    "waba",
];

const QUESTIONS: &[(&str, Question)] = &[
    ("calls::find", |tx| calls::find(tx, &call()).map(drop)),
    ("calls::running_between", |tx| {
        calls::running_between(tx, &number(), &wa_id()).map(drop)
    }),
    ("calls::running_count", |tx| {
        calls::running_count(tx, &number()).map(drop)
    }),
    ("calls::running_of_user", |tx| {
        calls::running_of_user(tx, &wa_id()).map(drop)
    }),
    ("calls::attempts_since", |tx| {
        calls::attempts_since(tx, &number(), Direction::BusinessInitiated, at(5)).map(drop)
    }),
    ("calls::due", |tx| calls::due(tx, at(5), 10).map(drop)),
    ("calls::next_deadline", |tx| {
        calls::next_deadline(tx).map(drop)
    }),
    ("calls::prune", |tx| calls::prune(tx, 10, 10).map(drop)),
    ("legs::find", |tx| {
        legs::find(tx, &call(), Side::User).map(drop)
    }),
    ("legs::list", |tx| legs::list(tx, &call()).map(drop)),
    ("legs::media", |tx| {
        legs::media(tx, &call(), Side::User).map(drop)
    }),
    ("legs::set_stats", |tx| {
        legs::set_stats(tx, &call(), Side::User, "{}")
    }),
    ("deliveries::due_subscribers", |tx| {
        deliveries::due_subscribers(tx, at(5)).map(drop)
    }),
    ("deliveries::due", |tx| {
        deliveries::due(tx, SubscriptionId(1), at(5), 10).map(drop)
    }),
    ("deliveries::next_due_after", |tx| {
        deliveries::next_due_after(tx, at(5)).map(drop)
    }),
    ("deliveries::is_due", |tx| {
        deliveries::is_due(tx, at(5)).map(drop)
    }),
    ("deliveries::prune", |tx| {
        deliveries::prune(tx, 10, 10).map(drop)
    }),
    ("attempts::list", |tx| {
        attempts::list(tx, DeliveryId(1)).map(drop)
    }),
    ("messages::find", |tx| {
        messages::find(tx, &message()).map(drop)
    }),
    ("messages::waiting_for", |tx| {
        messages::waiting_for(tx, &wa_id(), 10).map(drop)
    }),
    ("messages::due", |tx| messages::due(tx, at(5), 10).map(drop)),
    ("messages::next_deadline", |tx| {
        messages::next_deadline(tx).map(drop)
    }),
    ("messages::prune", |tx| {
        messages::prune(tx, 10, 10).map(drop)
    }),
    ("consents::find", |tx| {
        consents::find(tx, &number(), &wa_id()).map(drop)
    }),
    ("consents::due", |tx| consents::due(tx, at(5), 10).map(drop)),
    ("consents::next_deadline", |tx| {
        consents::next_deadline(tx).map(drop)
    }),
    ("consents::of_request", |tx| {
        consents::of_request(tx, &message()).map(drop)
    }),
    ("consents::history", |tx| {
        consents::history(tx, &number(), &wa_id(), None, 10).map(drop)
    }),
    ("events::list", |tx| {
        events::list(tx, EventId(1), 10).map(drop)
    }),
    ("events::last", |tx| events::last(tx).map(drop)),
    ("events::prune", |tx| events::prune(tx, 10, 10).map(drop)),
    ("chat::find", |tx| {
        chat::find(tx, &wa_id(), &message()).map(drop)
    }),
    ("chat::latest", |tx| {
        chat::latest(tx, &wa_id(), 10).map(drop)
    }),
    ("chat::prune", |tx| chat::prune(tx, &wa_id(), 10).map(drop)),
    ("faults::any_live", |tx| faults::any_live(tx).map(drop)),
    ("numbers::find_by_display", |tx| {
        numbers::find_by_display(tx, &"15550001111".parse().expect("a number")).map(drop)
    }),
    ("rates::find", |tx| {
        let of = rates::RateOf {
            kind: rates::RateKind::Pair,
            number: &number(),
            wa_id: Some(&wa_id()),
        };
        rates::find(tx, of).map(drop)
    }),
    ("recipients::contains", |tx| {
        recipients::contains(tx, &number(), &wa_id()).map(drop)
    }),
    ("subscriptions::route", |tx| {
        subscriptions::route(tx, &waba(), &number(), "calls").map(drop)
    }),
    ("subscriptions::find_scope", |tx| {
        subscriptions::find_scope(tx, &app(1), &subscriptions::Scope::App).map(drop)
    }),
    ("templates::find_by_name", |tx| {
        templates::find_by_name(tx, &waba(), "may_we_call", "en").map(drop)
    }),
    ("templates::due", |tx| {
        templates::due(tx, at(5), 10).map(drop)
    }),
    ("templates::next_deadline", |tx| {
        templates::next_deadline(tx).map(drop)
    }),
    ("held_names::find", |tx| {
        held_names::find(tx, &waba(), "may_we_call").map(drop)
    }),
    ("held_names::release", |tx| held_names::release(tx, at(5))),
    ("users::find", |tx| users::find(tx, &wa_id()).map(drop)),
    ("users::find_by_bsuid", |tx| {
        users::find_by_bsuid(tx, &"US.1".parse().expect("an id")).map(drop)
    }),
    ("windows::find", |tx| {
        windows::find(tx, &number(), &wa_id()).map(drop)
    }),
];

/// The steps of the plans of all statements of a question.
fn plan(question: Question) -> Vec<String> {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let mut store = store();
    in_tx(&mut store, |tx| {
        tx.connection
            .set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    heard.lock().expect("a lock").push(query.to_string());
                }
            });
        question(tx)?;
        let statements = std::mem::take(&mut *asked.lock().expect("a lock"));
        assert!(!statements.is_empty(), "it asked nothing");
        let mut steps = Vec::new();
        for statement in statements {
            let explain = format!("EXPLAIN QUERY PLAN {}", with_values(&statement));
            let plan: Vec<Step> = diesel::sql_query(explain)
                .load(&mut tx.connection)
                .map_err(StoreError::Database)?;
            steps.extend(plan.into_iter().map(|step| step.detail));
        }
        Ok(steps)
    })
}

/// A line of a plan.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Integer)]
    #[expect(dead_code, reason = "the database gives it")]
    id: i32,
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The table that a step looks through without an index that narrows it down, if it does.
fn looked_through(step: &str) -> Option<&str> {
    let rest = step.strip_prefix("SCAN ")?;
    let (table, how) = rest.split_once(' ').unwrap_or((rest, ""));
    (!how.contains("INDEX")).then_some(table)
}

/// A statement with its values in place of their marks, as the planner sees it when it runs.
fn with_values(statement: &str) -> String {
    let (sql, binds) = statement
        .split_once(" -- binds: [")
        .unwrap_or((statement, "]"));
    let mut binds = binds.trim_end().trim_end_matches(']').split(", ");
    let mut filled = String::new();
    for letter in sql.chars() {
        if letter == '?' {
            filled.push_str(&as_bound(binds.next().expect("a value for each mark")));
        } else {
            filled.push(letter);
        }
    }
    filled
}

/// A value as the driver binds it: whether a partial index fits depends on that.
fn as_bound(value: &str) -> String {
    match value {
        "false" => "0".to_owned(),
        "true" => "1".to_owned(),
        other => other.replace('"', "'"),
    }
}

fn call() -> CallId {
    "wacid.1".parse().expect("an id")
}

fn message() -> MessageId {
    "wamid.1".parse().expect("an id")
}
