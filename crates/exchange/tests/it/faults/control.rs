//! Faults over the control API: armed, listed, disarmed, and every sentence for what does not fit.

use insta::assert_snapshot;
use reqwest::Method;
use serde_json::Value;

use crate::world::{ADA, NUMBER, World};

#[tokio::test]
async fn faults_are_armed_listed_and_disarmed() {
    let world = World::start().await;
    let mut story = Vec::new();
    let one = format!(
        r#"{{"kind":"refuse_api","code":138004,"operation":"connect","times":{{"next":2}},"seed":7,
            "phone_number_id":"{NUMBER}","wa_id":"+49 1511 2345678"}}"#
    );
    let steps = [
        (Method::GET, "/faults", ""),
        (Method::POST, "/faults", one.as_str()),
        (
            Method::POST,
            "/faults",
            r#"{"kind":"network","leg":"user","toward":"party","loss_percent":12.5,"jitter_ms":40,
                "times":{"probability":0.2},"direction":"USER_INITIATED"}"#,
        ),
        (
            Method::POST,
            "/faults",
            r#"{"kind":"reorder_webhooks","behind":"terminate"}"#,
        ),
        (Method::GET, "/faults", ""),
        (Method::GET, "/faults/2", ""),
        (Method::DELETE, "/faults/2", ""),
        (Method::DELETE, "/faults/2", ""),
        (Method::GET, "/faults/2", ""),
        (Method::DELETE, "/faults", ""),
        (Method::GET, "/faults", ""),
    ];
    for (method, path, body) in steps {
        let answer = world.control(method.clone(), path, body).await;
        story.push(format!("{method} {path} {body}\n{}", answer.text()));
    }
    assert_snapshot!("faults", story.join("\n\n"));
}

#[tokio::test]
async fn every_kind_comes_back_as_it_was_armed() {
    let world = World::start().await;
    for wish in [
        r#"{"kind":"refuse_api","code":0,"operation":"any"}"#,
        r#"{"kind":"drop_webhook","event":"terminate"}"#,
        r#"{"kind":"delay_webhook","by_ms":1500}"#,
        r#"{"kind":"double_webhook"}"#,
        r#"{"kind":"reorder_webhooks","event":"status.RINGING"}"#,
        r#"{"kind":"webhook_before_response"}"#,
        r#"{"kind":"ring_for","ms":5000}"#,
        r#"{"kind":"fail_call","code":138019,"when":"while_ringing"}"#,
        r#"{"kind":"fail_call","code":138023}"#,
        r#"{"kind":"fail_message","code":131049}"#,
        r#"{"kind":"fail_message","code":131026,"when":"after_sent","times":{"next":3}}"#,
        r#"{"kind":"payment_missing","operation":"messages"}"#,
        r#"{"kind":"restrict_account","calls":"BUSINESS_INITIATED","for_ms":60000}"#,
        r#"{"kind":"revoke_permission","when":"before_ringing"}"#,
        r#"{"kind":"no_media","times":{"next":1}}"#,
        r#"{"kind":"one_way_audio","silent":"business"}"#,
        r#"{"kind":"network","leg":"business","toward":"exchange","loss_percent":0.1,"delay_ms":1,"jitter_ms":2}"#,
        r#"{"kind":"ice_blackhole","leg":"user","times":{"probability":0.001}}"#,
    ] {
        let answer = world.post("/faults", wish).await;
        assert_eq!(answer.status, 201, "{wish}: {}", answer.text());
        let wished: Value = serde_json::from_str(wish).expect("JSON");
        for (key, value) in wished.as_object().expect("an object") {
            if value != "any" {
                assert_eq!(&answer.body[key], value, "{wish}: {}", answer.text());
            }
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_is_said_by_name() {
    let world = World::start().await;
    let mut story = Vec::new();
    for body in [
        "{}",
        r#"{"kind":"earthquake"}"#,
        r#"{"kind":"drop_webhook","evnet":"connect"}"#,
        r#"{"kind":"refuse_api"}"#,
        r#"{"kind":"refuse_api","code":138016}"#,
        r#"{"kind":"refuse_api","code":100,"operation":"conect"}"#,
        r#"{"kind":"refuse_api","code":100,"event":"connect"}"#,
        r#"{"kind":"refuse_api","code":100,"ms":5}"#,
        r#"{"kind":"fail_call","code":100}"#,
        r#"{"kind":"fail_call","code":138019,"when":"before_call"}"#,
        r#"{"kind":"fail_call","code":138019,"when":"after_sent"}"#,
        r#"{"kind":"fail_message"}"#,
        r#"{"kind":"fail_message","code":138019}"#,
        r#"{"kind":"fail_message","code":131047}"#,
        r#"{"kind":"fail_message","code":131026,"when":"after_pickup"}"#,
        r#"{"kind":"fail_message","code":131026,"operation":"messages"}"#,
        r#"{"kind":"ring_for","ms":0}"#,
        r#"{"kind":"network","leg":"user"}"#,
        r#"{"kind":"network","leg":"user","loss_percent":101}"#,
        r#"{"kind":"no_media","operation":"connect"}"#,
        r#"{"kind":"no_media","times":{}}"#,
        r#"{"kind":"no_media","times":{"next":0}}"#,
        r#"{"kind":"no_media","times":{"next":1,"always":true}}"#,
        r#"{"kind":"no_media","times":{"probability":2}}"#,
        r#"{"kind":"drop_webhook","event":""}"#,
        r#"{"kind":"drop_webhook","direction":"USER_INITIATED"}"#,
    ] {
        let answer = world.post("/faults", body).await;
        assert_eq!(answer.status, 400, "{body}");
        let message = answer.body["error"]["message"]
            .as_str()
            .expect("a sentence");
        story.push(format!("{body}\n  {message}"));
    }
    assert_snapshot!("misfits", story.join("\n"));
}

#[tokio::test]
async fn a_call_that_rings_for_five_seconds_shows_in_the_list() {
    let world = World::start().await;
    world
        .post(
            "/faults",
            r#"{"kind":"ring_for","ms":5000,"times":{"next":1}}"#,
        )
        .await;
    let mut phone = world.phone(ADA).await;
    let call = world.business_calls(ADA).await;
    while phone.hear().await["type"] != "ring" {}
    world.post("/clock", r#"{"advance_ms":5000}"#).await;
    while phone.hear().await["type"] != "stop_ringing" {}
    let call = world.get(&format!("/calls/{call}")).await;
    assert_eq!(call.body["phase"], "ended");
    let fault = &world.get("/faults").await.body["data"][0];
    assert_eq!((&fault["fired"], &fault["left"]), (&1.into(), &0.into()));
}
