//! Users call.

use std::time::Duration;

use media::audio::{Mouthpiece, Probe, read_pcm};
use serde_json::json;
use types::Direction::UserInitiated;
use types::Timestamp;
use wire::webhook::What;

use crate::world::{World, event, now, terminated};

#[tokio::test]
async fn a_user_hears_the_tone_and_is_recorded() {
    let world = World::start(json!({"kind": "tone", "hz": 600, "record": true})).await;
    let (id, phone) = world.platform.ring().await;
    phone.speak(440);

    let pre_accepted = world.platform.wait_for("pre_accept", 1).await;
    let accepted = world.platform.wait_for("accept", 1).await;
    assert_eq!(pre_accepted["session"]["sdp_type"], "answer");
    assert_eq!(
        accepted["session"], pre_accepted["session"],
        "the same answer"
    );
    assert_eq!(accepted["call_id"], id.as_str());

    world.platform.hears(&phone, 75).await;
    phone.press("42#");
    let call = world.newest().await;
    let reference = call["reference"].as_str().unwrap();
    for _ in 0..3 {
        world.until(reference, "digit").await;
    }
    world.platform.hears(&phone, 150).await;
    world
        .platform
        .tell(&terminated(&id, UserInitiated, Some(now())))
        .await;
    assert_eq!(
        world.story(reference).await,
        "began, connected, answered, digit 4, digit 2, digit #, ended: hung_up by user"
    );

    let heard = phone.heard.pcm();
    let heard = Probe::new(&heard);
    assert!(heard.tone_level(600) > 0.2, "{}", heard.tone_level(600));
    let gap = heard.longest_tone_gap(600).expect("the tone is there");
    assert!(gap < Duration::from_millis(100), "a gap of {gap:?}");

    let call = world.get(&format!("/calls/{reference}")).await;
    assert_eq!(call["digits"], "42#");
    assert_eq!(call["peer"], "12185552828");
    assert_eq!(call["peer_name"], "Ada Lovelace");
    assert_eq!(call["recorded"], true);
    let url = format!("{}/gateway/v1/calls/{reference}/recording", world.url);
    for (side, there, not_there) in [("user", 440, 600), ("business", 600, 440)] {
        let answer = world
            .client
            .get(format!("{url}?side={side}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["content-type"], "audio/ogg");
        let pcm = read_pcm(&answer.bytes().await.unwrap()).unwrap();
        let probe = Probe::new(&pcm);
        assert!(
            probe.tone_level(there) > 0.15,
            "{side}: {}",
            probe.tone_level(there)
        );
        assert!(probe.tone_level(not_there) < 0.05, "{side}");
        assert!(
            probe.duration() > Duration::from_secs(2),
            "{:?}",
            probe.duration()
        );
    }
    let both = world.client.get(&url).send().await.unwrap();
    assert_eq!(both.headers()["content-type"], "audio/wav");
    let both = read_pcm(&both.bytes().await.unwrap()).unwrap();
    assert!(Probe::new(&both).tone_level(440) > 0.05);
    assert!(Probe::new(&both).tone_level(600) > 0.05);
    world.stop().await;
}

#[tokio::test]
async fn a_user_hears_their_echo() {
    let world = World::start(json!({"kind": "echo"})).await;
    let (id, phone) = world.platform.ring().await;
    phone.speak(440);
    world.platform.wait_for("accept", 1).await;
    world.platform.hears(&phone, 100).await;
    world
        .platform
        .tell(&terminated(&id, UserInitiated, Some(now())))
        .await;
    let heard = phone.heard.pcm();
    let heard = Probe::new(&heard);
    // A busy machine may drop a frame here and there, and the tone goes on in another phase.
    let shares = (0..4).map(|at| {
        let part = heard.part(Duration::from_millis(400 * at), Duration::from_millis(400));
        part.tone_share(440)
    });
    let best = shares.fold(0.0, f32::max);
    assert!(best > 0.9, "{best}");
    world.stop().await;
}

#[tokio::test]
async fn the_caller_gave_up_before_the_gateway_heard_of_the_call() {
    let world = World::start(json!({})).await;
    let (id, phone) = world.platform.dial();
    world
        .platform
        .tell(&terminated(&id, UserInitiated, None))
        .await;
    let sdp = phone.sdp.clone();
    world
        .platform
        .tell(&event(&id, UserInitiated, What::Connect { sdp }))
        .await;
    assert_eq!(
        world.story(id.as_str()).await,
        "began, ended: not_answered by user"
    );
    assert!(world.platform.actions().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_call_is_taken_once_however_often_it_is_told() {
    let world = World::start(json!({})).await;
    let (id, phone) = world.platform.dial();
    let sdp = phone.sdp.clone();
    let connect = event(&id, UserInitiated, What::Connect { sdp });
    world.platform.tell(&connect).await;
    world.platform.tell(&connect).await;
    let mut other_body = connect.clone();
    other_body.user.name = "Ada King".to_owned();
    world.platform.tell(&other_body).await;
    world.platform.wait_for("accept", 1).await;

    let over = terminated(&id, UserInitiated, Some(now()));
    world.platform.tell(&over).await;
    world.platform.tell(&over).await;
    world.until(id.as_str(), "ended").await;
    world.platform.tell(&connect).await;
    assert_eq!(world.platform.actions(), ["pre_accept", "accept"]);
    assert_eq!(
        world.get("/calls").await["calls"].as_array().unwrap().len(),
        1
    );
    world.stop().await;
}

#[tokio::test]
async fn a_call_that_is_too_old_is_not_answered() {
    let world = World::start(json!({})).await;
    let (id, phone) = world.platform.dial();
    let sdp = phone.sdp.clone();
    let mut connect = event(&id, UserInitiated, What::Connect { sdp });
    connect.at = Timestamp::from_secs(now().as_secs() - 120);
    world.platform.tell(&connect).await;
    assert_eq!(
        world.story(id.as_str()).await,
        "began, ended: too_late by user"
    );
    assert!(world.platform.actions().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn one_call_too_many_is_declined() {
    let world = World::start_with(json!({}), |config| config.calls.calls_max = 1).await;
    let (first, _) = world.platform.ring().await;
    world.platform.wait_for("accept", 1).await;
    let (second, _) = world.platform.ring().await;
    let declined = world.platform.wait_for("reject", 1).await;
    assert_eq!(declined["call_id"], second.as_str());
    world
        .platform
        .tell(&terminated(&second, UserInitiated, None))
        .await;
    assert_eq!(
        world.story(second.as_str()).await,
        "began, ended: busy by business"
    );
    world
        .platform
        .tell(&terminated(&first, UserInitiated, Some(now())))
        .await;
    world.until(first.as_str(), "ended").await;
    world.stop().await;
}

#[tokio::test]
async fn an_offer_without_a_fingerprint_is_declined() {
    let world = World::start(json!({})).await;
    let (id, phone) = world.platform.dial();
    let lines = phone
        .sdp
        .lines()
        .filter(|line| !line.starts_with("a=fingerprint"));
    let sdp = lines.collect::<Vec<_>>().join("\r\n");
    world
        .platform
        .tell(&event(&id, UserInitiated, What::Connect { sdp }))
        .await;
    world.platform.wait_for("reject", 1).await;
    world
        .platform
        .tell(&terminated(&id, UserInitiated, None))
        .await;
    let lines = world.until(id.as_str(), "ended").await;
    let end = lines.last().unwrap();
    assert_eq!(end["outcome"], "media_failed");
    assert!(
        end["reason"].as_str().unwrap().contains("a=fingerprint"),
        "{end}"
    );
    world.stop().await;
}

#[tokio::test]
async fn a_user_who_is_not_heard_is_hung_up_on() {
    let world = World::start_with(json!({}), |config| config.calls.first_media_secs_max = 1).await;
    let (id, phone) = world.platform.ring().await;
    phone.control.say(Mouthpiece::Nothing).unwrap();
    world.platform.wait_for("terminate", 1).await;
    world
        .platform
        .tell(&terminated(&id, UserInitiated, Some(now())))
        .await;
    assert_eq!(
        world.story(id.as_str()).await,
        "began, connected, answered, ended: no_media by network"
    );
    world.stop().await;
}
