//! The weather on a leg of a call that runs, over the control API.

use insta::assert_snapshot;
use reqwest::Method;

use super::tell;
use crate::world::{ADA, World};

#[tokio::test]
async fn it_is_made_shown_and_cleared_up() {
    let world = World::start().await;
    let _phone = world.phone(ADA).await;
    let call = world.business_calls(ADA).await;
    let user = format!("/calls/{call}/legs/user/weather");
    let mut story = Vec::new();
    for body in [
        r#"{"loss_percent":12.5,"delay_ms":80,"jitter_ms":40,"toward":"party","seed":3}"#,
        r#"{"toward_exchange":{"loss_percent":20},"toward_party":{"delay_ms":200},"seed":4}"#,
        r#"{"delay_ms":5,"no_media":true,"one_way_audio":true,"ice_blackhole":true,"seed":5}"#,
    ] {
        story.push(tell(&world, Method::PUT, &user, body).await);
        let shown = world.get(&format!("/calls/{call}")).await;
        let legs = shown.body["legs"].as_array().expect("legs");
        let weather: Vec<_> = legs.iter().map(|leg| leg["weather"].to_string()).collect();
        story.push(format!("business {}\nuser {}", weather[0], weather[1]));
    }
    story.push(tell(&world, Method::DELETE, &user, "").await);
    story.push(tell(&world, Method::DELETE, &user, "").await);
    let legs = &world.get(&format!("/calls/{call}")).await.body["legs"];
    story.push(format!("user {}", legs[1]["weather"]));

    let hang_up = format!("/calls/{call}/hangup");
    world.post(&hang_up, "").await;
    story.push(tell(&world, Method::PUT, &user, r#"{"no_media":true}"#).await);
    story.push(tell(&world, Method::DELETE, &user, "").await);
    assert_snapshot!("weather", story.join("\n\n").replace(&call, "{call}"));
}

#[tokio::test]
async fn without_a_seed_one_is_drawn() {
    let world = World::start().await;
    let _phone = world.phone(ADA).await;
    let call = world.business_calls(ADA).await;
    let path = format!("/calls/{call}/legs/business/weather");
    let wish = r#"{"loss_percent":1}"#;
    let mut seeds = Vec::new();
    for _ in 0..2 {
        let made = world.control(Method::PUT, &path, wish).await;
        seeds.push(made.body["seed"].as_u64().expect("a seed"));
    }
    assert_ne!(seeds[0], seeds[1]);
}

#[tokio::test]
async fn what_does_not_fit_is_said_by_name() {
    let world = World::start().await;
    let _phone = world.phone(ADA).await;
    let call = world.business_calls(ADA).await;
    let mut story = Vec::new();
    let path = format!("/calls/{call}/legs/user/weather");
    for body in [
        "",
        "{}",
        r#"{"seed":1}"#,
        r#"{"loss_percent":0}"#,
        r#"{"no_media":false}"#,
        r#"{"loss":5}"#,
        r#"{"loss_percent":101}"#,
        r#"{"toward_party":{"loss_percent":-1}}"#,
        r#"{"delay_ms":10001}"#,
        r#"{"jitter_ms":10001}"#,
        r#"{"toward":"party","no_media":true}"#,
        r#"{"toward":"west","loss_percent":5}"#,
        r#"{"loss_percent":5,"toward_party":{"delay_ms":1}}"#,
        r#"{"toward":"party","toward_party":{"delay_ms":1}}"#,
        r#"{"toward_party":{"delay":1}}"#,
    ] {
        let answer = world.control(Method::PUT, &path, body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        let message = &answer.body["error"]["message"];
        story.push(format!("{body}\n  {}", message.as_str().expect("words")));
    }
    for path in [
        path.replace("user", "carrier"),
        "/calls/wacid.none/legs/user/weather".to_owned(),
    ] {
        let answer = tell(&world, Method::PUT, &path, r#"{"no_media":true}"#).await;
        story.push(answer.replace(&call, "{call}"));
    }
    assert_snapshot!("weather_misfits", story.join("\n"));
}
