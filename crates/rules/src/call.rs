//! One call, from the first webhook to the last.
//!
//! [`Call`] decides and does nothing else. It holds no socket, reads no clock and draws no random
//! number: its driver passes `now` in and carries the outputs out. Its methods are of three kinds:
//!
//! - getters, which take `&self`;
//! - [`Call::handle`], which takes one input at one moment;
//! - [`Call::poll_output`] and [`Call::poll_timeout`], which say what is to be done and when to
//!   come back with [`Input::Timeout`].
//!
//! Drain `poll_output` after making the call and after each `handle`, and store [`Call::state`] and
//! the outputs together. A call that was stored goes on from [`Call::from_state`].
//!
//! Each direction is a machine of its own, in a file of its own, up to the moment when media may
//! pass; from there on both are the same [`Talk`].
//!
//! ```text
//! a user calls      Ringing ──pre_accept──▶ PreAccepted ──accept──┐
//!                      └───────────────accept────────────────────▶│
//!                                                                 ├─▶ Talk ──▶ Ended
//! a business calls  Calling ──a phone rings──▶ Ringing ──pickup──▶│
//!                      └──────────────────pickup─────────────────▶┘
//!
//! and from each of them to Ended: hang-up by either side, a deadline, a leg that failed, a restart
//! ```
//!
//! The legs of a call exist from its first moment, so that each story holds exactly one
//! [`Output::CloseMedia`], one [`PhoneNotice::Ended`] and, as its last word, one
//! [`Notice::Terminated`].

mod business_initiated;
mod ending;
mod refusal;
mod talk;
mod user_initiated;

use std::fmt;

use types::preset::CallLimits;
use types::{Direction, Timestamp};

use crate::consent::Permission;

pub use business_initiated::{AtTheUser, BusinessInitiated, BusinessInitiatedState};
pub use ending::{EndReason, EndStatus, Ending, Fault};
pub use refusal::Refusal;
pub use talk::{BusinessLeg, EarlyLeg, Talk, UserLeg};
pub use user_initiated::{AtTheBusiness, PreAccepted, UserInitiated, UserInitiatedState};

/// One call, as the platform sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// A user called the business.
    UserInitiated(UserInitiated),
    /// The business called a user.
    BusinessInitiated(BusinessInitiated),
}

/// All that there is to a call between two inputs: plain data, to be stored as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Of a call that a user placed.
    UserInitiated(UserInitiatedState),
    /// Of a call that the business placed.
    BusinessInitiated(BusinessInitiatedState),
}

/// What can happen to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The business lets its leg connect while it makes up its mind.
    PreAccept {
        /// Of its session description.
        answer: SdpDigest,
    },
    /// The business takes the call.
    Accept {
        /// Of its session description; the one that it pre-accepted with, if it did.
        answer: SdpDigest,
    },
    /// The business declines the call.
    Reject,
    /// The business ends the call, or gives it up before it was taken.
    BusinessHangUp,

    /// A phone of the user rings.
    PhoneRings,
    /// No phone of the user can be reached. The call waits on: one may come yet.
    PhoneUnreachable,
    /// The user took the call on one of their phones.
    UserPicksUp,
    /// The user declined.
    UserRejects,
    /// The user ended the call, or gave it up before it was taken.
    UserHangUp,

    /// ICE and DTLS of the business's leg are through.
    BusinessLegUp,
    /// The business began to send audio, or began again.
    BusinessMediaStarted,
    /// The business's audio ceased.
    BusinessMediaStopped,
    /// The business's leg is lost and will not come back by itself.
    BusinessLegFailed,
    /// ICE and DTLS of the user's leg are through.
    UserLegUp,
    /// The user's leg is lost and will not come back by itself.
    UserLegFailed,
    /// The platform lost both legs: it was started anew.
    MediaLost,
    /// The call is cut off, with an end that is a failure: an armed fault in place of a cause outside.
    CutOff {
        /// The end.
        reason: EndReason,
    },

    /// The moment named by [`Call::poll_timeout`] has come.
    Timeout,
}

/// What the driver has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Tell the business, by webhook.
    Notify(Notice),
    /// Let the phones of the user ring.
    RingPhone,
    /// Tell the phones that take part.
    TellPhone(PhoneNotice),
    /// Give the business's answer, the one of this input, to its leg.
    ApplyBusinessAnswer,
    /// Give the user's answer, the one of this input, to their leg.
    ApplyUserAnswer,
    /// Let media pass between the legs. Never before accept or pickup.
    PassMedia,
    /// Close both legs.
    CloseMedia,
}

/// What the business is told by webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// There is a call. Carries the offer of a user's call, and the answer to a business's call: then
    /// it is media setup, not pickup.
    Connect,
    /// The user's phone rings.
    Ringing,
    /// The user took the call.
    Accepted,
    /// The user declined; [`Notice::Terminated`] follows.
    Rejected,
    /// The call is over; nothing follows.
    Terminated(Ending),
}

