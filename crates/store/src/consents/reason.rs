//! A line of the ledger as a column holds it: JSON, held to `rules::consent::Reason` by the compiler.

use rules::consent::{Form, Reason, RequestEnd};
use serde::{Deserialize, Serialize};
use types::{CallId, Direction, MessageId, Timestamp};

use crate::StoreError;
use crate::json::{moment, optional_moment};

/// The column's text.
pub(super) fn write(reason: &Reason) -> Result<String, StoreError> {
    serde_json::to_string(&Written { reason }).map_err(unreadable)
}

/// The reason that a column's text holds.
pub(super) fn read(text: &str) -> Result<Reason, StoreError> {
    let column: Column = serde_json::from_str(text).map_err(unreadable)?;
    Ok(column.reason)
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "ledger_entry.detail",
        reason: error.to_string(),
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Written<'a> {
    #[serde(with = "ReasonDef")]
    reason: &'a Reason,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Column {
    #[serde(with = "ReasonDef")]
    reason: Reason,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Reason", rename_all = "snake_case")]
enum ReasonDef {
    Requested {
        request: MessageId,
        #[serde(with = "FormDef")]
        form: Form,
    },
    RequestDelivered {
        request: MessageId,
    },
    RequestEnded {
        request: MessageId,
        #[serde(with = "RequestEndDef")]
        end: RequestEnd,
    },
    AnsweredTemporary {
        request: MessageId,
        #[serde(with = "moment")]
        until: Timestamp,
    },
    AnsweredPermanent {
        request: MessageId,
    },
    Declined {
        request: MessageId,
    },
    AutomaticGrant {
        call: CallId,
        #[serde(with = "moment")]
        until: Timestamp,
    },
    ProfileGrant {
        #[serde(with = "optional_moment")]
        until: Option<Timestamp>,
    },
    ProfileRevoke,
    OperatorGrant {
        #[serde(with = "optional_moment")]
        until: Option<Timestamp>,
    },
    OperatorRevoke,
    Lapsed,
    Nudged {
        unanswered: u32,
    },
    RevokedUnanswered {
        unanswered: u32,
    },
    CallConnected {
        call: CallId,
        direction: Direction,
    },
    CallUnanswered {
        call: CallId,
    },
    CallRejected {
        call: CallId,
    },
    CountersCleared {
        requests: u32,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Form", rename_all = "snake_case")]
enum FormDef {
    FreeForm,
    Template,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RequestEnd", rename_all = "snake_case")]
enum RequestEndDef {
    Superseded,
    AnswerSettled,
    NotAnswered,
    NotDelivered,
    Undeliverable,
    CrowdedOut,
}
