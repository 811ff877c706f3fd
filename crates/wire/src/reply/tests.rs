//! Every answer of success, whole.

use testkit::json::pretty;

use super::*;

fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
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
