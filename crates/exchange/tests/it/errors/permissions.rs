//! Calls and requests for permission that are refused for what the user allows, or for what the
//! number is, and reads of what is allowed.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use types::Preset;

use crate::business::{ADA, ANSWER, BOB, Business, NUMBER};
use crate::customer::{Answer, Customer, Dialect, Wish};

pub(super) async fn read_too_often(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.reads.permission_reads_per_second = 1;
    })
    .await;
    assert_eq!(customer.get(Wish::Permission(ADA)).await.status, 200);
    customer.get(Wish::Permission(ADA)).await
}

pub(super) async fn asked_twice(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.written_by(BOB).await;
    let asked = customer.asks(BOB).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    customer.asks(BOB).await
}

/// In the preset whose documents give a permission that ran out a code of its own.
pub(super) async fn run_out(dialect: Dialect) -> Answer {
    let business = Business::start_with(Preset::seeds_2025()).await;
    let customer = Customer::of(dialect, business).await;
    customer.allowed_by(BOB, "temporary").await;
    customer.business.wait_ms(WEEK_MS).await;
    customer.connect(BOB).await
}

pub(super) async fn asked_without_a_window(dialect: Dialect) -> Answer {
    Customer::start(dialect).await.asks(BOB).await
}

pub(super) async fn one_connected_call_too_many(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.consent.connected_calls_per_day = 1;
    })
    .await;
    customer.talks_to_ada().await;
    customer.connect(ADA).await
}

pub(super) async fn a_country_that_may_not(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let path = format!("/numbers/{NUMBER}");
    customer
        .business
        .control(Method::PATCH, &path, json!({"country": "US"}))
        .await;
    customer.connect(ADA).await
}

pub(super) async fn allowed_for_ever(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.written_by(BOB).await;
    customer.allowed_by(BOB, "permanent").await;
    customer.asks(BOB).await
}

impl Customer {
    /// The user sets in the business's profile whether it may call: `temporary`, `permanent`, `none`.
    pub(crate) async fn allowed_by(&self, user: &str, permission: &str) {
        let path = format!("/consents/{NUMBER}/{user}/profile");
        let change = json!({"permission": permission});
        self.business.control(Method::POST, &path, change).await;
    }

    /// Calls Ada, who takes the call, and hangs up after five seconds.
    pub(crate) async fn talks_to_ada(&self) {
        let mut phone = self.business.phone(ADA).await;
        let call = self.calls(ADA).await;
        phone.hear_of("ring").await;
        phone
            .say(&json!({"type": "pick_up", "call_id": call, "sdp": ANSWER}))
            .await;
        self.told("ACCEPTED").await;
        self.business.wait_ms(5_000).await;
        assert_eq!(self.terminate(&call).await.status, 200);
    }
}

const WEEK_MS: u64 = Duration::from_hours(7 * 24).as_millis() as u64;
