//! What the gateway counts, in one place.

use std::time::Duration;

use types::{Blame, Direction};

use crate::call::Outcome;

/// A webhook was answered.
pub(crate) fn webhook(outcome: &'static str) {
    metrics::counter!(WEBHOOKS, "outcome" => outcome).increment(1);
}

/// A call began.
pub(crate) fn call_started(direction: Direction) {
    metrics::counter!(STARTED, "direction" => label(direction)).increment(1);
}

/// A call was answered, `after` its beginning.
pub(crate) fn call_answered(direction: Direction, after: Duration) {
    metrics::counter!(ANSWERED, "direction" => label(direction)).increment(1);
    metrics::histogram!(SET_UP, "direction" => label(direction)).record(after.as_secs_f64());
}

/// A call ended.
pub(crate) fn call_ended(direction: Direction, outcome: Outcome, blame: Blame) {
    metrics::counter!(
        ENDED,
        "direction" => label(direction),
        "outcome" => outcome.as_str(),
        "blame" => blame.as_str(),
    )
    .increment(1);
}

/// So many calls are not over.
pub(crate) fn calls_open(open: usize) {
    metrics::gauge!(OPEN).set(open as f64);
}

/// The platform was asked for something.
pub(crate) fn request(action: &'static str, outcome: &'static str, took: Duration) {
    metrics::counter!(REQUESTS, "action" => action, "outcome" => outcome).increment(1);
    metrics::histogram!(REQUEST, "action" => action).record(took.as_secs_f64());
}

/// Gives every metric its help text; call it once, after a recorder is installed.
pub fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!(
        WEBHOOKS,
        "Webhooks by what was answered: kept, repeated, refused, failed"
    );
    describe_counter!(STARTED, "Calls of the gateway by who placed them");
    describe_counter!(ANSWERED, "Calls of the gateway that were answered");
    describe_counter!(
        ENDED,
        "Calls of the gateway that are over, by outcome and whose doing it was"
    );
    describe_gauge!(OPEN, "Calls of the gateway that are not over");
    describe_counter!(
        REQUESTS,
        "Requests to the platform by action: done, refused, lost"
    );
    describe_histogram!(
        REQUEST,
        Unit::Seconds,
        "How long the platform took to answer"
    );
    describe_histogram!(
        SET_UP,
        Unit::Seconds,
        "From the beginning of a call to its answer"
    );
}

const fn label(direction: Direction) -> &'static str {
    match direction {
        Direction::UserInitiated => "user_initiated",
        Direction::BusinessInitiated => "business_initiated",
    }
}

const WEBHOOKS: &str = "dialtone_gateway_webhooks_total";
const STARTED: &str = "dialtone_gateway_calls_started_total";
const ANSWERED: &str = "dialtone_gateway_calls_answered_total";
const ENDED: &str = "dialtone_gateway_calls_ended_total";
const OPEN: &str = "dialtone_gateway_calls_open";
const REQUESTS: &str = "dialtone_gateway_requests_total";
const REQUEST: &str = "dialtone_gateway_request_seconds";
const SET_UP: &str = "dialtone_gateway_call_setup_seconds";
