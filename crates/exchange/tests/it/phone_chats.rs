//! Chats over the phone line: what one phone of a user says, all of them show.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::phone_line::OFFER;
use crate::world::{ADA, BOB, NUMBER, Phone, World};

#[tokio::test]
async fn what_a_user_writes_stands_on_all_phones() {
    let world = World::start().await;
    let (mut one, mut other) = (world.phone(ADA).await, world.phone(ADA).await);
    let mut stranger = world.phone(BOB).await;
    one.say(&json!({"type":"text","to":"+1 555 078-3881","body":"Where is my order?"}))
        .await;
    let shown = one.hear().await;
    assert_snapshot!(serde_json::to_string_pretty(&shown).expect("JSON"));
    assert_eq!(other.hear().await, shown);
    let later = world.phone(ADA).await;
    assert_eq!(later.welcome["chat"], json!([shown["message"]]));

    // Nothing of it is anybody else's.
    let id = shown["message"]["id"].as_str().expect("an id");
    stranger.say(&json!({"type":"read","message_id":id})).await;
    assert_eq!(stranger.hear().await["type"], "error");
    assert_eq!(world.phone(BOB).await.welcome["chat"], json!([]));
}

#[tokio::test]
async fn a_profile_is_the_same_on_all_phones() {
    let world = World::start().await;
    let (mut one, mut other) = (world.phone(ADA).await, world.phone(ADA).await);
    for (permission, is_new) in [("temporary", true), ("temporary", false), ("none", true)] {
        one.say(&json!({"type":"set_permission","phone_number_id":NUMBER,"permission":permission}))
            .await;
        if !is_new {
            continue;
        }
        let told = one.hear().await;
        assert_eq!(
            (&told["type"], &told["permission"]),
            (&json!("permission"), &json!(permission))
        );
        assert_eq!(other.hear().await, told);
        let welcome = world.phone(ADA).await.welcome;
        let allowed = welcome["permissions"].as_array().expect("a list");
        assert_eq!(allowed.len(), usize::from(permission == "temporary"));
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let world = World::start().await;
    let mut phone = world.phone(ADA).await;
    let unknown = "wamid.none";
    let mut story = Vec::new();
    for said in [
        json!({"type":"text","to":"+1 555 000 0000","body":"Hello"}),
        json!({"type":"text","to":NUMBER,"body":" "}),
        json!({"type":"text","to":NUMBER,"body":"x".repeat(5_000)}),
        json!({"type":"read","message_id":unknown}),
        json!({"type":"answer_permission","message_id":unknown,"answer":"temporary"}),
        json!({"type":"set_permission","phone_number_id":"7","permission":"none"}),
        json!({"type":"dial","dial_id":"d","to":NUMBER,"sdp":OFFER,"button":unknown}),
        json!({"type":"dial","dial_id":"d","to":NUMBER,"sdp":OFFER,"deep_link_payload":"x".repeat(513)}),
    ] {
        story.push(heard(&mut phone, &said).await);
    }
    assert_snapshot!(story.join("\n"));
}

async fn heard(phone: &mut Phone, said: &Value) -> String {
    phone.say(said).await;
    phone.hear().await.to_string()
}
