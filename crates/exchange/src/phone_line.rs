//! The phone line: the WebSocket between the exchange and one phone of a user, browser or program.
//!
//! A door: it checks who calls, reads messages, sends commands to the desk and carries the answers
//! out. What phones are told besides comes from the desk, through [`OpenLines`].

mod chatting;
mod lines;
mod talk;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use phone::line::LINE_PATH;
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use types::WaId;
use types::limits::PHONE_MESSAGE_BYTES_MAX;

use crate::desk::{self, Desk, Refused};
use crate::media_control::MediaControl;

pub use lines::OpenLines;

/// What the phone line works on.
#[derive(Clone)]
pub struct PhoneLine {
    /// The desk.
    pub desk: Desk,
    /// Makes the phones' legs.
    pub media: Arc<dyn MediaControl>,
    /// The lines that are open.
    pub lines: OpenLines,
    /// Cancelled when the exchange shuts down: lines end.
    pub closing: CancellationToken,
}

/// The phone line at [`LINE_PATH`].
pub fn router(state: PhoneLine) -> Router {
    Router::new().route(LINE_PATH, get(open)).with_state(state)
}

/// Whose phone it is, and the proof.
#[derive(Deserialize)]
struct Caller {
    wa_id: String,
    token: String,
}

/// Whoever may not have the line is told so before the upgrade: a page, which no browser tells why an
/// upgrade failed, asks the same address once more without one and reads it.
async fn open(
    State(state): State<PhoneLine>,
    caller: Result<Query<Caller>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(Query(caller)) = caller else {
        let message = "Say whose phone this is: ?wa_id=<number>&token=<phone token>.";
        return refusal(StatusCode::UNAUTHORIZED, "who_is_it", message);
    };
    let Ok(wa_id) = caller.wa_id.parse::<WaId>() else {
        let message = "`wa_id` is the user's number: 5 to 15 digits, country code first.";
        return refusal(StatusCode::UNAUTHORIZED, "bad_wa_id", message);
    };
    let known = state
        .desk
        .run(move |turn| desk::auth::phone(turn, &wa_id, &caller.token))
        .await;
    let user = match known {
        Ok(user) => user,
        Err(refused @ Refused::Desk(_)) => {
            return refusal(
                StatusCode::SERVICE_UNAVAILABLE,
                "try_again",
                &refused.to_string(),
            );
        }
        Err(_) => {
            let message =
                "No user with this number has this token. The control API's /users lists both.";
            return refusal(StatusCode::UNAUTHORIZED, "wrong_phone_token", message);
        }
    };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            let message = "This address is a WebSocket: open it as one.";
            return refusal(rejection.status(), "not_a_websocket", message);
        }
    };
    let Ok(line) = state.lines.open(user.wa_id.clone()) else {
        let message = "This user has as many phones online as one may have. Close one of them.";
        return refusal(StatusCode::TOO_MANY_REQUESTS, "too_many_phones", message);
    };
    upgrade
        .max_message_size(PHONE_MESSAGE_BYTES_MAX)
        .max_frame_size(PHONE_MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| talk::serve(socket, line, user, state))
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    (
        status,
        Json(json!({ "error": { "code": code, "message": message } })),
    )
        .into_response()
}
