//! One line of the ledger: what happened, when, and what it was due to.

use std::fmt;

use types::{CallId, Direction, MessageId, Timestamp};

use super::{Form, RequestEnd};

/// One line of the ledger. Lines are written and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number in this ledger, from 0, without gaps.
    pub number: u64,
    /// When it happened; for what only time brought about, the moment that was due.
    pub at: Timestamp,
    /// What happened.
    pub reason: Reason,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The business asked.
    Requested {
        /// The message.
        request: MessageId,
        /// How it went out.
        form: Form,
    },
    /// A phone of the user has the request.
    RequestDelivered {
        /// The message.
        request: MessageId,
    },
    /// The request can no longer be answered.
    RequestEnded {
        /// The message.
        request: MessageId,
        /// Why.
        end: RequestEnd,
    },
    /// The user allowed calls for a time.
    AnsweredTemporary {
        /// The message.
        request: MessageId,
        /// Until when.
        until: Timestamp,
    },
    /// The user allowed calls for ever.
    AnsweredPermanent {
        /// The message.
        request: MessageId,
    },
    /// The user declined; what was granted is withdrawn.
    Declined {
        /// The message.
        request: MessageId,
    },
    /// The user called, and may be called back for a time.
    AutomaticGrant {
        /// The user's call.
        call: CallId,
        /// Until when.
        until: Timestamp,
    },
    /// The user allowed calls in the business's profile.
    ProfileGrant {
        /// Until when; none for ever.
        until: Option<Timestamp>,
    },
    /// The user took the permission back in the business's profile.
    ProfileRevoke,
    /// The platform's operator allowed calls in the user's name.
    OperatorGrant {
        /// Until when; none for ever.
        until: Option<Timestamp>,
    },
    /// The platform's operator took the permission back.
    OperatorRevoke,
    /// The temporary permission ran out.
    Lapsed,
    /// The user was asked to think again.
    Nudged {
        /// After so many calls in a row that were not taken.
        unanswered: u32,
    },
    /// The platform took the permission back.
    RevokedUnanswered {
        /// After so many calls in a row that were not taken.
        unanswered: u32,
    },
    /// A call was taken.
    CallConnected {
        /// Which.
        call: CallId,
        /// Who placed it.
        direction: Direction,
    },
    /// A call of the business was not taken.
    CallUnanswered {
        /// Which.
        call: CallId,
    },
    /// The user declined a call of the business.
    CallRejected {
        /// Which.
        call: CallId,
    },
    /// The requests so far count no longer, because a call was taken.
    CountersCleared {
        /// So many.
        requests: u32,
    },
}

