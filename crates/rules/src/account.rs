//! What an account may still do while the platform holds something against it: no payment method,
//! messaging restricted for a breach of policy, a ban.
//!
//! Meta's pages say what there is: the restrictions and the states of a ban (webhook `account_update`),
//! that a missing payment method blocks what a business begins (health status, 141006), and that the
//! codes of restricted and of disabled accounts are 368 and 131031, without telling them apart. Here
//! a restriction, which ends by itself, is 368 as "temporarily blocked" says, and a ban is 131031.
//! Suspensions of calls for low quality are another matter, see [`crate::reach`].

use std::error::Error;
use std::fmt;

use types::Timestamp;

/// What the platform holds against an account: plain data, to be stored as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether it has no valid payment method.
    pub payment_missing: bool,
    /// Until when it may not begin conversations with users.
    pub business_initiated_until: Option<Timestamp>,
    /// Until when it may not answer its users.
    pub customer_initiated_until: Option<Timestamp>,
    /// Its ban, if it has one.
    pub ban: Option<Ban>,
}

/// A ban of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ban {
    /// How far it has come.
    pub state: BanState,
    /// When it was told.
    pub since: Timestamp,
}

/// How far a ban has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BanState {
    /// The account will be disabled; until then it works.
    Scheduled,
    /// The account is disabled.
    Disabled,
}

/// Why an account may not do something. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// 131031: it is disabled.
    Disabled,
    /// 368: it may not begin conversations.
    BusinessInitiated {
        /// Until when.
        until: Timestamp,
    },
    /// 368: it may not answer.
    CustomerInitiated {
        /// Until when.
        until: Timestamp,
    },
    /// 131044: it cannot pay for a call.
    NothingToPayWith,
}

/// How well an account can send messages, in the words of the health of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it likes.
    Available,
    /// Some.
    Limited,
    /// None, or none that it begins.
    Blocked,
}

impl Standing {
    /// Whether a message may be sent. In an open customer-service window it is an answer, else the
    /// business begins.
    ///
    /// # Errors
    ///
    /// While the account is disabled, or restricted from that.
    pub fn may_send(&self, now: Timestamp, window_is_open: bool) -> Result<(), Barred> {
        self.is_not_disabled()?;
        let running = self.without_past(now);
        let barred = if window_is_open {
            let until = running.customer_initiated_until;
            until.map(|until| Barred::CustomerInitiated { until })
        } else {
            let until = running.business_initiated_until;
            until.map(|until| Barred::BusinessInitiated { until })
        };
        barred.map_or(Ok(()), Err)
    }

    /// Whether the business may call.
    ///
    /// # Errors
    ///
    /// While the account is disabled, or has nothing to pay with.
    pub const fn may_call(&self) -> Result<(), Barred> {
        match self.is_not_disabled() {
            Ok(()) if self.payment_missing => Err(Barred::NothingToPayWith),
            other => other,
        }
    }

    /// Whether users may call the business. Without a payment method their call begins and ends at
    /// once, so that is no reason.
    ///
    /// # Errors
    ///
    /// While the account is disabled.
    pub const fn may_be_called(&self) -> Result<(), Barred> {
        self.is_not_disabled()
    }

    /// The same without restrictions that have ended by `now`.
    #[must_use]
    pub fn without_past(self, now: Timestamp) -> Self {
        let running = |until: Option<Timestamp>| until.filter(|until| *until > now);
        Self {
            business_initiated_until: running(self.business_initiated_until),
            customer_initiated_until: running(self.customer_initiated_until),
            ..self
        }
    }

    /// What stands in the way of messages, the worst first.
    #[must_use]
    pub fn ails(&self, now: Timestamp) -> Vec<(Health, Ailment)> {
        let running = self.without_past(now);
        let (begins, answers) = (
            running.business_initiated_until.is_some(),
            running.customer_initiated_until.is_some(),
        );
        let mut ails = Vec::new();
        if self.is_not_disabled().is_err() {
            ails.push((Health::Blocked, Ailment::Disabled));
        }
        if self.payment_missing {
            ails.push((Health::Blocked, Ailment::NoPayment));
        }
        match (begins, answers) {
            (true, true) => ails.push((Health::Blocked, Ailment::Restricted)),
            (true, false) | (false, true) => ails.push((Health::Limited, Ailment::Restricted)),
            (false, false) => {}
        }
        ails
    }

    const fn is_not_disabled(&self) -> Result<(), Barred> {
        match self.ban {
            Some(Ban {
                state: BanState::Disabled,
                ..
            }) => Err(Barred::Disabled),
            Some(Ban {
                state: BanState::Scheduled,
                ..
            })
            | None => Ok(()),
        }
    }
}

/// Something that stands in the way of an account's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ailment {
    /// It is disabled.
    Disabled,
    /// It has no valid payment method.
    NoPayment,
    /// It is restricted.
    Restricted,
}

impl BanState {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Scheduled, Self::Disabled];

    /// One lower-case word, for rows and the control API; never changed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Disabled => "disabled",
        }
    }

    /// The state of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

impl Health {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Limited => "LIMITED",
            Self::Blocked => "BLOCKED",
        }
    }
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disabled => f.write_str(
                "The account is disabled for a breach of policy. The Business Manager takes an appeal.",
            ),
            Self::BusinessInitiated { until } => write!(
                f,
                "The account may not begin conversations with users until Unix time {}, for a breach \
                 of policy. It may answer those who write or call.",
                until.as_secs_up()
            ),
            Self::CustomerInitiated { until } => write!(
                f,
                "The account may not answer its users until Unix time {}, for a breach of policy.",
                until.as_secs_up()
            ),
            Self::NothingToPayWith => f.write_str(
                "The account has no valid payment method, without which no call is placed. Add one in \
                 the billing settings.",
            ),
        }
    }
}

impl Error for Barred {}

#[cfg(test)]
mod tests;
