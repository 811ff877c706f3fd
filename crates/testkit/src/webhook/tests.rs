//! The receiver does what it is told.

use super::*;

fn signature(secret: &str, body: &str) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

async fn post(receiver: &Receiver, body: &'static str) -> u16 {
    reqwest::Client::new()
        .post(receiver.url())
        .header("X-Hub-Signature-256", signature("s", body))
        .body(body)
        .send()
        .await
        .expect("an answer")
        .status()
        .as_u16()
}

#[tokio::test]
async fn keeps_what_comes_and_checks_it() {
    let receiver = Receiver::start().await;
    let body = r#"{"entry":[{"changes":[{"value":{"calls":[{"id":"wacid.A","event":"connect","session":{"sdp":"v=0"}}]}}]}]}"#;
    assert_eq!(post(&receiver, body).await, 200);
    let delivery = receiver.wait_for_event("connect").await;
    assert_eq!(delivery.call_id(), Some("wacid.A"));
    assert_eq!(delivery.sdp(), Some("v=0"));
    assert_eq!(delivery.path, "/webhook");
    assert!(delivery.is_signed_with("s"));
    assert!(!delivery.is_signed_with("other"));
}

#[tokio::test]
async fn answers_as_told() {
    let receiver = Receiver::start().await;
    receiver.behave_next([Behaviour::Answer(500, "no".to_owned())]);
    assert_eq!(post(&receiver, "{}").await, 500);
    assert_eq!(post(&receiver, "{}").await, 200);

    receiver.behave(Behaviour::Hold);
    let held = post(&receiver, "{}");
    tokio::pin!(held);
    // It has come, and nothing was answered.
    tokio::select! {
        _ = receiver.wait_for_count(3) => {}
        status = &mut held => panic!("answered {status}"),
    }
    receiver.release();
    assert_eq!(held.await, 200);
}

#[tokio::test]
async fn shakes_hands_with_the_right_token_only() {
    let receiver = Receiver::start().await;
    let ask = async |token: &str| {
        let answer = reqwest::Client::new()
            .get(receiver.url())
            .query(&[
                ("hub.mode", "subscribe"),
                ("hub.challenge", "1158201444"),
                ("hub.verify_token", token),
            ])
            .send()
            .await
            .expect("an answer");
        (
            answer.status().as_u16(),
            answer.text().await.expect("a text"),
        )
    };
    assert_eq!(ask(VERIFY_TOKEN).await, (200, "1158201444".to_owned()));
    assert_eq!(ask("other").await, (403, String::new()));
    assert_eq!(receiver.handshakes(), 2);
}
