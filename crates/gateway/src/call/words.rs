//! What goes into a call and what comes out of it.

use std::fmt;
use std::time::Duration;

use types::{Blame, CallId};

/// How long a call waits for what. None of these is the platform's; they are the gateway's patience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timers {
    /// From the platform's timestamp on a user's call to the last moment to accept it.
    pub answer_within: Duration,
    /// How long a user's call is left ringing before it is accepted.
    pub answer_after: Duration,
    /// From the pre-accept to ICE and DTLS being through.
    pub connect_within: Duration,
    /// For the whole request to place a call, its answer included.
    pub place_within: Duration,
    /// After a request to place a call whose fate is unknown: how long a webhook may still name it.
    pub learn_within: Duration,
    /// How long a user's phone may ring.
    pub ring_for: Duration,
    /// From the answer to the first audio of the user.
    pub first_media_within: Duration,
    /// How long a running call may go without audio of the user.
    pub media_gap_max: Duration,
    /// After our hang-up: how long to wait for the platform's word.
    pub goodbye_within: Duration,
    /// After the platform has closed its side of the media: how long to wait for its word.
    pub farewell_within: Duration,
}

/// What can happen to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Webhook: the platform's session description in answer to ours. Not the pickup.
    AnswerCame(String),
    /// Webhook: the user declined.
    Declined,
    /// Media: the session description could not be made, or the platform's was not usable.
    DescriptionFailed(String),
    /// Media: our session description is ready, the leg listens.
    DescriptionMade(String),
    /// The platform did what was asked.
    Done(RequestKind),
    /// The handler has said all it had to say.
    HandlerDone,
    /// Whoever runs the gateway wants the call to end.
    HangUp,
    /// Media: the platform closed its side, as it does when a call is over. The webhook that says so
    /// may be slower.
    LegClosed,
    /// Media: ICE or DTLS failed, or the path broke.
    LegFailed,
    /// Media: ICE and DTLS are through.
    LegUp,
    /// Media: audio began to arrive.
    MediaStarted,
    /// Media: no audio arrives any more.
    MediaStopped,
    /// Webhook: the user took the call.
    PickedUp,
    /// The call that we place has this id: by the answer to the request, or by a webhook.
    Placed(CallId),
    /// The platform refused what was asked.
    Refused(RequestKind, Reason),
    /// Webhook: the user's phone rings.
    Rings,
    /// Webhook: the call is over.
    Terminated(Terminated),
    /// The moment named by `poll_timeout` has come.
    Timeout,
    /// Nobody knows whether the platform did what was asked.
    Unclear(RequestKind),
}

/// What the platform says of a call's end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terminated {
    /// It failed, by the platform's own word.
    pub failed: bool,
    /// Why, if the platform says so.
    pub reason: Option<Reason>,
}

/// Why the platform refused something or ended a call, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The platform's error code.
    pub code: Option<u32>,
    /// Its sentence, the most exact that it gave.
    pub text: String,
}

/// What the driver has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Give the platform's answer to the leg.
    ApplyAnswer(String),
    /// Close the leg; never more than once, and only if one was to be made.
    CloseMedia,
    /// Make a leg that answers this offer.
    MakeAnswer(String),
    /// Make a leg that offers.
    MakeOffer,
    /// Ask the platform for something.
    Request(Request),
    /// Let the handler speak and listen.
    StartHandler,
    /// Tell whoever watches the call.
    Tell(News),
}

/// What the platform is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Accept a user's call, with the session description of the pre-accept.
    Accept {
        /// Our answer.
        answer: String,
    },
    /// Place the call.
    Connect {
        /// Our offer.
        offer: String,
    },
    /// Let the leg connect before the call is accepted.
    PreAccept {
        /// Our answer.
        answer: String,
    },
    /// Decline a user's call.
    Reject,
    /// Hang up.
    Terminate,
}

/// A request without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// [`Request::Accept`]
    Accept,
    /// [`Request::Connect`]
    Connect,
    /// [`Request::PreAccept`]
    PreAccept,
    /// [`Request::Reject`]
    Reject,
    /// [`Request::Terminate`]
    Terminate,
}