/// What the user's phones are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneNotice {
    /// The business pre-accepted: "Calling" becomes "Ringing" on the screen.
    Ringing,
    /// The call is taken: time runs on the screen.
    Accepted,
    /// The call is over; phones that ring stop.
    Ended(EndReason),
}

/// SHA-256 of the business's answer with its line ends made equal, to tell whether two are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SdpDigest(pub [u8; 32]);

/// Where a call stands, in one word, for listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// A business's call that no phone rings for yet.
    Calling,
    /// It rings: at the business for a user's call, on a phone for a business's.
    Ringing,
    /// The business pre-accepted.
    PreAccepted,
    /// Taken, but not both legs are up.
    Connecting,
    /// Taken, and both legs are up.
    Talking,
    /// Over.
    Ended,
}

impl Call {
    /// A call that a user places at `now`; it waits for the business to accept.
    #[must_use]
    pub fn user_initiated(now: Timestamp, limits: &CallLimits) -> Self {
        Self::UserInitiated(UserInitiated::new(now, limits))
    }

    /// A call that the business places at `now`, with the user's permission; it waits for pickup.
    #[must_use]
    pub fn business_initiated(now: Timestamp, limits: &CallLimits, permission: Permission) -> Self {
        Self::BusinessInitiated(BusinessInitiated::new(now, limits, permission))
    }

    /// The call that was stored as `state`. It holds no outputs: they were stored with it.
    #[must_use]
    pub const fn from_state(state: State) -> Self {
        match state {
            State::UserInitiated(state) => Self::UserInitiated(UserInitiated::from_state(state)),
            State::BusinessInitiated(state) => {
                Self::BusinessInitiated(BusinessInitiated::from_state(state))
            }
        }
    }

    /// What is to be stored, once the outputs are drained.
    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Self::UserInitiated(call) => State::UserInitiated(call.state()),
            Self::BusinessInitiated(call) => State::BusinessInitiated(call.state()),
        }
    }

    /// Takes one input at one moment.
    ///
    /// Time moves first: a deadline that has passed by `now` is met before `input` is looked at, so
    /// it makes no difference whether the driver served its timer or its socket first. A deadline
    /// that is met late still ends the call at the moment that it named.
    ///
    /// # Errors
    ///
    /// Refuses an input that the call's state has no room for; the call is then as time alone left
    /// it, and may have outputs to drain nevertheless.
    pub fn handle(
        &mut self,
        now: Timestamp,
        limits: &CallLimits,
        input: Input,
    ) -> Result<(), Refusal> {
        match self {
            Self::UserInitiated(call) => call.handle(now, limits, input),
            Self::BusinessInitiated(call) => call.handle(now, limits, input),
        }
    }

    /// The next thing to do, if any.
    pub fn poll_output(&mut self) -> Option<Output> {
        match self {
            Self::UserInitiated(call) => call.poll_output(),
            Self::BusinessInitiated(call) => call.poll_output(),
        }
    }

    /// When to come back with [`Input::Timeout`], if at all.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        match self {
            Self::UserInitiated(call) => call.poll_timeout(),
            Self::BusinessInitiated(call) => call.poll_timeout(),
        }
    }

    /// Who placed the call.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        match self {
            Self::UserInitiated(_) => Direction::UserInitiated,
            Self::BusinessInitiated(_) => Direction::BusinessInitiated,
        }
    }

    /// Where the call stands.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match self {
            Self::UserInitiated(call) => call.state().phase(),
            Self::BusinessInitiated(call) => call.state().phase(),
        }
    }

    /// How the call ended, if it has.
    #[must_use]
    pub const fn ending(&self) -> Option<Ending> {
        match self.state() {
            State::UserInitiated(UserInitiatedState::Ended(ending))
            | State::BusinessInitiated(BusinessInitiatedState::Ended(ending)) => Some(ending),
            State::UserInitiated(_) | State::BusinessInitiated(_) => None,
        }
    }

    /// When the call was accepted or picked up, if it was.
    #[must_use]
    pub const fn accepted_at(&self) -> Option<Timestamp> {
        match self.state() {
            State::UserInitiated(UserInitiatedState::Answered(talk))
            | State::BusinessInitiated(BusinessInitiatedState::Answered(talk)) => Some(talk.since),
            State::UserInitiated(UserInitiatedState::Ended(ending))
            | State::BusinessInitiated(BusinessInitiatedState::Ended(ending)) => ending.started,
            State::UserInitiated(_) | State::BusinessInitiated(_) => None,
        }
    }

    /// Whether the call has ended.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.ending().is_some()
    }
}

impl Phase {
    /// One lower-case word, for listings and metric labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calling => "calling",
            Self::Ringing => "ringing",
            Self::PreAccepted => "pre_accepted",
            Self::Connecting => "connecting",
            Self::Talking => "talking",
            Self::Ended => "ended",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SdpDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "{a:02x}{b:02x}{c:02x}{d:02x}…")
    }
}

#[cfg(test)]
mod tests;
