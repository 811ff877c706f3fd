//! The webhook endpoint: the handshake, and the events.
//!
//! Every event is checked on its raw bytes, kept, and only then answered; what it means is dealt with
//! after the answer. A platform that waits gives up and sends again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use types::limits::WEBHOOK_BODY_BYTES_MAX;
use wire::signature;

use crate::config::WebhookConfig;
use crate::desk::Desk;
use crate::observe;

/// The endpoint at `/webhook`.
pub(crate) fn router(config: &WebhookConfig, desk: Desk) -> Router {
    let door = Door {
        verify_token: config.verify_token.clone(),
        check: match (&config.app_secret, config.unsigned) {
            (Some(secret), _) => Check::Signed(secret.clone()),
            (None, true) => Check::Unsigned,
            (None, false) => Check::Closed,
        },
        desk,
    };
    Router::new()
        .route("/webhook", get(handshake).post(event))
        .layer(DefaultBodyLimit::max(WEBHOOK_BODY_BYTES_MAX))
        .with_state(door)
}

#[derive(Clone)]
struct Door {
    verify_token: SecretString,
    check: Check,
    desk: Desk,
}

#[derive(Clone)]
enum Check {
    /// The platform signs with this secret.
    Signed(SecretString),
    /// The platform signs nothing, and the configuration says that this is known.
    Unsigned,
    /// There is no secret to check with, so nothing is let in.
    Closed,
}

#[derive(Deserialize)]
struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: Option<String>,
    #[serde(rename = "hub.challenge")]
    challenge: Option<String>,
    #[serde(rename = "hub.verify_token")]
    verify_token: Option<String>,
}

async fn handshake(State(door): State<Door>, Query(asked): Query<Handshake>) -> Response {
    let ours = door.verify_token.expose_secret().as_bytes();
    let theirs = asked.verify_token.unwrap_or_default();
    let subscribes = asked.mode.as_deref() == Some("subscribe");
    match asked.challenge {
        Some(challenge) if subscribes && bool::from(ours.ct_eq(theirs.as_bytes())) => {
            tracing::info!("the platform's handshake is answered");
            let plain = [(http::header::CONTENT_TYPE, "text/plain")];
            (plain, challenge).into_response()
        }
        _ => {
            tracing::warn!("a handshake with another verify token is refused");
            (StatusCode::FORBIDDEN, "the verify token is another one").into_response()
        }
    }
}

async fn event(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(why) = door.lets_in(&headers, &body) {
        tracing::warn!(why, "a webhook is refused");
        observe::webhook("refused");
        return (StatusCode::UNAUTHORIZED, why).into_response();
    }
    let hash: [u8; 32] = Sha256::digest(&body).into();
    match door.desk.webhook(hash, body.into()).await {
        Ok(Ok(new)) => {
            observe::webhook(if new { "kept" } else { "repeated" });
            StatusCode::OK.into_response()
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a webhook could not be kept; the platform is to send it again");
            observe::webhook("failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "not kept").into_response()
        }
        Err(busy) => {
            observe::webhook("failed");
            (StatusCode::SERVICE_UNAVAILABLE, busy.to_string()).into_response()
        }
    }
}

impl Door {
    fn lets_in(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), &'static str> {
        let secret = match &self.check {
            Check::Signed(secret) => secret,
            Check::Unsigned => return Ok(()),
            Check::Closed => return Err("this gateway has no app secret to check signatures with"),
        };
        let header = headers
            .get(signature::HEADER)
            .ok_or("the X-Hub-Signature-256 header is missing")?;
        let header = header.to_str().unwrap_or_default();
        signature::verify(secret.expose_secret().as_bytes(), body, header)
            .map_err(|_| "the X-Hub-Signature-256 header does not fit the body")
    }
}
