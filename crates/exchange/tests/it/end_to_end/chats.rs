//! Scripted users in chats: they write, answer, change their minds, press buttons and follow links.

use reqwest::Method;
use serde_json::{Value, json};

use super::town::Town;
use crate::world::NUMBER;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_is_asked_allows_calls_is_called_and_changes_the_answer() {
    let town = Town::start(json!({"kind":"echo"})).await;
    let phone = town
        .phone(&json!({
            "write": "When does my order come?", "write_to": NUMBER, "read_after_ms": 500,
            "on_permission": "temporary", "on_permission_after_ms": 2_000,
            "then_permission": "decline", "then_permission_after_ms": 3_600_000,
            "answer_after_ms": 1_000, "hang_up_after_ms": 1_000,
        }))
        .await;
    assert_eq!(town.told(phone, "message").await["detail"], "text");
    town.control(Method::POST, "/clock", &json!({"freeze": true}))
        .await;
    let asked = town.business_sends(&ask()).await;
    let came = town.told_of(phone, &asked, "message").await;
    assert_eq!(came["detail"], "call_permission_request");

    advance(&town, 2_000).await;
    let read = town.told_of(phone, &asked, "reads").await;
    let answered = town.told_of(phone, &asked, "request_stands").await;
    assert_eq!(answered["detail"], "temporary");
    let since = |event: &Value| event["at_ms"].as_u64().zip(came["at_ms"].as_u64());
    assert_eq!(since(&read).map(|(at, came)| at - came), Some(500));
    assert_eq!(since(&answered).map(|(at, came)| at - came), Some(2_000));
    assert_eq!(town.told(phone, "permission").await["detail"], "temporary");

    town.gateway_calls(&json!({"kind":"echo"})).await;
    town.told(phone, "rings").await;
    advance(&town, 10_000).await;
    town.told(phone, "ended").await;

    advance(&town, 3_600_000).await;
    let permission = town.permission().await;
    assert_eq!(permission["status"], "no_permission");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_is_pressed_and_a_link_followed() {
    let town = Town::start(json!({"kind":"echo"})).await;
    let script = json!({
        "write": "Hello", "write_to": NUMBER, "press_button_after_ms": 10, "hang_up_after_ms": 500,
    });
    let phone = town.phone(&script).await;
    town.told(phone, "message").await;
    town.business_sends(&json!({"type": "interactive", "interactive": {
        "type": "voice_call", "body": {"text": "Questions?"},
        "action": {"name": "voice_call", "parameters": {"display_text": "Call us", "payload": "figs-7"}},
    }}))
    .await;
    let call = town.told(phone, "calling").await;
    let call = town
        .call_ended(call["call_id"].as_str().expect("an id"))
        .await;
    for event in ["connect", "terminate"] {
        assert_eq!(town.webhook(&call, event).await["cta_payload"], "figs-7");
    }

    let ended = town.told(phone, "ended").await["number"].as_u64();
    let link = json!({"to": NUMBER, "deep_link_payload": "spring sale"});
    town.control(Method::POST, &format!("/phones/{phone}/dial"), &link)
        .await;
    let from = ended.expect("a number") + 1;
    let call = town.told_from(phone, from, "calling").await;
    let call = town
        .call_ended(call["call_id"].as_str().expect("an id"))
        .await;
    let connect = town.webhook(&call, "connect").await;
    assert_eq!(connect["deeplink_payload"], "spring sale");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_turned_at_once_waits_for_a_new_phone() {
    let town = Town::start(json!({"kind":"echo"})).await;
    let clock = json!({"freeze": true});
    let clock = town.control(Method::POST, "/clock", &clock).await;
    let script = json!({"write": "Hello", "write_to": NUMBER, "write_after_ms": 1_000});
    let phone = town.phone(&script).await;
    advance(&town, 5_000).await;
    let wrote = town.told(phone, "writes").await["at_ms"].as_u64();
    assert_eq!(wrote, clock["now_ms"].as_u64().map(|now| now + 1_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_button_says_so() {
    let town = Town::start(json!({"kind":"echo"})).await;
    let phone = town
        .phone(&json!({"write": "Hello", "write_to": NUMBER}))
        .await;
    town.told(phone, "message").await;
    town.control(Method::POST, "/clock", &json!({"freeze": true}))
        .await;
    let button = town
        .business_sends(&json!({"type": "interactive", "interactive": {
            "type": "voice_call", "body": {"text": "Questions?"},
            "action": {"name": "voice_call", "parameters": {"ttl_minutes": 1}},
        }}))
        .await;
    town.told_of(phone, &button, "message").await;
    advance(&town, 60_000).await;
    town.control(
        Method::POST,
        &format!("/phones/{phone}/button"),
        &Value::Null,
    )
    .await;
    let refused = town.told(phone, "dial_refused").await;
    assert_eq!(refused["detail"], "button_expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_says_what_a_business_may_do() {
    let town = Town::start(json!({"kind":"echo"})).await;
    let phone = town.phone(&json!({"profile": "permanent"})).await;
    assert_eq!(town.told(phone, "permission").await["detail"], "permanent");
    assert_eq!(town.permission().await["status"], "permanent");
    let none = json!({"phone_number_id": NUMBER, "permission": "none"});
    let path = format!("/phones/{phone}/profile");
    // Twice is as good as once: another phone of the user may have said it.
    for _ in 0..2 {
        town.control(Method::POST, &path, &none).await;
    }
    let request = json!({"answer": "decline"});
    let path = format!("/phones/{phone}/permission");
    let (status, refused) = town.answer(Method::POST, &path, &request).await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (409, &json!("phone_not_ready"))
    );
    let again = town.phone(&json!({})).await;
    town.told(again, "online").await;
    assert_eq!(town.permission().await["status"], "no_permission");
}

fn ask() -> Value {
    json!({"type": "interactive", "interactive": {
        "type": "call_permission_request", "body": {"text": "May we call you?"},
        "action": {"name": "call_permission_request"},
    }})
}

async fn advance(town: &Town, ms: u64) {
    town.control(Method::POST, "/clock", &json!({"advance_ms": ms}))
        .await;
}
