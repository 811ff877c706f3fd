//! Bad weather on purpose, over real sockets: who is heard, how much gets lost, and what a call ends
//! with that never comes up or falls silent.

use std::time::Duration;

use media::audio::{Probe, file::read_pcm};
use reqwest::Method;
use serde_json::{Value, json};

use super::town::Town;
use super::{BUSINESS_HZ, USER_HZ, assert_tone};
use crate::world::NUMBER;

/// A gateway that says its tone, and the faults that strike whoever calls it.
async fn town(faults: &[Value]) -> Town {
    let town = Town::start(json!({"kind":"tone","hz":BUSINESS_HZ,"record":true})).await;
    for fault in faults {
        let (status, answer) = town.answer(Method::POST, "/faults", fault).await;
        assert_eq!(status, 201, "{answer}");
    }
    town
}

/// A phone that calls the gateway, says its tone and stays; the call's id, and the phone's.
async fn a_call(town: &Town) -> (String, u64) {
    let script = json!({"dial": NUMBER, "say": format!("tone:{USER_HZ}")});
    let phone = town.phone(&script).await;
    let calling = town.told(phone, "calling").await;
    let call_id = calling["call_id"].as_str().expect("an id").to_owned();
    (call_id, phone)
}

async fn hang_up(town: &Town, call_id: &str) -> Value {
    let path = format!("/calls/{call_id}/hangup");
    town.control(Method::POST, &path, &Value::Null).await;
    town.call_ended(call_id).await
}

/// Turns the exchange's clock past a deadline: what travels by datagram takes no notice.
async fn turn(town: &Town, ms: u64) {
    let by = json!({"advance_ms": ms});
    town.control(Method::POST, "/clock", &by).await;
}

/// How a call ended: the reason, and the code in the terminate webhook.
async fn ending(town: &Town, call_id: &str) -> (Value, Value) {
    let call = town.call_ended(call_id).await;
    let told = town.webhook(&call, "terminate").await;
    (
        call["ending"]["reason"].clone(),
        told["errors"][0]["code"].clone(),
    )
}

fn stats<'a>(call: &'a Value, side: &str) -> &'a Value {
    &leg(call, side)["stats"]
}

fn leg<'a>(call: &'a Value, side: &str) -> &'a Value {
    let legs = call["legs"].as_array().expect("legs");
    let leg = legs.iter().find(|leg| leg["side"] == side);
    leg.expect("the leg")
}

