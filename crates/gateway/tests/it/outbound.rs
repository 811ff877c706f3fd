//! The business calls.

use std::time::Duration;

use media::audio::Probe;
use serde_json::{Value, json};
use types::CallId;
use types::Direction::BusinessInitiated;
use wire::webhook::{CallStatus, What};

use crate::world::{Connecting, World, event, now, status, terminated};

#[tokio::test]
async fn the_user_hears_the_business_from_the_pickup_on() {
    let world = World::start(json!({})).await;
    let handler = json!({"kind": "tone", "hz": 600});
    let (reference, id) = place(&world, json!({"to": "+1 218 555 2828", "handler": handler})).await;
    let phone = world.platform.phone_of(&id);
    phone.speak(440);
    answer(&world, &id).await;
    world.until(&reference, "connected").await;
    world.platform.tell(&status(&id, CallStatus::Ringing)).await;
    world.until(&reference, "ringing").await;
    assert_eq!(
        phone.heard.packets(),
        0,
        "nothing is said before the pickup"
    );

    world
        .platform
        .tell(&status(&id, CallStatus::Accepted))
        .await;
    world.platform.hears(&phone, 75).await;
    phone.press("7");
    world.until(&reference, "digit").await;
    let (code, call) = world.post(&format!("/calls/{id}/hangup"), json!({})).await;
    assert_eq!((code, &call["reference"]), (202, &json!(reference)));
    let asked = world.platform.wait_for("terminate", 1).await;
    assert_eq!(asked["call_id"], id.as_str());
    world
        .platform
        .tell(&terminated(&id, BusinessInitiated, Some(now())))
        .await;
    assert_eq!(
        world.story(&reference).await,
        "began, placed, connected, ringing, answered, digit 7, ended: hung_up by business"
    );

    let heard = phone.heard.pcm();
    let probe = Probe::new(&heard);
    assert!(probe.tone_level(600) > 0.2, "{}", probe.tone_level(600));
    let gap = probe.longest_tone_gap(600).expect("the tone is there");
    assert!(gap < Duration::from_millis(100), "a gap of {gap:?}");
    let (code, error) = world.post(&format!("/calls/{id}/hangup"), json!({})).await;
    assert_eq!(
        (code, error["error"]["code"].as_str()),
        (409, Some("call_over"))
    );
    world.stop().await;
}

#[tokio::test]
async fn the_answer_webhook_overtakes_the_response() {
    let world = World::start(json!({})).await;
    world.platform.connecting(Connecting::WebhookFirst);
    let (reference, id) = place(&world, json!({"to": "12185552828"})).await;
    world.until(&reference, "connected").await;
    world
        .platform
        .tell(&status(&id, CallStatus::Accepted))
        .await;
    world.until(&reference, "answered").await;
    world
        .platform
        .tell(&terminated(&id, BusinessInitiated, Some(now())))
        .await;
    assert_eq!(
        world.story(&reference).await,
        "began, placed, connected, answered, ended: hung_up by user"
    );
    world.stop().await;
}

#[tokio::test]
async fn no_permission_is_told_as_such() {
    let world = World::start(json!({})).await;
    world.platform.connecting(Connecting::Answer(
        401,
        json!({"error": {"message": "No approved permission", "type": "OAuthException",
            "code": 138_006, "error_data": {"details": "Ask the user for permission first"}}}),
    ));
    let (code, answer) = world.post("/calls", json!({"to": "12185552828"})).await;
    let error = &answer["error"];
    assert_eq!(code, 403);
    assert_eq!(error["code"], "no_permission");
    assert_eq!(error["platform_code"], 138_006);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .ends_with("Ask the user for permission first")
    );
    let reference = error["reference"].as_str().unwrap();
    assert_eq!(
        world.story(reference).await,
        "began, ended: no_permission by user"
    );
    world.stop().await;
}

#[tokio::test]
async fn a_refusal_is_told_with_the_platforms_reason() {
    let world = World::start(json!({})).await;
    world.platform.connecting(Connecting::Answer(
        400,
        json!({"error": {"message": "Duplicate call", "code": 138_003}}),
    ));
    let (code, answer) = world.post("/calls", json!({"to": "12185552828"})).await;
    assert_eq!(
        (code, &answer["error"]["platform_code"]),
        (422, &json!(138_003))
    );
    world.stop().await;
}

