//! The ledger's machine: what can happen to it, what it makes the driver do, and its deadlines.
//! What each input means stands with its concern: requests, grants, calls.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use types::preset::ConsentLimits;
use types::{CallId, Direction, MessageId, Timestamp};

use super::grants::{Held, Source, Term};
use super::requests::{Answer, Request};
use super::{Entry, Notice, Reason, RequestPass, UserNotice};
use crate::call::{EndReason, Ending};

/// The consent of one user to the calls of one business number, with all that its rules count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    pub(super) state: State,
    outputs: VecDeque<Output>,
}

/// All that there is to a ledger between two inputs: plain data, to be stored as it is. A pair that
/// nothing is stored of has the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// What the user has allowed.
    pub held: Held,
    /// Requests that can be answered, or have been and the answer can be changed; oldest first. At
    /// most [`OPEN_REQUESTS_MAX`](types::limits::OPEN_REQUESTS_MAX).
    pub requests: Vec<Request>,
    /// When requests were sent that count towards the limits, oldest first.
    pub asked: Vec<Timestamp>,
    /// When calls of the business were taken that count towards the limit, oldest first.
    pub connected: Vec<Timestamp>,
    /// Entries written so far; the next one has this number.
    pub entries: u64,
}

/// What can happen between a business number and a user.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// The business sends a call permission request.
    Requested {
        /// From [`Ledger::may_request`].
        pass: RequestPass,
        /// The message that carries it.
        request: MessageId,
    },
    /// A phone of the user has the request.
    RequestDelivered {
        /// Which.
        request: MessageId,
    },
    /// The request will never reach a phone: the client is too old, for instance.
    RequestFailed {
        /// Which.
        request: MessageId,
    },
    /// The user answers a request, or changes the answer.
    Answered {
        /// Which.
        request: MessageId,
        /// What the user says.
        answer: Answer,
    },

    /// The user allows calls in the business's profile.
    ProfileGrant {
        /// For how long.
        term: Term,
    },
    /// The user takes the permission back in the business's profile.
    ProfileRevoke,
    /// The user calls a number whose `callback_permission_status` is on (`wire.md` 3.4). To one who
    /// may be called for ever this means nothing.
    CallbackGrant {
        /// The user's call.
        call: CallId,
    },
    /// The platform's operator allows calls in the user's name, without a word to the business.
    OperatorGrant {
        /// For how long.
        term: Term,
    },
    /// The platform's operator takes the permission back, without a word to the business.
    OperatorRevoke,

    /// A call was taken: the user picked up, or the business accepted.
    CallConnected {
        /// Which.
        call: CallId,
        /// Who placed it.
        direction: Direction,
    },
    /// A call of the business ended without having been taken.
    CallUnanswered {
        /// Which.
        call: CallId,
    },
    /// The user declined a call of the business.
    CallRejected {
        /// Which.
        call: CallId,
    },

    /// The moment named by [`Ledger::poll_timeout`] has come.
    Timeout,
}

/// What the driver has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Keep this for whoever asks how it came.
    Record(Entry),
    /// Tell the business, by webhook.
    Notify(Notice),
    /// Tell the user, by a message of the platform on their phones.
    TellUser(UserNotice),
}

/// Why an input was refused. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The pass is of another moment, or something has happened since it was given.
    StalePass,
    /// There is a request with this id already.
    KnownRequest,
    /// No request with this id is open: there never was one, or it is over.
    NoSuchRequest,
    /// It has been said before, and holds.
    NothingNew,
    /// There is no permission that could be taken back.
    NothingToRevoke,
}

impl Input {
    /// What the end of a call means to the ledger, if anything. A call that was taken has been told
    /// by [`Input::CallConnected`], at that moment.
    #[must_use]
    pub fn of_ending(call: CallId, direction: Direction, ending: &Ending) -> Option<Self> {
        if direction == Direction::UserInitiated || ending.started.is_some() {
            return None;
        }
        match ending.reason {
            EndReason::UserRejected => Some(Self::CallRejected { call }),
            EndReason::UserDidNotAnswer
            | EndReason::UserUnreachable
            | EndReason::BusinessCancelled => Some(Self::CallUnanswered { call }),
            EndReason::UserHungUp
            | EndReason::BusinessHungUp
            | EndReason::UserCancelled
            | EndReason::BusinessRejected
            | EndReason::BusinessDidNotAnswer
            | EndReason::BusinessDidNotConnect
            | EndReason::BusinessSetUpFailed
            | EndReason::NoBusinessMedia
            | EndReason::UserDidNotConnect
            | EndReason::UserSetUpFailed
            | EndReason::NoUserMedia
            | EndReason::NoMediaSignals
            | EndReason::PaymentMissing
            | EndReason::PlatformRestarted => None,
        }
    }
}

impl Ledger {
    /// The ledger of a pair that has never heard of each other.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The ledger that was stored as `state`. It holds no outputs: they were stored with it.
    #[must_use]
    pub const fn from_state(state: State) -> Self {
        Self {
            state,
            outputs: VecDeque::new(),
        }
    }

    /// What is to be stored, once the outputs are drained.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What is to be stored, once the outputs are drained.
    #[must_use]
    pub fn into_state(self) -> State {
        self.state
    }

