//! Messages that are taken and fail later because a fault is armed: which webhooks come, whom a fault
//! is for, and what is not struck.

use reqwest::Method;
use serde_json::{Value, json};
use types::{EventId, Preset};

use crate::business::{ADA, BOB, Business, NUMBER, without_message_ids};

/// With a callback that takes messages, and two templates: one of each category that matters.
async fn start() -> Business {
    let business = Business::start_in(Preset::meta_2026(), |world| {
        world.callbacks[0].fields = vec!["messages".to_owned()];
        for (name, category) in [("sale", "MARKETING"), ("parcel", "UTILITY")] {
            let Value::Object(parameters) = json!({
                "name": name, "language": "en", "category": category,
                "components": [{"type": "BODY", "text": "Hello from Acme."}],
            }) else {
                unreachable!("an object");
            };
            world.templates.push(exchange::world::Template {
                waba: crate::business::WABA.parse().expect("an id"),
                parameters,
            });
        }
    });
    business.await
}

fn template(name: &str, to: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "type": "template",
        "template": {"name": name, "language": {"code": "en"}},
    })
}

/// Sends a message, and waits for what becomes of it in the end: the words of its statuses so far.
async fn fate(business: &mut Business, message: &Value, last: &str) -> Vec<String> {
    let before = business.receiver.deliveries().len();
    let answer = business.message("send it", message).await;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let id = answer["messages"][0]["id"]
        .as_str()
        .expect("it is taken")
        .to_owned();
    let mine = |value: &Value| value["statuses"][0]["id"] == id.as_str();
    let is_last = |value: &Value| mine(value) && value["statuses"][0]["status"] == last;
    business
        .receiver
        .wait_for(|all| all.iter().find(|it| is_last(it.value())).cloned())
        .await;
    let all = business.receiver.deliveries();
    let told = all[before..].iter().filter(|it| mine(it.value()));
    let word = |it: &Value| {
        it["statuses"][0]["status"]
            .as_str()
            .expect("a word")
            .to_owned()
    };
    told.map(|it| word(it.value())).collect()
}

async fn arm(business: &Business, fault: Value) -> Value {
    business.control(Method::POST, "/faults", fault).await
}

#[tokio::test]
async fn the_business_hears_why_before_or_after_it_was_sent() {
    let mut business = start().await;
    let fault = json!({"kind": "fail_message", "code": 131_049, "times": {"next": 1}});
    arm(&business, fault).await;
    assert_eq!(
        fate(&mut business, &template("sale", ADA), "failed").await,
        ["failed"]
    );
    let fault = json!({
        "kind": "fail_message", "code": 131_026, "when": "after_sent", "times": {"next": 1},
    });
    arm(&business, fault).await;
    let mut told = fate(&mut business, &template("parcel", ADA), "failed").await;
    told.sort_unstable();
    assert_eq!(told, ["failed", "sent"]);
    assert_eq!(
        fate(&mut business, &template("parcel", ADA), "sent")
            .await
            .len(),
        1,
        "both are spent"
    );
    let failed = |it: &&testkit::webhook::Delivery| it.value()["statuses"][0]["status"] == "failed";
    let all = business.receiver.deliveries();
    let bodies: Vec<String> = all
        .iter()
        .filter(failed)
        .map(|it| serde_json::to_string_pretty(&it.json).expect("JSON"))
        .collect();
    insta::assert_snapshot!(without_message_ids(&bodies.join("\n")));
}

#[tokio::test]
async fn only_messages_that_can_have_the_cause_are_struck() {
    let mut business = start().await;
    business.hears_from(ADA).await;
    arm(&business, json!({"kind": "fail_message", "code": 131_050})).await;
    let text = json!({"messaging_product": "whatsapp", "to": ADA, "text": {"body": "Hello"}});
    assert_eq!(fate(&mut business, &text, "sent").await, ["sent"]);
    assert_eq!(
        fate(&mut business, &template("parcel", ADA), "sent").await,
        ["sent"]
    );
    assert_eq!(
        fate(&mut business, &template("sale", ADA), "failed").await,
        ["failed"]
    );
}

#[tokio::test]
async fn a_fault_for_one_user_leaves_others_alone() {
    let mut business = start().await;
    let fault = json!({
        "kind": "fail_message", "code": 131_000, "phone_number_id": NUMBER, "wa_id": BOB,
    });
    arm(&business, fault).await;
    assert_eq!(
        fate(&mut business, &template("parcel", ADA), "sent").await,
        ["sent"]
    );
    assert_eq!(
        fate(&mut business, &template("parcel", BOB), "failed").await,
        ["failed"]
    );
    let fault = &business.control(Method::GET, "/faults", Value::Null).await["data"][0];
    assert_eq!((&fault["met"], &fault["fired"]), (&json!(1), &json!(1)));
}

/// What the exchange knows itself comes first: such a message meets no fault.
#[tokio::test]
async fn a_cause_inside_comes_first() {
    let mut business = start().await;
    arm(&business, json!({"kind": "fail_message", "code": 131_000})).await;
    let text = json!({"messaging_product": "whatsapp", "to": BOB, "text": {"body": "Hello"}});
    assert_eq!(fate(&mut business, &text, "failed").await, ["failed"]);
    let heard = business.receiver.deliveries();
    let code = &heard[0].value()["statuses"][0]["errors"][0]["code"];
    assert_eq!(code, 131_047, "the window is closed");
    let fault = &business.control(Method::GET, "/faults", Value::Null).await["data"][0];
    assert_eq!(fault["met"], 0);
}

/// A request for a permission that fails so is over: it neither counts nor can be answered.
#[tokio::test]
async fn a_request_that_fails_is_over() {
    let mut business = start().await;
    business.hears_from(BOB).await;
    let fault = json!({"kind": "fail_message", "code": 131_026, "times": {"next": 1}});
    arm(&business, fault).await;
    let request = json!({
        "messaging_product": "whatsapp", "to": BOB, "type": "interactive",
        "interactive": {
            "type": "call_permission_request", "action": {"name": "call_permission_request"},
        },
    });
    assert_eq!(fate(&mut business, &request, "failed").await, ["failed"]);
    let path = format!("/consents/{NUMBER}/{BOB}");
    let ledger = business.control(Method::GET, &path, Value::Null).await;
    assert_eq!(ledger["open_requests"], json!([]), "{ledger}");
}

#[tokio::test]
async fn the_events_say_which_message_was_struck() {
    let mut business = start().await;
    let fault = json!({"kind": "fail_message", "code": 368});
    let armed = arm(&business, fault).await;
    fate(&mut business, &template("parcel", ADA), "failed").await;
    let messages = business
        .control(Method::GET, "/messages", Value::Null)
        .await;
    let message = &messages["data"][0];
    assert_eq!(message["failure"]["reason"], "policy_block", "{message}");
    let events = business
        .desk
        .run(|turn| exchange::desk::events::list(turn, EventId(0), 100))
        .await
        .expect("events");
    let fired = events.iter().find(|it| it.kind == "fault.fired");
    let detail: Value = serde_json::from_str(&fired.expect("it fired").detail).expect("JSON");
    assert_eq!(detail["fault_id"], armed["id"]);
    assert_eq!(detail["message_id"], message["id"]);
}
