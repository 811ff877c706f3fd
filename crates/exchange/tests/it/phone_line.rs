//! The phone line over real WebSockets.

use insta::assert_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{ADA, BOB, NUMBER, Phone, World};

/// What Chromium offers.
pub(crate) const OFFER: &str = include_str!("../../../wire/src/sdp/fixtures/chrome_offer.sdp");
const ANSWER: &str = include_str!("../../../wire/src/sdp/fixtures/chrome_answer.sdp");

#[tokio::test]
async fn whoever_has_no_token_gets_no_line() {
    let world = World::start().await;
    let client = reqwest::Client::new();
    let mut story = Vec::new();
    for (wa_id, token) in [
        (ADA, "wrong"),
        ("4915000000000", "token-of-4915000000000"),
        ("ada", "x"),
        ("", ""),
    ] {
        let response = client
            .get(world.line_url("http", wa_id, token))
            .send()
            .await;
        let response = response.expect("an answer");
        let status = response.status().as_u16();
        let body = response.text().await.expect("a body");
        story.push(format!("{wa_id} {token}: {status} {body}"));
        let upgrade = tokio_tungstenite::connect_async(world.line_url("ws", wa_id, token)).await;
        assert!(upgrade.is_err(), "{wa_id} {token}");
    }
    let url = world.line_url("http", ADA, &format!("token-of-{ADA}"));
    let response = client.get(url).send().await.expect("an answer");
    story.push(format!(
        "no upgrade: {}",
        response.text().await.expect("a body")
    ));
    assert_snapshot!(story.join("\n"));
}

#[tokio::test]
async fn a_phone_is_welcomed() {
    let world = World::start().await;
    let phone = world.phone(ADA).await;
    assert_snapshot!(serde_json::to_string_pretty(&phone.welcome).expect("JSON"));
    assert_eq!(
        world.get(&format!("/users/{ADA}")).await.body["phones_online"],
        1
    );
}

#[tokio::test]
async fn a_phone_sees_call_icons_come_and_go() {
    let world = World::start().await;
    let (mut ada, mut bob) = (world.phone(ADA).await, world.phone(BOB).await);
    let mut icons = Vec::new();
    let mut look = async |method: Method, path: String, body: &str| {
        let done = world.control(method, &path, body).await;
        assert_eq!(done.status, 200, "{path} {body}");
        let mut line = format!("{body}:");
        for phone in [&mut ada, &mut bob] {
            let shown = phone.hear().await;
            assert_eq!(shown["type"], "businesses", "{shown}");
            line += &format!(" {}", shown["businesses"][0]["call_icon"]);
        }
        icons.push(line);
    };
    let number = format!("/numbers/{NUMBER}");
    for calling in [
        json!({"call_icon_visibility": "DISABLE_ALL"}),
        json!({"call_icon_visibility": "DEFAULT", "call_icons": {"restrict_to_user_countries": ["DE"]}}),
        json!({"call_icons": {"restrict_to_user_countries": []}}),
    ] {
        let body = json!({ "calling": calling }).to_string();
        look(Method::PATCH, number.clone(), &body).await;
    }
    let hidden = r#"{"call_button_hidden":true,"for_ms":60000}"#;
    look(Method::PUT, format!("{number}/restrictions"), hidden).await;
    let over = r#"{"advance_ms":60000}"#;
    look(Method::POST, "/clock".to_owned(), over).await;
    assert_snapshot!(icons.join("\n"));
}

#[tokio::test]
async fn a_user_dials_and_hangs_up() {
    let world = World::start().await;
    let mut phone = world.phone(ADA).await;
    let call_id = dial(&mut phone, "+1 555 078-3881").await;
    assert_eq!(world.media.take(), ["begin user 1 business 2"]);

    phone
        .say(&json!({"type":"hang_up","call_id":call_id}))
        .await;
    let ended = phone.hear().await;
    assert_eq!(
        (&ended["type"], &ended["reason"]),
        (&json!("ended"), &json!("user_cancelled"))
    );
    assert_eq!(world.media.take(), ["close user 1 business 2"]);

    // Two ends of a call may cross: the second is no error, and what follows is heard.
    phone
        .say(&json!({"type":"hang_up","call_id":call_id}))
        .await;
    dial(&mut phone, NUMBER).await;
}

