//! The settings of calls at the real doors, in both dialects: set, shown, and refused.

use std::fmt::Write;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use types::Preset;
use types::calling::MessagingLimit;
use types::preset::RestrictionKinds;

use crate::business::{ADA, Business, NUMBER, OFFER};
use crate::customer::{Answer, BOTH, Customer, Dialect, Wish, answer};
use crate::world::NOON;

/// Every key that there is.
fn everything() -> Value {
    json!({"calling": {
        "status": "ENABLED",
        "call_icon_visibility": "DEFAULT",
        "call_icons": {"restrict_to_user_countries": ["DE", "BR"]},
        "call_hours": {
            "status": "ENABLED",
            "timezone_id": "America/Manaus",
            "weekly_operating_hours": [
                {"day_of_week": "MONDAY", "open_time": "0400", "close_time": "1020"},
                {"day_of_week": "TUESDAY", "open_time": "01:08", "close_time": "10:20"},
            ],
            "holiday_schedule": [
                {"date": "2026-12-25", "start_time": "0000", "end_time": "2359"},
            ],
        },
        "callback_permission_status": "ENABLED",
        "srtp_key_exchange_protocol": "DTLS",
        "sip": {
            "status": "DISABLED",
            "webhook_delivery": "ENABLED",
            "servers": [{
                "hostname": "sip.example.com",
                "port": 5061,
                "request_uri_user_params": {"tgrp": "wacall"},
            }],
        },
        "audio": {"additional_codecs": ["PCMA", "PCMU"]},
        "voicemail": {
            "status": "ENABLED",
            "triggers": ["REJECT", "TIMEOUT"],
            "audio": {"default": {"announcement_media_id": 938884519013664_u64, "timeout_seconds": 20}},
        },
    }})
}

fn pretty(body: &Value) -> String {
    serde_json::to_string_pretty(body).expect("JSON")
}

/// An answer in which the password of a SIP server is hidden, and known to be one.
fn hidden(mut answer: Answer) -> Value {
    if let Some(password) = answer
        .body
        .pointer_mut("/calling/sip/servers/0/sip_user_password")
    {
        let drawn = password.as_str().expect("a text");
        assert!(drawn.len() == 20 && drawn.bytes().all(|b| b.is_ascii_alphanumeric()));
        *password = json!("20 letters and digits");
    }
    answer.body
}

#[tokio::test]
async fn everything_is_kept_and_shown() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let set = customer.post(Wish::Settings, &everything()).await;
        assert_eq!((set.status, set.body), (200, json!({"success": true})));
        let shown = hidden(customer.get(Wish::Settings).await);
        insta::assert_snapshot!(format!("everything_{dialect:?}"), pretty(&shown));

        // What was read can be sent back, and changes nothing.
        let back = json!({"calling": without_answers(&shown["calling"])});
        let set = customer.post(Wish::Settings, &back).await;
        assert_eq!(set.status, 200, "{}", set.body);
        assert_eq!(hidden(customer.get(Wish::Settings).await), shown);

        let request = customer.request(Method::GET, Wish::Settings);
        let fields = answer(request.query(&[("fields", "storage_configuration")])).await;
        let wanted = json!({"storage_configuration": {"status": "DEFAULT"}});
        assert_eq!(fields.body, wanted);
    }
}

/// Settings without what only answers have.
fn without_answers(calling: &Value) -> Value {
    let mut calling = calling.clone();
    let keys = calling.as_object_mut().expect("an object");
    keys.remove("restrictions");
    keys.remove("ip_addresses");
    calling
}

