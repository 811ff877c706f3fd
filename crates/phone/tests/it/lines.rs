//! Lines that break, come back, or are refused.

use std::time::Duration;

use media::audio::Mouthpiece;
use phone::PhoneEnd;
use phone::line::FromPhone;

use crate::world::{World, call_id, soon, until, words};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_comes_back_and_rings_again() {
    let world = World::new().await;
    let phone = world.phone("answer_after_ms = 3000").await;
    let mut line = world.accept().await;
    line.welcome(&[]).await;
    let business = world.offer(Mouthpiece::Silence);
    line.ring(&call_id(), business.sdp.clone()).await;
    assert_eq!(line.hear().await, FromPhone::Ringing { call_id: call_id() });
    drop(line);

    let mut line = world.accept().await;
    line.welcome(&[call_id()]).await;
    line.ring(&call_id(), business.sdp.clone()).await;
    assert_eq!(line.hear().await, FromPhone::Ringing { call_id: call_id() });
    world.clock.advance(Duration::from_secs(3));
    let FromPhone::PickUp { sdp, .. } = line.hear().await else {
        panic!("it picks up")
    };
    world.apply_answer(business.leg, sdp);
    let story = until(&phone, "media_up").await;
    assert_eq!(
        words(&story).replace(" hears_audio", ""),
        "online rings offline online picked_up media_up"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_ended_meanwhile_is_over() {
    let world = World::new().await;
    let phone = world.phone("").await;
    let mut line = world.accept().await;
    line.welcome(&[]).await;
    let business = world.offer(Mouthpiece::Silence);
    line.ring(&call_id(), business.sdp.clone()).await;
    until(&phone, "rings").await;
    drop(line);

    let mut line = world.accept().await;
    line.welcome(&[]).await;
    let story = until(&phone, "ended").await;
    assert_eq!(words(&story), "online rings offline online ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_is_not_wanted_does_not_come_again() {
    let world = World::new().await;
    let phone = world.phone("").await;
    world.refuse(401).await;
    let end = soon(phone.join()).await;
    assert_eq!(
        end,
        PhoneEnd::Refused {
            why: "the exchange knows no user with this WhatsApp id and token".to_owned()
        }
    );
    assert_eq!(words(&phone.story()), "offline");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exchange_that_is_busy_is_tried_again() {
    let world = World::new().await;
    let phone = world.phone("").await;
    world.refuse(503).await;
    world.refuse(429).await;
    let mut line = world.accept().await;
    line.welcome(&[]).await;
    let story = until(&phone, "online").await;
    assert_eq!(words(&story), "offline offline online");
    assert_eq!(
        story[0].what.to_string(),
        "The phone is offline: the exchange answers 503."
    );
    // Messages of a later version are passed over.
    line.say_text(r#"{"type":"sparkle"}"#).await;
    line.say_text("not JSON").await;
    phone.dial("1555").await.unwrap();
    assert!(matches!(line.hear().await, FromPhone::Dial { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_whose_handles_are_gone_goes_away() {
    let world = World::new().await;
    let phone = world.phone("").await;
    let mut line = world.accept().await;
    line.welcome(&[]).await;
    until(&phone, "online").await;
    drop(phone);
    line.closed().await;
}
