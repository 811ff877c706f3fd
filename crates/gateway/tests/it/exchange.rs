//! Whole calls between a gateway and a user's phone, through the exchange: both dialects, both
//! directions, real audio, each ending.

use std::time::Duration;

use media::audio::{Probe, read_pcm};
use phone::PhoneHandle;
use phone::story::Happening;
use serde_json::json;

use crate::world::{ADA, Running, TheExchange, happens};

#[tokio::test]
async fn a_user_calls_by_metas_api() {
    a_user_calls("graph").await;
}

#[tokio::test]
async fn a_user_calls_by_360dialogs_api() {
    a_user_calls("d360").await;
}

async fn a_user_calls(dialect: &str) {
    let handler = json!({"kind": "tone", "hz": 600, "record": true});
    let there = TheExchange::start_with(dialect, true, handler, |_| {}).await;
    let phone = there
        .phone(
            "dial = \"15550783881\"
             then = [
                { say = \"tone:440\" },
                { wait_ms = 1500 },
                { press = \"42#\" },
                { wait_ms = 1500 },
                { hang_up = true },
             ]",
        )
        .await;
    let call = there.gateway.began().await;
    assert_eq!(
        there.gateway.story(&call).await,
        "began, connected, answered, digit 4, digit 2, digit #, ended: hung_up by user"
    );
    is_heard(&phone.recording().heard.pcm(), 600);
    is_heard(&recorded(&there.gateway, &call, "user").await, 440);
    let call = there.gateway.get(&format!("/calls/{call}")).await;
    assert_eq!(call["peer"], ADA);
    assert_eq!(call["statistics"]["packets_lost"], 0, "{call}");
    there.stop().await;
}

#[tokio::test]
async fn the_business_calls_by_metas_api() {
    the_business_calls("graph").await;
}

#[tokio::test]
async fn the_business_calls_by_360dialogs_api() {
    the_business_calls("d360").await;
}

async fn the_business_calls(dialect: &str) {
    let handler = json!({"kind": "tone", "hz": 600, "record": true});
    let there = TheExchange::start_with(dialect, true, handler, |_| {}).await;
    let phone = there
        .phone(
            "answer_after_ms = 300
             then = [{ say = \"tone:440\" }, { wait_ms = 1500 }, { press = \"7\" }]",
        )
        .await;
    let call = place(&there.gateway).await;
    there.gateway.until(&call, "digit").await;
    happens(&phone, |it| matches!(it, Happening::Pressed)).await;
    there
        .gateway
        .post(&format!("/calls/{call}/hangup"), json!({}))
        .await;
    assert_eq!(
        sorted(&there.gateway.story(&call).await),
        sorted("began, placed, ringing, connected, answered, digit 7, ended: hung_up by business")
    );
    happens(&phone, |it| matches!(it, Happening::Ended { .. })).await;
    is_heard(&phone.recording().heard.pcm(), 600);
    is_heard(&recorded(&there.gateway, &call, "user").await, 440);
    there.stop().await;
}

#[tokio::test]
async fn without_permission_no_phone_rings() {
    let there = TheExchange::start_with("graph", false, json!({}), |_| {}).await;
    let phone = there.phone("answer_after_ms = 0").await;
    let (status, answer) = there.gateway.post("/calls", json!({"to": ADA})).await;
    let error = &answer["error"];
    assert_eq!(
        (status, error["code"].as_str()),
        (403, Some("no_permission"))
    );
    assert_eq!(error["platform_code"], 138_006, "{error}");
    assert!(!rang(&phone));
    there.stop().await;
}

#[tokio::test]
async fn the_user_declines() {
    let there = TheExchange::start(json!({})).await;
    let _phone = there.phone("reject_after_ms = 100").await;
    let call = place(&there.gateway).await;
    let story = there.gateway.story(&call).await;
    assert!(story.ends_with("ended: declined by user"), "{story}");
    there.stop().await;
}

#[tokio::test]
async fn the_user_lets_it_ring() {
    let there = TheExchange::start_with("graph", true, json!({}), |config| {
        config.calls.ring_secs_max = 1;
    })
    .await;
    let phone = there.phone("ignore = true").await;
    let call = place(&there.gateway).await;
    let story = there.gateway.story(&call).await;
    assert!(story.ends_with("ended: not_answered by user"), "{story}");
    happens(&phone, |it| matches!(it, Happening::StoppedRinging { .. })).await;
    there.stop().await;
}

#[tokio::test]
async fn the_business_gives_up_while_it_rings() {
    let there = TheExchange::start(json!({})).await;
    let phone = there.phone("ignore = true").await;
    let call = place(&there.gateway).await;
    there.gateway.until(&call, "ringing").await;
    let hang_up = format!("/calls/{call}/hangup");
    assert_eq!(there.gateway.post(&hang_up, json!({})).await.0, 202);
    let story = there.gateway.story(&call).await;
    assert!(story.ends_with("ended: cancelled by business"), "{story}");
    happens(&phone, |it| matches!(it, Happening::StoppedRinging { .. })).await;
    there.stop().await;
}

#[tokio::test]
async fn the_user_hangs_up_on_the_business() {
    let there = TheExchange::start(json!({})).await;
    let _phone = there
        .phone("answer_after_ms = 0\nhang_up_after_ms = 500")
        .await;
    let call = place(&there.gateway).await;
    let story = there.gateway.story(&call).await;
    assert!(story.ends_with("ended: hung_up by user"), "{story}");
    there.stop().await;
}

#[tokio::test]
async fn the_business_declines_a_user() {
    let there = TheExchange::start_with("graph", true, json!({}), |config| {
        config.calls.answer_after_ms = 30_000;
    })
    .await;
    let phone = there.phone("dial = \"15550783881\"").await;
    let call = there.gateway.began().await;
    there.gateway.until(&call, "connected").await;
    let hang_up = format!("/calls/{call}/hangup");
    assert_eq!(there.gateway.post(&hang_up, json!({})).await.0, 202);
    assert_eq!(
        there.gateway.story(&call).await,
        "began, connected, ended: declined by business"
    );
    happens(&phone, |it| matches!(it, Happening::Ended { .. })).await;
    there.stop().await;
}

#[tokio::test]
async fn the_user_gives_up_before_the_business_answers() {
    let there = TheExchange::start_with("graph", true, json!({}), |config| {
        config.calls.answer_after_ms = 30_000;
    })
    .await;
    let phone = there.phone("dial = \"15550783881\"").await;
    let call = there.gateway.began().await;
    there.gateway.until(&call, "connected").await;
    phone.hang_up().await.expect("there is a call");
    assert_eq!(
        there.gateway.story(&call).await,
        "began, connected, ended: not_answered by user"
    );
    there.stop().await;
}

#[tokio::test]
async fn a_user_without_a_microphone_is_hung_up_on() {
    let there = TheExchange::start_with("graph", true, json!({}), |config| {
        config.calls.first_media_secs_max = 1;
        // The phone may have been heard before its microphone was taken away.
        config.calls.media_gap_secs_max = 1;
    })
    .await;
    let _phone = there
        .phone("dial = \"15550783881\"\nsay = \"nothing\"")
        .await;
    let call = there.gateway.began().await;
    assert_eq!(
        there.gateway.story(&call).await,
        "began, connected, answered, ended: no_media by network"
    );
    there.stop().await;
}

#[tokio::test]
async fn the_doctor_finds_nothing_wrong() {
    for dialect in ["graph", "d360"] {
        let there = TheExchange::start_with(dialect, true, json!({}), |_| {}).await;
        let callback = format!("{}/webhook", there.gateway.url);
        let found = there
            .gateway
            .get(&format!("/doctor?callback={callback}"))
            .await;
        let verdicts: Vec<String> = found["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|it| format!("{}: {}", it["check"], it["verdict"]).replace('"', ""))
            .collect();
        assert_eq!(
            verdicts,
            [
                "token: fine",
                "calling: fine",
                "webhooks: fine",
                "callback: fine",
                "media: doubtful",
            ],
            "{dialect}: {found:#}"
        );
        there.stop().await;
    }
}

async fn place(gateway: &Running) -> String {
    let (status, call) = gateway.post("/calls", json!({"to": ADA})).await;
    assert_eq!(status, 201, "{call}");
    call["reference"].as_str().expect("a reference").to_owned()
}

fn rang(phone: &PhoneHandle) -> bool {
    let story = phone.story();
    story
        .iter()
        .any(|event| matches!(event.what, Happening::Rings { .. }))
}

/// One side of a recorded call.
async fn recorded(gateway: &Running, call: &str, side: &str) -> Vec<f32> {
    let url = format!(
        "{}/gateway/v1/calls/{call}/recording?side={side}",
        gateway.url
    );
    let answer = gateway.client.get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    read_pcm(&answer.bytes().await.expect("a file")).expect("audio")
}

/// The tone is loud, little else is there, and it is never away for long: keys take 100 ms each, and
/// afterwards it goes on in another phase.
#[track_caller]
fn is_heard(samples: &[f32], hz: u16) {
    let whole = Probe::new(samples);
    assert!(
        whole.duration() > Duration::from_secs(1),
        "{:?}",
        whole.duration()
    );
    let second = whole.part(Duration::from_millis(300), Duration::from_secs(1));
    let (level, share) = (second.tone_level(hz), second.tone_share(hz));
    assert!(level > 0.2 && share > 0.95, "{hz} Hz: {level}, {share}");
    let gap = whole.longest_tone_gap(hz).expect("the tone is there");
    assert!(
        gap < Duration::from_millis(250),
        "{hz} Hz: a gap of {gap:?}"
    );
}

/// The words of a story whose order is the network's.
fn sorted(story: &str) -> Vec<&str> {
    let mut words: Vec<&str> = story.split(", ").collect();
    words.sort_unstable();
    words
}
