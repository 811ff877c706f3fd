//! The business's side of the API: requests made, answers read. For the gateway, the load tool and
//! tests.

use serde::Serialize;
use serde_json::Value;
use types::{CallId, PhoneNumberId};

use crate::calls::{CallAction, Recipient, SdpType};
use crate::error::to_bytes;
use crate::{Dialect, ErrorCode};

impl CallAction {
    /// The body that asks for this action; the same in both dialects.
    #[must_use]
    pub fn to_body(&self) -> Vec<u8> {
        let plain = Request {
            messaging_product: "whatsapp",
            to: None,
            recipient: None,
            call_id: self.call_id().map(CallId::as_str),
            action: self.verb(),
            session: None,
            biz_opaque_callback_data: None,
        };
        to_bytes(&match self {
            Self::Connect {
                to,
                offer,
                callback_data,
            } => Request {
                to: match to {
                    Recipient::WaId(number) => Some(number.digits()),
                    Recipient::Bsuid(_) => None,
                },
                recipient: match to {
                    Recipient::WaId(_) => None,
                    Recipient::Bsuid(id) => Some(id.as_str()),
                },
                session: Some(Session::new(SdpType::Offer, offer)),
                biz_opaque_callback_data: callback_data.as_deref(),
                ..plain
            },
            Self::PreAccept { answer, .. } => Request {
                session: Some(Session::new(SdpType::Answer, answer)),
                ..plain
            },
            Self::Accept {
                answer,
                callback_data,
                ..
            } => Request {
                session: Some(Session::new(SdpType::Answer, answer)),
                biz_opaque_callback_data: callback_data.as_deref(),
                ..plain
            },
            Self::Reject { .. } | Self::Terminate { .. } => plain,
        })
    }
}

/// Where call actions go, relative to the base address of the API.
///
/// The base carries the version if there is one: `https://graph.facebook.com/v24.0`,
/// `https://waba-v2.360dialog.io`, or an exchange's.
#[must_use]
pub fn calls_path(dialect: Dialect, number: &PhoneNumberId) -> String {
    match dialect {
        Dialect::Graph => format!("/{number}/calls"),
        Dialect::D360 => "/calling/calls".to_owned(),
    }
}

/// The header that says who asks: its name, and its value for that token or key.
#[must_use]
pub fn auth_header(dialect: Dialect, secret: &str) -> (&'static str, String) {
    match dialect {
        Dialect::Graph => ("authorization", format!("Bearer {secret}")),
        Dialect::D360 => ("d360-api-key", secret.to_owned()),
    }
}

/// Reads the answer to a connect.
///
/// # Errors
///
/// [`Failure`] for every status but 2xx, and for a 2xx without a call id.
pub fn read_connected(status: u16, body: &[u8]) -> Result<CallId, Failure> {
    let answer = read_answer(status, body)?;
    answer
        .pointer("/calls/0/id")
        .and_then(Value::as_str)
        .and_then(|it| it.parse().ok())
        .ok_or_else(|| Failure::bare(status, "the answer to connect has no call id"))
}

/// Reads the answer to any other action.
///
/// # Errors
///
/// [`Failure`] for every status but 2xx, and for `"success": false`.
pub fn read_done(status: u16, body: &[u8]) -> Result<(), Failure> {
    let answer = read_answer(status, body)?;
    match answer.get("success") {
        Some(Value::Bool(false)) => Err(Failure::bare(status, "the answer says success: false")),
        _ => Ok(()),
    }
}

/// Why the API did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("HTTP {http_status}{}: {message}{}", code.map_or_else(String::new, |it| format!(", code {it}")), details.as_ref().map_or_else(String::new, |it| format!(" ({it})")))]
pub struct Failure {
    /// The HTTP status.
    pub http_status: u16,
    /// The integer to branch on; missing in some of 360dialog's shapes.
    pub code: Option<u32>,
    /// The few words that came with it.
    pub message: String,
    /// The explanation.
    pub details: Option<String>,
    /// The id to give to the platform's support.
    pub fbtrace_id: Option<String>,
    /// Whether the platform says that waiting a moment is enough.
    pub transient: bool,
}

impl Failure {
    /// Whether the same request may succeed later: by the error table where the code is in it,
    /// else by the HTTP status.
    #[must_use]
    pub fn retryable(&self) -> bool {
        let by_code = self.code.and_then(ErrorCode::from_code);
        self.transient
            || by_code.map_or_else(
                || self.http_status == 429 || self.http_status >= 500,
                |it| it.row().retryable,
            )
    }

    fn bare(http_status: u16, message: &str) -> Self {
        Self {
            http_status,
            code: None,
            message: message.to_owned(),
            details: None,
            fbtrace_id: None,
            transient: false,
        }
    }
}

fn read_answer(status: u16, body: &[u8]) -> Result<Value, Failure> {
    let answer = serde_json::from_slice::<Value>(body);
    match (status, answer) {
        (200..=299, Ok(answer)) if answer.get("error").is_none() => Ok(answer),
        (_, Ok(answer)) => Err(read_failure(status, &answer)),
        (_, Err(_)) => {
            let start = String::from_utf8_lossy(&body[..body.len().min(PLAIN_ANSWER_BYTES_MAX)]);
            Err(Failure::bare(status, start.trim()))
        }
    }
}

/// The shapes that are seen: Graph's, 360dialog's `meta` in two spellings, and plain text in `error`.
fn read_failure(status: u16, answer: &Value) -> Failure {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    match (answer.get("error"), answer.get("meta")) {
        (Some(error @ Value::Object(_)), _) => Failure {
            http_status: status,
            code: match error.get("code") {
                Some(Value::Number(code)) => code.as_u64().and_then(|it| it.try_into().ok()),
                Some(Value::String(code)) => code.parse().ok(),
                _ => None,
            },
            message: text(error, "message").unwrap_or_default(),
            details: error
                .get("error_data")
                .and_then(|it| text(it, "details").or_else(|| it.as_str().map(str::to_owned))),
            fbtrace_id: text(error, "fbtrace_id"),
            transient: error.get("is_transient") == Some(&Value::Bool(true)),
        },
        (Some(Value::String(error)), _) => Failure::bare(status, error),
        (_, Some(meta)) => {
            let message =
                text(meta, "developer_message").or_else(|| text(meta, "developerMessage"));
            Failure::bare(status, &message.unwrap_or_default())
        }
        _ => Failure::bare(status, "an answer of an unknown shape"),
    }
}

/// How much of an answer that is not JSON is told.
const PLAIN_ANSWER_BYTES_MAX: usize = 200;

#[derive(Serialize)]
struct Request<'a> {
    messaging_product: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_id: Option<&'a str>,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Session<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
}

#[derive(Serialize)]
struct Session<'a> {
    sdp_type: &'static str,
    sdp: &'a str,
}

impl<'a> Session<'a> {
    const fn new(sdp_type: SdpType, sdp: &'a str) -> Self {
        Self {
            sdp_type: sdp_type.as_str(),
            sdp,
        }
    }
}

#[cfg(test)]
mod tests;
