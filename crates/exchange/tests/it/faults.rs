//! Armed faults at the public API: what a business is answered, and what comes before what.

use reqwest::Method;
use rules::fault::{Fault, Filter, Operation, Times, When};
use serde_json::{Value, json};
use wire::ErrorCode;

use crate::business::{ADA, ANSWER, BOB, Business, D360_KEY, NUMBER, OFFER, OTHER_NUMBER};

mod control;
mod messages;

impl Business {
    async fn arm(&self, fault: Fault, filter: Filter, times: Times) {
        let armed = self
            .desk
            .run(move |turn| exchange::desk::faults::arm(turn, fault, filter, times, Some(7)));
        armed.await.expect("a fault");
    }
}

fn connect() -> Value {
    json!({
        "messaging_product": "whatsapp", "to": ADA, "action": "connect",
        "session": {"sdp_type": "offer", "sdp": OFFER},
    })
}

fn only(operation: Operation) -> Filter {
    Filter {
        operation: Some(operation),
        ..Filter::default()
    }
}

#[tokio::test]
async fn every_operation_is_refused_in_both_dialects_and_nothing_is_done() {
    let mut business = Business::start().await;
    let id = business.dialled_by(BOB).await.expect("a call");
    business.receiver.wait_for_event("connect").await;
    let before = business.receiver.deliveries().len();
    let answer = |action: &str| {
        json!({"messaging_product": "whatsapp", "call_id": id, "action": action,
               "session": {"sdp_type": "answer", "sdp": ANSWER}})
    };
    let call = format!("/v24.0/{NUMBER}/calls");
    let graph = |path: &str| format!("/v24.0/{NUMBER}/{path}");
    let on = json!({"calling": {"status": "DISABLED"}});
    for (operation, asked) in [
        (Operation::Connect, (Method::POST, call.clone(), connect())),
        (
            Operation::PreAccept,
            (Method::POST, call.clone(), answer("pre_accept")),
        ),
        (
            Operation::Accept,
            (Method::POST, call.clone(), answer("accept")),
        ),
        (
            Operation::Reject,
            (Method::POST, call.clone(), answer("reject")),
        ),
        (
            Operation::Terminate,
            (Method::POST, call.clone(), answer("terminate")),
        ),
        (
            Operation::Messages,
            (Method::POST, graph("messages"), json!({"to": ADA})),
        ),
        (
            Operation::Permissions,
            (
                Method::GET,
                graph(&format!("call_permissions?user_wa_id={ADA}")),
                Value::Null,
            ),
        ),
        (Operation::Settings, (Method::POST, graph("settings"), on)),
        (
            Operation::Templates,
            (Method::GET, graph("message_templates"), Value::Null),
        ),
        (
            Operation::PhoneNumbers,
            (Method::GET, format!("/{NUMBER}"), Value::Null),
        ),
        (
            Operation::Other,
            (Method::GET, "/debug_token".to_owned(), Value::Null),
        ),
    ] {
        let code = ErrorCode::ServiceUnavailable.code();
        let fault = Fault::RefuseApi { code };
        business.arm(fault, only(operation), Times::Next(1)).await;
        let (method, path, body) = asked;
        let mut request = business.graph(method, &path);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(
            (status, &body["error"]["code"]),
            (500, &json!(code)),
            "{path}: {body}"
        );
    }
    assert_eq!(business.receiver.deliveries().len(), before);

    for (what, code) in [
        ("as the platform refuses", ErrorCode::CallRateLimit),
        ("as the gateway refuses", ErrorCode::InvalidAccessToken),
    ] {
        let code = code.code();
        business
            .arm(Fault::RefuseApi { code }, Filter::default(), Times::Next(2))
            .await;
        business.act(what, &connect()).await;
        let request = business
            .d360(Method::POST, "/calling/calls")
            .json(&connect());
        business
            .tell(&format!("{what}, at 360dialog"), request)
            .await;
    }
    business.act("and then no more", &connect()).await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn every_code_of_the_table_is_answered_with_its_status() {
    let business = Business::start().await;
    for code in ErrorCode::ALL {
        let fault = Fault::RefuseApi { code: code.code() };
        business
            .arm(fault, only(Operation::Connect), Times::Next(2))
            .await;
        let path = format!("/{NUMBER}/calls");
        for request in [
            business.graph(Method::POST, &path),
            business.d360(Method::POST, "/calling/calls"),
        ] {
            let answer = request.json(&connect()).send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), code.row().http_status, "{code}");
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(body["error"]["code"], code.code(), "{body}");
        }
        business
            .desk
            .run(exchange::desk::faults::disarm_all)
            .await
            .expect("disarmed");
    }
}

