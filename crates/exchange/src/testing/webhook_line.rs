//! A webhook in one line of a story.

use serde_json::Value;

/// The name of its event, and the line.
pub(super) fn webhook_line(json: &Value) -> (String, String) {
    if let Some(status) = json["status"].as_str() {
        let event = json["event"].as_str().expect("an event").to_owned();
        return (event.clone(), format!("webhook: {event} {status}"));
    }
    let value = &json["entry"][0]["changes"][0]["value"];
    if let Some(told) = of_the_account(value) {
        return told;
    }
    let (call, status) = (&value["calls"][0], &value["statuses"][0]);
    let reply = &value["messages"][0]["interactive"]["call_permission_reply"];
    if let Some(response) = reply["response"].as_str() {
        let until = match (&reply["expiration_timestamp"], &reply["is_permanent"]) {
            (Value::Number(until), _) => format!(" until {until}"),
            (_, Value::Bool(true)) => " for ever".to_owned(),
            _ => String::new(),
        };
        let source = reply["response_source"].as_str().expect("a source");
        let line = format!("webhook: permission {response}{until}, {source}");
        return ("permission".to_owned(), line);
    }
    if let Some(body) = value["messages"][0]["text"]["body"].as_str() {
        let answers = value["messages"][0]["context"].is_object();
        let how = if answers { ", in answer" } else { "" };
        return ("text".to_owned(), format!("webhook: text {body}{how}"));
    }
    if let Some(word) = status["status"].as_str() {
        let line = match status.pointer("/errors/0/code") {
            Some(code) => format!("webhook: {word}, error {code}"),
            None => format!("webhook: {word}"),
        };
        return (word.to_owned(), line);
    }
    let event = call["event"].as_str().expect("an event").to_owned();
    let mut line = format!("webhook: {event}");
    for (key, label) in [
        ("/session/sdp", "sdp"),
        ("/status", "status"),
        ("/duration", "duration"),
        ("/errors/0/code", "error"),
        ("/biz_opaque_callback_data", "data"),
        ("/cta_payload", "button"),
    ] {
        match call.pointer(key) {
            None => {}
            Some(Value::String(text)) => line.push_str(&format!(", {label} {text}")),
            Some(other) => line.push_str(&format!(", {label} {other}")),
        }
    }
    (event, line)
}

/// What is told of a number rather than of a call.
fn of_the_account(value: &Value) -> Option<(String, String)> {
    if value["type"] == "phone_number_settings" {
        return Some(("settings".to_owned(), "webhook: settings".to_owned()));
    }
    let event = value["event"].as_str()?.to_owned();
    let mut line = format!("webhook: {event}");
    if let Some(violation) = value["violation_info"]["violation_type"].as_str() {
        line.push_str(&format!(" {violation}"));
    }
    for restriction in value["restriction_info"].as_array().into_iter().flatten() {
        let kind = restriction["restriction_type"].as_str().expect("a type");
        line.push_str(&format!(" {kind} until {}", restriction["expiration"]));
    }
    Some((event, line))
}
