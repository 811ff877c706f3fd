//! A ledger as the control API shows it.

use rules::consent::{Action, Entry, Limit, Request, Stage, Status};
use serde::Serialize;
use types::{CallId, MessageId, PhoneNumberId, Timestamp, WaId};
use utoipa::ToSchema;

use super::Answer;
use crate::desk::{Refused, Turn, consents, numbers, users};
use crate::graph::refusals::{no_call_code, no_request_code};

/// What one user has allowed one business number to do, and what the number may do now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Consent {
    /// The business number.
    #[schema(value_type = String, example = "106540352242922")]
    phone_number_id: PhoneNumberId,
    /// The user.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// Whether there is a permission.
    granted: bool,
    /// `no_permission`, `temporary` or `permanent`.
    #[schema(example = "temporary")]
    status: &'static str,
    /// When a temporary permission ends, in milliseconds since the Unix epoch.
    until_ms: Option<u64>,
    /// Whether the business may send a call permission request now, as a template.
    request: Possible,
    /// Whether the business may call now.
    call: Possible,
    /// The requests that can be answered, or whose answer can be changed, oldest first.
    open_requests: Vec<OpenRequest>,
    /// Until when the customer-service window is open, or was; null if it never was.
    window_until_ms: Option<u64>,
    /// When the ledger was last written, in milliseconds since the Unix epoch; null if never.
    changed_at_ms: Option<u64>,
}

/// Whether one thing can be done, and how much of its limits is used.
#[derive(Debug, Serialize, ToSchema)]
struct Possible {
    /// Whether it can be done now.
    can_perform: bool,
    /// The code that it would be refused with.
    #[schema(example = 138_006)]
    code: Option<u32>,
    /// Why it would be refused, and what to do.
    refused: Option<String>,
    /// Its limits, the shorter period first.
    limits: Vec<Used>,
}

/// How much of a limit is used.
#[derive(Debug, Serialize, ToSchema)]
struct Used {
    /// Over what time is counted, in ISO 8601.
    #[schema(example = "PT24H")]
    period: String,
    /// How often in that time.
    max: u32,
    /// How often it was.
    used: u32,
    /// When there is room again; only while there is none.
    free_at_ms: Option<u64>,
}

/// A request that can be answered, or whose answer can be changed.
#[derive(Debug, Serialize, ToSchema)]
struct OpenRequest {
    /// The message.
    #[schema(value_type = String)]
    message_id: MessageId,
    /// `sent`, `delivered` or `answered`.
    #[schema(example = "delivered")]
    stage: &'static str,
    /// The last answer.
    answer: Option<Answer>,
    /// When it was sent, in milliseconds since the Unix epoch.
    sent_at_ms: u64,
    /// When it is over by itself.
    until_ms: u64,
}

/// One line of a ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line {
    /// Its number in this ledger, from 0.
    pub(super) number: u64,
    /// When it happened, in milliseconds since the Unix epoch.
    at_ms: u64,
    /// What happened, in a word.
    #[schema(example = "answered_temporary")]
    reason: &'static str,
    /// What happened, in a sentence.
    #[schema(example = "The user allowed calls for a time.")]
    message: String,
    /// The request that it is about.
    #[schema(value_type = Option<String>)]
    request: Option<MessageId>,
    /// The call that it is about.
    #[schema(value_type = Option<String>)]
    call: Option<CallId>,
    /// Until when calls are allowed by it.
    until_ms: Option<u64>,
}

impl Consent {
    /// Reads how it stands between a number and a user.
    ///
    /// # Errors
    ///
    /// [`Refused::UnknownNumber`], [`Refused::UnknownUser`].
    pub(super) fn read(
        turn: &mut Turn<'_>,
        number: &PhoneNumberId,
        wa_id: &WaId,
    ) -> Result<Self, Refused> {
        let row = consents::find(turn, number, wa_id)?;
        let (number, user) = (numbers::find(turn, number)?, users::find(turn, wa_id)?);
        let facts = consents::outbound(turn, &number, &user)?;
        let standing = facts.outbound().standing(turn.now, turn.preset);
        // What the user has allowed is shown as it is, also of one who cannot be called now.
        let status = facts.ledger.standing(turn.now, &turn.preset.consent).status;
        let window = consents::window(turn, &number.id, wa_id)?;
        let choices = &turn.preset.errors;
        Ok(Self {
            phone_number_id: number.id,
            wa_id: user.wa_id,
            granted: status != Status::NoPermission,
            status: status.as_str(),
            until_ms: match status {
                Status::Temporary { until } => Some(until.as_millis()),
                Status::NoPermission | Status::Permanent => None,
            },
            request: Possible::of(&standing.request, |why| {
                no_request_code(why, why.chosen_code(choices)).code()
            }),
            call: Possible::of(&standing.call, |why| {
                no_call_code(why, why.chosen_code(choices)).code()
            }),
            open_requests: facts
                .ledger
                .state()
                .requests
                .iter()
                .filter(|request| turn.now < request.until)
                .map(OpenRequest::from)
                .collect(),
            window_until_ms: window.until(&turn.preset.consent).map(Timestamp::as_millis),
            changed_at_ms: row.map(|row| row.changed_at.as_millis()),
        })
    }
}

impl Possible {
    fn of<R: std::fmt::Display>(action: &Action<R>, code: impl Fn(&R) -> u32) -> Self {
        Self {
            can_perform: action.can_perform(),
            code: action.refused.as_ref().map(code),
            refused: action.refused.as_ref().map(R::to_string),
            limits: action.limits.iter().map(Used::from).collect(),
        }
    }
}

impl From<&Limit> for Used {
    fn from(limit: &Limit) -> Self {
        Self {
            period: limit.period_iso(),
            max: limit.max,
            used: limit.used,
            free_at_ms: limit.free_at.map(Timestamp::as_millis),
        }
    }
}

impl From<&Request> for OpenRequest {
    fn from(request: &Request) -> Self {
        let (stage, answer) = match request.stage {
            Stage::Sent => ("sent", None),
            Stage::Delivered => ("delivered", None),
            Stage::Answered(answer) => ("answered", Some(answer.into())),
        };
        Self {
            message_id: request.id.clone(),
            stage,
            answer,
            sent_at_ms: request.sent.as_millis(),
            until_ms: request.until.as_millis(),
        }
    }
}

impl From<&Entry> for Line {
    fn from(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            at_ms: entry.at.as_millis(),
            reason: entry.reason.as_str(),
            message: entry.reason.to_string(),
            request: entry.reason.request().cloned(),
            call: entry.reason.call().cloned(),
            until_ms: entry.reason.until().map(Timestamp::as_millis),
        }
    }
}
