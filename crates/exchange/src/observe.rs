//! What the exchange counts and measures, in the words of the field. Names and meanings stand here and
//! nowhere else; who serves them, and in which format, is the program's business.

use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use types::{Blame, Direction};

/// Calls placed, by direction.
pub const CALLS_STARTED: &str = "dialtone_calls_started_total";
/// Calls that the business accepted or the user picked up, by direction.
pub const CALLS_ANSWERED: &str = "dialtone_calls_answered_total";
/// Calls that are over, by direction, reason and blame.
pub const CALLS_ENDED: &str = "dialtone_calls_ended_total";
/// Calls that never began, by direction and reason.
pub const CALLS_REFUSED: &str = "dialtone_calls_refused_total";
/// From placing a call to its answer, in seconds, by direction.
pub const CALL_RING_SECONDS: &str = "dialtone_call_ring_seconds";
/// From the answer until the audio of both sides is connected, in seconds, by direction.
pub const CALL_SETUP_SECONDS: &str = "dialtone_call_setup_seconds";
/// From the answer to the end, in seconds, by direction.
pub const CALL_TALK_SECONDS: &str = "dialtone_call_talk_seconds";
/// Attempts to deliver a webhook, by outcome.
pub const WEBHOOKS: &str = "dialtone_webhooks_total";
/// How long receivers of webhooks take to answer, in seconds, by outcome.
pub const WEBHOOK_SECONDS: &str = "dialtone_webhook_seconds";
/// RTP packets passed on between the legs of calls; counted where they pass, in `media-io`.
pub const RELAYED_PACKETS: &str = "dialtone_relayed_packets_total";
/// Phones whose line is open.
pub const PHONES_ONLINE: &str = "dialtone_phones_online";
/// Phones that lost their line because they did not read what they were told.
pub const PHONES_TOO_SLOW: &str = "dialtone_phones_too_slow_total";

/// Bounds of the buckets of times that a machine takes, in seconds: set-up and webhooks.
pub const MACHINE_BUCKETS: [f64; 12] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0,
];
/// Bounds of the buckets of times that people take, in seconds: ringing and talking.
pub const PEOPLE_BUCKETS: [f64; 12] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0,
];

/// The histograms whose buckets are [`MACHINE_BUCKETS`].
pub const MACHINE_TIMES: [&str; 2] = [CALL_SETUP_SECONDS, WEBHOOK_SECONDS];
/// The histograms whose buckets are [`PEOPLE_BUCKETS`].
pub const PEOPLE_TIMES: [&str; 2] = [CALL_RING_SECONDS, CALL_TALK_SECONDS];

/// What became of one attempt to deliver a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// The receiver took it.
    Delivered,
    /// The receiver did not take it; it is tried again.
    Failed,
    /// The receiver did not take it and it was the last attempt.
    GivenUp,
}

impl WebhookOutcome {
    /// The word in the label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }
}

/// Tells the installed recorder what everything means. Call it once, after installing the recorder.
pub fn describe() {
    describe_counter!(CALLS_STARTED, "Calls placed.");
    describe_counter!(
        CALLS_ANSWERED,
        "Calls accepted by the business or picked up by the user."
    );
    describe_counter!(
        CALLS_ENDED,
        "Calls that are over, by reason and by whose doing it was."
    );
    describe_counter!(CALLS_REFUSED, "Calls that never began, by reason.");
    describe_histogram!(
        CALL_RING_SECONDS,
        "Seconds from placing a call to its answer."
    );
    describe_histogram!(
        CALL_SETUP_SECONDS,
        "Seconds from the answer until the audio of both sides is connected."
    );
    describe_histogram!(
        CALL_TALK_SECONDS,
        "Seconds from the answer of a call to its end."
    );
    describe_counter!(WEBHOOKS, "Attempts to deliver a webhook, by outcome.");
    describe_histogram!(
        WEBHOOK_SECONDS,
        "Seconds that receivers of webhooks took to answer."
    );
    describe_counter!(
        RELAYED_PACKETS,
        "RTP packets passed on between the legs of calls."
    );
    describe_gauge!(PHONES_ONLINE, "Phones whose line is open.");
    describe_counter!(
        PHONES_TOO_SLOW,
        "Phones that lost their line because they did not read."
    );
}

/// A call was placed.
pub fn call_started(direction: Direction) {
    counter!(CALLS_STARTED, "direction" => label(direction)).increment(1);
}

/// A call was answered, `rang` after it was placed.
pub fn call_answered(direction: Direction, rang: Duration) {
    counter!(CALLS_ANSWERED, "direction" => label(direction)).increment(1);
    histogram!(CALL_RING_SECONDS, "direction" => label(direction)).record(rang);
}

/// The audio of both sides is connected, `took` after the answer.
pub fn call_set_up(direction: Direction, took: Duration) {
    histogram!(CALL_SETUP_SECONDS, "direction" => label(direction)).record(took);
}

/// A call is over. `reason` is a word of a fixed list; `talked` is none if it was never answered.
pub fn call_ended(
    direction: Direction,
    reason: &'static str,
    blame: Blame,
    talked: Option<Duration>,
) {
    counter!(CALLS_ENDED, "direction" => label(direction), "reason" => reason, "blame" => blame.as_str())
        .increment(1);
    if let Some(talked) = talked {
        histogram!(CALL_TALK_SECONDS, "direction" => label(direction)).record(talked);
    }
}

/// A call never began. `reason` is a word of a fixed list.
pub fn call_refused(direction: Direction, reason: &'static str) {
    counter!(CALLS_REFUSED, "direction" => label(direction), "reason" => reason).increment(1);
}

/// An attempt to deliver a webhook came to its end after `took`.
pub fn webhook(outcome: WebhookOutcome, took: Duration) {
    counter!(WEBHOOKS, "outcome" => outcome.as_str()).increment(1);
    histogram!(WEBHOOK_SECONDS, "outcome" => outcome.as_str()).record(took);
}

/// So many phones have their line open.
pub fn phones_online(count: usize) {
    gauge!(PHONES_ONLINE).set(count as f64);
}

/// A phone lost its line because it did not read what it was told.
pub fn phone_too_slow() {
    counter!(PHONES_TOO_SLOW).increment(1);
}

const fn label(direction: Direction) -> &'static str {
    match direction {
        Direction::UserInitiated => "user_initiated",
        Direction::BusinessInitiated => "business_initiated",
    }
}

#[cfg(test)]
mod tests;
