//! The layer in which armed faults strike requests, before anything is done about them.
//!
//! With no fault armed it looks at one flag and lets a request pass. With one, the request is read as
//! far as faults tell requests apart: what it asks for, for which number, about which user or call.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rules::fault::Operation;
use serde_json::Value;
use types::CallId;
use types::limits::{FAULT_REPLY_WAITS_MAX, REQUEST_BODY_BYTES_MAX};
use wire::{ApiError, Recipient};

use super::Door;
use super::answer::Refusal;
use crate::desk::faults::{self, Asked, Struck, Who};
use crate::desk::{Desk, Refused};
use crate::graph::refusals::refused;

/// Lets faults strike.
pub(super) async fn strike(State(door): State<Door>, request: Request, next: Next) -> Response {
    if !door.desk().agenda().borrow().faults_armed {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, REQUEST_BODY_BYTES_MAX).await else {
        let details = format!(
            "The body could not be read, or has more than {REQUEST_BODY_BYTES_MAX} bytes. Send a smaller one."
        );
        return Refusal(ApiError::parameter(details)).into_response();
    };
    let asked = read(&parts, &body);
    let struck = door
        .desk()
        .run(move |turn| faults::on_request(turn, &asked))
        .await;
    match struck {
        Ok(None) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Ok(Some(struck)) => Refusal(refusal(struck)).into_response(),
        Err(why) => Refusal(refused(&why)).into_response(),
    }
}

/// Waits until the connect webhook of a call that was just placed was sent, if a fault wants the answer
/// to come behind it. Receivers that do not answer are not waited for longer than a bounded time.
pub(super) async fn let_webhook_go_first(desk: &Desk, call_id: &CallId) {
    if !desk.agenda().borrow().faults_armed {
        return;
    }
    let id = call_id.clone();
    let waits = desk.run(move |turn| faults::reply_waits(turn, &id)).await;
    if !matches!(waits, Ok(true)) {
        return;
    }
    let mut agenda = desk.agenda();
    let sent = async {
        loop {
            // Looked at before asking, so that no report in between is slept over.
            agenda.mark_unchanged();
            let id = call_id.clone();
            let sent = desk
                .run_patiently(move |turn| faults::was_sent(turn, &id, "connect"))
                .await;
            let go_on: Result<bool, Refused> = sent;
            if go_on.unwrap_or(true) || agenda.changed().await.is_err() {
                return;
            }
        }
    };
    if tokio::time::timeout(FAULT_REPLY_WAITS_MAX, sent)
        .await
        .is_err()
    {
        tracing::warn!(%call_id, "the connect webhook found no answer before the reply had to go");
    }
}

fn refusal(struck: Struck) -> ApiError {
    let id = struck.id;
    ApiError::new(
        struck.code,
        format!(
            "A fault that is armed at the exchange refuses this request. DELETE /control/v1/faults/{id} disarms it."
        ),
    )
}

/// What a request asks for, by a path that has been made plain.
fn read(parts: &Parts, body: &Bytes) -> Asked {
    let path = parts.uri.path();
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let json = || serde_json::from_slice::<Value>(body).unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    let who = who(&segments, &parts.headers);
    let nobody = |operation| Asked {
        operation,
        who: who.clone(),
        to: None,
        call: None,
    };
    match segments[..] {
        [_, "calls"] | ["calling", "call"] if parts.method == Method::POST => {
            let json = json();
            Asked {
                to: recipient(&json),
                call: json["call_id"].as_str().and_then(|id| id.parse().ok()),
                ..nobody(action(&json))
            }
        }
        [_, "messages"] | ["messages"] => Asked {
            to: recipient(&json()),
            ..nobody(Operation::Messages)
        },
        [_, "call_permissions"] => Asked {
            to: asked_about(query),
            ..nobody(Operation::Permissions)
        },
        ["calling", "permissions", user] => Asked {
            to: named(user),
            ..nobody(Operation::Permissions)
        },
        [_, "settings"] => nobody(Operation::Settings),
        [_, "message_templates"] | ["v1", "configs", "templates", ..] => {
            nobody(Operation::Templates)
        }
        [_, "phone_numbers"] => nobody(Operation::PhoneNumbers),
        [id] if id.bytes().all(|byte| byte.is_ascii_digit()) => nobody(Operation::PhoneNumbers),
        _ => nobody(Operation::Other),
    }
}

fn who(segments: &[&str], headers: &HeaderMap) -> Who {
    let key = headers
        .get("d360-api-key")
        .and_then(|key| key.to_str().ok());
    match (key, segments.first().map(|id| id.parse())) {
        (_, Some(Ok(id))) => Who::Number(id),
        (Some(key), _) => Who::Key(key.trim().to_owned()),
        (None, _) => Who::Other,
    }
}

fn action(json: &Value) -> Operation {
    let action = json["action"].as_str().unwrap_or_default();
    match action.to_ascii_lowercase().as_str() {
        "connect" => Operation::Connect,
        "pre_accept" => Operation::PreAccept,
        "accept" => Operation::Accept,
        "reject" => Operation::Reject,
        "terminate" => Operation::Terminate,
        _ => Operation::Other,
    }
}

/// `to` goes before `recipient`.
fn recipient(json: &Value) -> Option<Recipient> {
    ["to", "recipient"]
        .into_iter()
        .find_map(|key| json[key].as_str().and_then(named))
}

fn asked_about(query: &str) -> Option<Recipient> {
    url::form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == "user_wa_id" || key == "recipient")
        .find_map(|(_, value)| named(&value))
}

fn named(text: &str) -> Option<Recipient> {
    let wa_id = text.trim().trim_start_matches('+').parse();
    wa_id
        .map(Recipient::WaId)
        .or_else(|_| text.parse().map(Recipient::Bsuid))
        .ok()
}

#[cfg(test)]
mod tests;
