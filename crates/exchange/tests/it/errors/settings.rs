//! What a number is set to, and what that refuses.

use reqwest::Method;
use serde_json::{Value, json};
use types::Preset;

use crate::business::{ADA, Business, NUMBER, WABA};
use crate::customer::{Answer, Customer, Dialect, Wish, answer};

pub(super) async fn set_up_for_sip(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let server = json!({"hostname": "sip.acme.example"});
    customer
        .sets(json!({"sip": {"status": "ENABLED", "servers": [server]}}))
        .await;
    customer.connect(ADA).await
}

pub(super) async fn suspended(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let path = format!("/numbers/{NUMBER}/restrictions");
    let suspended = json!({"business_initiated": true});
    customer
        .business
        .control(Method::PUT, &path, suspended)
        .await;
    customer.connect(ADA).await
}

pub(super) async fn too_small(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.sets(json!({"status": "DISABLED"})).await;
    let path = format!("/numbers/{NUMBER}");
    customer
        .business
        .control(Method::PATCH, &path, json!({"messaging_limit": "TIER_250"}))
        .await;
    customer.post(Wish::Settings, &on()).await
}

pub(super) async fn nobody_listens(dialect: Dialect) -> Answer {
    let business = Business::start_in(Preset::meta_2026(), |world| {
        world.callbacks.clear();
        world.numbers[0].calling_enabled = false;
    })
    .await;
    Customer::deaf(dialect, business)
        .post(Wish::Settings, &on())
        .await
}

pub(super) async fn nothing_to_pay_with(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.written_by(ADA).await;
    customer.cannot_pay().await;
    customer.says(ADA).await
}

pub(super) async fn restricted_account(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.is_held(json!({"business_initiated": true})).await;
    customer.says(ADA).await
}

pub(super) async fn disabled_account(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.is_held(json!({"ban": "disabled"})).await;
    customer.connect(ADA).await
}

/// What the number's health says with SIP off: that it is not set up.
pub(super) async fn sip_not_set_up() -> Value {
    health(&Customer::start(Dialect::Graph).await).await
}

/// What it says with SIP on: this exchange does not speak it.
pub(super) async fn sip_not_spoken() -> Value {
    let customer = Customer::start(Dialect::Graph).await;
    let server = json!({"hostname": "sip.acme.example"});
    customer
        .sets(json!({"sip": {"status": "ENABLED", "servers": [server]}}))
        .await;
    health(&customer).await
}

/// The first thing that ails the number.
async fn health(customer: &Customer) -> Value {
    let path = format!("/{NUMBER}?fields=health_status");
    let read = answer(customer.business.graph(Method::GET, &path)).await;
    assert_eq!(read.status, 200, "{}", read.body);
    let number = &read.body["health_status"]["entities"][0];
    assert_eq!(number["entity_type"], "PHONE_NUMBER", "{number}");
    number["errors"][0].clone()
}

fn on() -> Value {
    json!({"calling": {"status": "ENABLED"}})
}

impl Customer {
    /// The platform holds something against the customer's account.
    async fn is_held(&self, standing: Value) {
        let path = format!("/wabas/{WABA}/standing");
        self.business.control(Method::PUT, &path, standing).await;
    }

    /// Takes the payment method away.
    pub(crate) async fn cannot_pay(&self) {
        let fault = json!({"kind": "payment_missing"});
        self.business.control(Method::POST, "/faults", fault).await;
    }

    /// Sets something about the number's calls.
    pub(crate) async fn sets(&self, calling: Value) {
        let set = self
            .post(Wish::Settings, &json!({"calling": calling}))
            .await;
        assert_eq!(set.status, 200, "{}", set.body);
    }
}
