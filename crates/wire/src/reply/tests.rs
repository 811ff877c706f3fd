//! Every answer of success, whole.

use std::fmt::Debug;
use std::str::FromStr;

use testkit::json::pretty;

use super::*;

fn id<T: FromStr>(text: &str) -> T
where
    T::Err: Debug,
{
    text.parse().expect("an id")
}

#[test]
fn call_actions() {
    insta::assert_snapshot!(
        "connected",
        pretty(&connected(&id("wacid.ABGGFjFVU2AfAgo6V")))
    );
    insta::assert_snapshot!("call_action_done", pretty(&call_action_done()));
    insta::assert_snapshot!("success", pretty(&success()));
}

#[test]
fn lists_of_subscriptions() {
    let app = SubscribedApp {
        whatsapp_business_api_data: AppFacts {
            link: "https://www.facebook.com/games/?app_id=12345".to_owned(),
            name: "My App".to_owned(),
            id: id("12345"),
        },
        override_callback_uri: Some("https://example.com/wa".to_owned()),
    };
    let plain = SubscribedApp {
        override_callback_uri: None,
        ..app.clone()
    };
    insta::assert_snapshot!("subscribed_apps", pretty(&list(&[app, plain])));

    let subscription = AppSubscription {
        object: "whatsapp_business_account",
        callback_url: "https://example.com/wa".to_owned(),
        active: true,
        fields: vec![SubscribedField {
            name: "calls".to_owned(),
            version: "v24.0".to_owned(),
        }],
    };
    insta::assert_snapshot!("subscriptions", pretty(&list(&[subscription])));
}

fn number() -> BusinessNumber {
    BusinessNumber {
        verified_name: "Zo\u{eb}'s \"shop\"".to_owned(),
        code_verification_status: "VERIFIED",
        display_phone_number: "+13175551399".to_owned(),
        quality_rating: "GREEN",
        platform_type: "CLOUD_API",
        throughput: Throughput { level: "STANDARD" },
        status: "CONNECTED",
        whatsapp_business_manager_messaging_limit: "TIER_10K",
        messaging_limit_tier: "TIER_10K",
        name_status: "APPROVED",
        new_name_status: "NONE",
        quality_score: QualityScore { score: "GREEN" },
        account_mode: "LIVE",
        is_official_business_account: false,
        is_pin_enabled: false,
        is_on_biz_app: false,
        health_status: HealthStatus {
            can_send_message: "AVAILABLE",
            entities: vec![HealthOf {
                entity_type: "PHONE_NUMBER",
                id: "436666719526789".to_owned(),
                can_send_message: "AVAILABLE",
                can_receive_call_sip: Some("BLOCKED"),
                errors: vec![HealthError {
                    error_code: 138_024,
                    error_description: "What is wrong.",
                    possible_solution: "What to do.",
                }],
            }],
        },
        webhook_configuration: WebhookConfiguration::default(),
        id: id("436666719526789"),
    }
}

#[test]
fn objects() {
    insta::assert_snapshot!("number", pretty(&body(&number())));
    let waba = Waba {
        id: id("366634483210360"),
        name: "Shop".to_owned(),
        timezone_id: "1",
        phone_numbers: None,
        health_status: None,
    };
    insta::assert_snapshot!("waba", pretty(&body(&waba)));
    insta::assert_snapshot!("call_permissions", pretty(&body(&call_permissions())));
    insta::assert_snapshot!(
        "debug_token_bad",
        pretty(&body(&DebugToken {
            data: TokenFacts::default()
        }))
    );
}

fn call_permissions() -> CallPermissions {
    let limit = |period: &str, max, used, free_at| ActionLimit {
        time_period: period.to_owned(),
        max_allowed: max,
        current_usage: used,
        limit_expiration_time: free_at,
    };
    let request = PermittedAction {
        can_perform_action: true,
        limits: vec![limit("PT24H", 1, 0, None), limit("P7D", 2, 1, None)],
    };
    let call = PermittedAction {
        can_perform_action: false,
        limits: vec![limit("PT24H", 100, 100, Some(1_745_622_600))],
    };
    CallPermissions::new("temporary", Some(1_745_343_479), request, call)
}

#[test]
fn only_the_fields_that_were_asked_for() {
    let asked = |list| {
        let bytes = fields(&number(), list, &BusinessNumber::NODE).expect("fields that there are");
        String::from_utf8(bytes).expect("UTF-8")
    };
    assert_eq!(asked(Some("")), r#"{"id":"436666719526789"}"#);
    assert_eq!(
        asked(Some("status, throughput{level},certificate")),
        r#"{"throughput":{"level":"STANDARD"},"status":"CONNECTED","id":"436666719526789"}"#
    );
    assert_eq!(asked(None).into_bytes(), body(&number()));
    // What is shown without a wish can be wished for.
    let usual = asked(Some(BusinessNumber::USUAL_FIELDS));
    assert!(usual.contains("verified_name"), "{usual}");
}
