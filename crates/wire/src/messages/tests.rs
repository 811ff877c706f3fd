//! What clients send, and what comes of it.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

#[test]
fn what_is_sent_is_read() {
    let mut story = String::new();
    for (who, body) in sent() {
        let read = told(MessageRequest::parse(body.as_bytes(), Dialect::Graph));
        writeln!(story, "{who}\n  {read}\n").expect("text");
    }
    insta::assert_snapshot!(story);
}

#[test]
fn what_is_wrong_is_said() {
    let mut story = String::new();
    for (what, body) in mistakes() {
        let read = told(MessageRequest::parse(body.as_bytes(), Dialect::Graph));
        assert!(read.starts_with('#'), "{what} was taken: {read}");
        writeln!(story, "{what}\n  {read}\n").expect("text");
    }
    insta::assert_snapshot!(story);
}

#[test]
fn at_360dialog_the_product_may_be_missing() {
    let body = r#"{"to":"14085551234","type":"text","text":{"body":"Hello"}}"#;
    let parse = |dialect| MessageRequest::parse(body.as_bytes(), dialect);
    assert!(parse(Dialect::D360).is_ok());
    assert_eq!(
        parse(Dialect::Graph).expect_err("a mistake").code.code(),
        100
    );
}

#[test]
fn texts_may_be_as_long_as_said() {
    let text = |chars: usize| message(&format!(r#""text":{{"body":"{}"}}"#, "é".repeat(chars)));
    assert!(MessageRequest::parse(text(4_096).as_bytes(), Dialect::Graph).is_ok());
    let refused = MessageRequest::parse(text(4_097).as_bytes(), Dialect::Graph);
    insta::assert_snapshot!(told(refused), @"#100 text.body has 4097 characters. At most 4096 are allowed.");
    let payload = |chars: usize| {
        let payload = "p".repeat(chars);
        button(&format!(r#""parameters":{{"payload":"{payload}"}}"#))
    };
    assert!(MessageRequest::parse(payload(512).as_bytes(), Dialect::Graph).is_ok());
    let refused = MessageRequest::parse(payload(513).as_bytes(), Dialect::Graph);
    insta::assert_snapshot!(told(refused), @"#131009 interactive.action.parameters.payload has 513 characters. At most 512 are allowed.");
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(body in any::<Vec<u8>>()) {
        MessageRequest::parse(&body, Dialect::D360).ok();
    }

    #[test]
    fn nothing_in_its_place_makes_it_panic(word in ".{0,40}", number in any::<i64>()) {
        let word = serde_json::Value::from(word);
        for body in [
            interactive(&format!(r#""type":{word},"body":{{"text":{word}}},"action":{{"name":{word}}}"#)),
            button(&format!(r#""parameters":{{"display_text":{word},"ttl_minutes":{number},"payload":{word}}}"#)),
            template(&format!(r#"[{{"type":{word},"sub_type":{word},"index":{number},"parameters":[{{"type":{word}}}]}}]"#)),
        ] {
            MessageRequest::parse(body.as_bytes(), Dialect::Graph).ok();
        }
    }
}

fn told(result: Result<MessageRequest, ApiError>) -> String {
    match result {
        Ok(request) => format!("{request:?}"),
        Err(error) => format!("#{} {}", error.code.code(), error.details),
    }
}

/// A message to one user, of that body.
fn message(rest: &str) -> String {
    format!(r#"{{"messaging_product":"whatsapp","to":"14085551234",{rest}}}"#)
}

fn interactive(rest: &str) -> String {
    message(&format!(r#""type":"interactive","interactive":{{{rest}}}"#))
}

fn button(rest: &str) -> String {
    interactive(&format!(
        r#""type":"voice_call","body":{{"text":"Call us"}},"action":{{"name":"voice_call",{rest}}}"#
    ))
}

fn template(components: &str) -> String {
    message(&format!(
        r#""type":"template","template":{{"name":"t","language":{{"code":"en"}},"components":{components}}}"#
    ))
}

/// What is known to be sent, each with who sends it or why.
fn sent() -> Vec<(&'static str, String)> {
    let request = r#""type":"call_permission_request","action":{"name":"call_permission_request"}"#;
    vec![
        (
            "text, as documented",
            message(r#""recipient_type":"individual","type":"text","text":{"preview_url":true,"body":"Look: https://example.com"}"#),
        ),
        ("no type is text", message(r#""text":{"body":"Hello"}"#)),
        (
            "upper case, and digits as an integer",
            r#"{"messaging_product":"WhatsApp","to":14085551234,"type":"TEXT","text":{"body":7}}"#.to_owned(),
        ),
        (
            "to a business-scoped id, in answer to a message",
            r#"{"messaging_product":"whatsapp","recipient":"US.13491208655302741918","type":"text","text":{"body":"Hello"},
                "context":{"message_id":"wamid.A"},"biz_opaque_callback_data":"order 7"}"#.to_owned(),
        ),
        (
            "to wins over recipient, null is absent",
            r#"{"messaging_product":"whatsapp","to":"+1 408 555 1234","recipient":"US.1","text":{"body":"Hello"},"context":null}"#.to_owned(),
        ),
        ("a call permission request", interactive(request)),
        (
            "a call permission request that says something",
            interactive(&format!(r#"{request},"body":{{"text":"May we call you?"}}"#)),
        ),
        ("a call button that says nothing of itself", button(r#""parameters":{}"#)),
        ("a call button without parameters", button(r#""parameters":null"#)),
        (
            "a call button that says all",
            button(r#""parameters":{"display_text":"Call us","ttl_minutes":100,"payload":"order 7"}"#),
        ),
        (
            "minutes as a string",
            button(r#""parameters":{"ttl_minutes":"43200"}"#),
        ),
        (
            "a template that asks for a permission (360dialog)",
            template(r#"[{"type":"body","parameters":[{"type":"text","text":"ON-12345"},{"type":"text","text":"Avocados"}]}]"#),
        ),
        (
            "a template with a call button (360dialog)",
            template(r#"[{"type":"button","sub_type":"voice_call","parameters":[{"type":"ttl_minutes","ttl_minutes":100}]}]"#),
        ),
        (
            "a template with everything",
            template(
                r#"[{"type":"HEADER","parameters":[{"type":"image","image":{"link":"https://example.com/a.png"}}]},
                {"type":"BODY","parameters":[{"type":"text","parameter_name":"order","text":"ON-12345"},
                    {"type":"currency","currency":{"fallback_value":"$100.99","code":"USD","amount_1000":100990}}]},
                {"type":"BUTTON","sub_type":"VOICE_CALL","index":"0","parameters":[
                    {"type":"ttl_minutes","ttl_minutes":100},{"type":"payload","payload":"order 7"}]},
                {"type":"button","sub_type":"url","index":1,"parameters":[{"type":"text","text":"order/7"}]},
                {"type":"button","sub_type":"quick_reply","index":2,"parameters":[{"type":"payload","payload":"no"}]}]"#,
            ),
        ),
        ("a template without components", template("null")),
        (
            "a film by its id",
            template(r#"[{"type":"header","parameters":[{"type":"video","video":{"id":1234567}}]}]"#),
        ),
        (
            "a file with its name",
            template(
                r#"[{"type":"header","parameters":[{"type":"document","document":{"link":"https://e.com/1","filename":"terms.pdf"}}]}]"#,
            ),
        ),
        (
            "a place",
            template(
                r#"[{"type":"header","parameters":[{"type":"location","location":{"latitude":"52.52","longitude":13.4,"name":"Acme","address":"1 Main Street"}}]}]"#,
            ),
        ),
        (
            "read",
            r#"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}"#.to_owned(),
        ),
        (
            "read, and about to write",
            r#"{"messaging_product":"whatsapp","status":"READ","message_id":"wamid.A","typing_indicator":{"type":"text"}}"#.to_owned(),
        ),
    ]
}

fn mistakes() -> Vec<(&'static str, String)> {
    let mut mistakes = envelope_mistakes();
    mistakes.extend(interactive_mistakes());
    mistakes.extend(template_mistakes());
    mistakes.extend(template_button_mistakes());
    mistakes
}

fn envelope_mistakes() -> Vec<(&'static str, String)> {
    let product = r#""messaging_product":"whatsapp""#;
    vec![
        ("not JSON", "{'to'}".to_owned()),
        ("no body", String::new()),
        (
            "no product",
            r#"{"to":"14085551234","text":{"body":"a"}}"#.to_owned(),
        ),
        (
            "another product",
            r#"{"messaging_product":"sms","to":"14085551234"}"#.to_owned(),
        ),
        ("nobody", format!(r#"{{{product},"text":{{"body":"a"}}}}"#)),
        (
            "no number",
            format!(r#"{{{product},"to":"Ada","text":{{"body":"a"}}}}"#),
        ),
        (
            "an id that is no number",
            format!(r#"{{{product},"to":"US.1","text":{{"body":"a"}}}}"#),
        ),
        (
            "a number that is no id",
            format!(r#"{{{product},"recipient":"14085551234","text":{{"body":"a"}}}}"#),
        ),
        (
            "a group",
            message(r#""recipient_type":"group","text":{"body":"a"}"#),
        ),
        ("an image", message(r#""type":"image","image":{"id":"1"}"#)),
        ("a type that nobody has", message(r#""type":"dance""#)),
        ("no text", message(r#""type":"text""#)),
        ("text that is not an object", message(r#""text":"Hello""#)),
        (
            "no body of a text",
            message(r#""text":{"preview_url":false}"#),
        ),
        ("an empty text", message(r#""text":{"body":"  "}"#)),
        (
            "a body that is not text",
            message(r#""text":{"body":["a"]}"#),
        ),
        (
            "a preview that is neither",
            message(r#""text":{"body":"a","preview_url":1}"#),
        ),
        (
            "an answer to nothing",
            message(r#""text":{"body":"a"},"context":{"message_id":"7"}"#),
        ),
        (
            "too much callback data",
            message(&format!(
                r#""text":{{"body":"a"}},"biz_opaque_callback_data":"{}""#,
                "d".repeat(513)
            )),
        ),
        (
            "another status",
            format!(r#"{{{product},"status":"delivered","message_id":"wamid.A"}}"#),
        ),
        (
            "read, but not which",
            format!(r#"{{{product},"status":"read"}}"#),
        ),
        (
            "read, what is no message",
            format!(r#"{{{product},"status":"read","message_id":"wacid.A"}}"#),
        ),
    ]
}

fn interactive_mistakes() -> Vec<(&'static str, String)> {
    let request = r#""type":"call_permission_request","action":{"name":"call_permission_request"}"#;
    vec![
        ("nothing interactive", message(r#""type":"interactive""#)),
        (
            "no type of it",
            interactive(r#""action":{"name":"voice_call"}"#),
        ),
        ("a list", interactive(r#""type":"list","action":{}"#)),
        (
            "a request with a header",
            interactive(&format!(
                r#"{request},"header":{{"type":"text","text":"a"}}"#
            )),
        ),
        (
            "a request with a footer",
            interactive(&format!(r#"{request},"footer":{{"text":"a"}}"#)),
        ),
        (
            "a request without an action",
            interactive(r#""type":"call_permission_request""#),
        ),
        (
            "a request without the action's name",
            interactive(r#""type":"call_permission_request","action":{}"#),
        ),
        (
            "a request with another action",
            interactive(r#""type":"call_permission_request","action":{"name":"voice_call"}"#),
        ),
        (
            "a request with a long body",
            interactive(&format!(
                r#"{request},"body":{{"text":"{}"}}"#,
                "b".repeat(1_025)
            )),
        ),
        (
            "a button without a body",
            interactive(r#""type":"voice_call","action":{"name":"voice_call"}"#),
        ),
        (
            "a button that says too much",
            button(r#""parameters":{"display_text":"Call us for a good time"}"#),
        ),
        (
            "a button that never works",
            button(r#""parameters":{"ttl_minutes":0}"#),
        ),
        (
            "a button that works too long",
            button(r#""parameters":{"ttl_minutes":43201}"#),
        ),
        (
            "half a minute",
            button(r#""parameters":{"ttl_minutes":0.5}"#),
        ),
    ]
}

fn template_mistakes() -> Vec<(&'static str, String)> {
    let named = |rest: &str| message(&format!(r#""type":"template","template":{{{rest}}}"#));
    vec![
        ("no template", message(r#""type":"template""#)),
        ("no name", named(r#""language":{"code":"en"}"#)),
        ("no language", named(r#""name":"t""#)),
        (
            "a language that is not an object",
            named(r#""name":"t","language":"en""#),
        ),
        (
            "no code of the language",
            named(r#""name":"t","language":{"policy":"deterministic"}"#),
        ),
        (
            "components that are no list",
            template(r#"{"type":"body"}"#),
        ),
        ("a component that is no object", template(r#"["body"]"#)),
        (
            "a component without a type",
            template(r#"[{"parameters":[]}]"#),
        ),
        (
            "a component that takes nothing",
            template(r#"[{"type":"call_permission_request"}]"#),
        ),
        (
            "two bodies",
            template(r#"[{"type":"body"},{"type":"BODY"}]"#),
        ),
        (
            "a parameter without a type",
            template(r#"[{"type":"body","parameters":[{"text":"a"}]}]"#),
        ),
        (
            "a text that is none",
            template(r#"[{"type":"body","parameters":[{"type":"text"}]}]"#),
        ),
        (
            "a currency without its text",
            template(
                r#"[{"type":"body","parameters":[{"type":"currency","currency":{"code":"USD"}}]}]"#,
            ),
        ),
        (
            "a picture that is nowhere",
            template(r#"[{"type":"header","parameters":[{"type":"image"}]}]"#),
        ),
        (
            "a picture without an address",
            template(r#"[{"type":"header","parameters":[{"type":"image","image":{}}]}]"#),
        ),
        (
            "a picture in two places",
            template(
                r#"[{"type":"header","parameters":[{"type":"image","image":{"id":"1","link":"https://e.com/a.png"}}]}]"#,
            ),
        ),
        (
            "an address that is none",
            template(
                r#"[{"type":"header","parameters":[{"type":"image","image":{"link":"a.png"}}]}]"#,
            ),
        ),
        (
            "a place that is nowhere",
            template(
                r#"[{"type":"header","parameters":[{"type":"location","location":{"latitude":"52.52"}}]}]"#,
            ),
        ),
        (
            "a place beyond the pole",
            template(
                r#"[{"type":"header","parameters":[{"type":"location","location":{"latitude":"92","longitude":"1"}}]}]"#,
            ),
        ),
    ]
}

fn template_button_mistakes() -> Vec<(&'static str, String)> {
    vec![
        (
            "a button without a sub_type",
            template(r#"[{"type":"button"}]"#),
        ),
        (
            "another button",
            template(r#"[{"type":"button","sub_type":"flow","index":0}]"#),
        ),
        (
            "a call button with a text",
            template(
                r#"[{"type":"button","sub_type":"voice_call","parameters":[{"type":"text","text":"a"}]}]"#,
            ),
        ),
        (
            "a call button that lasts too long",
            template(
                r#"[{"type":"button","sub_type":"voice_call","parameters":[{"type":"ttl_minutes","ttl_minutes":43201}]}]"#,
            ),
        ),
        (
            "minutes that are not said",
            template(
                r#"[{"type":"button","sub_type":"voice_call","parameters":[{"type":"ttl_minutes"}]}]"#,
            ),
        ),
        (
            "an address without its end",
            template(r#"[{"type":"button","sub_type":"url","index":0}]"#),
        ),
        (
            "a button without its place",
            template(
                r#"[{"type":"button","sub_type":"url","parameters":[{"type":"text","text":"a"}]}]"#,
            ),
        ),
        (
            "an eleventh button",
            template(r#"[{"type":"button","sub_type":"voice_call","index":10}]"#),
        ),
    ]
}
