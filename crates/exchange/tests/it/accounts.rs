//! Accounts that the platform holds something against: what is refused and what is not, what is shown,
//! what their business hears, and that it lasts.

use reqwest::Method;
use serde_json::{Value, json};
use types::Preset;

use crate::business::{
    ADA, BOB, Business, NUMBER, OFFER, OTHER_NUMBER, OTHER_TOKEN, WABA, without_message_ids,
};
use crate::customer::connect;

const DAY_MS: u64 = 86_400_000;

/// With a callback that takes every field, and a template.
async fn start() -> Business {
    let business = Business::start_in(Preset::meta_2026(), |world| {
        world.callbacks[0].fields.clear();
        let Value::Object(parameters) = json!({
            "name": "parcel", "language": "en", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Your parcel is here."}],
        }) else {
            unreachable!("an object");
        };
        world.templates.push(exchange::world::Template {
            waba: WABA.parse().expect("an id"),
            parameters,
        });
    });
    business.await
}

/// What the platform holds against the account from now on.
async fn hold(business: &Business, standing: Value) -> Value {
    let path = format!("/wabas/{WABA}/standing");
    business.control(Method::PUT, &path, standing).await
}

fn template(to: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "type": "template",
        "template": {"name": "parcel", "language": {"code": "en"}},
    })
}

fn text(to: &str) -> Value {
    json!({"messaging_product": "whatsapp", "to": to, "text": {"body": "Gladly."}})
}

/// The code with which a message is refused; none if it is taken.
async fn refusal(business: &mut Business, message: &Value) -> Option<u64> {
    let answer = business.message("send it", message).await;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    answer["error"]["code"].as_u64()
}

/// The code with which a call is refused; none if it is placed.
async fn call_refusal(business: &mut Business) -> Option<u64> {
    let answer = business.act("call", &connect(ADA, OFFER)).await;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    answer["error"]["code"].as_u64()
}

/// What the account has heard in the field `account_update`, whole.
async fn heard(business: &Business, count: usize) -> Vec<Value> {
    let is_update = |it: &&testkit::webhook::Delivery| {
        it.json["entry"][0]["changes"][0]["field"] == "account_update"
    };
    let told = business.receiver.wait_for(|all| {
        let told: Vec<Value> = all
            .iter()
            .filter(is_update)
            .map(|it| it.json.clone())
            .collect();
        (told.len() >= count).then_some(told)
    });
    told.await
}

#[tokio::test]
async fn one_that_may_not_begin_answers() {
    let mut business = start().await;
    hold(
        &business,
        json!({"business_initiated": true, "violation": "SCAM"}),
    )
    .await;
    assert_eq!(refusal(&mut business, &template(ADA)).await, Some(368));
    insta::assert_snapshot!(business.story());
    business.hears_from(ADA).await;
    assert_eq!(refusal(&mut business, &text(ADA)).await, None);
    assert_eq!(
        refusal(&mut business, &template(ADA)).await,
        None,
        "an answer as well"
    );
    assert_eq!(
        call_refusal(&mut business).await,
        None,
        "calls are another matter"
    );
    let told = heard(&business, 2).await;
    insta::assert_snapshot!(
        "restricted",
        serde_json::to_string_pretty(&told).expect("JSON")
    );
    business.wait_ms(DAY_MS - 1).await;
    assert_eq!(refusal(&mut business, &template(BOB)).await, Some(368));
    business.wait_ms(1).await;
    assert_eq!(
        refusal(&mut business, &template(BOB)).await,
        None,
        "its time is over"
    );
}

#[tokio::test]
async fn one_that_may_not_answer_begins() {
    let mut business = start().await;
    hold(
        &business,
        json!({"customer_initiated": true, "for_ms": 60_000}),
    )
    .await;
    business.hears_from(ADA).await;
    assert_eq!(refusal(&mut business, &text(ADA)).await, Some(368));
    assert_eq!(refusal(&mut business, &template(BOB)).await, None);
    let read = json!({"messaging_product": "whatsapp", "status": "read"});
    let mut read = read;
    read["message_id"] = json!(business.written_by(ADA, "Hello?").await);
    assert_eq!(
        refusal(&mut business, &read).await,
        None,
        "reading is no answer"
    );
    hold(&business, json!({})).await;
    assert_eq!(refusal(&mut business, &text(ADA)).await, None, "lifted");
}

#[tokio::test]
async fn one_that_is_banned_does_nothing_until_it_is_reinstated() {
    let mut business = start().await;
    business.hears_from(ADA).await;
    hold(&business, json!({"ban": "scheduled"})).await;
    assert_eq!(refusal(&mut business, &text(ADA)).await, None, "not yet");
    business.wait_ms(DAY_MS / 2).await;
    hold(&business, json!({"ban": "disabled"})).await;
    assert_eq!(refusal(&mut business, &text(ADA)).await, Some(131_031));
    assert_eq!(refusal(&mut business, &template(BOB)).await, Some(131_031));
    assert_eq!(call_refusal(&mut business).await, Some(131_031));
    assert!(business.dialled_by(BOB).await.is_err(), "nobody reaches it");
    // What is said again is no news, and a ban lasts.
    business.wait_ms(30 * DAY_MS).await;
    hold(&business, json!({"ban": "disabled"})).await;
    assert_eq!(refusal(&mut business, &template(BOB)).await, Some(131_031));
    hold(&business, json!({})).await;
    assert_eq!(refusal(&mut business, &template(BOB)).await, None);
    let told = heard(&business, 3).await;
    assert_eq!(told.len(), 3, "{told:?}");
    insta::assert_snapshot!(serde_json::to_string_pretty(&told).expect("JSON"));
}

