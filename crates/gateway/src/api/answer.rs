//! How the API says no.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::inbox::InboxError;
use utoipa::ToSchema;

use crate::desk::{DeskBusy, NotHungUp, NotPlaced};
use crate::handlers::HandlerError;
use crate::story::StoryEvent;

/// What every error answer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// An error of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetail {
    /// One word to branch on: `bad_request`, `not_admitted`, `unknown_call`, `call_over`,
    /// `no_permission`, `refused`, `unclear`, `media_failed`, `cancelled`, `full`, `no_recording`,
    /// `no_data_folder`, `busy`, `failed`.
    pub code: String,
    /// What was wrong and what to do.
    pub message: String,
    /// The platform's own error code, if the refusal is the platform's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_code: Option<u32>,
    /// The call that was begun, if one was: its story tells more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// An error on its way out.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: ErrorDetail,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            detail: ErrorDetail {
                code: code.to_owned(),
                message: message.into(),
                platform_code: None,
                reference: None,
            },
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    pub(crate) fn unknown_call() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "unknown_call",
            "there is no such call; GET /calls lists those that there are",
        )
    }

    pub(crate) fn no_such_path() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_path",
            "there is nothing here; /gateway/v1/openapi.json says what there is",
        )
    }

    pub(crate) fn not_admitted(why: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_admitted", why)
    }

    pub(crate) fn no_data_folder() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "no_data_folder",
            "this gateway keeps no files: set `data` in its configuration",
        )
    }

    /// A file could not be read or written; the system's own words are for the log.
    pub(crate) fn files(error: &std::io::Error) -> Self {
        tracing::error!(%error, "a file could not be read or written");
        let message = "a file could not be read or written; the gateway's log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", message)
    }

    /// A call that ended before the platform had it.
    pub(crate) fn not_placed(reference: String, ended: StoryEvent) -> Self {
        let StoryEvent::Ended {
            outcome,
            code,
            reason,
            ..
        } = ended
        else {
            return Self::unknown_call();
        };
        let (status, message) = match outcome.as_str() {
            "no_permission" => (
                StatusCode::FORBIDDEN,
                "the user has not allowed this business to call",
            ),
            "refused" => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "the platform refused the call",
            ),
            "unclear" => (
                StatusCode::GATEWAY_TIMEOUT,
                "the platform's answer did not come, and nothing told of the call since; it was not \
                 tried again, because the phone may have rung",
            ),
            "cancelled" => (
                StatusCode::CONFLICT,
                "the call was ended before the platform had it",
            ),
            _ => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the call could not be placed",
            ),
        };
        let message = match reason {
            Some(reason) => format!("{message}: {reason}"),
            None => message.to_owned(),
        };
        Self {
            status,
            detail: ErrorDetail {
                code: outcome,
                message,
                platform_code: code,
                reference: Some(reference),
            },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ErrorBody { error: self.detail };
        (self.status, Json(body)).into_response()
    }
}

impl From<DeskBusy> for Problem {
    fn from(busy: DeskBusy) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", busy.to_string())
    }
}

impl From<InboxError> for Problem {
    fn from(error: InboxError) -> Self {
        tracing::error!(%error, "the gateway's database failed");
        let message = "the gateway's database failed; its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", message)
    }
}

impl From<HandlerError> for Problem {
    fn from(error: HandlerError) -> Self {
        Self::bad_request(format!("handler.{error}"))
    }
}

impl From<NotPlaced> for Problem {
    fn from(error: NotPlaced) -> Self {
        match error {
            NotPlaced::Full => Self::new(StatusCode::TOO_MANY_REQUESTS, "full", error.to_string()),
            NotPlaced::Inbox(error) => error.into(),
            NotPlaced::Busy(busy) => busy.into(),
        }
    }
}

impl From<NotHungUp> for Problem {
    fn from(error: NotHungUp) -> Self {
        match error {
            NotHungUp::Unknown => Self::unknown_call(),
            NotHungUp::Over => Self::new(StatusCode::CONFLICT, "call_over", error.to_string()),
            NotHungUp::Inbox(error) => error.into(),
            NotHungUp::Busy(busy) => busy.into(),
        }
    }
}
