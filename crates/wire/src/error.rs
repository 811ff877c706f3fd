//! The one table of errors that the API answers and webhooks carry, and how they look in JSON.

use serde::Serialize;
use types::Preset;

pub use code::{ErrorCode, Row};
pub use situation::Situation;

mod code;
mod situation;

/// A refusal on its way to a client of the API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("({code}) {details}")]
pub struct ApiError {
    /// The line of the table.
    pub code: ErrorCode,
    /// What happened in a few words: the code's own, or where a preset chose the code, the
    /// situation's.
    pub title: &'static str,
    /// What was wrong and what to do, in whole sentences; never a token or a whole phone number.
    pub details: String,
    /// Graph's finer number: 33 where the object of a path does not exist or may not be seen.
    pub subcode: Option<u32>,
    /// What Graph calls that finer number for people to read, where it has a name of its own.
    pub user_title: Option<&'static str>,
}

impl ApiError {
    /// A refusal with that code and explanation.
    #[must_use]
    pub fn new(code: ErrorCode, details: impl Into<String>) -> Self {
        Self {
            code,
            title: code.row().title,
            details: details.into(),
            subcode: None,
            user_title: None,
        }
    }

    /// A refusal with the code that the preset has for the situation.
    #[must_use]
    pub fn chosen(situation: Situation, preset: &Preset, details: impl Into<String>) -> Self {
        Self::titled(situation, situation.code(preset), details)
    }

    /// A refusal with a code that a preset has chosen for the situation.
    #[must_use]
    pub fn titled(situation: Situation, code: ErrorCode, details: impl Into<String>) -> Self {
        Self {
            title: situation.title(code),
            ..Self::new(code, details)
        }
    }

    /// Code 100: a parameter is missing or wrong.
    #[must_use]
    pub fn parameter(details: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidParameter, details)
    }

    /// Code 100, subcode 33: the path names nothing that this token can see, or nothing that takes
    /// this method. Graph does not tell these apart, so that ids cannot be guessed.
    #[must_use]
    pub fn no_such_object(details: impl Into<String>) -> Self {
        Self {
            subcode: Some(NO_SUCH_OBJECT),
            ..Self::parameter(details)
        }
    }

    /// Code 100 with Graph's finer number and what Graph calls it.
    #[must_use]
    pub fn finer(subcode: u32, title: &'static str, details: impl Into<String>) -> Self {
        Self {
            subcode: Some(subcode),
            user_title: Some(title),
            ..Self::parameter(details)
        }
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.code.row().http_status
    }

    /// The body in Meta's envelope: `{"error": {...}}`.
    ///
    /// Meta's pages on calling show `message`, `type`, `code`, `error_data` and `fbtrace_id`; the
    /// other keys are those that Graph adds to some errors and that clients read where they stand.
    #[must_use]
    pub fn graph_body(&self, fbtrace_id: &str) -> Vec<u8> {
        to_bytes(&GraphEnvelope {
            error: self.graph_error(fbtrace_id),
            meta: None,
        })
    }

    /// The body in 360dialog's envelope.
    ///
    /// What the platform behind 360dialog refuses passes through as Meta wrote it: 360dialog's page
    /// on inbound calls documents the `error` object with `message`, `type` and `code`. What
    /// 360dialog's own gateway refuses, such as a wrong key or an unknown path, it answers with
    /// `{"meta": {"success", "http_code", "developer_message"}}`. Such a refusal carries both
    /// here, so that a client finds the integer code and the trace id wherever it looks.
    #[must_use]
    pub fn d360_body(&self, fbtrace_id: &str) -> Vec<u8> {
        let row = self.code.row();
        to_bytes(&GraphEnvelope {
            error: self.graph_error(fbtrace_id),
            meta: row.by_gateway.then_some(Meta {
                success: false,
                http_code: row.http_status,
                developer_message: &self.details,
            }),
        })
    }

    fn graph_error<'a>(&'a self, fbtrace_id: &'a str) -> GraphError<'a> {
        let row = self.code.row();
        GraphError {
            message: format!("(#{}) {}", row.code, self.title),
            kind: if self.subcode == Some(NO_SUCH_OBJECT) {
                "GraphMethodException"
            } else {
                row.kind
            },
            code: row.code,
            error_subcode: self.subcode,
            error_data: ErrorData {
                messaging_product: "whatsapp",
                details: &self.details,
            },
            error_user_title: self.user_title.unwrap_or(self.title),
            error_user_msg: &self.details,
            is_transient: row.transient,
            fbtrace_id,
        }
    }
}

/// Graph's number for an object that does not exist or cannot be seen.
const NO_SUCH_OBJECT: u32 = 33;

#[derive(Serialize)]
struct GraphEnvelope<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Meta<'a>>,
    error: GraphError<'a>,
}

#[derive(Serialize)]
struct Meta<'a> {
    success: bool,
    http_code: u16,
    developer_message: &'a str,
}

#[derive(Serialize)]
struct GraphError<'a> {
    message: String,
    #[serde(rename = "type")]
    kind: &'static str,
    code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_subcode: Option<u32>,
    error_data: ErrorData<'a>,
    error_user_title: &'static str,
    error_user_msg: &'a str,
    is_transient: bool,
    fbtrace_id: &'a str,
}

#[derive(Serialize)]
struct ErrorData<'a> {
    messaging_product: &'static str,
    details: &'a str,
}

pub(crate) fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain structs with text keys always serialise")
}

#[cfg(test)]
mod tests;