/// What is told of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The call is answered: we accepted it, or the user picked up.
    Answered,
    /// ICE and DTLS are through.
    Connected,
    /// It is over; nothing follows.
    Ended(Ending),
    /// The platform knows the call by this id.
    Placed(CallId),
    /// The user's phone rings.
    Ringing,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// What became of the call.
    pub outcome: Outcome,
    /// Whose doing the end was.
    pub blame: Blame,
    /// The reason that was given, if any.
    pub reason: Option<Reason>,
    /// How long it was answered, by the gateway's clock.
    pub talked: Duration,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There was no room for it.
    Busy,
    /// We hung up before it was answered.
    Cancelled,
    /// The user declined.
    Declined,
    /// The platform ended it with an error.
    Failed,
    /// It was answered, and then one side hung up.
    HungUp,
    /// The gateway was restarted while it ran.
    Lost,
    /// The leg could not be made, or broke.
    MediaFailed,
    /// The user has not allowed this business to call.
    NoPermission,
    /// Nothing was heard from the user.
    NoMedia,
    /// Nobody answered.
    NotAnswered,
    /// The platform refused a request.
    Refused,
    /// The gateway heard of it when it was too old to be answered.
    TooLate,
    /// Nobody knows whether the platform placed it.
    Unclear,
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// A user's call, not answered yet.
    Answering,
    /// Our call; the platform has not answered the request yet.
    Dialling,
    /// Our call; the platform has it, the phone does not ring yet.
    Calling,
    /// Our call; the phone rings.
    Ringing,
    /// Answered.
    Talking,
    /// Over on our side.
    Ending,
    /// Over.
    Ended,
}

/// Why an input was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The call is over.
    #[error("the call is over")]
    Ended,
    /// The input does not fit where the call stands: usually something that came twice.
    #[error("it does not fit where the call stands")]
    OutOfTurn,
}

impl Ending {
    /// An end without a reason of the platform's; how long it was answered is counted when it is told.
    pub(super) const fn new(outcome: Outcome, blame: Blame) -> Self {
        Self {
            outcome,
            blame,
            reason: None,
            talked: Duration::ZERO,
        }
    }

    /// The end by the platform's word; `outcome` if it does not call it a failure.
    pub(super) fn told(told: Terminated, outcome: Outcome) -> Self {
        let (outcome, blame) = if told.failed {
            (Outcome::Failed, Blame::Platform)
        } else {
            (outcome, Blame::User)
        };
        Self {
            reason: told.reason,
            ..Self::new(outcome, blame)
        }
    }

    /// The platform's session description cannot be used.
    pub(super) fn unusable(why: String) -> Self {
        Self::because(Outcome::MediaFailed, Blame::Platform, Reason::ours(why))
    }

    pub(super) fn because(outcome: Outcome, blame: Blame, reason: Reason) -> Self {
        Self {
            reason: Some(reason),
            ..Self::new(outcome, blame)
        }
    }
}

impl Reason {
    /// A reason of our own, without a code.
    #[must_use]
    pub const fn ours(text: String) -> Self {
        Self { code: None, text }
    }
}

impl Request {
    /// Which request it is.
    #[must_use]
    pub const fn kind(&self) -> RequestKind {
        match self {
            Self::Accept { .. } => RequestKind::Accept,
            Self::Connect { .. } => RequestKind::Connect,
            Self::PreAccept { .. } => RequestKind::PreAccept,
            Self::Reject => RequestKind::Reject,
            Self::Terminate => RequestKind::Terminate,
        }
    }
}

impl RequestKind {
    /// The platform's word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Connect => "connect",
            Self::PreAccept => "pre_accept",
            Self::Reject => "reject",
            Self::Terminate => "terminate",
        }
    }
}

impl Outcome {
    /// One lower-case word, for rows, the API, logs and metric labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Failed => "failed",
            Self::HungUp => "hung_up",
            Self::Lost => "lost",
            Self::MediaFailed => "media_failed",
            Self::NoPermission => "no_permission",
            Self::NoMedia => "no_media",
            Self::NotAnswered => "not_answered",
            Self::Refused => "refused",
            Self::TooLate => "too_late",
            Self::Unclear => "unclear",
        }
    }
}

impl Phase {
    /// One lower-case word, for rows and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answering => "answering",
            Self::Dialling => "dialling",
            Self::Calling => "calling",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::Ending => "ending",
            Self::Ended => "ended",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{} ({code})", self.text),
            None => f.write_str(&self.text),
        }
    }
}
