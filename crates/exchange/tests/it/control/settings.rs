//! Settings and suspensions of numbers, from behind the business's back.

use insta::assert_snapshot;
use reqwest::Method;

use super::tell;
use crate::world::{NUMBER, World};

#[tokio::test]
async fn settings_of_a_number_are_changed_without_bars() {
    let world = World::start().await;
    let mut story = Vec::new();
    let one = format!("/numbers/{NUMBER}");
    for body in [
        r#"{"messaging_limit":"TIER_50","calling":{"status":"DISABLED"}}"#,
        r#"{"calling":{"status":"ENABLED","callback_permission_status":"ENABLED"}}"#,
        r#"{"calling":{"call_hours":{"status":"ENABLED","timezone_id":"Mars/Olympus"}}}"#,
        r#"{"calling":{"hours":{}}}"#,
        r#"{"messaging_limit":"TIER_3"}"#,
    ] {
        story.push(tell(&world, Method::PATCH, &one, body).await);
    }
    assert_snapshot!("number_settings", story.join("\n\n"));
}

#[tokio::test]
async fn a_number_is_suspended_and_let_go() {
    let world = World::start().await;
    let mut story = Vec::new();
    let one = format!("/numbers/{NUMBER}/restrictions");
    let week =
        r#"{"business_initiated":true,"violation":"LOW_BUSINESS_INITIATED_CALLING_QUALITY"}"#;
    for (method, path, body) in [
        (Method::GET, one.as_str(), ""),
        (Method::PUT, &one, week),
        (
            Method::PUT,
            &one,
            r#"{"call_button_hidden":true,"for_ms":1000}"#,
        ),
        (Method::POST, "/clock", r#"{"advance_ms":1000}"#),
        (Method::GET, &one, ""),
        (Method::PUT, &one, r#"{"violation":"BAD"}"#),
        (Method::PUT, &one, r#"{"everything":true}"#),
        (Method::GET, "/numbers/1/restrictions", ""),
    ] {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("restrictions", story.join("\n\n"));
}
