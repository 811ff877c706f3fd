//! What a user has allowed, where it came from, and how it ends.

use types::preset::ConsentLimits;
use types::{CallId, MessageId, Timestamp};

use super::ledger::Refusal;
use super::{Ledger, Notice, Reason, UserNotice};

/// What a user has allowed a business number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// No calls.
    Nothing(Lack),
    /// Calls up to a moment.
    Temporary {
        /// The moment.
        until: Timestamp,
        /// How it came.
        grant: Grant,
    },
    /// Calls until the user says otherwise.
    Permanent {
        /// How it came.
        grant: Grant,
    },
}

/// A permission, and what has happened under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// When it was given.
    pub since: Timestamp,
    /// What it came from.
    pub source: Source,
    /// Calls of the business since then, taken or not.
    pub calls: u32,
    /// The last of them in a row that were not taken.
    pub unanswered: u32,
}

/// What a permission came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The answer to this request.
    Request(MessageId),
    /// This call of the user.
    Call(CallId),
    /// The business's profile.
    Profile,
    /// The platform's operator.
    Operator,
}

/// For how long a permission is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// For as long as the preset says.
    Temporary,
    /// For ever.
    Permanent,
}

/// Why there is no permission: the last thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lack {
    /// Nothing ever did.
    #[default]
    Never,
    /// The business asked, and the user has not answered yet.
    Asked {
        /// When.
        at: Timestamp,
    },
    /// The business asked, and the request ran out.
    NotAnswered {
        /// When it did.
        at: Timestamp,
    },
    /// The user declined.
    Declined {
        /// When.
        at: Timestamp,
    },
    /// A temporary permission ran out.
    Lapsed {
        /// When.
        at: Timestamp,
    },
    /// The user, or the operator in the user's name, took a permission back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// The platform took a permission back: too many calls in a row were not taken.
    RevokedUnanswered {
        /// When.
        at: Timestamp,
    },
}

impl Ledger {
    /// A word from elsewhere than a request; `reason` gives the line for it.
    pub(super) fn grant_anew(
        &mut self,
        now: Timestamp,
        limits: &ConsentLimits,
        term: Term,
        source: Source,
        reason: fn(Option<Timestamp>) -> Reason,
    ) -> Result<(), Refusal> {
        let holds_already = match (&self.state.held, term) {
            (Held::Permanent { .. }, Term::Permanent) => true,
            (Held::Temporary { grant, .. }, Term::Temporary) => grant.source == source,
            (Held::Nothing(_), Term::Temporary | Term::Permanent)
            | (Held::Temporary { .. }, Term::Permanent)
            | (Held::Permanent { .. }, Term::Temporary) => false,
        };
        if holds_already {
            return Err(Refusal::NothingNew);
        }
        let until = match term {
            Term::Temporary => Some(now + limits.temporary_for),
            Term::Permanent => None,
        };
        self.grant(now, until, source, reason(until));
        Ok(())
    }

    /// The automatic grant of a user who calls. It never makes less of what is held.
    pub(super) fn grant_for_call(&mut self, now: Timestamp, limits: &ConsentLimits, call: CallId) {
        match self.state.held {
            Held::Permanent { .. } => {}
            Held::Nothing(_) | Held::Temporary { .. } => {
                let until = now + limits.temporary_for;
                let source = Source::Call(call.clone());
                self.grant(
                    now,
                    Some(until),
                    source,
                    Reason::AutomaticGrant { call, until },
                );
            }
        }
    }

    /// Gives a permission in place of whatever is held. Its counts begin anew.
    pub(super) fn grant(
        &mut self,
        now: Timestamp,
        until: Option<Timestamp>,
        source: Source,
        reason: Reason,
    ) {
        self.record(now, reason);
        let grant = Grant {
            since: now,
            source: source.clone(),
            calls: 0,
            unanswered: 0,
        };
        self.state.held = match until {
            Some(until) => Held::Temporary { until, grant },
            None => Held::Permanent { grant },
        };
        match source {
            Source::Request(_) | Source::Call(_) | Source::Profile => {
                self.notify(Notice::Granted { source, until });
            }
            Source::Operator => {}
        }
    }

    pub(super) fn decline(&mut self, now: Timestamp, request: MessageId) {
        let withdrew = self.state.held.grant().is_some();
        self.state.held = Held::Nothing(Lack::Declined { at: now });
        self.record(
            now,
            Reason::Declined {
                request: request.clone(),
            },
        );
        self.notify(Notice::Declined { request, withdrew });
    }

    pub(super) fn revoke(
        &mut self,
        now: Timestamp,
        reason: Reason,
        notice: Option<Notice>,
    ) -> Result<(), Refusal> {
        if self.state.held.grant().is_none() {
            return Err(Refusal::NothingToRevoke);
        }
        self.state.held = Held::Nothing(Lack::Withdrawn { at: now });
        self.record(now, reason);
        if let Some(notice) = notice {
            self.notify(notice);
        }
        Ok(())
    }

    pub(super) fn revoke_unanswered(&mut self, now: Timestamp, unanswered: u32) {
        self.state.held = Held::Nothing(Lack::RevokedUnanswered { at: now });
        self.record(now, Reason::RevokedUnanswered { unanswered });
        self.notify(Notice::RevokedUnanswered);
        self.tell_user(UserNotice::Revoked { unanswered });
    }

    pub(super) fn lapse(&mut self, at: Timestamp) {
        self.state.held = Held::Nothing(Lack::Lapsed { at });
        self.record(at, Reason::Lapsed);
        self.notify(Notice::Lapsed);
    }
}

impl Held {
    /// The permission, if there is one.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant> {
        match self {
            Self::Nothing(_) => None,
            Self::Temporary { grant, .. } | Self::Permanent { grant } => Some(grant),
        }
    }

    pub(super) const fn grant_mut(&mut self) -> Option<&mut Grant> {
        match self {
            Self::Nothing(_) => None,
            Self::Temporary { grant, .. } | Self::Permanent { grant } => Some(grant),
        }
    }
}

impl Default for Held {
    fn default() -> Self {
        Self::Nothing(Lack::Never)
    }
}

impl Lack {
    /// Whether there was something that ran out: a permission, or a request that nobody answered.
    #[must_use]
    pub const fn ran_out(&self) -> bool {
        match self {
            Self::NotAnswered { .. } | Self::Lapsed { .. } => true,
            Self::Never
            | Self::Asked { .. }
            | Self::Declined { .. }
            | Self::Withdrawn { .. }
            | Self::RevokedUnanswered { .. } => false,
        }
    }

    /// A whole sentence and what to do.
    pub(super) const fn sentence(&self) -> &'static str {
        match self {
            Self::Never => {
                "The user has not allowed this business number to call. Ask for permission first."
            }
            Self::Asked { .. } => {
                "The user has not answered the call permission request yet. Wait for the answer."
            }
            Self::NotAnswered { .. } => {
                "The call permission request ran out without an answer. Ask for permission again."
            }
            Self::Declined { .. } => {
                "The user declined to be called by this business number. Ask for permission again, \
                 at a better time."
            }
            Self::Lapsed { .. } => {
                "The user's call permission has run out. Ask for permission again."
            }
            Self::Withdrawn { .. } => {
                "The user took the call permission back. Ask for permission again."
            }
            Self::RevokedUnanswered { .. } => {
                "The call permission was revoked because too many calls in a row were not taken. \
                 Ask for permission again."
            }
        }
    }
}
