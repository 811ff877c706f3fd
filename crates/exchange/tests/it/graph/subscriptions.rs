//! Meta's ways to subscribe, and who then gets what.

use reqwest::{Method, RequestBuilder};
use serde_json::json;
use testkit::webhook::{Behaviour, Receiver, VERIFY_TOKEN};

use super::forms::form;
use crate::business::{ADA, APP, APP_SECRET, BOB, Business, NUMBER, OTHER_WABA, TOKEN, WABA};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

fn subscribe(business: &Business, url: &str) -> RequestBuilder {
    business
        .graph(POST, &format!("/v24.0/{WABA}/subscribed_apps"))
        .json(&json!({"override_callback_uri": url, "verify_token": VERIFY_TOKEN}))
}

fn configure(business: &Business, url: &str) -> RequestBuilder {
    let configuration = json!({"override_callback_uri": url, "verify_token": VERIFY_TOKEN});
    // pywa ends this path in a slash.
    business
        .graph(POST, &format!("/v24.0/{NUMBER}/"))
        .json(&json!({"webhook_configuration": configuration}))
}

fn apps_callback(business: &Business, url: &str) -> RequestBuilder {
    // pywa's way: all in the query, with the app's own token beside the usual header.
    business
        .graph(POST, &format!("/v24.0/{APP}/subscriptions"))
        .query(&[
            ("object", "whatsapp_business_account"),
            ("callback_url", url),
            ("verify_token", VERIFY_TOKEN),
            ("fields", "messages,calls"),
            ("access_token", &format!("{APP}|{APP_SECRET}")),
        ])
}

#[tokio::test]
async fn three_places_for_a_callback() {
    let mut business = Business::start().await;
    let at = |path: &str| business.receiver.url_at(path);
    let (app, waba, number) = (at("/new_app"), at("/waba"), at("/number"));
    let apps = format!("/v24.0/{WABA}/subscribed_apps");
    let own = format!("/v24.0/{APP}/subscriptions");
    let stories = [
        ("the app's own callback", apps_callback(&business, &app)),
        ("is listed", business.graph(GET, &own)),
        ("the account's override", subscribe(&business, &waba)),
        ("is listed", business.graph(GET, &apps)),
        ("the number's override", configure(&business, &number)),
        (
            "is shown",
            business
                .graph(GET, &format!("/{NUMBER}"))
                .query(&[("fields", "webhook_configuration")]),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    assert_eq!(business.receiver.handshakes(), 3);

    // The most specific callback gets the event; as each is taken away, the next one does.
    let mut paths = Vec::new();
    let take_away = [
        configure(&business, ""),
        business.graph(POST, &apps),
        business.graph(DELETE, &own),
    ];
    for (count, request) in take_away.into_iter().enumerate() {
        let user = if count % 2 == 0 { ADA } else { BOB };
        let id = business.dialled_by(user).await.expect("a call");
        let came = business
            .receiver
            .wait_for(|all| {
                all.iter()
                    .find(|it| it.call_id() == Some(id.as_str()))
                    .cloned()
            })
            .await;
        paths.push(came.path);
        business.tell("take it away", request).await;
        // Its terminate goes to the next place; this story looks at connects.
        let reject = json!({"messaging_product": "whatsapp", "action": "reject", "call_id": id});
        business.act("and end the call", &reject).await;
    }
    assert_eq!(paths, ["/number", "/waba", "/new_app"]);
    let stories = [
        ("no callback of its own is left", business.graph(GET, &own)),
        ("the app is still subscribed", business.graph(GET, &apps)),
        ("end the subscription", business.graph(DELETE, &apps)),
        ("nobody is subscribed", business.graph(GET, &apps)),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn a_callback_that_does_not_show_itself_is_not_kept() {
    let mut business = Business::start().await;
    let receiver = Receiver::start().await;
    receiver.behave(Behaviour::Answer(500, "no".to_owned()));
    let url = receiver.url();
    let stories = [
        ("the app's own", apps_callback(&business, &url)),
        ("the account's", subscribe(&business, &url)),
        ("the number's", configure(&business, &url)),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    let shown = business
        .graph(GET, &format!("/{NUMBER}"))
        .query(&[("fields", "webhook_configuration")]);
    business.tell("nothing was changed", shown).await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn subscriptions_that_cannot_be() {
    let mut business = Business::start().await;
    let own = format!("/{APP}/subscriptions");
    let stories = [
        (
            "an app of somebody else",
            business.graph(GET, "/1/subscriptions"),
        ),
        (
            "a wrong secret",
            business
                .request(GET, &own)
                .query(&[("access_token", "700000000000001|x")]),
        ),
        ("no parameters", business.graph(POST, &own)),
        ("a bad address", subscribe(&business, "example.com")),
        (
            "somebody else's account",
            business.graph(POST, &format!("/{OTHER_WABA}/subscribed_apps")),
        ),
        (
            "no configuration",
            business.graph(POST, &format!("/{NUMBER}")).json(&json!({})),
        ),
        (
            "a multipart form",
            business
                .graph(POST, &format!("/{WABA}/subscribed_apps"))
                .header("Content-Type", "multipart/form-data; boundary=x")
                .body("--x\r\n\r\n--x--"),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn parameters_as_a_form() {
    let business = Business::start().await;
    let url = business.receiver.url_at("/form");
    let form = [
        ("override_callback_uri", url.as_str()),
        ("verify_token", VERIFY_TOKEN),
        ("access_token", TOKEN),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let answer = business
        .request(POST, &format!("/{WABA}/subscribed_apps"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(business.receiver.handshakes(), 1);
}

/// Meta's own SDK for Python posts forms, with lists as their JSON text.
#[tokio::test]
async fn an_apps_fields_come_and_go() {
    let mut business = Business::start().await;
    let own = format!("/v24.0/{APP}/subscriptions");
    let url = business.receiver.url_at("/app");
    let secret = format!("{APP}|{APP_SECRET}");
    let form = |method: Method, fields: &str| {
        let params = [
            ("object", "whatsapp_business_account"),
            ("callback_url", &*url),
            ("verify_token", VERIFY_TOKEN),
            ("access_token", &*secret),
            ("fields", fields),
        ];
        form(business.request(method, &own), &params)
    };
    let list = || business.graph(GET, &own);
    let stories = [
        ("two fields", form(POST, r#"["calls","messages"]"#)),
        ("are listed", list()),
        ("a field that is none", form(POST, "call")),
        ("another object", {
            let query = [("object", "page"), ("access_token", &*secret)];
            business.request(DELETE, &own).query(&query)
        }),
        ("one field goes", form(DELETE, r#"["messages"]"#)),
        ("the other is left", list()),
        ("it goes as well", form(DELETE, "calls")),
        ("and all is gone", list()),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    let story = business.story();
    insta::assert_snapshot!(story.replace(&url, "http://receiver/app"));
}
