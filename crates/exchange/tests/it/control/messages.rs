//! Messages over the control API: what users do with them, and what became of them.

use insta::assert_snapshot;
use reqwest::Method;
use serde_json::{Value, json};
use wire::messages::{CallButton, Content, NewMessage};

use super::tell;
use crate::world::{ADA, BOB, NUMBER, TOKEN, World};

#[tokio::test]
async fn users_write_read_and_press() {
    let world = World::start().await;
    let mut story = Vec::new();
    let write = format!("/users/{ADA}/messages");
    let hello = json!({"phone_number_id": NUMBER, "text": "Hello"}).to_string();
    story.push(tell(&world, Method::POST, &write, &hello).await);
    let button = in_a_path(&sends(&world, ADA, a_button()).await);
    for path in [
        format!("/messages/{button}"),
        format!("/messages/{button}/read"),
        format!("/messages/{button}/press"),
        "/messages?rows=1".to_owned(),
        "/messages?from=user".to_owned(),
        format!("/messages?wa_id={BOB}"),
    ] {
        let method = if path.ends_with("read") || path.ends_with("press") {
            Method::POST
        } else {
            Method::GET
        };
        story.push(tell(&world, method, &path, "").await);
    }
    assert_snapshot!("messages", story.join("\n\n"));
}

#[tokio::test]
async fn what_cannot_be_done_says_why() {
    let world = World::start().await;
    let mut story = Vec::new();
    let write = format!("/users/{ADA}/messages");
    let text = |text: &str| json!({"phone_number_id": NUMBER, "text": text}).to_string();
    let failed = in_a_path(&sends(&world, BOB, a_text()).await);
    story.push(tell(&world, Method::POST, &write, &text("Hello")).await);
    let plain = in_a_path(&sends(&world, ADA, a_text()).await);
    let button = in_a_path(&sends(&world, ADA, a_button()).await);
    let an_hour = json!({"advance_ms": 3_600_000}).to_string();
    let answer = json!({"phone_number_id": NUMBER, "text": "Hm", "reply_to": "wamid.none"});
    for (method, path, body) in [
        (Method::GET, "/messages/wamid.none", String::new()),
        (Method::GET, "/messages/7", String::new()),
        (Method::POST, &write, text("  ")),
        (Method::POST, &write, answer.to_string()),
        (Method::POST, "/users/33612345678/messages", text("Hello")),
        (Method::GET, &format!("/messages/{failed}"), String::new()),
        (
            Method::POST,
            &format!("/messages/{failed}/read"),
            String::new(),
        ),
        (
            Method::POST,
            &format!("/messages/{plain}/press"),
            String::new(),
        ),
        (Method::POST, "/clock", an_hour),
        (
            Method::POST,
            &format!("/messages/{button}/press"),
            String::new(),
        ),
    ] {
        story.push(tell(&world, method, path, &body).await);
    }
    assert_snapshot!("messages_refused", story.join("\n\n"));
}

#[tokio::test]
async fn phones_that_are_away_come_back() {
    let world = World::start().await;
    let write = format!("/users/{ADA}/messages");
    let hello = json!({"phone_number_id": NUMBER, "text": "Hello"}).to_string();
    assert_eq!(world.post(&write, &hello).await.status, 201);
    let user = format!("/users/{ADA}");
    let away = world.control(Method::PATCH, &user, r#"{"online":false}"#);
    assert_eq!(away.await.body["online"], false);
    let id = in_a_path(&sends(&world, ADA, a_text()).await);
    let message = format!("/messages/{id}");
    let waiting = world.get(&message).await.body;
    assert_eq!(waiting["status"], "sent");
    assert!(waiting["dropped_at_ms"].is_u64());
    let back = world.control(Method::PATCH, &user, r#"{"online":true}"#);
    assert_eq!(back.await.body["online"], true);
    let arrived = world.get(&message).await.body;
    assert_eq!(arrived["status"], "delivered");
    assert_eq!(arrived["dropped_at_ms"], Value::Null);
}

async fn sends(world: &World, wa_id: &str, content: Content) -> String {
    let new = NewMessage {
        to: wire::Recipient::WaId(wa_id.parse().expect("digits")),
        input: wa_id.to_owned(),
        content,
        reply_to: None,
        callback_data: Some("order 7".to_owned()),
    };
    let sent = world.desk.run(move |turn| {
        let number = NUMBER.parse().expect("an id");
        let acting = exchange::desk::auth::number_by_token(turn, TOKEN, &number)?;
        exchange::desk::messages::send(turn, &acting, new)
    });
    sent.await.expect("a message").message.to_string()
}

fn a_text() -> Content {
    Content::Text {
        body: "Good day".to_owned(),
        preview_url: false,
    }
}

fn a_button() -> Content {
    Content::CallButton {
        body: "Need help?".to_owned(),
        button: CallButton {
            display_text: "Call us".to_owned(),
            ttl_minutes: 60,
            payload: Some("order 7".to_owned()),
        },
    }
}

/// Ids have characters that mean something in a path.
fn in_a_path(id: &str) -> String {
    id.replace('/', "%2F")
        .replace('+', "%2B")
        .replace('=', "%3D")
}