#[tokio::test]
async fn passwords_are_shown_to_those_who_ask() {
    let customer = Customer::start(Dialect::Graph).await;
    customer.post(Wish::Settings, &everything()).await;
    let password = async |word: &str| {
        let request = customer.request(Method::GET, Wish::Settings);
        let shown = answer(request.query(&[("include_sip_credentials", word)])).await;
        shown.body["calling"]["sip"]["servers"][0]["sip_user_password"].clone()
    };
    assert!(password("true").await.is_string());
    assert_eq!(password("false").await, Value::Null);
    let first = password("true").await;

    // Disable, delete, add again: that is how a password is reset.
    for servers in [json!([]), json!([{"hostname": "sip.example.com"}])] {
        let body = json!({"calling": {"sip": {"servers": servers}}});
        assert_eq!(customer.post(Wish::Settings, &body).await.status, 200);
    }
    assert_ne!(password("true").await, first);
}

#[tokio::test]
async fn refusals_are_the_same_at_both_doors() {
    let bodies = [
        json!({}),
        json!({"calling": {"status": "MAYBE"}}),
        json!({"calling": {"video": {"status": "ENABLED"}}}),
        json!({"calling": {"status": "ENABLED"}, "payload_encryption": {}}),
        hours(json!({"timezone_id": "Mars/Olympus"})),
        hours(json!({"weekly_operating_hours": []})),
        hours(json!({"weekly_operating_hours": [
            {"day_of_week": "MONDAY", "open_time": "1800", "close_time": "0900"},
        ]})),
        hours(json!({"weekly_operating_hours": [
            {"day_of_week": "MONDAY", "open_time": "0900", "close_time": "1200"},
            {"day_of_week": "MONDAY", "open_time": "1100", "close_time": "1800"},
        ]})),
        hours(json!({"holiday_schedule": [
            {"date": "2020-01-01", "start_time": "0000", "end_time": "2359"},
        ]})),
        json!({"calling": {"sip": {"status": "ENABLED"}}}),
        json!({"calling": {"sip": {"servers": [{"hostname": "not a host"}]}}}),
        json!({"calling": {"voicemail": {"status": "ENABLED"}}}),
    ];
    let mut stories = Vec::new();
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let before = customer.get(Wish::Settings).await.body;
        let mut story = String::new();
        for body in &bodies {
            let refused = customer.post(Wish::Settings, body).await;
            let error = &refused.body["error"];
            let (code, details) = (&error["code"], &error["error_data"]["details"]);
            writeln!(story, "{body}\n= {} {code}: {details}", refused.status).expect("text");
        }
        assert_eq!(customer.get(Wish::Settings).await.body, before);
        stories.push(story);
    }
    assert_eq!(stories[0], stories[1]);
    insta::assert_snapshot!(stories[0]);
}

/// Good hours with one thing changed.
fn hours(change: Value) -> Value {
    let mut hours = json!({
        "status": "ENABLED",
        "timezone_id": "UTC",
        "weekly_operating_hours": [
            {"day_of_week": "MONDAY", "open_time": "0900", "close_time": "1800"},
        ],
    });
    for (key, value) in change.as_object().expect("an object") {
        hours[key] = value.clone();
    }
    json!({"calling": {"call_hours": hours}})
}

fn code(answer: &Answer) -> Value {
    answer.body["error"]["code"].clone()
}

#[tokio::test]
async fn calls_are_not_switched_on_for_everyone() {
    let on = json!({"calling": {"status": "ENABLED"}});
    for dialect in BOTH {
        let low = Business::start_in(Preset::meta_2026(), |world| {
            world.numbers[0].messaging_limit = MessagingLimit::Tier250;
        });
        let customer = Customer::of(*dialect, low.await).await;
        let refused = customer.post(Wish::Settings, &on).await;
        assert_eq!((refused.status, code(&refused)), (400, json!(138_015)));
    }
    let unheard = Business::start_in(Preset::meta_2026(), |world| world.callbacks.clear());
    let customer = Customer::of(Dialect::Graph, unheard.await).await;
    let refused = customer.post(Wish::Settings, &on).await;
    assert_eq!((refused.status, code(&refused)), (400, json!(138_018)));
    // At 360dialog a number with a webhook is heard.
    let unheard = Business::start_in(Preset::meta_2026(), |world| world.callbacks.clear());
    let customer = Customer::of(Dialect::D360, unheard.await).await;
    assert_eq!(customer.post(Wish::Settings, &on).await.status, 200);
}

