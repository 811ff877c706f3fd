//! Whole calls over real sockets in one process: a scripted phone, the exchange with its media, and a
//! gateway as the business, each knowing the others by address only.

mod chats;
mod town;
mod weather;

use std::time::Duration;

use media::audio::{Probe, file::read_pcm};
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::NUMBER;
use town::Town;

/// The gateway says 440 Hz and the phone says 600 Hz.
const BUSINESS_HZ: u16 = 440;
const USER_HZ: u16 = 600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_calls_a_business() {
    let town = Town::start(json!({"kind":"tone","hz":BUSINESS_HZ,"record":true})).await;
    let phone = town
        .phone(&json!({
            "dial": NUMBER,
            "then": [
                {"say": format!("tone:{USER_HZ}")},
                {"wait_ms": 2_500},
                {"press": "12#"},
                {"wait_ms": 500},
                {"hang_up": true},
            ],
        }))
        .await;
    let call_id = town.told(phone, "ended").await["call_id"]
        .as_str()
        .expect("an id")
        .to_owned();

    let heard = town.heard(phone).await;
    assert_tone(&heard, BUSINESS_HZ, Duration::from_secs(2));
    let at_the_gateway = town.gateway_ended(&call_id).await;
    assert_eq!(at_the_gateway["outcome"], "hung_up");
    assert_eq!(at_the_gateway["digits"], "12#");
    assert_tone(
        &town.gateway_heard(&call_id).await,
        USER_HZ,
        Duration::from_secs(2),
    );

    let call = town.call_ended(&call_id).await;
    assert_eq!(call["ending"]["reason"], "user_hung_up");
    assert_eq!(events_delivered(&call), ["connect", "terminate"]);
    for leg in call["legs"].as_array().expect("legs") {
        let stats = &leg["stats"];
        assert!(stats["packets_received"].as_u64() > Some(100), "{leg}");
        assert!(stats["packets_sent"].as_u64() > Some(100), "{leg}");
        assert_eq!(stats["packets_lost"], 0, "{leg}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_business_calls_a_user() {
    let town = Town::start(json!({"kind":"echo"})).await;
    town.allow_calls().await;
    let script = json!({"answer_after_ms": 300, "say": format!("tone:{USER_HZ}")});
    let phone = town.phone(&script).await;
    town.told(phone, "online").await;
    let handler = json!({"kind":"tone","hz":BUSINESS_HZ,"record":true,"hang_up_after_secs":3});
    let call_id = town.gateway_calls(&handler).await;

    let ended = town.told(phone, "ended").await;
    assert_eq!(
        (&ended["call_id"], &ended["detail"]),
        (&json!(call_id), &json!("business_hung_up"))
    );
    assert_tone(
        &town.heard(phone).await,
        BUSINESS_HZ,
        Duration::from_secs(2),
    );
    town.gateway_ended(&call_id).await;
    assert_tone(
        &town.gateway_heard(&call_id).await,
        USER_HZ,
        Duration::from_secs(2),
    );
    let call = town.call_ended(&call_id).await;
    let told = ["connect", "status.RINGING", "status.ACCEPTED", "terminate"];
    assert_eq!(events_delivered(&call), told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_echo_comes_back() {
    let town = Town::start(json!({"kind":"echo"})).await;
    let script =
        json!({"dial": NUMBER, "say": format!("tone:{USER_HZ}"), "hang_up_after_ms": 3_000});
    let phone = town.phone(&script).await;
    town.told(phone, "ended").await;
    assert_tone(&town.heard(phone).await, USER_HZ, Duration::from_secs(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_rejects() {
    let town = Town::start(json!({"kind":"echo"})).await;
    town.allow_calls().await;
    let phone = town.phone(&json!({"reject_after_ms": 0})).await;
    town.told(phone, "online").await;
    let call_id = town.gateway_calls(&json!({"kind":"echo"})).await;
    assert_eq!(town.gateway_ended(&call_id).await["outcome"], "declined");
    let call = town.call_ended(&call_id).await;
    assert_eq!(call["ending"]["reason"], "user_rejected");
    assert_eq!(
        events_delivered(&call).last().map(String::as_str),
        Some("terminate")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_lets_it_ring() {
    let town = Town::start(json!({"kind":"echo"})).await;
    town.allow_calls().await;
    let phone = town.phone(&json!({"ignore": true})).await;
    town.told(phone, "online").await;
    let call_id = town.gateway_calls(&json!({"kind":"echo"})).await;
    town.told(phone, "rings").await;
    town.control(Method::POST, "/clock", &json!({"advance_ms": 60_000}))
        .await;
    assert_eq!(
        town.told(phone, "stopped_ringing").await["detail"],
        "no_answer"
    );
    assert_eq!(
        town.gateway_ended(&call_id).await["outcome"],
        "not_answered"
    );
    assert_eq!(
        town.call_ended(&call_id).await["ending"]["reason"],
        "user_did_not_answer"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turned_clock_stops_for_a_phones_waits() {
    let town = Town::start(json!({"kind":"echo"})).await;
    town.allow_calls().await;
    let script = json!({"answer_after_ms": 3_000, "hang_up_after_ms": 8_000});
    let phone = town.phone(&script).await;
    town.told(phone, "online").await;
    town.control(Method::POST, "/clock", &json!({"freeze": true}))
        .await;
    let call_id = town.gateway_calls(&json!({"kind":"echo"})).await;
    let rang = town.told(phone, "rings").await;

    // Far beyond the end of the ringing, in one step.
    town.control(Method::POST, "/clock", &json!({"advance_ms": 600_000}))
        .await;
    let took = town.told(phone, "picked_up").await;
    let hung_up = town.told(phone, "hung_up").await;
    let since = |event: &Value| event["at_ms"].as_u64().zip(rang["at_ms"].as_u64());
    assert_eq!(since(&took).map(|(at, rang)| at - rang), Some(3_000));
    assert_eq!(since(&hung_up).map(|(at, rang)| at - rang), Some(11_000));
    // Media takes real time to come up, and has had next to none.
    let call = town.call_ended(&call_id).await;
    assert_ne!(call["ending"]["reason"], "user_did_not_answer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_is_driven_by_hand() {
    let town = Town::start(json!({"kind":"echo"})).await;
    let phone = town.phone(&json!({})).await;
    town.told(phone, "online").await;
    let order = async |what: &str, body: Value| {
        town.answer(Method::POST, &format!("/phones/{phone}/{what}"), &body)
            .await
    };
    for (what, body) in [
        ("answer", Value::Null),
        ("reject", Value::Null),
        ("hangup", Value::Null),
        ("dtmf", json!({"digits":"1"})),
        ("play", json!({"say":"tone:600"})),
    ] {
        let (status, refusal) = order(what, body).await;
        assert_eq!(
            (status, &refusal["error"]["code"]),
            (409, &json!("phone_not_ready")),
            "{what}"
        );
    }
    assert_eq!(order("dtmf", json!({"digits":"1x"})).await.0, 400);
    assert_eq!(order("play", json!({"say":"tone:loud"})).await.0, 400);

    assert_eq!(order("dial", json!({"to": NUMBER})).await.0, 200);
    town.told(phone, "accepted").await;
    assert_eq!(order("play", json!({"say":"tone:600"})).await.0, 200);
    town.told(phone, "hears_audio").await;
    assert_eq!(order("dtmf", json!({"digits":"7"})).await.0, 200);
    town.told(phone, "pressed").await;
    assert_eq!(order("hangup", Value::Null).await.0, 200);
    town.told(phone, "ended").await;

    assert_eq!(
        town.answer(Method::DELETE, &format!("/phones/{phone}"), &Value::Null)
            .await
            .0,
        204
    );
    assert_eq!(
        town.answer(Method::GET, &format!("/phones/{phone}"), &Value::Null)
            .await
            .0,
        404
    );
}

/// The tone is there for `at_least`, alone, and never away for longer than a few lost packets.
fn assert_tone(wav: &[u8], hz: u16, at_least: Duration) {
    let samples = read_pcm(wav).expect("a recording");
    let all = Probe::new(&samples);
    assert!(all.duration() >= at_least, "{:?} of sound", all.duration());
    let middle = all.part(all.duration() / 4, all.duration() / 2);
    assert!(
        middle.tone_share(hz) > 0.9,
        "{hz} Hz is {} of it",
        middle.tone_share(hz)
    );
    let gap = all.longest_tone_gap(hz).expect("the tone is there");
    assert!(gap < GAP_MAX, "{hz} Hz is away for {gap:?}");
}

/// The events whose webhooks were taken, the oldest first.
fn events_delivered(call: &Value) -> Vec<String> {
    let deliveries = call["deliveries"].as_array().expect("deliveries");
    let delivered = deliveries
        .iter()
        .rev()
        .filter(|delivery| delivery["state"] == "delivered");
    delivered
        .filter_map(|delivery| delivery["event"].as_str().map(str::to_owned))
        .collect()
}

/// A machine that runs other tests beside may be late with a few packets.
const GAP_MAX: Duration = Duration::from_millis(200);