    /// Takes one input at one moment.
    ///
    /// Time moves first: deadlines that have passed by `now` are met, each at its own moment, before
    /// `input` is looked at, so it makes no difference whether the driver served its timer first.
    ///
    /// # Errors
    ///
    /// Refuses an input that the ledger has no room for; it is then as time alone left it, and may
    /// have outputs to drain nevertheless.
    pub fn handle(
        &mut self,
        now: Timestamp,
        limits: &ConsentLimits,
        input: Input,
    ) -> Result<(), Refusal> {
        self.meet_deadlines(now);
        match input {
            Input::Requested { pass, request } => self.request(now, limits, &pass, request),
            Input::RequestDelivered { request } => self.request_delivered(now, limits, &request),
            Input::RequestFailed { request } => self.request_failed(now, &request),
            Input::Answered { request, answer } => self.answer(now, limits, &request, answer),

            Input::ProfileGrant { term } => {
                let reason = |until| Reason::ProfileGrant { until };
                self.grant_anew(now, limits, term, Source::Profile, reason)
            }
            Input::ProfileRevoke => {
                self.revoke(now, Reason::ProfileRevoke, Some(Notice::Withdrawn))
            }
            Input::CallbackGrant { call } => {
                self.grant_for_call(now, limits, call);
                Ok(())
            }
            Input::OperatorGrant { term } => {
                let reason = |until| Reason::OperatorGrant { until };
                self.grant_anew(now, limits, term, Source::Operator, reason)
            }
            Input::OperatorRevoke => self.revoke(now, Reason::OperatorRevoke, None),

            Input::CallConnected { call, direction } => {
                self.call_connected(now, call, direction);
                Ok(())
            }
            Input::CallUnanswered { call } => {
                self.call_missed(now, limits, Reason::CallUnanswered { call });
                Ok(())
            }
            Input::CallRejected { call } => {
                self.call_missed(now, limits, Reason::CallRejected { call });
                Ok(())
            }

            Input::Timeout => Ok(()),
        }
    }

    /// The next thing to do, if any.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back with [`Input::Timeout`], if at all. It may wait: every question is answered
    /// as if the time had come, but what happened by then is told only then.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.state.deadline().map(|(at, _)| at)
    }

    /// The state as it is at `now`, deadlines met.
    pub(super) fn seen_at(&self, now: Timestamp) -> Cow<'_, State> {
        match self.poll_timeout() {
            Some(at) if at <= now => {
                let mut later = Self::from_state(self.state.clone());
                later.meet_deadlines(now);
                Cow::Owned(later.state)
            }
            Some(_) | None => Cow::Borrowed(&self.state),
        }
    }

    pub(super) fn record(&mut self, at: Timestamp, reason: Reason) {
        let number = self.state.entries;
        self.state.entries += 1;
        let entry = Entry { number, at, reason };
        self.outputs.push_back(Output::Record(entry));
    }

    pub(super) fn notify(&mut self, notice: Notice) {
        self.outputs.push_back(Output::Notify(notice));
    }

    pub(super) fn tell_user(&mut self, notice: UserNotice) {
        self.outputs.push_back(Output::TellUser(notice));
    }

    fn meet_deadlines(&mut self, now: Timestamp) {
        while let Some((at, due)) = self.state.deadline().filter(|(at, _)| *at <= now) {
            match due {
                Due::Permission => self.lapse(at),
                Due::Request { index } => self.request_ran_out(at, index),
            }
        }
        self.state.asked.retain(|at| counts(*at, now, WEEK));
        self.state.connected.retain(|at| counts(*at, now, DAY));
    }
}

impl State {
    /// The earliest deadline. Of two at one moment, the permission's is met before that of the request
    /// that it came from.
    fn deadline(&self) -> Option<(Timestamp, Due)> {
        let permission = match self.held {
            Held::Temporary { until, .. } => Some((until, Due::Permission)),
            Held::Nothing(_) | Held::Permanent { .. } => None,
        };
        let requests = self.requests.iter().enumerate();
        let requests = requests.map(|(index, request)| (request.until, Due::Request { index }));
        permission
            .into_iter()
            .chain(requests)
            .min_by_key(|(at, _)| *at)
    }
}

/// Whether something that happened at `at` still counts at `now`. It does before it happens: the
/// wall clock may have been set back.
pub(super) fn counts(at: Timestamp, now: Timestamp, period: Duration) -> bool {
    now < at + period
}

/// What a deadline is of.
enum Due {
    Permission,
    Request { index: usize },
}

/// Over what time requests, and connected calls, of a day are counted.
pub(super) const DAY: Duration = Duration::from_hours(24);
/// Over what time requests of a week are counted.
pub(super) const WEEK: Duration = Duration::from_hours(7 * 24);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StalePass => "Something has happened since the request was allowed. Ask again.",
            Self::KnownRequest => "There is a call permission request with this id already.",
            Self::NoSuchRequest => {
                "No call permission request with this id can be answered: it is over, or there was \
                 none."
            }
            Self::NothingNew => "This has been said before, and holds.",
            Self::NothingToRevoke => "There is no call permission that could be taken back.",
        })
    }
}

impl Error for Refusal {}
