//! Templates read and shown again: what was sent comes back.

use serde_json::{Value, json};
use types::Timestamp;
use types::template::{Category, Template};

use super::*;
use crate::subscriptions::Params;

fn params(value: Value) -> Params {
    match value {
        Value::Object(params) => params,
        other => panic!("an object: {other}"),
    }
}

fn again(template: &Template) -> Value {
    let id = "1".parse().expect("an id");
    let shown = shown(id, template, "APPROVED", None, Timestamp::EPOCH);
    serde_json::to_value(shown).expect("JSON")
}

#[test]
fn what_was_sent_comes_back_in_metas_words() {
    let sent = json!({
        "name": "order_update", "language": "en_US", "category": "utility",
        "parameter_format": "named", "allow_category_change": true,
        "components": [
            {"type": "header", "format": "text", "text": "About {{order}}", "example": {
                "header_text_named_params": [{"param_name": "order", "example": "ON-1"}]}},
            {"type": "body", "text": "Dear {{name}}, it is here.", "example": {
                "body_text_named_params": [{"param_name": "{{name}}", "example": "Ada"}]}},
            {"type": "footer", "text": "Bye"},
            {"type": "buttons", "buttons": [
                {"type": "voice_call", "text": "Call", "ttl_minutes": "1440"},
                {"type": "url", "text": "Open", "url": "https://e.com/{{1}}", "example": "x"},
                {"type": "phone_number", "text": "Dial", "phone_number": 4915},
                {"type": "quick_reply", "text": "No"}]},
            {"type": "Call_Permission_Request"}
        ],
    });
    let template = new_template(&params(sent)).expect("a template");
    let shown = again(&template);
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).expect("JSON"));
    // What is shown can be sent again, and is the same template.
    assert_eq!(new_template(&params(shown)), Ok(template));
}

#[test]
fn examples_of_a_body_in_one_list_or_in_a_list_of_lists() {
    let with = |examples: Value| {
        new_template(&params(json!({
            "name": "a", "language": "en", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Hi {{1}}!", "example": {"body_text": examples}}],
        })))
    };
    let nested = with(json!([["a"], ["b"]])).expect("a template");
    for same in [json!(["a"]), json!("a")] {
        assert_eq!(with(same), Ok(nested.clone()));
    }
    let wrong = with(json!([[{"a": 1}]])).expect_err("no text").details;
    assert_eq!(
        wrong,
        "components[0].example.body_text has an object in it. Every example must be a text."
    );
}

#[test]
fn components_of_a_form_stand_as_their_text() {
    let text = r#"[{"type": "BODY", "text": "Hello."}]"#;
    let mut form = params(json!({"name": "a", "language": "en", "category": "UTILITY"}));
    form.insert("components".to_owned(), json!(text));
    assert!(new_template(&form).is_ok());
    form.insert("components".to_owned(), json!("BODY"));
    assert!(new_template(&form).is_err());
}

#[test]
fn pages_are_bounded_and_cursors_opaque() {
    let query = |value: Value| ListQuery::parse(&params(value));
    let asked = query(json!({"limit": "1000", "after": "Q0000000f", "summary": "total_count"}));
    let asked = asked.expect("a query");
    assert_eq!((asked.page.rows, asked.page.after), (200, Some(15)));
    assert!(asked.summary);
    assert_eq!(query(json!({})).expect("a query").page.rows, 25);
    let words = query(json!({
        "category": r#"["utility","MARKETING"]"#, "status": "APPROVED", "language": ["en", "de"],
        "quality_score": "", "name_or_content": "hello",
    }));
    let words = words.expect("a query");
    assert_eq!(words.categories, [Category::Utility, Category::Marketing]);
    assert_eq!(
        (&*words.statuses, words.languages.len()),
        (&["APPROVED".to_owned()][..], 2)
    );
    assert!(words.qualities.is_empty());
    assert_eq!(words.name_or_content.as_deref(), Some("hello"));
    for wrong in [
        json!({"limit": "0"}),
        json!({"after": "15"}),
        json!({"category": "NEWS"}),
        json!({"category": r#"["UTILITY","NEWS"]"#}),
        json!({"status": r#"["APPROVED""#}),
        json!({"status": r#"[{"APPROVED":1}]"#}),
    ] {
        assert!(query(wrong).is_err());
    }
}

#[test]
fn a_header_that_is_looked_at_comes_back_with_its_handle() {
    let with = |header: Value| {
        new_template(&params(json!({
            "name": "a", "language": "en", "category": "UTILITY",
            "components": [header, {"type": "BODY", "text": "Hello."}],
        })))
    };
    let listed =
        json!({"type": "header", "format": "image", "example": {"header_handle": ["4::aW"]}});
    let template = with(listed).expect("a template");
    let alone = json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": "4::aW"}});
    assert_eq!(with(alone), Ok(template.clone()));
    assert_eq!(
        again(&template)["components"][0],
        json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}})
    );
    let place = with(json!({"type": "header", "format": "location"})).expect("a template");
    assert_eq!(
        again(&place)["components"][0],
        json!({"type": "HEADER", "format": "LOCATION"})
    );
    for (header, said) in [
        (
            json!({"type": "header", "format": "gif"}),
            "components[0].format is \"gif\", which this exchange does not know. Send TEXT, IMAGE, \
             VIDEO, DOCUMENT or LOCATION.",
        ),
        (
            json!({"type": "header", "format": "image", "example": {"header_handle": [7]}}),
            "components[0].example.header_handle is or has a number. Send an array with one text.",
        ),
    ] {
        assert_eq!(with(header).expect_err("no header").details, said);
    }
}
