//! All records as one document, and the way back to the beginning.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{ADA, BOB, World};

/// Some life: one call that nobody answered, and one that runs if `ringing`.
async fn live(world: &World, ringing: bool) -> Vec<String> {
    let missed = world.business_calls(ADA).await;
    world.post("/clock", r#"{"advance_ms":60000}"#).await;
    let mut ids = vec![missed];
    if ringing {
        ids.push(world.business_calls(BOB).await);
    }
    world
        .post("/users", r#"{"wa_id":"33612345678","name":"Chloé"}"#)
        .await;
    let chloe = world.get("/users/33612345678").await;
    ids.push(chloe.body["user_id"].to_string());
    ids.push(chloe.body["phone_token"].to_string());
    ids
}

#[tokio::test]
async fn a_document_goes_into_another_exchange_and_comes_out_the_same() {
    let (here, there) = (World::start().await, World::start().await);
    live(&here, false).await;
    let document = here.state().await;
    let imported = there.control(Method::PUT, "/state", &document).await;
    assert_eq!(
        (imported.status, imported.body),
        (200, json!({"calls_ended": 0, "deliveries_due": 0}))
    );
    assert_eq!(there.state().await, document);
}

#[tokio::test]
async fn to_calls_an_import_is_a_restart() {
    let world = World::start().await;
    let ids = live(&world, true).await;
    let document = world.state().await;
    let mut phone = world.phone(BOB).await;
    assert_eq!(phone.hear().await["type"], "ring");
    let imported = world.control(Method::PUT, "/state", &document).await;
    assert_eq!(imported.body["calls_ended"], 1);
    assert_eq!(phone.hear().await["type"], "stop_ringing");
    phone.hear_farewell().await;
    let call = world.get(&format!("/calls/{}", ids[1])).await.body;
    assert_eq!(call["ending"]["reason"], "platform_restarted");
    let closed = "close user 4 business 3";
    assert!(world.media.take().contains(&closed.to_owned()));
}

#[tokio::test]
async fn a_document_that_does_not_fit_changes_nothing() {
    let world = World::start().await;
    let ids = live(&world, true).await;
    let document = world.state().await;
    let mut story = Vec::new();
    for (good, bad) in [
        ("\"dialtone_state\"", "\"dialtone\""),
        ("\"wa_id\":\"14085551234\"", "\"wa_id\":\"bob\""),
        ("\"wa_id\":\"14085551234\"", "\"wa_id\":4915112345678"),
        ("\"machine\":\"", "\"machine\":\"x"),
        ("\n}\n}\n", "\n}\n"),
    ] {
        assert!(document.contains(good), "{good}");
        let bad = document.replacen(good, bad, 1);
        let refused = world.control(Method::PUT, "/state", &bad).await;
        story.push(refused.text());
    }
    insta::assert_snapshot!("state_refused", story.join("\n\n"));
    assert_eq!(world.state().await, document);
    let call = world.get(&format!("/calls/{}", ids[1])).await.body;
    assert_eq!(call["ending"], Value::Null, "and the call goes on");
}

#[tokio::test]
async fn the_same_seed_and_script_give_the_same_ids() {
    let (one, other) = (World::start().await, World::start().await);
    assert_eq!(live(&one, true).await, live(&other, true).await);
    assert_eq!(one.state().await, other.state().await);
}

#[tokio::test]
async fn a_reset_brings_the_beginning_back() {
    let world = World::start().await;
    let began = world.state().await;
    let first = live(&world, true).await;
    let noon = json!({ "clock_ms": crate::world::NOON.as_millis() });
    let reset = world.post("/reset", &noon.to_string()).await;
    assert_eq!(reset.status, 204);
    assert_eq!(world.get("/users/33612345678").await.status, 404);
    assert_eq!(world.state().await, began);
    assert_eq!(live(&world, true).await, first);
}

#[tokio::test]
async fn a_reset_keeps_the_clock_and_takes_another_seed() {
    let world = World::start().await;
    let first = live(&world, false).await;
    let before = world.get("/clock").await.body;
    assert_eq!(world.post("/reset", r#"{"seed":8}"#).await.status, 204);
    assert_eq!(world.get("/clock").await.body, before);
    assert_ne!(live(&world, false).await, first);
    assert_eq!(world.post("/reset", r#"{"sead":8}"#).await.status, 400);
    assert_eq!(world.post("/reset", "").await.status, 204);
}
