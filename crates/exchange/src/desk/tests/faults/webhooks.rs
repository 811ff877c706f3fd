//! Webhooks that are dropped, late, doubled and overtaken.

use store::deliveries::{DeliveryFilter, StateWord};

use super::*;
use crate::desk::deliveries;

fn about(event: &str) -> Filter {
    Filter {
        event: Some(event.to_owned()),
        ..Filter::default()
    }
}

/// What the subscriber was told in a call that rings, is taken and hung up, with this fault armed.
async fn told(fault: Fault, filter: Filter, script: &str) -> Vec<String> {
    let mut platform = Platform::start().await;
    arm(&platform, fault, filter, Times::Next(1)).await;
    platform.play(script).await;
    platform
        .end()
        .into_iter()
        .filter_map(|line| line.strip_prefix("webhook: ").map(str::to_owned))
        .map(|line| line.split(',').next().unwrap_or_default().to_owned())
        .collect()
}

const CALL: &str = "connect, phone 1 rings, phone 1 picks-up, phone 1 hangs-up";

#[tokio::test]
async fn one_is_dropped_and_stands_in_the_log() {
    let mut platform = Platform::start().await;
    arm(
        &platform,
        Fault::DropWebhook,
        about("connect"),
        Times::Next(1),
    )
    .await;
    platform.play("dial, phone 1 hangs-up").await;
    let rows = platform
        .run(|turn| deliveries::list(turn, &DeliveryFilter::default(), 10))
        .await
        .expect("deliveries");
    let dropped = &rows[1];
    assert_eq!(dropped.notice.event, "connect");
    assert_eq!(StateWord::from(dropped.machine.state), StateWord::GivenUp);
    let id = dropped.id;
    let story = platform
        .run(move |turn| deliveries::find(turn, id))
        .await
        .expect("it");
    assert_eq!(
        story.attempts[0].error.as_deref(),
        Some("dropped by the armed fault 1")
    );
    assert_eq!(story.attempts[0].url, "http://127.0.0.1:9/webhook");
    assert!(!story.body.is_empty());

    // By hand it can be sent all the same.
    platform
        .run(move |turn| deliveries::redeliver(turn, id))
        .await
        .expect("due again");
    platform.take();
    platform.play("+0s").await;
    assert_eq!(
        platform.end(),
        ["webhook: connect, sdp our offer to the business"]
    );
}

#[tokio::test]
async fn one_is_dropped_once_by_two_faults() {
    let mut platform = Platform::start().await;
    for _ in 0..2 {
        let drop = Fault::DropWebhook;
        arm(&platform, drop, about("connect"), Times::Always).await;
    }
    platform.play("dial").await;
    let attempts = platform.run(|turn| {
        let rows = deliveries::list(turn, &DeliveryFilter::default(), 1)?;
        Ok::<_, Refused>(deliveries::find(turn, rows[0].id)?.attempts)
    });
    let attempts = attempts.await.expect("a delivery");
    let said: Vec<_> = attempts.iter().map(|it| it.error.as_deref()).collect();
    assert_eq!(said, [Some("dropped by the armed fault 1")]);
    platform.end();
}

#[tokio::test]
async fn one_comes_late_and_one_twice() {
    let by = Duration::from_secs(5);
    let late = format!("{CALL}, +4999ms, +1ms");
    assert_eq!(
        told(Fault::DelayWebhook { by }, about("status.RINGING"), &late).await,
        ["connect", "ACCEPTED", "terminate", "RINGING"]
    );
    assert_eq!(
        told(Fault::DoubleWebhook, about("connect"), CALL).await,
        ["connect", "connect", "RINGING", "ACCEPTED", "terminate"]
    );
}

#[tokio::test]
async fn connect_comes_behind_the_next_or_the_last_one() {
    let next = Fault::ReorderWebhooks { behind: None };
    assert_eq!(
        told(next, about("connect"), CALL).await,
        ["RINGING", "connect", "ACCEPTED", "terminate"]
    );
    let last = Fault::ReorderWebhooks {
        behind: Some("terminate".to_owned()),
    };
    let script = format!("{CALL}, +0s");
    assert_eq!(
        told(last, about("connect"), &script).await,
        ["RINGING", "ACCEPTED", "terminate", "connect"]
    );
}

#[tokio::test]
async fn of_two_faults_that_hold_one_the_first_says_behind_what() {
    let mut platform = Platform::start().await;
    for behind in [Some("terminate".to_owned()), None] {
        let fault = Fault::ReorderWebhooks { behind };
        arm(&platform, fault, about("connect"), Times::Always).await;
    }
    platform.play(&format!("{CALL}, +0s")).await;
    let told = platform.end();
    let mut webhooks = told.iter().filter(|line| line.starts_with("webhook: "));
    let last = webhooks.next_back().map(String::as_str);
    assert_eq!(
        last,
        Some("webhook: connect, sdp our answer to the business"),
        "{told:?}"
    );
}

#[tokio::test]
async fn one_that_nothing_follows_goes_in_the_end() {
    let next = Fault::ReorderWebhooks { behind: None };
    let script = format!("{CALL}, +599s, +1s");
    assert_eq!(
        told(next, about("terminate"), &script).await,
        ["connect", "RINGING", "ACCEPTED", "terminate"]
    );
}

#[tokio::test]
async fn a_filter_on_a_user_finds_them_by_the_call() {
    let filter = Filter {
        wa_id: Some(user()),
        ..about("connect")
    };
    assert_eq!(
        told(Fault::DropWebhook, filter, CALL).await,
        ["RINGING", "ACCEPTED", "terminate"]
    );
}
