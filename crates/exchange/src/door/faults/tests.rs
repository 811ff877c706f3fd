//! What requests ask for.

use axum::http::Request as HttpRequest;

use super::*;

/// Operation, whom it acts for, the user and the call, in one line.
fn asks(method: &str, uri: &str, body: &str) -> String {
    let request = HttpRequest::builder()
        .method(method)
        .uri(uri)
        .header("D360-API-KEY", "key")
        .body(())
        .expect("a request");
    let (parts, ()) = request.into_parts();
    let asked = read(&parts, &Bytes::from(body.to_owned()));
    let who = match asked.who {
        Who::Number(id) => format!("number {id}"),
        Who::Key(key) => format!("key {key}"),
        Who::Other => "nobody".to_owned(),
    };
    let mut line = format!("{} for {who}", asked.operation.as_str());
    match asked.to {
        Some(Recipient::WaId(wa_id)) => line += &format!(", user {}", wa_id.digits()),
        Some(Recipient::Bsuid(bsuid)) => line += &format!(", user {bsuid}"),
        None => {}
    }
    if let Some(call) = asked.call {
        line += &format!(", call {call}");
    }
    line
}

#[test]
fn what_requests_ask_for() {
    for (method, uri, body, wanted) in [
        (
            "POST",
            "/1234/calls",
            r#"{"action":"CONNECT","to":"+14085551234"}"#,
            "connect for number 1234, user 14085551234",
        ),
        (
            "POST",
            "/calling/calls",
            r#"{"action":"accept","call_id":"wacid.A"}"#,
            "accept for key key, call wacid.A",
        ),
        (
            "POST",
            "/calling/call",
            r#"{"action":"connect","recipient":"US.1349"}"#,
            "connect for key key, user US.1349",
        ),
        ("POST", "/1234/calls", "{", "other for number 1234"),
        (
            "POST",
            "/messages",
            r#"{"to":"14085551234"}"#,
            "messages for key key, user 14085551234",
        ),
        (
            "GET",
            "/1234/call_permissions?user_wa_id=14085551234",
            "",
            "permissions for number 1234, user 14085551234",
        ),
        (
            "GET",
            "/calling/permissions/14085551234",
            "",
            "permissions for key key, user 14085551234",
        ),
        ("GET", "/1234/settings", "", "settings for number 1234"),
        ("POST", "/calling/settings", "", "settings for key key"),
        (
            "GET",
            "/1234/message_templates",
            "",
            "templates for number 1234",
        ),
        (
            "DELETE",
            "/v1/configs/templates/a",
            "",
            "templates for key key",
        ),
        (
            "GET",
            "/1234/phone_numbers",
            "",
            "phone_numbers for number 1234",
        ),
        ("GET", "/1234", "", "phone_numbers for number 1234"),
        ("GET", "/debug_token", "", "other for key key"),
        ("POST", "/1234/subscribed_apps", "", "other for number 1234"),
    ] {
        assert_eq!(asks(method, uri, body), wanted, "{method} {uri}");
    }
}
