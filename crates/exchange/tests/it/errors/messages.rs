//! Messages that are refused, or that fail later, for the reason that a code stands for.

use serde_json::{Value, json};
use types::Preset;

use crate::business::{ADA, BOB, Business, NUMBER};
use crate::customer::{Answer, Customer, Dialect, Wish};

pub(super) async fn no_text(dialect: Dialect) -> Answer {
    let body = json!({"messaging_product": "whatsapp", "to": ADA, "type": "text"});
    let customer = Customer::start(dialect).await;
    customer.post(Wish::Message, &body).await
}

/// A call button from a country whose numbers may not send one: the cause that the documents name.
pub(super) async fn a_button_from_a_country_that_may_not(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.eligibility.no_call_button_countries = vec!["US".parse().expect("a country")];
    })
    .await;
    let path = format!("/numbers/{NUMBER}");
    customer
        .business
        .control(reqwest::Method::PATCH, &path, json!({"country": "US"}))
        .await;
    customer.written_by(ADA).await;
    customer.post(Wish::Message, &button(ADA)).await
}

pub(super) async fn to_itself(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.says("15550783881").await
}

pub(super) async fn an_old_client(dialect: Dialect) -> Value {
    let customer = Customer::start(dialect).await;
    customer.written_by(BOB).await;
    customer
        .changes_user(BOB, json!({"reachability": "outdated_client"}))
        .await;
    customer.failed(&request(BOB)).await
}

pub(super) async fn not_on_the_list(dialect: Dialect) -> Answer {
    let business = Business::start_with(Preset::meta_sandbox()).await;
    Customer::of(dialect, business).await.connect(ADA).await
}

pub(super) async fn no_window(dialect: Dialect) -> Value {
    let customer = Customer::start(dialect).await;
    customer.failed(&saying(BOB)).await
}

pub(super) async fn a_sticker(dialect: Dialect) -> Answer {
    let body = json!({
        "messaging_product": "whatsapp", "to": ADA, "type": "sticker", "sticker": {"id": "7"},
    });
    let customer = Customer::start(dialect).await;
    customer.post(Wish::Message, &body).await
}

pub(super) async fn many_at_once(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.messages.per_second = 1;
    })
    .await;
    customer.written_by(ADA).await;
    assert_eq!(customer.says(ADA).await.status, 200);
    customer.says(BOB).await
}

pub(super) async fn many_to_one(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.messages.pair_burst = 1;
    })
    .await;
    customer.written_by(ADA).await;
    assert_eq!(customer.says(ADA).await.status, 200);
    customer.says(ADA).await
}

impl Customer {
    /// A user writes to the business, which opens the window of the two.
    pub(crate) async fn written_by(&self, user: &str) {
        self.business.hears_from(user).await;
    }

    pub(crate) async fn changes_user(&self, user: &str, change: Value) {
        let path = format!("/users/{user}");
        self.business
            .control(reqwest::Method::PATCH, &path, change)
            .await;
    }

    /// Sends a text.
    pub(crate) async fn says(&self, to: &str) -> Answer {
        self.post(Wish::Message, &saying(to)).await
    }

    /// Sends a free-form call permission request.
    pub(crate) async fn asks(&self, to: &str) -> Answer {
        self.post(Wish::Message, &request(to)).await
    }

    /// Sends a message that is taken and fails later; gives the status that says so.
    async fn failed(&self, message: &Value) -> Value {
        let sent = self.post(Wish::Message, message).await;
        assert_eq!(sent.status, 200, "{}", sent.body);
        let failed = self.told("failed").await;
        let status = failed.value()["statuses"][0].clone();
        assert_eq!(status["id"], sent.body["messages"][0]["id"]);
        status
    }
}

/// The body of a text.
pub(crate) fn saying(to: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "type": "text",
        "text": {"body": "Your boiler is ready."},
    })
}

/// The body of a free-form call permission request.
pub(crate) fn request(to: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": to,
        "type": "interactive",
        "interactive": {
            "type": "call_permission_request",
            "action": {"name": "call_permission_request"},
            "body": {"text": "May we ring you about the boiler?"},
        },
    })
}

/// The body of a call button.
pub(crate) fn button(to: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "type": "interactive",
        "interactive": {
            "type": "voice_call",
            "body": {"text": "The workshop answers from eight to six."},
            "action": {"name": "voice_call", "parameters": {
                "display_text": "Ring us", "ttl_minutes": 100, "payload": "boiler 7",
            }},
        },
    })
}
