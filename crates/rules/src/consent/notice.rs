//! What the business and the user are told of a change. How it looks on the wire is not decided here.

use types::{MessageId, Timestamp};

use super::Source;

/// What the business is told by webhook (`wire.md` 3.5, 3.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The user may be called.
    Granted {
        /// What it came from: the `context` of the webhook.
        source: Source,
        /// Until when; none for ever.
        until: Option<Timestamp>,
    },
    /// The user declined a request.
    Declined {
        /// Which: the `context` of the webhook.
        request: MessageId,
        /// Whether there was a permission, which is gone.
        withdrew: bool,
    },
    /// The user took the permission back in the business's profile.
    Withdrawn,
    /// The platform took the permission back: too many calls in a row were not taken.
    RevokedUnanswered,
    /// The permission ran out. Meta sends nothing then; 360dialog's flat event says so.
    Lapsed,
}

/// The `response` of a permission reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// With `is_permanent` and, for a time only, `expiration_timestamp`.
    Accept {
        /// Until when; none for ever.
        until: Option<Timestamp>,
    },
    /// Neither of the two.
    Reject,
}

/// The `status` of 360dialog's flat event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlatStatus {
    /// Calls are allowed.
    Granted,
    /// A request was declined.
    Rejected,
    /// A permission ran out or was withdrawn.
    Revoked,
}

/// What the user is told by a message of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserNotice {
    /// Calls were not taken; does the user still want them?
    Nudge {
        /// So many in a row.
        unanswered: u32,
    },
    /// The business can no longer call.
    Revoked {
        /// After so many in a row that were not taken.
        unanswered: u32,
    },
}

impl Notice {
    /// The permission reply in Meta's shape, if Meta sends one.
    #[must_use]
    pub const fn response(&self) -> Option<Response> {
        match self {
            Self::Granted { until, .. } => Some(Response::Accept { until: *until }),
            Self::Declined { .. } | Self::Withdrawn | Self::RevokedUnanswered => {
                Some(Response::Reject)
            }
            Self::Lapsed => None,
        }
    }

    /// Whether the `response_source` is `automatic` rather than `user_action`.
    #[must_use]
    pub const fn is_automatic(&self) -> bool {
        match self {
            Self::Granted { source, .. } => matches!(source, Source::Call(_)),
            Self::RevokedUnanswered | Self::Lapsed => true,
            Self::Declined { .. } | Self::Withdrawn => false,
        }
    }

    /// The `context.id` of the permission reply: the request's message or the user's call.
    #[must_use]
    pub fn context(&self) -> Option<&str> {
        match self {
            Self::Granted { source, .. } => match source {
                Source::Request(request) => Some(request.as_str()),
                Source::Call(call) => Some(call.as_str()),
                Source::Profile | Source::Operator => None,
            },
            Self::Declined { request, .. } => Some(request.as_str()),
            Self::Withdrawn | Self::RevokedUnanswered | Self::Lapsed => None,
        }
    }

    /// The event in 360dialog's flat shape.
    #[must_use]
    pub const fn flat_status(&self) -> FlatStatus {
        match self {
            Self::Granted { .. } => FlatStatus::Granted,
            Self::Declined {
                withdrew: false, ..
            } => FlatStatus::Rejected,
            Self::Declined { withdrew: true, .. }
            | Self::Withdrawn
            | Self::RevokedUnanswered
            | Self::Lapsed => FlatStatus::Revoked,
        }
    }
}

impl FlatStatus {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "GRANTED",
            Self::Rejected => "REJECTED",
            Self::Revoked => "REVOKED",
        }
    }
}
