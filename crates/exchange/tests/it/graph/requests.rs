//! Who asks, on which path, with what bytes: everything before the desk is asked.

use reqwest::Method;
use serde_json::json;

use crate::business::{
    ADA, APP, APP_SECRET, Business, D360_KEY, NUMBER, OTHER_NUMBER, OTHER_TOKEN, TOKEN,
};

const POST: Method = Method::POST;
const GET: Method = Method::GET;

fn calls() -> String {
    format!("/v24.0/{NUMBER}/calls")
}

#[tokio::test]
async fn without_a_good_token() {
    let mut business = Business::start().await;
    let terminate =
        json!({"messaging_product": "whatsapp", "action": "terminate", "call_id": "wacid.A"});
    let authorization = |value: &'static str| {
        business
            .request(POST, &calls())
            .header("Authorization", value)
            .json(&terminate)
    };
    let stories = [
        (
            "no token",
            business.request(POST, &calls()).json(&terminate),
        ),
        ("an unknown token", authorization("Bearer nobodys")),
        ("another scheme", authorization("Basic EAAtoken")),
        ("a scheme and no token", authorization("Bearer")),
        ("a token without a scheme", authorization("EAAtoken")),
        (
            "a 360dialog key",
            business
                .request(POST, &calls())
                .header("D360-API-KEY", D360_KEY),
        ),
        (
            "an app's own token",
            authorization("Bearer 700000000000001|app-secret"),
        ),
        (
            "a bad token and a bad body",
            authorization("Bearer nobodys").body("{"),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

/// Each gets as far as the desk, which knows no such call.
#[tokio::test]
async fn ways_to_carry_a_token() {
    let business = Business::start().await;
    let body =
        json!({"messaging_product": "whatsapp", "action": "terminate", "call_id": "wacid.A"});
    let mut with_token = body.clone();
    with_token["access_token"] = TOKEN.into();
    let bare = |path: &str| business.request(POST, path);
    let ways = [
        bare(&calls())
            .header("Authorization", format!("Bearer {TOKEN}"))
            .json(&body),
        bare(&calls())
            .header("authorization", format!("bearer  {TOKEN}"))
            .json(&body),
        bare(&calls())
            .header("Authorization", format!("OAuth {TOKEN}"))
            .json(&body),
        bare(&format!("{}?access_token={TOKEN}", calls())).json(&body),
        // pywa's way: the parameter goes before the header.
        bare(&format!("{}?access_token={TOKEN}", calls()))
            .bearer_auth("other")
            .json(&body),
        bare(&calls()).json(&with_token),
        bare(&format!("/meta/whatsapp/v24.0/{NUMBER}/calls"))
            .header("X-API-Key", TOKEN)
            .json(&body),
    ];
    for way in ways {
        assert_unknown_call(way).await;
    }
}

#[tokio::test]
async fn ways_to_write_a_path() {
    let business = Business::start().await;
    let body =
        json!({"messaging_product": "whatsapp", "action": "terminate", "call_id": "wacid.A"});
    for path in [
        format!("/{NUMBER}/calls"),
        format!("/v18.0/{NUMBER}/calls"),
        format!("/v26.0/{NUMBER}/calls/"),
        format!("//v21.0//{NUMBER}//calls"),
        format!("/meta/whatsapp/v24.0/{NUMBER}/calls"),
    ] {
        assert_unknown_call(business.graph(POST, &path).json(&body)).await;
    }
    // The content type is not looked at: a brace is.
    let plain = business
        .graph(POST, &calls())
        .header("Content-Type", "text/plain");
    assert_unknown_call(plain.body(body.to_string())).await;
}

pub(super) async fn assert_unknown_call(request: reqwest::RequestBuilder) {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let body: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(
        (status, &body["error"]["code"]),
        (400, &json!(100)),
        "{body}"
    );
    let details = body["error"]["error_data"]["details"]
        .as_str()
        .expect("details");
    assert!(details.starts_with("No call with this id"), "{details}");
}

#[tokio::test]
async fn paths_that_lead_nowhere() {
    let mut business = Business::start().await;
    let reject = json!({"messaging_product": "whatsapp", "action": "reject", "call_id": "wacid.A"});
    let stories = [
        (
            "an unknown path",
            business.graph(GET, "/v24.0/1/2/3?access_token=secret"),
        ),
        ("the root", business.graph(GET, "/")),
        (
            "a method that is not taken",
            business.graph(Method::PUT, &calls()),
        ),
        ("a GET where a POST belongs", business.graph(GET, &calls())),
        (
            "no id",
            business.graph(POST, "/v24.0/shop/calls").json(&reject),
        ),
        (
            "a number that is not there",
            business.graph(POST, "/1/calls").json(&reject),
        ),
        (
            "somebody else's number",
            business
                .graph(POST, &format!("/{OTHER_NUMBER}/calls"))
                .json(&reject),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let mut business = Business::start().await;
    let post = |body: String| business.graph(POST, &calls()).body(body);
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(300_000));
    let stories = [
        ("no body", business.graph(POST, &calls())),
        ("not JSON", post("{\"action\":\n\"connect\",}".to_owned())),
        ("a form", post("action=connect&to=14085551234".to_owned())),
        (
            "a form that is said to be JSON",
            post("'{\"action\":\"connect\"}'".to_owned()).header("Content-Type", "application/json"),
        ),
        (
            "a file",
            post("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\r\n--b--".to_owned())
                .header("Content-Type", "multipart/form-data; boundary=b"),
        ),
        ("another value", post("[1]".to_owned())),
        (
            "a key twice",
            post("{\"action\":\"accept\",\"action\":\"reject\"}".to_owned()),
        ),
        ("deep", post("[".repeat(10_000))),
        ("too large", post(large)),
        (
            "not UTF-8",
            business
                .graph(POST, &calls())
                .body(vec![b'{', b'"', 0xff, b'"', b'}']),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn another_accounts_call_is_not_there() {
    let mut business = Business::start().await;
    let call_id = business.dialled_by(ADA).await.expect("a call");
    let reject = json!({"messaging_product": "whatsapp", "action": "reject", "call_id": call_id});
    let path = format!("/{OTHER_NUMBER}/calls");
    let request = business
        .request(POST, &path)
        .bearer_auth(OTHER_TOKEN)
        .json(&reject);
    let body = business.tell("reject it", request).await;
    assert!(body.contains("No call with this id"), "{body}");
}

#[tokio::test]
async fn an_app_gets_its_own_token() {
    let mut business = Business::start().await;
    let ask = |id: &str, secret: &str, grant: &str| {
        business.request(GET, "/oauth/access_token").query(&[
            ("client_id", id),
            ("client_secret", secret),
            ("grant_type", grant),
        ])
    };
    let stories = [
        ("its own", ask(APP, APP_SECRET, "client_credentials")),
        ("a wrong secret", ask(APP, "nobodys", "client_credentials")),
        ("an unknown app", ask("1", APP_SECRET, "client_credentials")),
        ("another grant", ask(APP, APP_SECRET, "fb_exchange_token")),
        ("no id", business.request(GET, "/oauth/access_token")),
        ("no number", ask("acme", APP_SECRET, "client_credentials")),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    let own = format!("{APP}|{APP_SECRET}");
    let debug = |input: &str| {
        business
            .graph(GET, "/debug_token")
            .query(&[("input_token", input)])
    };
    let stories = [
        ("what the business's token is", debug(TOKEN)),
        ("what the app's own token is", debug(&own)),
        ("what nobody's token is", debug("nobodys")),
        ("what no token is", business.graph(GET, "/debug_token")),
        (
            "nobody asks",
            business
                .request(GET, "/debug_token")
                .query(&[("input_token", TOKEN)]),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}
