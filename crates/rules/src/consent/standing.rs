//! What the API says of a pair when it is asked (`wire.md` 2): what is allowed, what can be done, and
//! how much of each limit is used.
//!
//! Its promises are true because they are the ledger's own answers: an action can be performed where
//! [`Ledger::may_call`] or [`Ledger::may_request`] says so, and fails with the refusal that stands
//! here where it cannot.

use std::fmt;
use std::time::Duration;

use types::Timestamp;
use types::preset::ConsentLimits;

use super::grants::Held;
use super::ledger::counts;
use super::requests::How;
use super::{Ledger, NoCall, NoRequest};

/// What a business may do about calling a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<C = NoCall, R = NoRequest> {
    /// What the user has allowed.
    pub status: Status,
    /// The action `send_call_permission_request`, as a template. A free-form one needs an open window
    /// besides.
    pub request: Action<R>,
    /// The action `start_call`.
    pub call: Action<C>,
}

/// What a user has allowed, in the words of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// No calls.
    NoPermission,
    /// Calls up to a moment.
    Temporary {
        /// The `expiration_time`.
        until: Timestamp,
    },
    /// Calls until the user says otherwise.
    Permanent,
}

/// One thing that a business may want to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action<R> {
    /// Why it cannot be done now; none where it can.
    pub refused: Option<R>,
    /// Its limits, the shorter period first.
    pub limits: Vec<Limit>,
}

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The `time_period`: over what time is counted.
    pub period: Duration,
    /// The `max_allowed`.
    pub max: u32,
    /// The `current_usage`.
    pub used: u32,
    /// The `limit_expiration_time`: the first moment at which the limit is not reached any more. There
    /// is one only while it is reached, and none where it allows nothing at all. On the wire it is
    /// rounded up ([`Timestamp::as_secs_up`]), or it would promise too early.
    pub free_at: Option<Timestamp>,
}

impl Ledger {
    /// What the business may do now.
    #[must_use]
    pub fn standing(&self, now: Timestamp, limits: &ConsentLimits) -> Standing {
        let state = self.seen_at(now);
        let mut of_calls = vec![state.connected_limit(now, limits)];
        of_calls.extend(state.permission_limit(limits));
        Standing {
            status: Status::from(&state.held),
            request: Action {
                refused: self.may_request(now, limits, How::Template).err(),
                limits: state.request_limits(now, limits).to_vec(),
            },
            call: Action {
                refused: self.may_call(now, limits).err(),
                limits: of_calls,
            },
        }
    }
}

impl<R> Action<R> {
    /// The `can_perform_action`.
    #[must_use]
    pub const fn can_perform(&self) -> bool {
        self.refused.is_none()
    }
}

impl From<&Held> for Status {
    fn from(held: &Held) -> Self {
        match held {
            Held::Nothing(_) => Self::NoPermission,
            Held::Temporary { until, .. } => Self::Temporary { until: *until },
            Held::Permanent { .. } => Self::Permanent,
        }
    }
}

impl Status {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoPermission => "no_permission",
            Self::Temporary { .. } => "temporary",
            Self::Permanent => "permanent",
        }
    }
}

impl Limit {
    /// At most `max` of `times` in any `period`.
    pub(super) fn over(times: &[Timestamp], now: Timestamp, period: Duration, max: u32) -> Self {
        let mut live: Vec<Timestamp> = times
            .iter()
            .copied()
            .filter(|at| counts(*at, now, period))
            .collect();
        // The wall clock may have been set back between them.
        live.sort_unstable();
        // The limit is free again when so many of the oldest count no longer that one more fits.
        let last_to_go = live.len().checked_sub(max as usize);
        Self {
            period,
            max,
            used: u32::try_from(live.len()).unwrap_or(u32::MAX),
            free_at: last_to_go
                .and_then(|index| live.get(index))
                .map(|at| *at + period),
        }
    }

    /// Whether there is no room for one more.
    #[must_use]
    pub const fn is_reached(&self) -> bool {
        self.used >= self.max
    }

    /// The period in ISO 8601 as the wire writes it: a day in hours, longer ones in days.
    #[must_use]
    pub fn period_iso(&self) -> String {
        let secs = self.period.as_secs();
        match secs {
            _ if secs > SECS_OF_DAY && secs.is_multiple_of(SECS_OF_DAY) => {
                format!("P{}D", secs / SECS_OF_DAY)
            }
            _ if secs.is_multiple_of(3_600) => format!("PT{}H", secs / 3_600),
            _ if secs.is_multiple_of(60) => format!("PT{}M", secs / 60),
            _ => format!("PT{secs}S"),
        }
    }

    pub(super) fn period_in_words(&self) -> String {
        let secs = self.period.as_secs();
        if secs > SECS_OF_DAY && secs.is_multiple_of(SECS_OF_DAY) {
            format!("{} days", secs / SECS_OF_DAY)
        } else {
            format!("{} hours", secs / 3_600)
        }
    }

    /// The sentence on when there is room for one more `what`.
    pub(super) fn write_next(&self, f: &mut fmt::Formatter<'_>, what: &str) -> fmt::Result {
        match self.free_at {
            Some(at) => write!(
                f,
                " The next {what} is taken at Unix time {}.",
                at.as_secs_up()
            ),
            None => Ok(()),
        }
    }
}

const SECS_OF_DAY: u64 = 86_400;
