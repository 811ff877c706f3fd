//! Consent as the operator sees it: how it stands, how it came to that, and what users say to it.

use insta::assert_snapshot;
use reqwest::Method;

use super::tell;
use crate::world::{ADA, BOB, NUMBER, World};

#[tokio::test]
async fn a_user_allows_and_takes_back() {
    let world = World::start().await;
    let one = format!("/consents/{NUMBER}/{ADA}");
    let (profile, history) = (format!("{one}/profile"), format!("{one}/history"));
    let steps = [
        (Method::POST, profile.as_str(), r#"{"permission":"none"}"#),
        (Method::POST, &profile, r#"{"permission":"temporary"}"#),
        (Method::POST, &profile, r#"{"permission":"temporary"}"#),
        (Method::POST, &profile, r#"{"permission":"for ever"}"#),
        (Method::PUT, &one, r#"{"granted":true,"term":"temporary"}"#),
        (Method::PUT, &one, r#"{"granted":true,"term":"long"}"#),
        (Method::GET, &history, ""),
        (
            Method::GET,
            "/consents/106540352242922/4915112345678/history?rows=1",
            "",
        ),
        (
            Method::GET,
            "/consents/106540352242922/4915112345678/history?rows=1&after=0",
            "",
        ),
        (Method::GET, "/consents/1/4915112345678/history", ""),
    ];
    assert_snapshot!("profile", story(&world, &steps).await);
}

#[tokio::test]
async fn an_answer_needs_a_request() {
    let world = World::start().await;
    let steps = [
        (
            Method::POST,
            "/messages/wamid.none/answer",
            r#"{"answer":"temporary"}"#,
        ),
        (
            Method::POST,
            "/messages/wamid.none/answer",
            r#"{"answer":"perhaps"}"#,
        ),
        (
            Method::POST,
            "/messages/none/answer",
            r#"{"answer":"decline"}"#,
        ),
    ];
    assert_snapshot!("answers_refused", story(&world, &steps).await);
}

#[tokio::test]
async fn recipients_are_added_and_removed() {
    let world = World::start().await;
    let list = format!("/numbers/{NUMBER}/recipients");
    let (ada, bob) = (format!("{list}/{ADA}"), format!("{list}/{BOB}"));
    let nobody = format!("{list}/4915000000000");
    let steps = [
        (Method::GET, list.as_str(), ""),
        (Method::PUT, &ada, ""),
        (Method::PUT, &ada, ""),
        (Method::PUT, &bob, ""),
        (Method::DELETE, &bob, ""),
        (Method::DELETE, &bob, ""),
        (Method::GET, &list, ""),
        (Method::PUT, &nobody, ""),
        (Method::GET, "/numbers/1/recipients", ""),
    ];
    assert_snapshot!("recipients", story(&world, &steps).await);
}

async fn story(world: &World, steps: &[(Method, &str, &str)]) -> String {
    let mut story = Vec::new();
    for (method, path, body) in steps {
        story.push(tell(world, method.clone(), path, body).await);
    }
    story.join("\n\n")
}
