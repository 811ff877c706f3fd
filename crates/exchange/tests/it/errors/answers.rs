//! Requests that are refused for the reason that a code stands for: calls, and the doors themselves.

use reqwest::Method;
use serde_json::json;
use testkit::webhook::VERIFY_TOKEN;

use crate::business::{ADA, BOB, NUMBER, OFFER, WABA};
use crate::customer::{Answer, Customer, Dialect, Wish, answer, connect};

pub(super) async fn no_session(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let body = json!({"messaging_product": "whatsapp", "to": ADA, "action": "connect"});
    customer.post(Wish::Call, &body).await
}

pub(super) async fn no_credentials(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let path = match dialect {
        Dialect::Graph => format!("/{NUMBER}/calls"),
        Dialect::D360 => "/calling/calls".to_owned(),
    };
    let request = customer.business.request(Method::POST, &path);
    answer(request.json(&connect(ADA, OFFER))).await
}

pub(super) async fn a_dead_callback(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let path = format!("/{WABA}/subscribed_apps");
    let callback = json!({
        "override_callback_uri": "http://127.0.0.1:9/hook", "verify_token": VERIFY_TOKEN,
    });
    answer(customer.business.graph(Method::POST, &path).json(&callback)).await
}

pub(super) async fn no_such_path(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let request = match dialect {
        Dialect::Graph => customer
            .business
            .graph(Method::POST, &format!("/{NUMBER}/dial")),
        Dialect::D360 => customer.business.d360(Method::POST, "/calling/dial"),
    };
    answer(request.json(&connect(ADA, OFFER))).await
}

pub(super) async fn shut_down(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.business.stop().await;
    customer.connect(ADA).await
}

pub(super) async fn calling_off(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    let off = json!({"calling": {"status": "DISABLED"}});
    assert_eq!(customer.post(Wish::Settings, &off).await.status, 200);
    customer.connect(ADA).await
}

pub(super) async fn nobodys_number(dialect: Dialect) -> Answer {
    Customer::start(dialect)
        .await
        .connect("4915100000000")
        .await
}

pub(super) async fn one_call_too_many(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.calls.concurrent_calls_max = 1;
    })
    .await;
    customer.business.dialled_by(BOB).await.expect("a call");
    customer.connect(ADA).await
}

pub(super) async fn twice_at_once(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.calls(ADA).await;
    customer.connect(ADA).await
}

pub(super) async fn one_attempt_too_many(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.calls.attempts_per_day_max = 1;
    })
    .await;
    let call = customer.calls(ADA).await;
    assert_eq!(customer.terminate(&call).await.status, 200);
    customer.connect(ADA).await
}

pub(super) async fn nothing_allowed(dialect: Dialect) -> Answer {
    Customer::start(dialect).await.connect(BOB).await
}

pub(super) async fn a_bad_description(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.sdp.error_code = 138_008;
    })
    .await;
    customer
        .post(Wish::Call, &connect(ADA, "no description"))
        .await
}
