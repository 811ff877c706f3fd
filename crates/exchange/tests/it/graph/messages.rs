//! `POST /{phone_number_id}/messages`: what is answered, and the webhooks that follow.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::json::pretty;
use types::Preset;

use crate::business::{ADA, APP_SECRET, BOB, Business, DISPLAY, NUMBER, without_message_ids};

#[tokio::test]
async fn sent_delivered_and_read() {
    let mut business = Business::start().await;
    let theirs = business.written_by(ADA, "Where is my order?").await;
    let webhook = business.receiver.wait_for_event("text").await;
    assert!(webhook.is_signed_with(APP_SECRET));
    insta::assert_snapshot!(
        "user_text_webhook",
        without_message_ids(&pretty(&webhook.body))
    );

    let read = json!({"messaging_product": "whatsapp", "status": "read", "message_id": theirs});
    business.message("the business has read it", &read).await;
    let answer = json!({
        "messaging_product": "whatsapp", "to": format!("+{ADA}"), "type": "text",
        "text": {"body": "On its way."}, "context": {"message_id": theirs},
        "biz_opaque_callback_data": "order 7",
    });
    let body = business.message("an answer", &answer).await;
    let sent = business.receiver.wait_for_event("sent").await;
    insta::assert_snapshot!("sent_webhook", without_message_ids(&pretty(&sent.body)));
    let delivered = business.receiver.wait_for_event("delivered").await;
    insta::assert_snapshot!(
        "delivered_webhook",
        without_message_ids(&pretty(&delivered.body))
    );
    business.read_by(ADA, &message_id(&body)).await;
    let read = business.receiver.wait_for_event("read").await;
    insta::assert_snapshot!("read_webhook", without_message_ids(&pretty(&read.body)));
    insta::assert_snapshot!(without_message_ids(&business.story()));
}

#[tokio::test]
async fn taken_and_failed() {
    let mut business = Business::start().await;
    let text = json!({"messaging_product": "whatsapp", "to": BOB, "text": {"body": "Hello"}});
    business.message("no window is open", &text).await;
    let failed = business.receiver.wait_for_event("failed").await;
    insta::assert_snapshot!(
        "window_closed_webhook",
        without_message_ids(&pretty(&failed.body))
    );

    let nobody =
        json!({"messaging_product": "whatsapp", "to": "14085559999", "text": {"body": "Hello"}});
    business.message("nobody is there", &nobody).await;
    let deliveries = business.receiver.wait_for_count(2).await;
    let failed = deliveries.last().expect("two webhooks");
    insta::assert_snapshot!("nobody_webhook", without_message_ids(&pretty(&failed.body)));
    insta::assert_snapshot!(without_message_ids(&business.story()));
}

#[tokio::test]
async fn refused() {
    let mut business = Business::start().await;
    let text =
        |to: &str| json!({"messaging_product": "whatsapp", "to": to, "text": {"body": "Hello"}});
    let request = interactive(
        BOB,
        json!({"type": "call_permission_request", "action": {"name": "call_permission_request"}}),
    );
    let stories = [
        ("to oneself", text(DISPLAY)),
        ("a permission without a window", request),
        (
            "nobody has this id",
            json!({"messaging_product": "whatsapp", "recipient": "US.1", "text": {"body": "Hello"}}),
        ),
        (
            "an image",
            json!({"messaging_product": "whatsapp", "to": ADA, "type": "image", "image": {"id": "1"}}),
        ),
        (
            "no text",
            json!({"messaging_product": "whatsapp", "to": ADA, "type": "text"}),
        ),
        (
            "a list",
            interactive(ADA, json!({"type": "list", "body": {"text": "Choose"}})),
        ),
        (
            "read what is not there",
            json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.none"}),
        ),
        (
            "an answer to what is not there",
            json!({
                "messaging_product": "whatsapp", "to": ADA, "text": {"body": "Hello"},
                "context": {"message_id": "wamid.none"},
            }),
        ),
        (
            "a template that is not there",
            json!({
                "messaging_product": "whatsapp", "to": ADA, "type": "template",
                "template": {"name": "none", "language": {"code": "en"}},
            }),
        ),
    ];
    for (what, body) in stories {
        business.message(what, &body).await;
    }
    let path = format!("/{NUMBER}/messages");
    let no_token = business.request(Method::POST, &path).json(&text(ADA));
    business.tell("no token", no_token).await;
    assert_eq!(business.receiver.deliveries().len(), 0);
    insta::assert_snapshot!(without_message_ids(&business.story()));
}

#[tokio::test]
async fn a_permission_is_asked_for_once_a_day() {
    let mut business = Business::start().await;
    business.written_by(BOB, "Call me").await;
    let request = interactive(
        BOB,
        json!({
            "type": "call_permission_request", "body": {"text": "May we call you?"},
            "action": {"name": "call_permission_request"},
        }),
    );
    business.message("a request", &request).await;
    business.message("another one", &request).await;
    business.receiver.wait_for_event("delivered").await;
    business.written_by(ADA, "Call me").await;
    let request = interactive(
        ADA,
        json!({"type": "call_permission_request", "action": {"name": "call_permission_request"}}),
    );
    business
        .message("one who has allowed it for ever", &request)
        .await;
    insta::assert_snapshot!(without_message_ids(&business.story()));
}

fn interactive(to: &str, interactive: Value) -> Value {
    json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": to,
        "type": "interactive", "interactive": interactive,
    })
}

fn message_id(body: &str) -> String {
    let body: Value = serde_json::from_str(body).expect("JSON");
    body["messages"][0]["id"]
        .as_str()
        .expect("a message id")
        .to_owned()
}

/// A user whom the configuration has offline gets nothing until they are back.
#[tokio::test]
async fn a_user_who_is_away_from_the_start() {
    let mut business = Business::start_in(Preset::meta_2026(), |world| {
        world.users[1].online = false;
    })
    .await;
    business.hears_from(BOB).await;
    let text = json!({"messaging_product": "whatsapp", "to": BOB, "text": {"body": "Hello"}});
    let answer = business.message("a text", &text).await;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let path = format!(
        "/messages/{}",
        answer["messages"][0]["id"].as_str().expect("an id")
    );
    let status = async |business: &Business| {
        business.control(Method::GET, &path, Value::Null).await["status"].clone()
    };
    assert_eq!(status(&business).await, "sent");
    let user = format!("/users/{BOB}");
    business
        .control(Method::PATCH, &user, json!({"online": true}))
        .await;
    assert_eq!(status(&business).await, "delivered");
}
