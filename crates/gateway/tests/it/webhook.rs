//! Who may tell the gateway something.

use serde_json::json;
use types::Direction::UserInitiated;
use wire::webhook::{Shape, What};

use crate::world::{World, event, terminated};

#[tokio::test]
async fn the_handshake() {
    let world = World::start(json!({})).await;
    let ask = async |token: &str, mode: &str| {
        let url = format!(
            "{}/webhook?hub.mode={mode}&hub.challenge=1158201444&hub.verify_token={token}",
            world.url
        );
        let answer = world.client.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(
        ask("word", "subscribe").await,
        (200, "1158201444".to_owned())
    );
    assert_eq!(ask("ward", "subscribe").await.0, 403);
    assert_eq!(ask("word", "unsubscribe").await.0, 403);
    world.stop().await;
}

#[tokio::test]
async fn an_event_without_the_right_signature_is_refused() {
    let world = World::start(json!({})).await;
    let (id, phone) = world.platform.dial();
    let sdp = phone.sdp.clone();
    let body = event(&id, UserInitiated, What::Connect { sdp }).to_bytes(Shape::Rich);
    let send = async |signature: Option<String>| {
        let request = world
            .client
            .post(format!("{}/webhook", world.url))
            .body(body.clone());
        let request = match signature {
            Some(signature) => request.header("X-Hub-Signature-256", signature),
            None => request,
        };
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send(None).await, 401);
    assert_eq!(send(Some("sha256=00".to_owned())).await, 401);
    assert_eq!(
        send(Some(wire::signature::sign(b"another", &body))).await,
        401
    );
    assert_eq!(world.get("/calls").await["calls"], json!([]));
    assert_eq!(world.platform.send(body.clone()).await, 200);
    world.platform.wait_for("pre_accept", 1).await;
    world
        .platform
        .tell(&terminated(&id, UserInitiated, None))
        .await;
    world.until(id.as_str(), "ended").await;
    world.stop().await;
}

#[tokio::test]
async fn without_a_secret_nothing_is_let_in() {
    let world = World::start_with(json!({}), |config| config.webhook.app_secret = None).await;
    assert_eq!(world.platform.send(b"{}".to_vec()).await, 401);
    world.stop().await;
}

#[tokio::test]
async fn unsigned_webhooks_are_taken_if_the_configuration_says_so() {
    let world = World::start_with(json!({}), |config| {
        config.webhook.app_secret = None;
        config.webhook.unsigned = true;
    })
    .await;
    assert_eq!(world.platform.send(b"{\"entry\":[]}".to_vec()).await, 200);
    world.stop().await;
}

#[tokio::test]
async fn what_is_no_call_is_taken_and_left() {
    let world = World::start(json!({})).await;
    for body in [
        r#"{"event":"call_permission_status","status":"GRANTED","waba_id":"1","recipient":"1"}"#,
        r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages"}]}]}"#,
        "not JSON at all",
    ] {
        assert_eq!(
            world.platform.send(body.as_bytes().to_vec()).await,
            200,
            "{body}"
        );
    }
    let ready = world
        .client
        .get(format!("{}/readyz", world.url))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status(), 200);
    world.stop().await;
}