#[tokio::test]
async fn a_dial_that_comes_to_nothing_says_why() {
    let world = World::start().await;
    let mut phone = world.phone(ADA).await;
    let mut story = Vec::new();
    dial(&mut phone, NUMBER).await;
    for (to, sdp) in [
        (NUMBER, OFFER),
        ("+1 555 000 0000", OFFER),
        ("acme", OFFER),
        (NUMBER, "v=1"),
    ] {
        phone
            .say(&json!({"type":"dial","dial_id":"again","to":to,"sdp":sdp}))
            .await;
        story.push(phone.hear().await.to_string());
    }
    let path = format!("/numbers/{NUMBER}");
    let off = r#"{"calling_enabled":false}"#;
    assert_eq!(world.control(Method::PATCH, &path, off).await.status, 200);
    let mut other = world.phone(BOB).await;
    assert_eq!(other.welcome["businesses"][0]["call_icon"], false);
    other
        .say(&json!({"type":"dial","dial_id":"b","to":NUMBER,"sdp":OFFER}))
        .await;
    story.push(other.hear().await.to_string());
    assert_snapshot!(story.join("\n"));
}

#[tokio::test]
async fn what_is_no_message_is_answered_and_the_line_stays() {
    let world = World::start().await;
    let mut phone = world.phone(ADA).await;
    let mut story = Vec::new();
    for frame in [
        "hello",
        r#"{"type":"dail","dial_id":"d"}"#,
        r#"{"type":"hang_up"}"#,
        r#"{"type":"hang_up","call_id":"wacid.none"}"#,
        r#"{"type":"pick_up","call_id":"wacid.none","sdp":"v=0"}"#,
    ] {
        phone.say_text(frame).await;
        story.push(
            phone.hear().await["message"]
                .as_str()
                .expect("a sentence")
                .to_owned(),
        );
    }
    assert_snapshot!(story.join("\n"));
}

#[tokio::test]
async fn nobody_hangs_up_for_somebody_else() {
    let world = World::start().await;
    let mut ada = world.phone(ADA).await;
    let call_id = dial(&mut ada, NUMBER).await;
    let mut bob = world.phone(BOB).await;
    bob.say(&json!({"type":"hang_up","call_id":call_id})).await;
    assert_eq!(bob.hear().await["type"], "error");
    assert_eq!(
        world.get("/calls?is_over=false").await.body["data"][0]["id"],
        call_id
    );
}

#[tokio::test]
async fn a_business_calls_and_the_first_phone_takes_it() {
    let world = World::start().await;
    world.allow(ADA).await;
    let (mut one, mut two) = (world.phone(ADA).await, world.phone(ADA).await);
    let call_id = world.business_calls(ADA).await;
    for phone in [&mut one, &mut two] {
        let ring = phone.hear().await;
        assert_eq!(
            (&ring["type"], &ring["from"]["name"]),
            (&json!("ring"), &json!("Acme Repairs"))
        );
        assert!(
            ring["sdp"]
                .as_str()
                .expect("an offer")
                .starts_with("offer of leg")
        );
        phone
            .say(&json!({"type":"ringing","call_id":call_id}))
            .await;
    }

    two.say(&json!({"type":"pick_up","call_id":call_id,"sdp":ANSWER}))
        .await;
    assert_eq!(
        two.hear().await,
        json!({"type":"accepted","call_id":call_id})
    );
    let stop = json!({"type":"stop_ringing","call_id":call_id,"reason":"taken_elsewhere"});
    assert_eq!(one.hear().await, stop);

    one.say(&json!({"type":"pick_up","call_id":call_id,"sdp":ANSWER}))
        .await;
    assert_eq!(one.hear().await["type"], "error", "it is taken");
    let done = world.media.take();
    assert_eq!(
        done,
        [
            "begin user 2 business 1",
            "take answer 2",
            "pass user 2 business 1"
        ]
    );

    two.say(&json!({"type":"hang_up","call_id":call_id})).await;
    assert_eq!(two.hear().await["reason"], "user_hung_up");
}

