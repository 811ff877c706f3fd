//! Webhooks: writing them as the platform does, and reading those of the field `calls` as a business
//! should.

pub(crate) use envelope::body_at;
pub use escape::escape_non_ascii;
pub use messages::{
    FIELD as MESSAGES, MessageStatus, MessageStatusEvent, Pricing, PricingCategory, UserText,
};
pub use permission::{About, FlatPermission, PermissionReply, PermissionResponse};
pub use read::{
    Change, Connect, Fault, NotAWebhook, Notice, Origin, Party, Session, Status, Terminate, read,
};
pub use template::{TEMPLATE_STATUS_FIELD, TemplateEvent, TemplateNews};
pub use write::{BusinessLine, CallEvent, CallFault, Shape, UserContact, What};

mod envelope;
mod escape;
mod messages;
mod permission;
mod read;
mod template;
mod write;

/// How a call that is over is reported.
///
/// A call that nobody took is `COMPLETED` as well: whether it was answered shows in `start_time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndStatus {
    /// It ran its course.
    Completed,
    /// Something went wrong; `errors` says what.
    Failed,
}

impl EndStatus {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// What a business hears of a call that it placed, between connect and terminate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallStatus {
    /// The user's phone rings.
    Ringing,
    /// The user took the call: the pickup.
    Accepted,
    /// The user refused it; a terminate follows.
    Rejected,
}

impl CallStatus {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ringing => "RINGING",
            Self::Accepted => "ACCEPTED",
            Self::Rejected => "REJECTED",
        }
    }
}