#[tokio::test]
async fn one_that_cannot_pay_answers_for_free_and_is_called_in_vain() {
    let mut business = start().await;
    business.hears_from(ADA).await;
    hold(&business, json!({"payment_missing": true})).await;
    assert_eq!(refusal(&mut business, &text(ADA)).await, None);
    assert_eq!(
        refusal(&mut business, &template(ADA)).await,
        None,
        "in a window it is free"
    );
    assert_eq!(
        refusal(&mut business, &template(BOB)).await,
        None,
        "it is taken, and fails"
    );
    let failed = business.receiver.wait_for_event("failed").await;
    let failed = serde_json::to_string_pretty(&failed.json).expect("JSON");
    insta::assert_snapshot!("unpaid", without_message_ids(&failed));
    assert_eq!(call_refusal(&mut business).await, Some(131_044));
    business.dialled_by(BOB).await.expect("a call that begins");
    let ended = business.receiver.wait_for_event("terminate").await;
    assert_eq!(ended.value()["errors"][0]["code"], 131_044);
    hold(&business, json!({})).await;
    assert_eq!(call_refusal(&mut business).await, None);
}

#[tokio::test]
async fn the_health_of_a_number_and_of_an_account_tells() {
    let mut business = start().await;
    let mut story = String::new();
    for standing in [
        json!({}),
        json!({"business_initiated": true}),
        json!({"business_initiated": true, "customer_initiated": true}),
        json!({"payment_missing": true, "ban": "scheduled"}),
        json!({"payment_missing": true, "ban": "disabled"}),
    ] {
        hold(&business, standing.clone()).await;
        let path = format!("/v24.0/{WABA}?fields=health_status");
        let request = business.graph(Method::GET, &path);
        let account = business.tell("its account", request).await;
        story.push_str(&format!(
            "{standing}\n{}\n",
            testkit::json::pretty(account.as_bytes())
        ));
        let path = format!("/v24.0/{NUMBER}?fields=health_status");
        let request = business.graph(Method::GET, &path);
        let number = business.tell("the number", request).await;
        let number: Value = serde_json::from_str(&number).expect("JSON");
        let account: Value = serde_json::from_str(&account).expect("JSON");
        let (of_number, of_account) = (&number["health_status"], &account["health_status"]);
        assert_eq!(
            of_number["can_send_message"],
            of_account["can_send_message"]
        );
        assert_eq!(of_number["entities"][1], of_account["entities"][0]);
    }
    insta::assert_snapshot!(story);
    // Nobody who asks for nothing is told.
    let request = business.graph(Method::GET, &format!("/v24.0/{WABA}"));
    let plain = business.tell("plain", request).await;
    assert!(!plain.contains("health_status"), "{plain}");
}

#[tokio::test]
async fn other_accounts_have_nothing_to_do_with_it() {
    let mut business = start().await;
    hold(
        &business,
        json!({"ban": "disabled", "payment_missing": true}),
    )
    .await;
    let request = business
        .request(Method::POST, &format!("/v24.0/{OTHER_NUMBER}/messages"))
        .bearer_auth(OTHER_TOKEN)
        .json(&text(ADA));
    let answer = business.tell("from another account", request).await;
    assert!(answer.contains("messages"), "{answer}");
}

#[tokio::test]
async fn a_webhook_of_360dialogs_way_hears_as_well() {
    let mut business = start().await;
    let url = business.receiver.url_at("/d360");
    let request = business.d360(Method::POST, "/v1/configs/webhook");
    business
        .tell("set the webhook", request.json(&json!({"url": url})))
        .await;
    hold(&business, json!({"ban": "scheduled"})).await;
    let told = business.receiver.wait_for_count(2).await;
    let mut paths: Vec<&str> = told.iter().map(|it| it.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/app", "/d360"]);
}

#[tokio::test]
async fn it_goes_with_the_records() {
    let mut business = start().await;
    hold(
        &business,
        json!({"ban": "disabled", "payment_missing": true}),
    )
    .await;
    let document = business.control(Method::GET, "/state", Value::Null).await;
    hold(&business, json!({})).await;
    business.control(Method::PUT, "/state", document).await;
    assert_eq!(refusal(&mut business, &template(ADA)).await, Some(131_031));
    let path = format!("/wabas/{WABA}/standing");
    let standing = business.control(Method::GET, &path, Value::Null).await;
    assert_eq!(standing["payment_missing"], true);
}

#[tokio::test]
async fn over_the_control_api() {
    let business = start().await;
    let standing = format!("/wabas/{WABA}/standing");
    let mut story = String::new();
    for (what, method, path, body) in [
        ("all", Method::GET, "/wabas", Value::Null),
        (
            "everything at once",
            Method::PUT,
            standing.as_str(),
            json!({
                "payment_missing": true, "business_initiated": true, "customer_initiated": true,
                "for_ms": 1_000, "ban": "scheduled", "violation": "ALCOHOL",
            }),
        ),
        ("shown", Method::GET, standing.as_str(), Value::Null),
        (
            "no such ban",
            Method::PUT,
            standing.as_str(),
            json!({"ban": "forever"}),
        ),
        (
            "no such word",
            Method::PUT,
            standing.as_str(),
            json!({"violation": "bad manners"}),
        ),
        (
            "no such key",
            Method::PUT,
            standing.as_str(),
            json!({"blocked": true}),
        ),
        (
            "no such account",
            Method::PUT,
            "/wabas/1/standing",
            json!({}),
        ),
    ] {
        let (status, answer) = business.ask_control(method, path, &body).await;
        let answer = serde_json::to_string_pretty(&answer).expect("JSON");
        story.push_str(&format!("{what}\n= {status}\n{answer}\n\n"));
    }
    insta::assert_snapshot!(story);
}
