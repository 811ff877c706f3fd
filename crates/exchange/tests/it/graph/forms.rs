//! Parameters that do not come as JSON: Graph takes them as a form and in the query as well, and Meta's
//! own SDKs send forms.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::requests::assert_unknown_call;
use crate::business::{ADA, Business, NUMBER, OFFER, TOKEN, without_message_ids};

const POST: Method = Method::POST;

fn calls() -> String {
    format!("/v24.0/{NUMBER}/calls")
}

/// The request with these parameters in a form.
pub(super) fn form(request: RequestBuilder, params: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body)
}

#[tokio::test]
async fn ways_to_carry_parameters() {
    let business = Business::start().await;
    let terminate = [
        ("messaging_product", "whatsapp"),
        ("action", "terminate"),
        ("call_id", "wacid.A"),
    ];
    let parts: String = terminate
        .iter()
        .map(|(name, value)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .collect();
    let multipart = "multipart/form-data; boundary=b";
    let with_mark = "\u{feff}{\"action\":\"terminate\",\"messaging_product\":\"whatsapp\",\"call_id\":\"wacid.A\"}";
    for way in [
        form(business.graph(POST, &calls()), &terminate),
        business.graph(POST, &calls()).query(&terminate),
        form(
            business.graph(POST, &calls()).query(&terminate[..2]),
            &terminate[2..],
        ),
        form(
            business.request(POST, &calls()),
            &[&terminate[..], &[("access_token", TOKEN)]].concat(),
        ),
        business
            .graph(POST, &calls())
            .header("Content-Type", multipart)
            .body(format!("{parts}--b--\r\n")),
        business.graph(POST, &calls()).body(with_mark),
    ] {
        assert_unknown_call(way).await;
    }
}

/// What comes in a form does what it does as JSON, in both dialects.
#[tokio::test]
async fn forms_do_what_json_does() {
    let mut business = Business::start().await;
    let text = [
        ("messaging_product", "whatsapp"),
        ("to", ADA),
        ("text", r#"{"body":"Hello","preview_url":"true"}"#),
        ("biz_opaque_callback_data", r#"{"a":1}"#),
    ];
    let offer = json!({"sdp_type": "offer", "sdp": OFFER}).to_string();
    let connect = [
        ("messaging_product", "whatsapp"),
        ("action", "connect"),
        ("to", ADA),
        ("session", &offer),
    ];
    let messages = format!("/{NUMBER}/messages");
    let stories = [
        ("a text", form(business.graph(POST, &messages), &text)),
        (
            "at 360dialog",
            form(business.d360(POST, "/messages"), &text),
        ),
        (
            "a text that is no object",
            form(
                business.graph(POST, &messages),
                &[text[0], text[1], ("text", "Hello")],
            ),
        ),
        (
            "and one with half an object",
            form(
                business.graph(POST, &messages),
                &[text[0], text[1], ("text", "{\"body\":")],
            ),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(without_message_ids(&business.story()));
    let call = form(business.graph(POST, &calls()), &connect);
    let placed = business.tell("a call", call).await;
    assert!(placed.contains(r#""success":true"#), "{placed}");
}
