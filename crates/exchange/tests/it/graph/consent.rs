//! Consent at Meta's doors: what a business reads of it, and how a call is refused for want of it.

use exchange::desk::calls;
use exchange::phone_lines::LineId;
use exchange::world::World;
use reqwest::Method;
use serde_json::{Value, json};
use types::{CallId, Preset};

use crate::business::{ADA, ANSWER, BOB, Business, NUMBER, OFFER};

const DAY_MS: u64 = 86_400_000;

#[tokio::test]
async fn a_limit_is_told_until_there_is_room_again() {
    let mut preset = Preset::meta_2026();
    preset.consent.connected_calls_per_day = 1;
    let mut business = Business::start_with(preset).await;
    talk(&mut business).await;
    business.wait_ms(1).await;
    read(&mut business, "as many calls as may be", ADA).await;
    call(&mut business, "one call too many", ADA).await;
    business.wait_ms(DAY_MS - 2).await;
    call(&mut business, "a millisecond too early", ADA).await;
    business.wait_ms(1).await;
    read(&mut business, "a day later", ADA).await;
    call(&mut business, "and it rings", ADA).await;
    insta::assert_snapshot!(without_call_ids(&business.story()));
}

#[tokio::test]
async fn a_temporary_permission_is_told_with_its_end() {
    let mut business = Business::start().await;
    profile(&business, BOB, "temporary").await;
    read(&mut business, "allowed for a time", BOB).await;
    business.wait_ms(7 * DAY_MS - 1).await;
    read(&mut business, "a millisecond before the end", BOB).await;
    business.wait_ms(1).await;
    read(&mut business, "at the end", BOB).await;
    call(&mut business, "a call after the end", BOB).await;
    insta::assert_snapshot!(without_call_ids(&business.story()));
}

#[tokio::test]
async fn codes_are_the_presets_choice() {
    let mut preset = Preset::seeds_2025();
    preset.consent.calls_per_permission = Some(1);
    let mut business = Business::start_with(preset).await;
    call(&mut business, "never allowed", BOB).await;
    profile(&business, ADA, "temporary").await;
    talk(&mut business).await;
    call(&mut business, "more calls than the permission is for", ADA).await;
    read(&mut business, "a permission that is used up", ADA).await;
    business.wait_ms(7 * DAY_MS).await;
    call(&mut business, "a permission that has run out", ADA).await;
    insta::assert_snapshot!(without_call_ids(&business.story()));
}

#[tokio::test]
async fn who_cannot_be_reached_at_all() {
    let mut business = Business::start().await;
    let change = |key: &str, value: &str| json!({ key: value });
    let (user, number) = (format!("/users/{ADA}"), format!("/numbers/{NUMBER}"));
    for word in ["not_on_whatsapp", "outdated_client", "terms_not_accepted"] {
        let body = change("reachability", word);
        business.control(Method::PATCH, &user, body).await;
        call(&mut business, word, ADA).await;
    }
    read(&mut business, "nothing is told of what they allow", ADA).await;
    let body = change("reachability", "active");
    business.control(Method::PATCH, &user, body).await;
    let body = change("country", "EG");
    business.control(Method::PATCH, &number, body).await;
    call(&mut business, "from a country that may not", ADA).await;
    read(&mut business, "neither call nor ask", ADA).await;
    insta::assert_snapshot!(without_call_ids(&business.story()));
}

#[tokio::test]
async fn a_number_for_tests_reaches_those_on_its_list() {
    let on_the_list = |world: &mut World| {
        world.numbers[0].recipients = vec![ADA.parse().expect("a number")];
    };
    let mut business = Business::start_in(Preset::meta_sandbox(), on_the_list).await;
    profile(&business, BOB, "permanent").await;
    call(&mut business, "one who is not on it", BOB).await;
    read(&mut business, "neither call nor ask", BOB).await;
    call(&mut business, "one who is", ADA).await;
    let bob = format!("/numbers/{NUMBER}/recipients/{BOB}");
    business.control(Method::PUT, &bob, Value::Null).await;
    call(&mut business, "and then the other", BOB).await;
    insta::assert_snapshot!(without_call_ids(&business.story()));
}

#[tokio::test]
async fn whoever_reads_too_often_waits() {
    let mut business = Business::start_with(Preset::seeds_2025()).await;
    let path = format!("/v24.0/{NUMBER}/call_permissions?user_wa_id={ADA}");
    for _ in 0..5 {
        let answer = business.graph(Method::GET, &path).send().await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }
    let read = business.graph(Method::GET, &path);
    business.tell("the sixth in a second", read).await;
    let key = business.d360(Method::GET, &format!("/calling/permissions/{ADA}"));
    business.tell("by the other door", key).await;
    business.wait_ms(200).await;
    let answer = business.graph(Method::GET, &path).send().await;
    assert_eq!(
        answer.expect("an answer").status(),
        200,
        "a fifth of a second later"
    );
    insta::assert_snapshot!(without_call_ids(&business.story()));
}

/// A story with the ids of calls hidden: they are drawn from the same chance as the waits of webhooks,
/// so that they depend on how soon those before them were taken.
fn without_call_ids(story: &str) -> String {
    let mut parts = story.split("wacid.");
    let mut hidden = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_of_id = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        hidden.push_str("wacid.<id>");
        hidden.push_str(part.trim_start_matches(is_of_id));
    }
    hidden
}

async fn call(business: &mut Business, what: &str, to: &str) -> Value {
    let connect = json!({
        "messaging_product": "whatsapp", "to": to, "action": "connect",
        "session": {"sdp_type": "offer", "sdp": OFFER},
    });
    let body = business.act(what, &connect).await;
    serde_json::from_str(&body).expect("JSON")
}

/// A call that Ada takes, and the business ends.
async fn talk(business: &mut Business) {
    let placed = call(business, "a call that is taken", ADA).await;
    let id = placed["calls"][0]["id"].as_str().expect("an id").to_owned();
    let call: CallId = id.parse().expect("an id");
    let ada = ADA.parse().expect("a number");
    business
        .desk
        .run(move |turn| calls::phone_picks_up(turn, &ada, LineId(1), &call, ANSWER.to_owned()))
        .await
        .expect("a pickup");
    let terminate = json!({"messaging_product": "whatsapp", "call_id": id, "action": "terminate"});
    business.act("and ended", &terminate).await;
}

async fn read(business: &mut Business, what: &str, user: &str) {
    let path = format!("/v24.0/{NUMBER}/call_permissions?user_wa_id={user}");
    let read = business.graph(Method::GET, &path);
    business.tell(what, read).await;
}

async fn profile(business: &Business, user: &str, permission: &str) {
    let path = format!("/consents/{NUMBER}/{user}/profile");
    let body = json!({ "permission": permission });
    business.control(Method::POST, &path, body).await;
}
