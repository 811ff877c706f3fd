//! Templates with something to look at above the body: made with the handle of a sample, sent with an
//! address or an id, and shown as a line of text.

use serde_json::{Value, json};

use super::{GET, POST, create, id_of, sent_to_bob};
use crate::business::{BOB, Business};

/// A template with a header of a format.
fn with_header(name: &str, header: &Value) -> Value {
    json!({
        "name": name, "language": "en_US", "category": "MARKETING",
        "components": [
            header,
            {"type": "BODY", "text": "Our spring sale is on. Call us now."},
            {"type": "BUTTONS", "buttons": [{"type": "VOICE_CALL", "text": "Call now"}]},
        ],
    })
}

fn sample(format: &str) -> Value {
    json!({"type": "HEADER", "format": format, "example": {"header_handle": ["4::aW1hZ2U="]}})
}

/// A message that fills the header in with one parameter, or with none.
fn sending(name: &str, parameters: &Value) -> Value {
    json!({
        "name": name, "language": {"code": "en_US"},
        "components": [{"type": "header", "parameters": parameters}],
    })
}

#[tokio::test]
async fn made_with_the_handle_of_a_sample() {
    let mut business = Business::start().await;
    let picture = json!({"type": "HEADER", "format": "IMAGE"});
    create(&mut business, "no sample", &with_header("sale", &picture)).await;
    let made = create(
        &mut business,
        "a sample",
        &with_header("sale", &sample("IMAGE")),
    )
    .await;
    let id = id_of(&made);
    let request = business.graph(GET, &format!("/v24.0/{id}?fields=components"));
    business.tell("show it", request).await;
    let request = business
        .d360(POST, "/v1/configs/templates")
        .json(&with_header("terms", &sample("DOCUMENT")));
    business.tell("a file at 360dialog", request).await;
    let place = json!({"type": "HEADER", "format": "LOCATION"});
    create(&mut business, "a place", &with_header("shop", &place)).await;
    let mut code = with_header("code", &sample("IMAGE"));
    code["category"] = json!("AUTHENTICATION");
    create(&mut business, "codes have none", &code).await;
    insta::assert_snapshot!(business.story().replace(&id, "<id>"));
}

#[tokio::test]
async fn sent_with_what_there_is_to_look_at() {
    let mut business = Business::start().await;
    for (name, header) in [
        ("sale", sample("IMAGE")),
        ("film", sample("VIDEO")),
        ("terms", sample("DOCUMENT")),
        ("shop", json!({"type": "HEADER", "format": "LOCATION"})),
    ] {
        create(&mut business, "make one", &with_header(name, &header)).await;
    }
    let mut phone = business.phone(BOB).await;
    for (name, parameter, line) in [
        (
            "sale",
            json!({"type": "image", "image": {"link": "https://acme.example/sale.png"}}),
            "Image: https://acme.example/sale.png",
        ),
        (
            "film",
            json!({"type": "video", "video": {"id": "1479537139650973"}}),
            "Video: media 1479537139650973",
        ),
        (
            "terms",
            json!({"type": "document", "document": {
                "link": "https://acme.example/1", "filename": "terms.pdf"}}),
            "Document: terms.pdf",
        ),
        (
            "shop",
            json!({"type": "location", "location": {
                "latitude": "52.52", "longitude": 13.4, "name": "Acme", "address": "1 Main Street"}}),
            "Location: Acme, 1 Main Street (52.52, 13.4)",
        ),
    ] {
        let shown = sent_to_bob(&mut business, name, sending(name, &json!([parameter]))).await;
        assert_eq!(shown["header"], line, "{shown}");
        let seen = phone.hear_of("chat").await;
        assert_eq!(seen["message"]["header"], line, "{seen}");
    }
}

#[tokio::test]
async fn what_does_not_fit_the_header_is_not_sent() {
    let mut business = Business::start().await;
    create(
        &mut business,
        "a picture",
        &with_header("sale", &sample("IMAGE")),
    )
    .await;
    business.story();
    let picture = json!({"type": "image", "image": {"id": "1"}});
    let stories = [
        ("nothing", json!([])),
        ("a film", json!([{"type": "video", "video": {"id": "1"}}])),
        ("words", json!([{"type": "text", "text": "Hello"}])),
        ("two pictures", json!([picture, picture])),
        ("nowhere", json!([{"type": "image", "image": {}}])),
        (
            "no address",
            json!([{"type": "image", "image": {"link": "sale.png"}}]),
        ),
    ];
    for (what, parameters) in stories {
        sent_to_bob(&mut business, what, sending("sale", &parameters)).await;
    }
    insta::assert_snapshot!(business.story());
}