#[tokio::test]
async fn a_lost_answer_is_not_repeated_and_found_again_by_the_echo() {
    let world = World::start(json!({})).await;
    world.platform.connecting(Connecting::Lose);
    let body = json!({"to": "12185552828", "callback_data": "order 7"});
    let (placed, ()) = tokio::join!(world.post("/calls", body), async {
        world.platform.wait_for("connect", 1).await;
        let id: CallId = "wacid.TEST1".parse().unwrap();
        let phone = world.platform.phone_of(&id);
        let sdp = phone.sdp.clone();
        let mut connect = event(&id, BusinessInitiated, What::Connect { sdp });
        connect.callback_data = phone.echo.clone();
        assert!(phone.echo.unwrap().ends_with(";order 7"));
        world.platform.tell(&connect).await;
    });
    assert_eq!(placed.0, 201, "{placed:?}");
    assert_eq!(placed.1["callback_data"], "order 7");
    let id: CallId = placed.1["call_id"].as_str().unwrap().parse().unwrap();
    world.until(id.as_str(), "connected").await;
    world
        .platform
        .tell(&terminated(&id, BusinessInitiated, None))
        .await;
    assert_eq!(
        world.story(id.as_str()).await,
        "began, placed, connected, ended: not_answered by user"
    );
    assert_eq!(world.platform.actions(), ["connect"]);
    world.stop().await;
}

#[tokio::test]
async fn the_user_declines() {
    let world = World::start(json!({})).await;
    let (reference, id) = place(&world, json!({"to": "12185552828"})).await;
    answer(&world, &id).await;
    world
        .platform
        .tell(&status(&id, CallStatus::Rejected))
        .await;
    world
        .platform
        .tell(&terminated(&id, BusinessInitiated, None))
        .await;
    let story = world.story(&reference).await;
    assert!(story.ends_with("ended: declined by user"), "{story}");
    assert_eq!(world.platform.actions(), ["connect"]);
    world.stop().await;
}

#[tokio::test]
async fn the_pickup_comes_before_the_answer() {
    let world = World::start(json!({"kind": "tone"})).await;
    let (reference, id) = place(&world, json!({"to": "US.13491208655302741918"})).await;
    world
        .platform
        .tell(&status(&id, CallStatus::Accepted))
        .await;
    world.until(&reference, "answered").await;
    answer(&world, &id).await;
    let phone = world.platform.phone_of(&id);
    world.platform.hears(&phone, 10).await;
    world
        .platform
        .tell(&terminated(&id, BusinessInitiated, Some(now())))
        .await;
    world.until(&reference, "ended").await;
    world.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said() {
    let world = World::start(json!({})).await;
    for (body, message) in [
        (
            json!({"to": "bob"}),
            "to: not a phone number: digits only, with an optional leading +",
        ),
        (
            json!({"to": "12185552828", "handler": {"kind": "echo", "hz": 5}}),
            "handler.hz: only the handler tone has it",
        ),
    ] {
        let (code, answer) = world.post("/calls", body).await;
        assert_eq!(
            (code, answer["error"]["message"].as_str()),
            (400, Some(message))
        );
    }
    let (code, answer) = world.post("/calls", json!({"too": "1"})).await;
    assert_eq!(code, 400);
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("`too`"),
        "{answer}"
    );
    assert_eq!(
        world.get("/calls/nobody").await["error"]["code"],
        "unknown_call"
    );
    assert!(world.platform.actions().is_empty());
    world.stop().await;
}

/// Places a call; the gateway's and the platform's name of it.
pub(crate) async fn place(world: &World, body: Value) -> (String, CallId) {
    let (code, call) = world.post("/calls", body).await;
    assert_eq!(code, 201, "{call}");
    let text = |key: &str| call[key].as_str().expect(key).to_owned();
    (text("reference"), text("call_id").parse().expect("an id"))
}

/// Sends the platform's session description for a call.
pub(crate) async fn answer(world: &World, id: &CallId) {
    let sdp = world.platform.phone_of(id).sdp;
    let connect = event(id, BusinessInitiated, What::Connect { sdp });
    world.platform.tell(&connect).await;
}