#[tokio::test]
async fn a_rejection_on_one_phone_ends_the_ringing_of_all() {
    let world = World::start().await;
    world.allow(ADA).await;
    let (mut one, mut two) = (world.phone(ADA).await, world.phone(ADA).await);
    let call_id = world.business_calls(ADA).await;
    one.hear().await;
    two.hear().await;
    one.say(&json!({"type":"reject","call_id":call_id})).await;
    assert_eq!(one.hear().await["reason"], "user_rejected");
    let stop = json!({"type":"stop_ringing","call_id":call_id,"reason":"rejected_elsewhere"});
    assert_eq!(two.hear().await, stop);
}

#[tokio::test]
async fn a_phone_that_comes_back_rings_again() {
    let world = World::start().await;
    let call_id = world.business_calls(ADA).await;
    let mut phone = world.phone(ADA).await;
    assert_eq!(phone.welcome["calls"], json!([call_id]));
    assert_eq!(phone.hear().await["type"], "ring");
    drop(phone);

    let mut phone = world.phone(ADA).await;
    assert_eq!(phone.hear().await["type"], "ring");
    phone
        .say(&json!({"type":"pick_up","call_id":call_id,"sdp":ANSWER}))
        .await;
    assert_eq!(phone.hear().await["type"], "accepted");
    drop(phone);

    let mut phone = world.phone(ADA).await;
    assert_eq!(
        phone.hear().await,
        json!({"type":"accepted","call_id":call_id}),
        "it is told again"
    );
    phone
        .say(&json!({"type":"hang_up","call_id":call_id}))
        .await;
    assert_eq!(phone.hear().await["type"], "ended");
}

#[tokio::test]
async fn an_answer_that_is_none_leaves_the_call_ringing() {
    let world = World::start().await;
    world.allow(ADA).await;
    let mut phone = world.phone(ADA).await;
    let call_id = world.business_calls(ADA).await;
    phone.hear().await;
    phone
        .say(&json!({"type":"pick_up","call_id":call_id,"sdp":OFFER}))
        .await;
    let error = phone.hear().await;
    assert!(
        error["message"]
            .as_str()
            .expect("a sentence")
            .starts_with("The answer cannot be used")
    );
    phone
        .say(&json!({"type":"pick_up","call_id":call_id,"sdp":ANSWER}))
        .await;
    assert_eq!(phone.hear().await["type"], "accepted");
}

#[tokio::test]
async fn a_user_without_rights_any_more_loses_the_line() {
    let world = World::start().await;
    let mut phone = world.phone(ADA).await;
    let path = format!("/users/{ADA}");
    let change = r#"{"phone_token":"another"}"#;
    assert_eq!(
        world.control(Method::PATCH, &path, change).await.status,
        200
    );
    assert_eq!(phone.hear_farewell().await.0, 1008);
}

#[tokio::test]
async fn an_exchange_that_closes_says_so() {
    let world = World::start().await;
    let mut phone = world.phone(ADA).await;
    drop(world);
    let farewell = phone.hear_farewell().await;
    assert_eq!(farewell, (1012, "the exchange closes".to_owned()));
}

async fn dial(phone: &mut Phone, to: &str) -> Value {
    phone
        .say(&json!({"type":"dial","dial_id":"first","to":to,"sdp":OFFER}))
        .await;
    let dialing = phone.hear().await;
    assert_eq!(
        (&dialing["type"], &dialing["dial_id"]),
        (&json!("dialing"), &json!("first"))
    );
    assert!(
        dialing["sdp"]
            .as_str()
            .expect("an answer")
            .starts_with("answer of leg")
    );
    dialing["call_id"].clone()
}
