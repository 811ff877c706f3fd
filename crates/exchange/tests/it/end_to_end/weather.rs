//! Bad weather on purpose, over real sockets: who is heard, and how much gets lost.

use std::time::Duration;

use media::audio::{Probe, file::read_pcm};
use reqwest::Method;
use serde_json::{Value, json};

use super::town::Town;
use super::{BUSINESS_HZ, USER_HZ, assert_tone};
use crate::world::NUMBER;

async fn arm(town: &Town, fault: Value) {
    let (status, answer) = town.answer(Method::POST, "/faults", &fault).await;
    assert_eq!(status, 201, "{answer}");
}

/// A call of a few seconds in which both say their tone; its id, and the phone's.
async fn a_call(town: &Town, talk_ms: u64) -> (String, u64) {
    let script = json!({
        "dial": NUMBER, "say": format!("tone:{USER_HZ}"), "hang_up_after_ms": talk_ms,
    });
    let phone = town.phone(&script).await;
    let ended = town.told(phone, "ended").await;
    let call_id = ended["call_id"].as_str().expect("an id").to_owned();
    (call_id, phone)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_business_that_is_not_heard_hears_nevertheless() {
    let town = Town::start(json!({"kind":"tone","hz":BUSINESS_HZ,"record":true})).await;
    arm(&town, json!({"kind":"one_way_audio","silent":"business"})).await;
    let (call_id, phone) = a_call(&town, 3_500).await;
    town.gateway_ended(&call_id).await;
    assert_tone(
        &town.gateway_heard(&call_id).await,
        USER_HZ,
        Duration::from_secs(2),
    );
    let call = town.call_ended(&call_id).await;
    assert_eq!(
        call["ending"]["reason"], "user_hung_up",
        "media came to the exchange"
    );
    // A phone that hears nothing has no recording, or one without the tone.
    if let Ok(heard) = read_pcm(&town.heard(phone).await) {
        let level = Probe::new(&heard).tone_level(BUSINESS_HZ);
        assert!(level < 0.01, "{level} of a tone that nobody may hear");
    }
    let user_leg = leg(&call, "user");
    assert_eq!(user_leg["packets_sent"], 0, "{user_leg}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leg_loses_as_much_as_it_was_told_to() {
    let town = Town::start(json!({"kind":"tone","hz":BUSINESS_HZ,"record":true})).await;
    let fault = json!({
        "kind":"network","leg":"user","toward":"exchange","loss_percent":20,"delay_ms":30,"seed":3,
    });
    arm(&town, fault).await;
    let (call_id, _) = a_call(&town, 6_000).await;
    let call = town.call_ended(&call_id).await;
    let (user, business) = (leg(&call, "user"), leg(&call, "business"));
    let count = |leg: &Value, key: &str| leg[key].as_f64().expect("a count");
    let lost = count(&user, "packets_lost");
    let share = lost / (lost + count(&user, "packets_received"));
    // Of some 200 packets a fifth; three standard deviations are nine of a hundred.
    assert!((0.10..0.32).contains(&share), "{share} of {user}");
    assert_eq!(
        business["packets_lost"], 0,
        "the other leg is fine: {business}"
    );
}

fn leg(call: &Value, side: &str) -> Value {
    let legs = call["legs"].as_array().expect("legs");
    let leg = legs.iter().find(|leg| leg["side"] == side);
    leg.expect("the leg")["stats"].clone()
}
