//! Writing: what became of a template, as the body of one webhook of the field
//! `message_template_status_update` (`wire.md` 9).

use serde::Serialize;
use types::template::{Category, RejectReason, Template};
use types::{TemplateId, Timestamp, WabaId};

use super::Shape;
use super::envelope::body_at;

/// Something that became of a template, for the business to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateEvent {
    /// The account that it belongs to.
    pub waba_id: WabaId,
    /// When; whole seconds on the wire.
    pub at: Timestamp,
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// What it is for.
    pub category: Category,
    /// What became of it.
    pub news: TemplateNews,
}

/// What became of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateNews {
    /// It can be sent.
    Approved,
    /// It was turned down.
    Rejected(RejectReason),
    /// It cannot be sent for now.
    Paused,
    /// It cannot be sent any more.
    Disabled,
    /// It can be sent again.
    Reinstated,
    /// The business has removed it.
    PendingDeletion,
}

impl TemplateNews {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::Rejected(_) => "REJECTED",
            Self::Paused => "PAUSED",
            Self::Disabled => "DISABLED",
            Self::Reinstated => "REINSTATED",
            Self::PendingDeletion => "PENDING_DELETION",
        }
    }
}

/// The webhook field of these events.
pub const TEMPLATE_STATUS_FIELD: &str = "message_template_status_update";

impl TemplateEvent {
    /// What became of `template`.
    #[must_use]
    pub fn new(
        waba_id: WabaId,
        id: TemplateId,
        template: &Template,
        at: Timestamp,
        news: TemplateNews,
    ) -> Self {
        Self {
            waba_id,
            at,
            id,
            name: template.name.clone(),
            language: template.language.clone(),
            category: template.category,
            news,
        }
    }

    /// The body, byte for byte as it is to be signed and sent: ASCII only.
    ///
    /// Meta's page explains a rejection only where the reason is `INVALID_FORMAT`, and a pause not at
    /// all; [`Shape::Rich`] explains both.
    #[must_use]
    pub fn to_bytes(&self, shape: Shape) -> Vec<u8> {
        let rich = shape == Shape::Rich;
        let (reason, recommendation) = match self.news {
            TemplateNews::Rejected(reason) => (reason.as_str(), advice(reason)),
            TemplateNews::Approved
            | TemplateNews::Paused
            | TemplateNews::Disabled
            | TemplateNews::Reinstated
            | TemplateNews::PendingDeletion => ("NONE", ("", "")),
        };
        let explained = match self.news {
            TemplateNews::Rejected(reason) => rich || reason == RejectReason::InvalidFormat,
            _ => false,
        };
        let paused = self.news == TemplateNews::Paused && rich;
        let value = Value {
            event: self.news.as_str(),
            message_template_id: self.id.as_str().parse().unwrap_or(0),
            message_template_name: &self.name,
            message_template_language: &self.language,
            reason,
            message_template_category: self.category,
            disable_info: (self.news == TemplateNews::Disabled).then(|| DisableInfo {
                disable_date: self.at.as_secs(),
            }),
            other_info: paused.then_some(OtherInfo {
                title: "FIRST_PAUSE",
                description: "Too many users did not want messages of this template.",
            }),
            rejection_info: explained.then_some(RejectionInfo {
                reason: recommendation.0,
                recommendation: recommendation.1,
            }),
        };
        body_at(&self.waba_id, self.at, TEMPLATE_STATUS_FIELD, &value)
    }
}

/// What was wrong and what to do, for the reader of a rejection.
const fn advice(reason: RejectReason) -> (&'static str, &'static str) {
    match reason {
        RejectReason::AbusiveContent => (
            "The text threatens or insults.",
            "Say it in a way that nobody is hurt by.",
        ),
        RejectReason::IncorrectCategory => (
            "The text is not for what its category says.",
            "Submit it in the category that it belongs to.",
        ),
        RejectReason::InvalidFormat => (
            "The variables or the text are not formed as they should be.",
            "Put words around the variables and say what each stands for in its example.",
        ),
        RejectReason::Promotional => (
            "The text advertises where it may not.",
            "Submit it as MARKETING, or take the offer out.",
        ),
        RejectReason::Scam => (
            "The text looks like fraud.",
            "Say who writes and why, and ask for nothing that is secret.",
        ),
        RejectReason::TagContentMismatch => (
            "The language or the category does not fit the text.",
            "Submit it in the language that it is written in.",
        ),
    }
}

#[derive(Serialize)]
struct Value<'a> {
    event: &'static str,
    message_template_id: u64,
    message_template_name: &'a str,
    message_template_language: &'a str,
    reason: &'static str,
    message_template_category: Category,
    #[serde(skip_serializing_if = "Option::is_none")]
    disable_info: Option<DisableInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_info: Option<OtherInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection_info: Option<RejectionInfo>,
}

#[derive(Serialize)]
struct DisableInfo {
    disable_date: u64,
}

#[derive(Serialize)]
struct OtherInfo {
    title: &'static str,
    description: &'static str,
}

#[derive(Serialize)]
struct RejectionInfo {
    reason: &'static str,
    recommendation: &'static str,
}

#[cfg(test)]
mod tests;
