//! The whole bodies of webhooks, in both shapes, as subscribers get them.

use std::fmt::Write;

use store::subscriptions::Shape;

use crate::desk::subscriptions;
use crate::testing::{Platform, a_world};

#[tokio::test]
async fn of_a_users_call() {
    snapshot("user_call", Shape::Rich, USER_CALL).await;
}

#[tokio::test]
async fn of_a_users_call_as_the_documents_print_them() {
    snapshot("user_call_doc_exact", Shape::DocExact, USER_CALL).await;
}

#[tokio::test]
async fn of_a_businesss_call() {
    snapshot("business_call", Shape::Rich, BUSINESS_CALL).await;
}

#[tokio::test]
async fn of_a_businesss_call_as_the_documents_print_them() {
    snapshot("business_call_doc_exact", Shape::DocExact, BUSINESS_CALL).await;
}

#[tokio::test]
async fn of_a_call_that_is_declined() {
    snapshot(
        "declined",
        Shape::Rich,
        "connect data, phone 1 rings, phone 1 rejects",
    )
    .await;
}

#[tokio::test]
async fn of_a_call_that_nobody_takes() {
    snapshot("not_answered", Shape::Rich, "dial, +60s").await;
}

#[tokio::test]
async fn of_messages() {
    snapshot("messages", Shape::Rich, MESSAGES).await;
}

#[tokio::test]
async fn of_messages_as_the_documents_print_them() {
    snapshot("messages_doc_exact", Shape::DocExact, MESSAGES).await;
}

#[tokio::test]
async fn a_number_without_subscribers_has_calls_all_the_same() {
    let mut platform = Platform::start().await;
    platform
        .run(|turn| {
            for subscription in subscriptions::list(turn)? {
                subscriptions::remove(turn, subscription.id)?;
            }
            Ok(())
        })
        .await
        .expect("no subscribers");
    platform.play("dial, accept A, terminate").await;
    assert!(platform.bodies().is_empty());
    assert!(
        platform
            .end()
            .iter()
            .any(|line| line.contains("business_hung_up"))
    );
}

async fn snapshot(name: &str, shape: Shape, script: &str) {
    let mut platform = Platform::start().await;
    platform
        .run(move |turn| {
            let mut callback = a_world().callbacks.remove(0);
            callback.shape = shape;
            subscriptions::set(turn, &callback)
        })
        .await
        .expect("a subscription");
    platform.play(script).await;
    let mut text = String::new();
    for (event, body) in platform.bodies() {
        writeln!(text, "--- {event}\n{}\n", testkit::json::pretty(body)).expect("text");
    }
    platform.end();
    insta::assert_snapshot!(name, text);
}

const USER_CALL: &str = "dial, +2s, accept A the-data, leg user up, leg business up, +20s";
const BUSINESS_CALL: &str = "connect the-data, +1s, phone 1 rings, +4s, phone 1 picks-up, \
    leg user up, leg business up, leg business media, +61s, terminate";
const MESSAGES: &str = "business writes too-early, user writes hello, business offers 60 order-7, \
    user reads, user replies thanks, user presses, terminate";
