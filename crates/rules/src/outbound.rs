//! Everything that stands between a business and a user's phone, in the one order in which it is
//! checked: for a call, for a call permission request, and for whoever asks beforehand.
//!
//! Ask here rather than its parts, and what `GET call_permissions` promises is what `connect` and a
//! request are told.

use std::error::Error;
use std::fmt;

use types::preset::ErrorChoices;
use types::{Direction, Preset, Timestamp};

use crate::admission::{self, Load};
use crate::consent::{self, Action, How, Ledger, Permission, RequestPass, Standing, Status};
use crate::reach::{self, Reach};

/// A business number and a user whom it wants to reach.
#[derive(Debug, Clone, Copy)]
pub struct Outbound<'a> {
    /// What is known of both.
    pub reach: &'a Reach,
    /// What the number is busy with.
    pub load: &'a Load,
    /// What the user allows.
    pub ledger: &'a Ledger,
}

/// Why a business may not call a user now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCall {
    /// The number is not enabled, or has no room.
    Admission(admission::Refusal),
    /// The number may not reach the user at all.
    Reach(reach::Refusal),
    /// The user does not allow it, or not that often.
    Consent(consent::NoCall),
}

/// Why a business may not ask a user now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRequest {
    /// The number is not enabled.
    Admission(admission::Refusal),
    /// The number may not reach the user at all.
    Reach(reach::Refusal),
    /// There is nothing to ask, or not that often.
    Consent(consent::NoRequest),
}

impl Outbound<'_> {
    /// Whether the business may call the user now. The answer is proof, which starting a call demands.
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn may_call(&self, now: Timestamp, preset: &Preset) -> Result<Permission, NoCall> {
        self.bar_to_call(now, preset)?;
        Ok(self.ledger.may_call(now, &preset.consent)?)
    }

    /// Whether the business may ask the user now. The answer is proof, which sending a request
    /// demands.
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn may_request(
        &self,
        now: Timestamp,
        preset: &Preset,
        how: How,
    ) -> Result<RequestPass, NoRequest> {
        self.bar_to_request(now, preset)?;
        Ok(self.ledger.may_request(now, &preset.consent, how)?)
    }

    /// What the business may do now. Of a user who cannot be called nothing else is told.
    #[must_use]
    pub fn standing(&self, now: Timestamp, preset: &Preset) -> Standing<NoCall, NoRequest> {
        let Standing {
            status,
            request,
            call,
        } = self.ledger.standing(now, &preset.consent);
        Standing {
            status: if self.reach.user_callable {
                status
            } else {
                Status::NoPermission
            },
            request: Action {
                refused: self
                    .bar_to_request(now, preset)
                    .err()
                    .or_else(|| request.refused.map(NoRequest::Consent)),
                limits: request.limits,
            },
            call: Action {
                refused: self
                    .bar_to_call(now, preset)
                    .err()
                    .or_else(|| call.refused.map(NoCall::Consent)),
                limits: call.limits,
            },
        }
    }

    fn bar_to_call(&self, now: Timestamp, preset: &Preset) -> Result<(), NoCall> {
        self.load.enabled()?;
        self.reach.may_call(now, &preset.eligibility)?;
        Ok(self
            .load
            .admit(&preset.calls, Direction::BusinessInitiated)?)
    }

    fn bar_to_request(&self, now: Timestamp, preset: &Preset) -> Result<(), NoRequest> {
        self.load.enabled()?;
        Ok(self.reach.may_request(now, &preset.eligibility)?)
    }
}

impl NoCall {
    /// The code, where sources disagree on it; where they do not, the variant names it.
    #[must_use]
    pub const fn chosen_code(&self, choices: &ErrorChoices) -> Option<u32> {
        match self {
            Self::Admission(_) => None,
            Self::Reach(refusal) => refusal.chosen_code(choices),
            Self::Consent(refusal) => refusal.chosen_code(choices),
        }
    }
}

impl NoRequest {
    /// The code, where sources disagree on it; where they do not, the variant names it.
    #[must_use]
    pub const fn chosen_code(&self, choices: &ErrorChoices) -> Option<u32> {
        match self {
            Self::Admission(_) => None,
            Self::Reach(refusal) => refusal.chosen_code(choices),
            Self::Consent(refusal) => refusal.chosen_code(choices),
        }
    }
}

impl From<admission::Refusal> for NoCall {
    fn from(refusal: admission::Refusal) -> Self {
        Self::Admission(refusal)
    }
}

impl From<reach::Refusal> for NoCall {
    fn from(refusal: reach::Refusal) -> Self {
        Self::Reach(refusal)
    }
}

impl From<consent::NoCall> for NoCall {
    fn from(refusal: consent::NoCall) -> Self {
        Self::Consent(refusal)
    }
}

impl From<admission::Refusal> for NoRequest {
    fn from(refusal: admission::Refusal) -> Self {
        Self::Admission(refusal)
    }
}

impl From<reach::Refusal> for NoRequest {
    fn from(refusal: reach::Refusal) -> Self {
        Self::Reach(refusal)
    }
}

impl From<consent::NoRequest> for NoRequest {
    fn from(refusal: consent::NoRequest) -> Self {
        Self::Consent(refusal)
    }
}

impl fmt::Display for NoCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admission(refusal) => refusal.fmt(f),
            Self::Reach(refusal) => refusal.fmt(f),
            Self::Consent(refusal) => refusal.fmt(f),
        }
    }
}

impl fmt::Display for NoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admission(refusal) => refusal.fmt(f),
            Self::Reach(refusal) => refusal.fmt(f),
            Self::Consent(refusal) => refusal.fmt(f),
        }
    }
}

impl Error for NoCall {}
impl Error for NoRequest {}

#[cfg(test)]
mod tests;
