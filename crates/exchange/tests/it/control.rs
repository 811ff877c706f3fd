//! The control API: every endpoint, and the sentences for typing mistakes.

use insta::assert_snapshot;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::webhook::{Behaviour, Receiver};

use crate::world::{ADA, BOB, NUMBER, World};

mod consents;
mod events;
mod messages;
mod settings;
mod state;
mod weather;

#[tokio::test]
async fn users_are_made_changed_and_removed() {
    let world = World::start().await;
    let mut story = Vec::new();
    let new = r#"{"wa_id":"+33 6 12 34 56 78","name":"Chloé"}"#;
    let steps = [
        (Method::GET, "/users", ""),
        (Method::POST, "/users", new),
        (Method::POST, "/users", new),
        (Method::GET, "/users/33612345678", ""),
        (
            Method::PATCH,
            "/users/33612345678",
            r#"{"name":"Chloe","phone_token":"known"}"#,
        ),
        (Method::DELETE, "/users/33612345678", ""),
        (Method::GET, "/users/33612345678", ""),
        (Method::GET, "/users?rows=1", ""),
        (Method::GET, "/users?rows=1&after=14085551234", ""),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("users", story.join("\n\n"));
}

#[tokio::test]
async fn numbers_are_shown_and_switched() {
    let world = World::start().await;
    let mut story = Vec::new();
    let one = format!("/numbers/{NUMBER}");
    let steps = [
        (Method::GET, "/numbers", ""),
        (Method::GET, &one, ""),
        (Method::PATCH, &one, r#"{"calling_enabled":false}"#),
        (Method::PATCH, &one, "{}"),
        (Method::GET, "/numbers/1", ""),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("numbers", story.join("\n\n"));
}

#[tokio::test]
async fn consents_are_granted_and_taken_back() {
    let world = World::start().await;
    let mut story = Vec::new();
    let one = format!("/consents/{NUMBER}/{ADA}");
    let steps = [
        (Method::GET, one.as_str(), ""),
        (Method::PUT, &one, r#"{"granted":true}"#),
        (Method::GET, &one, ""),
        (Method::PUT, &one, r#"{"granted":false}"#),
        (Method::DELETE, &one, ""),
        (Method::GET, &one, ""),
        (
            Method::PUT,
            "/consents/1/4915112345678",
            r#"{"granted":true}"#,
        ),
        (
            Method::PUT,
            "/consents/106540352242922/4915000000000",
            r#"{"granted":true}"#,
        ),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("consents", story.join("\n\n"));
}

#[tokio::test]
async fn subscriptions_are_set_and_removed() {
    let world = World::start().await;
    let mut story = Vec::new();
    let steps = [
        (Method::GET, "/subscriptions", ""),
        (
            Method::POST,
            "/subscriptions",
            r#"{"url":"http://127.0.0.1:8000/hook","waba_id":"102290129340398"}"#,
        ),
        (
            Method::POST,
            "/subscriptions",
            r#"{"url":"https://bot.example/hook","phone_number_id":"106540352242922","fields":["calls"],
                "shape":"doc_exact","verify_token":"v","app_id":"700000000000001"}"#,
        ),
        (Method::GET, "/subscriptions", ""),
        (Method::DELETE, "/subscriptions/1", ""),
        (Method::DELETE, "/subscriptions/1", ""),
        (Method::POST, "/subscriptions", r#"{"url":"bot.example"}"#),
        (
            Method::POST,
            "/subscriptions",
            r#"{"url":"http://x/","waba_id":"1","phone_number_id":"2"}"#,
        ),
        (
            Method::POST,
            "/subscriptions",
            r#"{"url":"http://x/","app_id":"1"}"#,
        ),
        (
            Method::POST,
            "/subscriptions",
            r#"{"url":"http://x/","shape":"rihc"}"#,
        ),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("subscriptions", story.join("\n\n"));
}

#[tokio::test]
async fn phones_are_started_shown_and_sent_away() {
    let world = World::start().await;
    let mut story = Vec::new();
    let steps = [
        (
            Method::POST,
            "/phones",
            r#"{"wa_id":"4915112345678","script":{"answer_aftr_ms":1}}"#,
        ),
        (
            Method::POST,
            "/phones",
            r#"{"wa_id":"4915112345678","script":{"say":"/none.wav"}}"#,
        ),
        (
            Method::POST,
            "/phones",
            r#"{"wa_id":"4915112345678","script":{"record":"/tmp/x.wav"}}"#,
        ),
        (
            Method::POST,
            "/phones",
            r#"{"wa_id":"4915112345678","scirpt":{}}"#,
        ),
        (Method::POST, "/phones", r#"{"wa_id":"4915000000000"}"#),
        (Method::GET, "/phones", ""),
        (Method::GET, "/phones/1", ""),
        (Method::POST, "/phones/1/answer", ""),
        (Method::GET, "/phones/1/recording", ""),
        (Method::DELETE, "/phones/1", ""),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("phones_refused", story.join("\n\n"));

    let phone = world.post("/phones", r#"{"wa_id":"4915112345678"}"#).await;
    assert_eq!((phone.status, &phone.body["state"]), (201, &json!("idle")));
    let one = format!("/phones/{}", phone.body["id"]);
    let online = world.get(&format!("{one}?from=0&wait_ms=30000")).await.body;
    assert_eq!(
        (&online["story"][0]["event"], &online["online"]),
        (&json!("online"), &json!(true))
    );
    let wav = reqwest::get(world.control_url(&format!("{one}/recording")))
        .await
        .expect("an answer");
    assert_eq!(wav.headers()["content-type"], "audio/wav");

    let change = r#"{"phone_token":"another"}"#;
    let user = format!("/users/{ADA}");
    assert_eq!(
        world.control(Method::PATCH, &user, change).await.status,
        200
    );
    let offline = world.get(&format!("{one}?from=1&wait_ms=30000")).await.body;
    assert_eq!(offline["story"][0]["event"], "offline");
    assert_eq!(world.control(Method::DELETE, &one, "").await.status, 204);
    assert_eq!(world.get("/phones").await.body["data"], json!([]));
}

#[tokio::test]
async fn a_call_is_listed_shown_and_hung_up() {
    let world = World::start().await;
    let receiver = Receiver::start().await;
    receiver.behave_next([Behaviour::Answer(500, "not now".to_owned())]);
    let subscription = json!({"url": receiver.url(), "waba_id": "102290129340398"}).to_string();
    assert_eq!(
        world.post("/subscriptions", &subscription).await.status,
        201
    );
    let mut phone = world.phone(ADA).await;
    phone
        .say(&json!({"type":"dial","dial_id":"d","to":NUMBER,"sdp":crate::phone_line::OFFER}))
        .await;
    let id = phone.hear().await["call_id"]
        .as_str()
        .expect("an id")
        .to_owned();

    let settle = r#"{"advance_ms":0}"#;
    world.post("/clock", settle).await;
    let mut story = Vec::new();
    let (one, hang_up) = (format!("/calls/{id}"), format!("/calls/{id}/hangup"));
    let steps = [
        (Method::GET, "/calls", ""),
        (Method::GET, "/calls?is_over=true", ""),
        (Method::GET, &one, ""),
        (Method::DELETE, "/users/4915112345678", ""),
        (Method::POST, &hang_up, r#"{"side":"usre"}"#),
        (Method::POST, &hang_up, r#"{"side":"business"}"#),
        (Method::POST, &hang_up, ""),
        (
            Method::GET,
            "/calls?is_over=true&direction=USER_INITIATED",
            "",
        ),
        (Method::GET, "/calls?direction=SIDEWAYS", ""),
        (Method::GET, "/calls/wacid.none", ""),
        (Method::GET, "/calls/none", ""),
        (Method::POST, "/clock", settle),
        (Method::GET, "/deliveries?state=due", ""),
        (Method::GET, "/deliveries/1", ""),
        (Method::POST, "/deliveries/1/redeliver", ""),
        (Method::POST, "/clock", settle),
        (Method::GET, "/deliveries/1", ""),
        (Method::GET, "/deliveries?rows=1", ""),
        (Method::GET, "/deliveries?state=sent", ""),
        (Method::GET, "/deliveries/99", ""),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    let story = [story
        .join("\n\n")
        .replace(&receiver.url(), "http://receiver/webhook")];
    assert_snapshot!("calls", story.join("\n\n"));
}

#[tokio::test]
async fn typing_mistakes_are_named() {
    let world = World::start().await;
    let mut story = Vec::new();
    let one = format!("/consents/{NUMBER}/{ADA}");
    let steps = [
        (Method::PUT, one.as_str(), r#"{"gratned":true}"#),
        (Method::PUT, &one, r#"{"granted":"yes"}"#),
        (Method::PUT, &one, "granted=true"),
        (Method::PUT, &one, ""),
        (Method::GET, "/consents/acme/4915112345678", ""),
        (Method::GET, "/users/ada", ""),
        (Method::GET, "/users?row=1", ""),
        (Method::GET, "/users?rows=0", ""),
        (Method::GET, "/users?rows=many", ""),
        (Method::POST, "/users", r#"{"wa_id":"0049151","name":"x"}"#),
        (
            Method::POST,
            "/users",
            r#"{"wa_id":"999151234567","name":"x"}"#,
        ),
        (Method::PUT, "/users", "{}"),
        (Method::GET, "/user", ""),
        (Method::POST, "/clock", "{}"),
        (Method::POST, "/clock", r#"{"freeze":true,"resume":true}"#),
        (Method::POST, "/clock", r#"{"advance":5}"#),
        (Method::GET, "/events?after=last", ""),
        (Method::DELETE, "/subscriptions/first", ""),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("typing_mistakes", story.join("\n\n"));
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let world = World::start().await;
    let answer = world.post("/users", &" ".repeat(300 * 1024)).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.body["error"]["code"], "body_too_large");
}

#[tokio::test]
async fn a_page_from_elsewhere_is_kept_out() {
    let world = World::start().await;
    let request = reqwest::Client::new()
        .post(world.control_url("/clock"))
        .header("origin", "https://evil.example")
        .body(r#"{"freeze":true}"#);
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn the_clock_is_stopped_turned_and_started() {
    let world = World::start().await;
    let mut story = Vec::new();
    let steps = [
        (Method::GET, "/clock", ""),
        (Method::POST, "/clock", r#"{"advance_ms":1500}"#),
        (Method::POST, "/clock", r#"{"set_ms":1780315300000}"#),
        (Method::POST, "/clock", r#"{"set_ms":1780315200000}"#),
        (Method::POST, "/clock", r#"{"freeze":true}"#),
    ];
    for (method, path, body) in steps {
        story.push(tell(&world, method, path, body).await);
    }
    assert_snapshot!("clock", story.join("\n\n"));
    assert_eq!(
        world.post("/clock", r#"{"resume":true}"#).await.body["frozen"],
        false
    );
}

#[tokio::test]
async fn a_minute_of_ringing_passes_at_once() {
    let world = World::start().await;
    let call_id = world.business_calls(ADA).await;
    let turned = world.post("/clock", r#"{"advance_ms":60000}"#).await;
    assert_eq!(turned.body["now_ms"], 1_780_315_260_000_u64);
    let call = world.get(&format!("/calls/{call_id}")).await.body;
    assert_eq!(
        (&call["phase"], &call["ending"]["reason"]),
        (&json!("ended"), &json!("user_unreachable"))
    );
    assert_eq!(call["ending"]["at_ms"], 1_780_315_260_000_u64);
}

#[tokio::test]
async fn the_description_is_whole() {
    let world = World::start().await;
    let answer = world.get("/openapi.json").await;
    assert_eq!(answer.body["openapi"], "3.1.0");
    assert_snapshot!(
        "openapi",
        serde_json::to_string_pretty(&answer.body).expect("JSON")
    );
    let of_bob = world.get(&format!("/users/{BOB}")).await;
    let documented = &answer.body["components"]["schemas"]["User"]["properties"];
    for key in of_bob.body.as_object().expect("an object").keys() {
        assert!(documented.get(key).is_some(), "`{key}` is described");
    }
}

/// One request and its answer, as a story.
async fn tell(world: &World, method: Method, path: &str, body: &str) -> String {
    let mut answer = world.control(method.clone(), path, body).await;
    stop_watches(&mut answer.body);
    let space = if body.is_empty() { "" } else { " " };
    format!(
        "> {method} {path}{space}{body}\n{}",
        answer.text().trim_end()
    )
}

/// How long something took is the machine's own business.
fn stop_watches(json: &mut Value) {
    match json {
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| {
            if key == "took_ms" {
                *value = json!(0);
            } else {
                stop_watches(value);
            }
        }),
        Value::Array(values) => values.iter_mut().for_each(stop_watches),
        _ => {}
    }
}
