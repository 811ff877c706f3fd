//! Calls under a permission: whether one may be placed, and what its outcome does to the permission.

use std::error::Error;
use std::fmt;

use types::preset::{ConsentLimits, ErrorChoices};
use types::{CallId, Direction, Timestamp};

use super::grants::{Held, Lack};
use super::ledger::{DAY, State};
use super::{Ledger, Limit, Permission, Reason, UserNotice};
use crate::words::counted;

/// Why a user may not be called now. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCall {
    /// 138006, or [`ErrorChoices::permission_lapsed`] where something ran out: there is no permission.
    NoPermission(Lack),
    /// [`ErrorChoices::calls_per_permission`]: as many calls as one temporary permission is for.
    PermissionUsedUp {
        /// The limit, which holds as long as the permission does.
        limit: Limit,
    },
    /// 138012: as many calls were taken as the pair has in 24 hours.
    TooManyConnected {
        /// The limit, with the moment from which on the next call may be placed.
        limit: Limit,
    },
}

impl Ledger {
    /// Whether the user may be called now. The answer is proof, which starting a call demands.
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn may_call(&self, now: Timestamp, limits: &ConsentLimits) -> Result<Permission, NoCall> {
        let state = self.seen_at(now);
        if let Held::Nothing(lack) = state.held {
            return Err(NoCall::NoPermission(lack));
        }
        if let Some(limit) = state.permission_limit(limits).filter(Limit::is_reached) {
            return Err(NoCall::PermissionUsedUp { limit });
        }
        let limit = state.connected_limit(now, limits);
        if limit.is_reached() {
            return Err(NoCall::TooManyConnected { limit });
        }
        Ok(Permission::new(now))
    }

    pub(super) fn call_connected(&mut self, now: Timestamp, call: CallId, direction: Direction) {
        self.record(now, Reason::CallConnected { call, direction });
        let business_called = match direction {
            Direction::BusinessInitiated => true,
            Direction::UserInitiated => false,
        };
        if business_called {
            self.state.connected.push(now);
        }
        if let Some(grant) = self.state.held.grant_mut() {
            grant.calls = grant.calls.saturating_add(business_called.into());
            grant.unanswered = 0;
        }
        let requests = u32::try_from(self.state.asked.len()).unwrap_or(u32::MAX);
        if requests > 0 {
            self.state.asked.clear();
            self.record(now, Reason::CountersCleared { requests });
        }
    }

    /// A call of the business that was not taken; `reason` says how.
    pub(super) fn call_missed(&mut self, now: Timestamp, limits: &ConsentLimits, reason: Reason) {
        self.record(now, reason);
        let Some(grant) = self.state.held.grant_mut() else {
            return;
        };
        grant.calls = grant.calls.saturating_add(1);
        grant.unanswered = grant.unanswered.saturating_add(1);
        let unanswered = grant.unanswered;
        let (nudge, revoke) = (
            limits.nudge_after_unanswered,
            limits.revoke_after_unanswered,
        );
        if revoke > 0 && unanswered >= revoke {
            self.revoke_unanswered(now, unanswered);
        } else if unanswered == nudge {
            self.record(now, Reason::Nudged { unanswered });
            self.tell_user(UserNotice::Nudge { unanswered });
        }
    }
}

impl State {
    pub(super) fn connected_limit(&self, now: Timestamp, limits: &ConsentLimits) -> Limit {
        Limit::over(&self.connected, now, DAY, limits.connected_calls_per_day)
    }

    /// How much of a temporary permission is used, where that is counted.
    pub(super) fn permission_limit(&self, limits: &ConsentLimits) -> Option<Limit> {
        let max = limits.calls_per_permission?;
        match &self.held {
            Held::Temporary { until, grant } => Some(Limit {
                period: limits.temporary_for,
                max,
                used: grant.calls,
                free_at: (grant.calls >= max).then_some(*until),
            }),
            Held::Nothing(_) | Held::Permanent { .. } => None,
        }
    }
}

impl NoCall {
    /// The code, where sources disagree on it; where they do not, the variant names it.
    #[must_use]
    pub const fn chosen_code(&self, choices: &ErrorChoices) -> Option<u32> {
        match self {
            Self::NoPermission(lack) if lack.ran_out() => Some(choices.permission_lapsed),
            Self::NoPermission(_) | Self::TooManyConnected { .. } => None,
            Self::PermissionUsedUp { .. } => Some(choices.calls_per_permission),
        }
    }
}

impl fmt::Display for NoCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPermission(lack) => f.write_str(lack.sentence()),
            Self::PermissionUsedUp { limit } => write!(
                f,
                "This business number has placed {} under the user's permission, and {} is as many as \
                 it is for. Ask for permission again.",
                counted(limit.used, "call"),
                limit.max
            ),
            Self::TooManyConnected { limit } => {
                write!(
                    f,
                    "The user has taken {} of this business number in {}, and {} is as many as may \
                     be.",
                    counted(limit.used, "call"),
                    limit.period_in_words(),
                    limit.max
                )?;
                limit.write_next(f, "call")
            }
        }
    }
}

impl Error for NoCall {}