/// A count or a time of a leg; 0 where there is none yet.
fn number(stats: &Value, key: &str) -> f64 {
    stats[key].as_f64().unwrap_or(0.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_business_that_is_not_heard_hears_nevertheless() {
    let town = town(&[json!({"kind":"one_way_audio","silent":"business"})]).await;
    let (call_id, phone) = a_call(&town).await;
    town.call_that(&call_id, |call| {
        number(stats(call, "business"), "packets_sent") > ENOUGH
            && number(stats(call, "business"), "packets_received") > ENOUGH
    })
    .await;
    let call = hang_up(&town, &call_id).await;
    town.gateway_ended(&call_id).await;
    assert_tone(
        &town.gateway_heard(&call_id).await,
        USER_HZ,
        Duration::from_secs(2),
    );
    assert_eq!(
        call["ending"]["reason"], "user_hung_up",
        "media came to the exchange"
    );
    // A phone that hears nothing has no recording, or one without the tone.
    if let Ok(heard) = read_pcm(&town.heard(phone).await) {
        assert_silent(&heard, BUSINESS_HZ);
    }
    assert_eq!(stats(&call, "user")["packets_sent"], 0, "{call:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_who_is_not_heard_hears_nevertheless() {
    let town = town(&[json!({"kind":"one_way_audio","silent":"user"})]).await;
    let (call_id, phone) = a_call(&town).await;
    town.call_that(&call_id, |call| {
        number(stats(call, "user"), "packets_sent") > ENOUGH
            && number(stats(call, "user"), "packets_received") > ENOUGH
    })
    .await;
    let call = hang_up(&town, &call_id).await;
    town.told(phone, "ended").await;
    assert_tone(
        &town.heard(phone).await,
        BUSINESS_HZ,
        Duration::from_secs(2),
    );
    assert_eq!(stats(&call, "business")["packets_sent"], 0, "{call:#}");
    // Nothing to record is as good as a recording without the tone.
    town.gateway_ended(&call_id).await;
    if let Ok(heard) = read_pcm(&town.gateway_heard(&call_id).await) {
        assert_silent(&heard, USER_HZ);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leg_loses_as_much_as_it_was_told_to() {
    let town = town(&[json!({
        "kind":"network","leg":"user","toward":"exchange","loss_percent":20,"delay_ms":30,"seed":3,
    })])
    .await;
    let (call_id, _) = a_call(&town).await;
    // Of 300 packets a fifth; four standard deviations are nine of a hundred.
    town.call_that(&call_id, |call| {
        let user = stats(call, "user");
        number(user, "packets_received") + number(user, "packets_lost") >= 300.0
    })
    .await;
    let call = hang_up(&town, &call_id).await;
    let (user, business) = (stats(&call, "user"), stats(&call, "business"));
    let lost = number(user, "packets_lost");
    let share = lost / (lost + number(user, "packets_received"));
    assert!((0.11..0.29).contains(&share), "{share} of {user}");
    assert_eq!(
        business["packets_lost"], 0,
        "the other leg is fine: {business}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delay_and_jitter_show_in_the_statistics() {
    let town = town(&[json!({
        "kind":"network","leg":"business","delay_ms":100,"jitter_ms":60,"seed":3,
    })])
    .await;
    let (call_id, _) = a_call(&town).await;
    // Two delays of 100 ms and two jitters of 30 ms on average; the mean difference of two numbers
    // from 0 to 60 is 20. A busy machine only adds to both.
    let call = town
        .call_that(&call_id, |call| {
            let business = stats(call, "business");
            number(business, "packets_received") > ENOUGH
                && number(business, "round_trip_ms") >= 200.0
                && number(business, "jitter_ms") > 10.0
                && number(business, "jitter_at_peer_ms") > 10.0
        })
        .await;
    let (user, business) = (stats(&call, "user"), stats(&call, "business"));
    assert!(
        number(user, "round_trip_ms") < number(business, "round_trip_ms"),
        "the other leg is fine: {user}"
    );
    let wind = json!({"loss_percent": 0.0, "delay_ms": 100, "jitter_ms": 60});
    let weather = &leg(&call, "business")["weather"];
    assert_eq!(
        (&weather["toward_exchange"], &weather["toward_party"]),
        (&wind, &wind)
    );
    assert_eq!(leg(&call, "user")["weather"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_without_media_ends_with_138021() {
    let town = town(&[json!({"kind":"no_media"})]).await;
    let (call_id, phone) = a_call(&town).await;
    town.told(phone, "media_up").await;
    town.call_that(&call_id, |call| call["phase"] == "talking")
        .await;
    turn(&town, 19_000).await;
    let call = town.call_that(&call_id, |_| true).await;
    assert_eq!(call["phase"], "talking", "not before 20 s");
    turn(&town, 1_000).await;
    let (reason, code) = ending(&town, &call_id).await;
    assert_eq!((reason, code), (json!("no_business_media"), json!(138_021)));
    let call = town.call_ended(&call_id).await;
    for side in ["user", "business"] {
        assert_eq!(stats(&call, side)["packets_received"], 0, "{call:#}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_black_hole_on_the_users_leg_ends_with_138020() {
    let town = town(&[json!({"kind":"ice_blackhole","leg":"user"})]).await;
    let (call_id, phone) = a_call(&town).await;
    town.call_that(&call_id, |call| call["phase"] == "connecting")
        .await;
    turn(&town, 20_000).await;
    let ending = ending(&town, &call_id).await;
    assert_eq!(ending, (json!("user_did_not_connect"), json!(138_020)));
    town.told(phone, "ended").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_black_hole_on_the_businesss_leg_ends_with_138007() {
    let town = town(&[json!({"kind":"ice_blackhole","leg":"business"})]).await;
    town.allow_calls().await;
    let phone = town.phone(&json!({"answer_after_ms": 0})).await;
    town.told(phone, "online").await;
    let call_id = town.gateway_calls(&json!({"kind":"echo"})).await;
    town.told(phone, "media_up").await;
    turn(&town, 20_000).await;
    let ending = ending(&town, &call_id).await;
    assert_eq!(ending, (json!("business_did_not_connect"), json!(138_007)));
    town.told(phone, "ended").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_weather_changes_while_they_talk() {
    let town = town(&[]).await;
    let (call_id, _) = a_call(&town).await;
    let hears = |call: &Value| number(stats(call, "user"), "packets_sent");
    let said = |call: &Value| number(stats(call, "business"), "packets_received");
    let both_talk = town.call_that(&call_id, |call| hears(call) > 20.0).await;
    let path = format!("/calls/{call_id}/legs/business/weather");

    // The business is no longer heard: its packets come, and the user's leg sends none of them.
    let silent = json!({"one_way_audio": true, "seed": 5});
    let made = town.control(Method::PUT, &path, &silent).await;
    assert_eq!(made["one_way_audio"], true, "{made}");
    let silent = town.call_that(&call_id, |_| true).await;
    assert_eq!(leg(&silent, "business")["weather"], made);
    assert!(hears(&silent) >= hears(&both_talk));
    let later = town
        .call_that(&call_id, |call| said(call) > said(&silent) + 20.0)
        .await;
    assert_eq!(hears(&later), hears(&silent), "not a packet more");

    // Then all of its packets get lost.
    let lossy = json!({"loss_percent": 100, "toward": "exchange"});
    town.control(Method::PUT, &path, &lossy).await;
    let lossy = town.call_that(&call_id, |_| true).await;
    turn(&town, 1_000).await;

    // And then it is fine again, and what was lost is counted.
    let (status, _) = town.answer(Method::DELETE, &path, &Value::Null).await;
    assert_eq!(status, 204);
    let fine = town
        .call_that(&call_id, |call| hears(call) > hears(&lossy) + 20.0)
        .await;
    assert_eq!(leg(&fine, "business")["weather"], Value::Null);

    let ended = hang_up(&town, &call_id).await;
    assert_eq!(ended["ending"]["reason"], "user_hung_up");
    let (status, refused) = town
        .answer(Method::PUT, &path, &json!({"no_media": true}))
        .await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (409, &json!("call_over"))
    );
}

#[track_caller]
fn assert_silent(heard: &[f32], hz: u16) {
    let level = Probe::new(heard).tone_level(hz);
    assert!(level < 0.01, "{level} of a tone that nobody may hear");
}

/// Packets of two seconds and a half.
const ENOUGH: f64 = 125.0;