#[tokio::test]
async fn numbers_with_sip_are_not_for_the_calling_api() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let mut sip = everything();
        sip["calling"]["sip"]["status"] = json!("ENABLED");
        assert_eq!(customer.post(Wish::Settings, &sip).await.status, 200);
        let refused = customer.connect(ADA).await;
        assert_eq!((refused.status, code(&refused)), (400, json!(131_055)));
        let refused = customer.terminate("wacid.none").await;
        assert_eq!((refused.status, code(&refused)), (400, json!(131_055)));
    }
}

#[tokio::test]
async fn suspended_numbers_show_it_and_may_not_call() {
    for (kinds, dialect) in [
        (RestrictionKinds::Split, Dialect::Graph),
        (RestrictionKinds::Combined, Dialect::D360),
    ] {
        let change = |preset: &mut Preset| preset.eligibility.restrictions = kinds;
        let customer = Customer::start_with(dialect, change).await;
        let path = format!("/numbers/{NUMBER}/restrictions");
        let order = json!({"business_initiated": true, "for_ms": 3_600_000});
        customer.business.control(Method::PUT, &path, order).await;

        let refused = customer.connect(ADA).await;
        assert_eq!((refused.status, code(&refused)), (400, json!(138_014)));
        let shown = customer.get(Wish::Settings).await.body;
        let restrictions = &shown["calling"]["restrictions"];
        insta::assert_snapshot!(format!("restrictions_{kinds:?}"), pretty(restrictions));

        let icons = json!({"calling": {"call_icons": {"restrict_to_user_countries": []}}});
        let set = customer.post(Wish::Settings, &icons).await;
        match kinds {
            RestrictionKinds::Split => assert_eq!(set.status, 200),
            RestrictionKinds::Combined => assert_eq!(code(&set), json!(138_014)),
        }
    }
}

#[tokio::test]
async fn health_says_what_stands_in_the_way() {
    let customer = Customer::start(Dialect::Graph).await;
    let path = format!("/v24.0/{NUMBER}?fields=health_status,name_status,account_mode");
    let mut story = String::new();
    for sip in [
        None,
        Some(json!({"servers": [{"hostname": "sip.example.com"}]})),
        Some(json!({"status": "ENABLED"})),
    ] {
        if let Some(sip) = sip {
            let set = json!({"calling": {"sip": sip}});
            assert_eq!(customer.post(Wish::Settings, &set).await.status, 200);
        }
        let shown = answer(customer.business.graph(Method::GET, &path)).await;
        writeln!(story, "{}\n", pretty(&shown.body)).expect("text");
    }
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn a_phone_is_told_when_a_business_opens() {
    let business = Business::start().await;
    let path = format!("/numbers/{NUMBER}");
    let set = json!({"calling": {
        "callback_permission_status": "ENABLED",
        "call_icons": {"restrict_to_user_countries": ["BR"]},
        "call_hours": {
            "status": "ENABLED",
            "timezone_id": "Asia/Tokyo",
            "weekly_operating_hours": [
                {"day_of_week": "TUESDAY", "open_time": "0900", "close_time": "1700"},
            ],
        },
    }});
    business.control(Method::PATCH, &path, set).await;
    let mut phone = business.phone(ADA).await;
    assert_eq!(phone.welcome["businesses"][0]["call_icon"], json!(false));
    phone
        .say(&json!({"type": "dial", "dial_id": "d", "to": NUMBER, "sdp": OFFER}))
        .await;
    // A Monday in June, noon in UTC: nine on Tuesday in Tokyo is twelve hours off.
    let refused = phone.hear().await;
    let opens = (NOON + Duration::from_secs(12 * 3_600)).as_millis();
    assert_eq!(
        refused,
        json!({
            "type": "dial_refused",
            "dial_id": "d",
            "reason": "closed",
            "message": "This business takes no calls at this hour. Let it call you back, or write.",
            "opens_at_ms": opens,
            "callback_offered": true,
        })
    );
}
