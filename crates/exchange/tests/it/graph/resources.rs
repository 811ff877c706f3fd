//! What clients read and set at their start: numbers, accounts, settings, permissions.

use reqwest::Method;
use serde_json::json;

use crate::business::{ADA, APP, BOB, Business, NUMBER, OTHER_WABA, WABA};

const GET: Method = Method::GET;
const POST: Method = Method::POST;

#[tokio::test]
async fn numbers_and_accounts() {
    let mut business = Business::start().await;
    let number = format!("/v24.0/{NUMBER}");
    let stories = [
        ("a number", business.graph(GET, &number)),
        (
            "one field of it",
            business
                .graph(GET, &number)
                .query(&[("fields", "whatsapp_business_manager_messaging_limit")]),
        ),
        (
            "parts of fields",
            business
                .graph(GET, &number)
                .query(&[("fields", "id,throughput{level},certificate")]),
        ),
        (
            "a field that is none",
            business
                .graph(GET, &number)
                .query(&[("fields", "id,phone")]),
        ),
        (
            "half a wish",
            business
                .graph(GET, &number)
                .query(&[("fields", "throughput{level")]),
        ),
        ("an account", business.graph(GET, &format!("/{WABA}"))),
        (
            "an account with its numbers",
            business.graph(GET, &format!("/{WABA}")).query(&[(
                "fields",
                "name,currency,phone_numbers{display_phone_number}",
            )]),
        ),
        (
            "its templates are no field",
            business
                .graph(GET, &format!("/{WABA}"))
                .query(&[("fields", "message_templates{name}")]),
        ),
        (
            "its numbers",
            business.graph(GET, &format!("/{WABA}/phone_numbers")),
        ),
        (
            "no number on the page behind",
            business
                .graph(GET, &format!("/{WABA}/phone_numbers"))
                .query(&[("limit", "1"), ("after", "Q00000001")]),
        ),
        ("the app", business.graph(GET, &format!("/{APP}"))),
        (
            "somebody else's account",
            business.graph(GET, &format!("/{OTHER_WABA}")),
        ),
        ("nobody's", business.graph(GET, "/12345")),
        ("not an id", business.graph(GET, "/me")),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    let story = business.story();
    let host = story.split_once("http://127").map(|_| ());
    assert_eq!(host, None, "one page has no address beside it");
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn settings() {
    let mut business = Business::start().await;
    let path = format!("/v24.0/{NUMBER}/settings");
    let set = |body| business.graph(POST, &path).json(&body);
    let stories = [
        (
            "as it begins",
            business.graph(GET, &path).query(&[("fields", "calling")]),
        ),
        ("off", set(json!({"calling": {"status": "DISABLED"}}))),
        ("as it is", business.graph(GET, &path)),
        ("on", set(json!({"calling": {"status": "ENABLED"}}))),
        ("neither", set(json!({"calling": {"status": "MAYBE"}}))),
        ("nothing", set(json!({}))),
        (
            "what is not kept",
            set(json!({"calling": {"status": "ENABLED", "video": {}}})),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn permissions() {
    let mut business = Business::start().await;
    let path = format!("/v24.0/{NUMBER}/call_permissions");
    let ask = |key: &str, value: &str| business.graph(GET, &path).query(&[(key, value)]);
    let stories = [
        ("granted", ask("user_wa_id", ADA)),
        (
            "granted, by the business-scoped id",
            ask("recipient", &format!("DE.1000000000{ADA}")),
        ),
        ("not granted", ask("user_wa_id", BOB)),
        ("nobody", ask("user_wa_id", "14085559999")),
        (
            "nobody, by a business-scoped id, which is not even taken",
            ask("recipient", "US.1"),
        ),
        ("no user", business.graph(GET, &path)),
        ("not a user", ask("user_wa_id", "Ada")),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}