impl Reason {
    /// A few lower-case words joined by `_`, for rows, events and listings; never changed.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::RequestDelivered { .. } => "request_delivered",
            Self::RequestEnded { .. } => "request_ended",
            Self::AnsweredTemporary { .. } => "answered_temporary",
            Self::AnsweredPermanent { .. } => "answered_permanent",
            Self::Declined { .. } => "declined",
            Self::AutomaticGrant { .. } => "automatic_grant",
            Self::ProfileGrant { .. } => "profile_grant",
            Self::ProfileRevoke => "profile_revoke",
            Self::OperatorGrant { .. } => "operator_grant",
            Self::OperatorRevoke => "operator_revoke",
            Self::Lapsed => "lapsed",
            Self::Nudged { .. } => "nudged",
            Self::RevokedUnanswered { .. } => "revoked_unanswered",
            Self::CallConnected { .. } => "call_connected",
            Self::CallUnanswered { .. } => "call_unanswered",
            Self::CallRejected { .. } => "call_rejected",
            Self::CountersCleared { .. } => "counters_cleared",
        }
    }

    /// The request that it is about, if any.
    #[must_use]
    pub const fn request(&self) -> Option<&MessageId> {
        match self {
            Self::Requested { request, .. }
            | Self::RequestDelivered { request }
            | Self::RequestEnded { request, .. }
            | Self::AnsweredTemporary { request, .. }
            | Self::AnsweredPermanent { request }
            | Self::Declined { request } => Some(request),
            Self::AutomaticGrant { .. }
            | Self::ProfileGrant { .. }
            | Self::ProfileRevoke
            | Self::OperatorGrant { .. }
            | Self::OperatorRevoke
            | Self::Lapsed
            | Self::Nudged { .. }
            | Self::RevokedUnanswered { .. }
            | Self::CallConnected { .. }
            | Self::CallUnanswered { .. }
            | Self::CallRejected { .. }
            | Self::CountersCleared { .. } => None,
        }
    }

    /// The call that it is about, if any.
    #[must_use]
    pub const fn call(&self) -> Option<&CallId> {
        match self {
            Self::AutomaticGrant { call, .. }
            | Self::CallConnected { call, .. }
            | Self::CallUnanswered { call }
            | Self::CallRejected { call } => Some(call),
            Self::Requested { .. }
            | Self::RequestDelivered { .. }
            | Self::RequestEnded { .. }
            | Self::AnsweredTemporary { .. }
            | Self::AnsweredPermanent { .. }
            | Self::Declined { .. }
            | Self::ProfileGrant { .. }
            | Self::ProfileRevoke
            | Self::OperatorGrant { .. }
            | Self::OperatorRevoke
            | Self::Lapsed
            | Self::Nudged { .. }
            | Self::RevokedUnanswered { .. }
            | Self::CountersCleared { .. } => None,
        }
    }

    /// Until when calls are allowed by it, if it is a grant for a time.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::AnsweredTemporary { until, .. } | Self::AutomaticGrant { until, .. } => {
                Some(*until)
            }
            Self::ProfileGrant { until } | Self::OperatorGrant { until } => *until,
            Self::Requested { .. }
            | Self::RequestDelivered { .. }
            | Self::RequestEnded { .. }
            | Self::AnsweredPermanent { .. }
            | Self::Declined { .. }
            | Self::ProfileRevoke
            | Self::OperatorRevoke
            | Self::Lapsed
            | Self::Nudged { .. }
            | Self::RevokedUnanswered { .. }
            | Self::CallConnected { .. }
            | Self::CallUnanswered { .. }
            | Self::CallRejected { .. }
            | Self::CountersCleared { .. } => None,
        }
    }
}

/// A sentence for screens, without ids and moments: these stand beside it.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requested { form, .. } => match form {
                Form::FreeForm => f.write_str("The business asked for permission to call."),
                Form::Template => {
                    f.write_str("The business asked for permission to call, by template.")
                }
            },
            Self::RequestDelivered { .. } => f.write_str("The request is on the user's phone."),
            Self::RequestEnded { end, .. } => write!(f, "The request is over: {}.", end.clause()),
            Self::AnsweredTemporary { .. } => f.write_str("The user allowed calls for a time."),
            Self::AnsweredPermanent { .. } => f.write_str("The user allowed calls for ever."),
            Self::Declined { .. } => f.write_str("The user declined the request."),
            Self::AutomaticGrant { .. } => {
                f.write_str("The user called, and may be called back for a time.")
            }
            Self::ProfileGrant { until: Some(_) } => {
                f.write_str("The user allowed calls for a time, in the business's profile.")
            }
            Self::ProfileGrant { until: None } => {
                f.write_str("The user allowed calls for ever, in the business's profile.")
            }
            Self::ProfileRevoke => {
                f.write_str("The user took the permission back, in the business's profile.")
            }
            Self::OperatorGrant { until: Some(_) } => {
                f.write_str("The platform's operator allowed calls for a time.")
            }
            Self::OperatorGrant { until: None } => {
                f.write_str("The platform's operator allowed calls for ever.")
            }
            Self::OperatorRevoke => {
                f.write_str("The platform's operator took the permission back.")
            }
            Self::Lapsed => f.write_str("The permission ran out."),
            Self::Nudged { unanswered } => write!(
                f,
                "The user was asked to think again after {unanswered} calls in a row that were not \
                 taken."
            ),
            Self::RevokedUnanswered { unanswered } => write!(
                f,
                "The platform took the permission back after {unanswered} calls in a row that were \
                 not taken."
            ),
            Self::CallConnected { direction, .. } => f.write_str(match direction {
                Direction::UserInitiated => "The business took a call of the user.",
                Direction::BusinessInitiated => "The user took a call of the business.",
            }),
            Self::CallUnanswered { .. } => f.write_str("A call of the business was not taken."),
            Self::CallRejected { .. } => f.write_str("The user declined a call of the business."),
            Self::CountersCleared { .. } => {
                f.write_str("A call was taken: the requests so far count no longer.")
            }
        }
    }
}
