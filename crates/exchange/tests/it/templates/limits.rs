//! How often templates may be made and edited, and what becomes of their names: the limits of Meta's
//! page on template management.

use reqwest::Method;
use serde_json::{Value, json};
use types::Preset;
use types::preset::Value as Setting;

use super::{DELETE, GET, POST, calling_template, create, id_of, preset, templates, word};
use crate::business::Business;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// A template that says something else each time.
fn saying(text: &str) -> Value {
    json!({"components": [{"type": "BODY", "text": text}]})
}

/// Edits a template; the status and the body of the answer.
async fn edit(business: &mut Business, id: &str, text: &str) -> (u16, Value) {
    let request = business.graph(POST, &format!("/v24.0/{id}"));
    let answer = request.json(&saying(text)).send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

async fn review(business: &Business, id: &str, outcome: &str) {
    let path = format!("/templates/{id}/review");
    let outcome = json!({"outcome": outcome});
    business.control(POST, &path, outcome).await;
}

/// Makes a template of a name in a language, written down.
async fn make(business: &mut Business, what: &str, name: &str, language: &str) -> String {
    let mut template = calling_template();
    template["name"] = json!(name);
    template["language"] = json!(language);
    create(business, what, &template).await
}

async fn remove(business: &mut Business, what: &str, query: &str) {
    let request = business.graph(DELETE, &format!("{}?{query}", templates()));
    business.tell(what, request).await;
}

#[tokio::test]
async fn an_approved_one_is_edited_once_a_day_and_ten_times_in_thirty() {
    let mut business = Business::start().await;
    let id = id_of(&create(&mut business, "make one", &calling_template()).await);
    for day in 0..10 {
        let (status, answer) = edit(&mut business, &id, &format!("Day {day}.")).await;
        assert_eq!(status, 200, "day {day}: {answer}");
        business.wait_ms(DAY_MS - 1).await;
        let (status, answer) = edit(&mut business, &id, "Too early.").await;
        assert_eq!(status, 400, "day {day}: {answer}");
        assert_eq!(answer["error"]["error_subcode"], 2_388_039);
        business.wait_ms(1).await;
    }
    let (status, answer) = edit(&mut business, &id, "The eleventh.").await;
    assert_eq!(status, 400, "{answer}");
    insta::assert_snapshot!(
        answer["error"]["error_data"]["details"].as_str().expect("details"),
        @"An approved template may be edited 10 times in 30 days. The next edit is taken at Unix time 1782907200; until then, make a new template."
    );
    // The first was 30 days ago, and the page tells of the last one.
    business.wait_ms(20 * DAY_MS).await;
    assert_eq!(edit(&mut business, &id, "Thirty days on.").await.0, 200);
    let request = business.graph(GET, &format!("/v24.0/{id}?fields=components"));
    let shown = business.tell("what it says", request).await;
    assert!(shown.contains("Thirty days on."), "{shown}");
}

#[tokio::test]
async fn one_that_is_paused_or_rejected_is_edited_as_often_as_one_likes() {
    let patient = preset(&[("templates.review", word("wait"))]);
    let mut business = Business::start_with(patient).await;
    let id = id_of(&create(&mut business, "make one", &calling_template()).await);
    for turn in 0..12 {
        review(&business, &id, "reject").await;
        let (status, answer) = edit(&mut business, &id, &format!("Turn {turn}.")).await;
        assert_eq!(status, 200, "{answer}");
    }
    for turn in 0..12 {
        review(&business, &id, "approve").await;
        review(&business, &id, "pause").await;
        let (status, answer) = edit(&mut business, &id, &format!("Turn {turn}.")).await;
        assert_eq!(status, 200, "{answer}");
    }
    review(&business, &id, "approve").await;
    assert_eq!(edit(&mut business, &id, "Approved.").await.0, 200);
    review(&business, &id, "approve").await;
    assert_eq!(edit(&mut business, &id, "Again.").await.0, 400);
}

#[tokio::test]
async fn limits_that_are_switched_off_let_edits_through() {
    let none = preset(&[
        ("templates.edits_per_day", Setting::Number(0)),
        ("templates.edits_per_month", Setting::Number(0)),
    ]);
    let mut business = Business::start_with(none).await;
    let id = id_of(&create(&mut business, "make one", &calling_template()).await);
    for turn in 0..12 {
        assert_eq!(
            edit(&mut business, &id, &format!("Turn {turn}.")).await.0,
            200
        );
    }
}

#[tokio::test]
async fn what_stands_otherwise_is_not_edited() {
    let patient = preset(&[("templates.review", word("wait"))]);
    let mut business = Business::start_with(patient).await;
    let id = id_of(&create(&mut business, "make one", &calling_template()).await);
    business.story();
    let one = format!("/v24.0/{id}");
    let request = business.graph(POST, &one).json(&saying("Hello."));
    business.tell("under review", request).await;
    review(&business, &id, "approve").await;
    let request = business
        .graph(POST, &one)
        .json(&json!({"category": "UTILITY"}));
    business
        .tell("another category of an approved one", request)
        .await;
    let request = business.graph(POST, &one).json(&saying("Hello."));
    business.tell("approved", request).await;
    review(&business, &id, "approve").await;
    let request = business.graph(POST, &one).json(&saying("Hello again."));
    business.tell("a second time in a day", request).await;
    review(&business, &id, "disable").await;
    let request = business.graph(POST, &one).json(&saying("Hello."));
    business.tell("disabled", request).await;
    let request = business.graph(DELETE, &one);
    business
        .tell("nor is a disabled one removed", request)
        .await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn the_name_of_a_removed_one_is_held_for_thirty_days() {
    let mut business = Business::start().await;
    make(&mut business, "make one", "visit", "en").await;
    remove(&mut business, "remove it", "name=visit").await;
    business.story();
    make(&mut business, "make it again", "visit", "en").await;
    make(&mut business, "in another language", "visit", "de").await;
    business.wait_ms(30 * DAY_MS - 1).await;
    let early = make(&mut business, "a moment too early", "visit", "en").await;
    assert!(early.contains("2388023"), "{early}");
    business.wait_ms(1).await;
    let made = make(&mut business, "after thirty days", "visit", "en").await;
    assert!(made.contains("APPROVED"), "{made}");
    let story = business.story();
    insta::assert_snapshot!(story.split_once("a moment too early").expect("a story").0);
}

#[tokio::test]
async fn a_name_that_lives_on_is_held_in_the_removed_language_alone() {
    let mut business = Business::start().await;
    let english = id_of(&make(&mut business, "in English", "visit", "en").await);
    make(&mut business, "in German", "visit", "de").await;
    let query = format!("name=visit&hsm_id={english}");
    remove(&mut business, "the English one goes", &query).await;
    let again = make(&mut business, "in English again", "visit", "en").await;
    assert!(again.contains("2388023"), "{again}");
    let french = make(&mut business, "in French", "visit", "fr").await;
    assert!(french.contains("APPROVED"), "{french}");
}

#[tokio::test]
async fn the_name_of_one_that_was_never_approved_is_free() {
    let patient = preset(&[("templates.review", word("wait"))]);
    let mut business = Business::start_with(patient).await;
    let id = id_of(&make(&mut business, "make one", "visit", "en").await);
    review(&business, &id, "reject").await;
    remove(&mut business, "remove it", "name=visit").await;
    let again = make(&mut business, "make it again", "visit", "en").await;
    assert!(again.contains("PENDING"), "{again}");
}

#[tokio::test]
async fn several_are_removed_by_their_ids() {
    let mut business = Business::start().await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(id_of(&make(&mut business, "make one", name, "en").await));
    }
    business.story();
    let (first, second) = (&ids[0], &ids[1]);
    let stories = [
        ("no list", "hsm_ids=1".to_owned()),
        ("an empty one", "hsm_ids=[]".to_owned()),
        ("beside a name", format!("hsm_ids=[{first}]&name=a")),
        ("one that is not there", format!("hsm_ids=[{first},1]")),
        (
            "two of three",
            format!("hsm_ids=[{first},\"{second}\",{first}]"),
        ),
        ("they are gone", format!("hsm_ids=[{second}]")),
    ];
    for (what, query) in stories {
        remove(&mut business, what, &query).await;
    }
    let request = business.graph(GET, &format!("{}?fields=name", templates()));
    business.tell("one is left", request).await;
    insta::assert_snapshot!(business.story().replace(ids[2].as_str(), "<third>"));
}

#[tokio::test]
async fn an_account_makes_only_so_many_in_an_hour() {
    let few = preset(&[("templates.creations_per_hour", Setting::Number(2))]);
    let mut business = Business::start_with(few).await;
    for name in ["a", "b"] {
        make(&mut business, "make one", name, "en").await;
    }
    business.story();
    make(&mut business, "one too many", "c", "en").await;
    insta::assert_snapshot!(business.story());
    // A refused one counts for nothing: half an hour makes room for the next.
    business.wait_ms(HOUR_MS / 2).await;
    let made = make(&mut business, "half an hour later", "c", "en").await;
    assert!(made.contains("APPROVED"), "{made}");
}

/// Two accounts count by themselves, and the default lets a hundred through.
#[tokio::test]
async fn a_hundred_in_an_hour_by_default() {
    let mut business = Business::start_with(Preset::meta_2026()).await;
    for n in 0..100 {
        let made = make(&mut business, "make one", &format!("t{n}"), "en").await;
        assert!(made.contains("APPROVED"), "{made}");
    }
    let refused = make(&mut business, "one more", "one_more", "en").await;
    assert!(refused.contains("80008"), "{refused}");
    let path = format!("/v24.0/{}/message_templates", crate::business::OTHER_WABA);
    let request = business
        .request(Method::POST, &path)
        .bearer_auth(crate::business::OTHER_TOKEN)
        .json(&calling_template());
    let made = business.tell("another account", request).await;
    assert!(made.contains("APPROVED"), "{made}");
}