#[tokio::test]
async fn a_filter_is_kept_to_also_by_key_and_call() {
    let business = Business::start().await;
    let id = business.dialled_by(BOB).await.expect("a call");
    let of_bob = Filter {
        number: Some(NUMBER.parse().expect("an id")),
        wa_id: Some(BOB.parse().expect("a number")),
        ..Filter::default()
    };
    let code = ErrorCode::SomethingWentWrong.code();
    business
        .arm(Fault::RefuseApi { code }, of_bob, Times::Always)
        .await;
    let struck = async |request: reqwest::RequestBuilder, body: Value| {
        let answer = request.json(&body).send().await.expect("an answer");
        let body: Value = answer.json().await.expect("JSON");
        body["error"]["code"] == code
    };
    let post = Method::POST;
    let calls = format!("/{NUMBER}/calls");
    let reject = json!({"action": "reject", "call_id": id, "messaging_product": "whatsapp"});
    assert!(struck(business.graph(post.clone(), &calls), reject.clone()).await);
    assert!(
        struck(
            business.d360(post.clone(), "/calling/calls"),
            reject.clone()
        )
        .await
    );
    assert!(!struck(business.graph(post.clone(), &calls), connect()).await);
    let other = format!("/{OTHER_NUMBER}/calls");
    let to_bob = json!({"action": "connect", "to": BOB, "messaging_product": "whatsapp"});
    assert!(!struck(business.graph(post.clone(), &other), to_bob.clone()).await);
    let wrong_key = business
        .request(post.clone(), "/calling/calls")
        .header("D360-API-KEY", format!("not {D360_KEY}"));
    assert!(!struck(wrong_key, to_bob.clone()).await);
    let bsuid = json!({"action": "connect", "recipient": format!("US.1000000000{BOB}")});
    assert!(struck(business.graph(post, &calls), bsuid).await);
}

#[tokio::test]
async fn a_business_that_cannot_pay_neither_calls_nor_writes() {
    let mut business = Business::start().await;
    business
        .arm(Fault::PaymentMissing, Filter::default(), Times::Always)
        .await;
    business.act("connect", &connect()).await;
    let message =
        json!({"messaging_product": "whatsapp", "to": ADA, "type": "text", "text": {"body": "Hi"}});
    let request = business
        .graph(Method::POST, &format!("/{NUMBER}/messages"))
        .json(&message);
    business.tell("a message", request).await;
    business.dialled_by(ADA).await.expect("a call");
    let ended = business.receiver.wait_for_event("terminate").await;
    let ended: Value = serde_json::from_slice(&ended.body).expect("JSON");
    let value = &ended["entry"][0]["changes"][0]["value"];
    assert_eq!(value["errors"][0]["code"], 131_044);
    assert_eq!(value["calls"][0]["errors"][0]["code"], 131_044);
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn the_connect_webhook_comes_before_the_answer() {
    let business = Business::start().await;
    business
        .arm(
            Fault::WebhookBeforeResponse,
            Filter::default(),
            Times::Next(1),
        )
        .await;
    let request = business.graph(Method::POST, &format!("/{NUMBER}/calls"));
    let answer = request.json(&connect()).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let events = business.receiver.deliveries();
    assert_eq!(events.len(), 1, "it was there when the answer came");
}

#[tokio::test]
async fn a_permission_is_taken_back_as_the_business_asks() {
    let mut business = Business::start().await;
    let when = When::BeforeCall;
    business
        .arm(
            Fault::RevokePermission { when },
            Filter::default(),
            Times::Next(1),
        )
        .await;
    business
        .act("the user has just changed their mind", &connect())
        .await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn a_number_is_restricted_from_a_request_on() {
    let mut business = Business::start().await;
    let fault = Fault::RestrictAccount {
        direction: None,
        time: None,
    };
    business
        .arm(fault, only(Operation::Connect), Times::Next(1))
        .await;
    for what in ["the first to feel it", "and the next"] {
        let body: Value =
            serde_json::from_str(&business.act(what, &connect()).await).expect("JSON");
        assert_eq!(body["error"]["code"], 138_014, "{what}: {body}");
    }
    let dialled = business.dialled_by(BOB).await;
    assert!(dialled.is_err(), "users cannot call it either");
}
