//! How a call ends: why, whose doing it was, and what the business is told of it.

use std::fmt;
use std::str::FromStr;

use types::{Blame, ParseError, Timestamp};

use super::{Input, Notice, Output, PhoneNotice, Refusal};

/// The end of a call. Everything else about it follows from the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Why.
    pub reason: EndReason,
    /// The moment of accept or pickup; none if the call was never taken.
    pub started: Option<Timestamp>,
    /// The moment of the end, never before `started`.
    pub ended: Timestamp,
}

/// Why a call ended. A reason says by itself whose doing it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndReason {
    /// The user hung up after the call was taken.
    UserHungUp,
    /// The business hung up after the call was taken.
    BusinessHungUp,
    /// The user gave up their call before the business took it.
    UserCancelled,
    /// The business gave up its call before the user took it.
    BusinessCancelled,
    /// The user declined.
    UserRejected,
    /// The business declined.
    BusinessRejected,
    /// It rang, and the user let it ring.
    UserDidNotAnswer,
    /// No phone of the user ever rang.
    UserUnreachable,
    /// The business neither accepted nor rejected in time.
    BusinessDidNotAnswer,
    /// Taken, but the business's leg did not come up in time.
    BusinessDidNotConnect,
    /// The business's leg failed before it was up.
    BusinessSetUpFailed,
    /// The business sent no media for too long.
    NoBusinessMedia,
    /// Taken, but the user's leg did not come up in time.
    UserDidNotConnect,
    /// The user's leg failed before it was up.
    UserSetUpFailed,
    /// The user's leg was up and fell silent for good.
    NoUserMedia,
    /// Taken, and hung up without any sign of media from the business.
    NoMediaSignals,
    /// The business has no valid payment method.
    PaymentMissing,
    /// The platform was started anew and lost the call's legs.
    PlatformRestarted,
}

/// The `status` of the terminate webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndStatus {
    /// The call ran its course; also a call that nobody took.
    Completed,
    /// Something went wrong; a [`Fault`] says what.
    Failed,
}

/// What went wrong, as the `errors` of the terminate webhook say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// 138004: the connection could not be made or kept.
    ConnectionError,
    /// 138007: the business's leg did not come up in time.
    ConnectTimeout,
    /// 138019: the user's client failed to set the call up.
    UserSetUpFailed,
    /// 138020: the user's client could not reach the relay.
    UserCannotReachRelay,
    /// 138021: no media from the business for too long.
    NoBusinessMedia,
    /// 138022: no media from the user for too long.
    NoUserMedia,
    /// 138023: taken and ended without any sign of media.
    NoMediaSignals,
    /// 131044: no valid payment method for a user's call.
    PaymentMissing,
}

impl Ending {
    /// The end of a call that was taken at `started`, if it was.
    pub(super) fn new(reason: EndReason, started: Option<Timestamp>, ended: Timestamp) -> Self {
        Self {
            reason,
            started,
            // The wall clock may have been set back since.
            ended: started.map_or(ended, |started| started.max(ended)),
        }
    }

    /// What the end of a call makes the driver do, whichever way it came.
    pub(super) const fn outputs(self) -> [Output; 3] {
        [
            Output::CloseMedia,
            Output::TellPhone(PhoneNotice::Ended(self.reason)),
            Output::Notify(Notice::Terminated(self)),
        ]
    }

    /// What a call that is over says to an input: no, unless it is only time that passes.
    pub(super) const fn handle(self, input: Input) -> Result<(), Refusal> {
        if matches!(input, Input::Timeout) {
            return Ok(());
        }
        Err(Refusal::Ended {
            reason: self.reason,
            at: self.ended,
        })
    }

    /// Whose doing it was.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        self.reason.blame()
    }

    /// The `status` of the terminate webhook.
    #[must_use]
    pub const fn status(&self) -> EndStatus {
        self.reason.status()
    }

    /// What went wrong, if anything did.
    #[must_use]
    pub const fn fault(&self) -> Option<Fault> {
        self.reason.fault()
    }
}

impl EndReason {
    /// Every reason there is.
    pub const ALL: [Self; 18] = [
        Self::UserHungUp,
        Self::BusinessHungUp,
        Self::UserCancelled,
        Self::BusinessCancelled,
        Self::UserRejected,
        Self::BusinessRejected,
        Self::UserDidNotAnswer,
        Self::UserUnreachable,
        Self::BusinessDidNotAnswer,
        Self::BusinessDidNotConnect,
        Self::BusinessSetUpFailed,
        Self::NoBusinessMedia,
        Self::UserDidNotConnect,
        Self::UserSetUpFailed,
        Self::NoUserMedia,
        Self::NoMediaSignals,
        Self::PaymentMissing,
        Self::PlatformRestarted,
    ];

    /// A few lower-case words joined by `_`, for rows, events and metric labels; never changed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserHungUp => "user_hung_up",
            Self::BusinessHungUp => "business_hung_up",
            Self::UserCancelled => "user_cancelled",
            Self::BusinessCancelled => "business_cancelled",
            Self::UserRejected => "user_rejected",
            Self::BusinessRejected => "business_rejected",
            Self::UserDidNotAnswer => "user_did_not_answer",
            Self::UserUnreachable => "user_unreachable",
            Self::BusinessDidNotAnswer => "business_did_not_answer",
            Self::BusinessDidNotConnect => "business_did_not_connect",
            Self::BusinessSetUpFailed => "business_set_up_failed",
            Self::NoBusinessMedia => "no_business_media",
            Self::UserDidNotConnect => "user_did_not_connect",
            Self::UserSetUpFailed => "user_set_up_failed",
            Self::NoUserMedia => "no_user_media",
            Self::NoMediaSignals => "no_media_signals",
            Self::PaymentMissing => "payment_missing",
            Self::PlatformRestarted => "platform_restarted",
        }
    }

    /// The reason as a whole sentence without its full stop, for screens and error details.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::UserHungUp => "the user hung up",
            Self::BusinessHungUp => "the business hung up",
            Self::UserCancelled => "the user gave up before the call was accepted",
            Self::BusinessCancelled => "the business gave up before the call was taken",
            Self::UserRejected => "the user declined the call",
            Self::BusinessRejected => "the business rejected the call",
            Self::UserDidNotAnswer => "the user did not answer in time",
            Self::UserUnreachable => "no phone of the user could be reached in time",
            Self::BusinessDidNotAnswer => "the business did not accept the call in time",
            Self::BusinessDidNotConnect => "the business's media did not connect in time",
            Self::BusinessSetUpFailed => "the business's media connection failed",
            Self::NoBusinessMedia => "the business sent no media for too long",
            Self::UserDidNotConnect => "the user's media did not connect in time",
            Self::UserSetUpFailed => "the user's media connection failed",
            Self::NoUserMedia => "the user's media was lost",
            Self::NoMediaSignals => "the call ended without any sign of media from the business",
            Self::PaymentMissing => "the business has no valid payment method",
            Self::PlatformRestarted => "the platform was restarted during the call",
        }
    }

    /// Whose doing it was.
    #[must_use]
    pub const fn blame(self) -> Blame {
        match self {
            Self::UserHungUp | Self::BusinessHungUp => Blame::Nobody,
            Self::UserCancelled
            | Self::UserRejected
            | Self::UserDidNotAnswer
            | Self::UserUnreachable
            | Self::UserSetUpFailed => Blame::User,
            Self::BusinessCancelled
            | Self::BusinessRejected
            | Self::BusinessDidNotAnswer
            | Self::BusinessDidNotConnect
            | Self::BusinessSetUpFailed
            | Self::NoBusinessMedia
            | Self::NoMediaSignals
            | Self::PaymentMissing => Blame::Business,
            Self::UserDidNotConnect | Self::NoUserMedia => Blame::Network,
            Self::PlatformRestarted => Blame::Platform,
        }
    }

    /// The `status` of the terminate webhook. A call that nobody took is completed, as seen live.
    #[must_use]
    pub const fn status(self) -> EndStatus {
        match self.fault() {
            None => EndStatus::Completed,
            Some(_) => EndStatus::Failed,
        }
    }

    /// What went wrong, if anything did.
    #[must_use]
    pub const fn fault(self) -> Option<Fault> {
        match self {
            Self::UserHungUp
            | Self::BusinessHungUp
            | Self::UserCancelled
            | Self::BusinessCancelled
            | Self::UserRejected
            | Self::BusinessRejected
            | Self::UserDidNotAnswer
            | Self::UserUnreachable
            | Self::BusinessDidNotAnswer => None,
            Self::BusinessDidNotConnect => Some(Fault::ConnectTimeout),
            Self::BusinessSetUpFailed | Self::PlatformRestarted => Some(Fault::ConnectionError),
            Self::NoBusinessMedia => Some(Fault::NoBusinessMedia),
            Self::UserDidNotConnect => Some(Fault::UserCannotReachRelay),
            Self::UserSetUpFailed => Some(Fault::UserSetUpFailed),
            Self::NoUserMedia => Some(Fault::NoUserMedia),
            Self::NoMediaSignals => Some(Fault::NoMediaSignals),
            Self::PaymentMissing => Some(Fault::PaymentMissing),
        }
    }
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EndReason {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or(ParseError {
                what: "reason for the end of a call",
                rule: "one of the words that a stored call may carry",
            })
    }
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

impl fmt::Display for EndStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
