//! The life of a template after it was submitted: reviewed, and later paused or disabled.
//!
//! ```text
//!             approved                       paused
//!   Pending ───────────▶ Approved ◀───────────────────────▶ Paused
//!      │                    │  ▲        reinstated             │
//!      │ rejected  disabled │  │ reinstated                    │ disabled
//!      ▼                    ▼  │                               │
//!   Rejected              Disabled ◀───────────────────────────┘
//!
//!   edited: Approved, Rejected and Paused go back to Pending
//! ```

use std::error::Error;
use std::fmt;

use types::Timestamp;
use types::preset::{ReviewOutcome, TemplateRules};
use types::template::RejectReason;

/// Where a template stands: plain data, to be stored as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Under review.
    Pending {
        /// When the review ends by itself; none if somebody has to end it.
        ends_at: Option<Timestamp>,
    },
    /// It can be sent.
    Approved,
    /// It cannot be sent, and never could.
    Rejected {
        /// Why.
        reason: RejectReason,
    },
    /// It cannot be sent for now: too many users did not want it.
    Paused,
    /// It cannot be sent any more.
    Disabled,
}

/// The word for where a template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Under review.
    Pending,
    /// It can be sent.
    Approved,
    /// It was turned down.
    Rejected,
    /// It cannot be sent for now.
    Paused,
    /// It cannot be sent any more.
    Disabled,
}

/// What happens to a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewInput {
    /// Somebody approves it, in the review or on appeal.
    Approve,
    /// Somebody turns it down.
    Reject {
        /// Why.
        reason: RejectReason,
    },
    /// Too many users did not want it.
    Pause,
    /// Far too many did not.
    Disable,
    /// It may be sent again.
    Reinstate,
    /// The business has changed it.
    Edit,
}

/// Why something cannot happen to a template as it stands. `Display` says so and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSo {
    /// How it stands.
    pub status: Status,
    /// What was to happen.
    pub input: ReviewInput,
}

impl Review {
    /// The review of a template that was just submitted.
    #[must_use]
    pub fn submitted(now: Timestamp, rules: &TemplateRules) -> Self {
        let ends_at = match rules.review {
            ReviewOutcome::Approve | ReviewOutcome::Reject => Some(now + rules.review_after),
            ReviewOutcome::Wait => None,
        };
        let mut review = Self::Pending { ends_at };
        review.meet(now, rules);
        review
    }

    /// The word for where the template stands.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Pending { .. } => Status::Pending,
            Self::Approved => Status::Approved,
            Self::Rejected { .. } => Status::Rejected,
            Self::Paused => Status::Paused,
            Self::Disabled => Status::Disabled,
        }
    }

    /// Why it was rejected, if it was.
    #[must_use]
    pub const fn rejected(self) -> Option<RejectReason> {
        match self {
            Self::Rejected { reason } => Some(reason),
            Self::Pending { .. } | Self::Approved | Self::Paused | Self::Disabled => None,
        }
    }

    /// When the review ends by itself, if it does.
    #[must_use]
    pub const fn deadline(self) -> Option<Timestamp> {
        match self {
            Self::Pending { ends_at } => ends_at,
            Self::Approved | Self::Rejected { .. } | Self::Paused | Self::Disabled => None,
        }
    }

    /// Ends a review whose time has come, as the preset has it by then; whether it did.
    pub fn meet(&mut self, now: Timestamp, rules: &TemplateRules) -> bool {
        let is_due = self.deadline().is_some_and(|at| at <= now);
        if is_due {
            *self = match rules.review {
                ReviewOutcome::Approve => Self::Approved,
                ReviewOutcome::Reject => Self::Rejected {
                    reason: rules.rejected_reason,
                },
                ReviewOutcome::Wait => Self::Pending { ends_at: None },
            };
        }
        is_due
    }

    /// Takes what happens to the template.
    ///
    /// # Errors
    ///
    /// When it cannot happen to one that stands so; nothing has changed then.
    pub fn handle(
        &mut self,
        now: Timestamp,
        rules: &TemplateRules,
        input: ReviewInput,
    ) -> Result<(), NotSo> {
        use ReviewInput as Input;
        let next = match (*self, input) {
            (Self::Pending { .. } | Self::Rejected { .. }, Input::Approve)
            | (Self::Paused | Self::Disabled, Input::Reinstate) => Self::Approved,
            (Self::Pending { .. }, Input::Reject { reason }) => Self::Rejected { reason },
            (Self::Approved, Input::Pause) => Self::Paused,
            (Self::Approved | Self::Paused, Input::Disable) => Self::Disabled,
            (Self::Approved | Self::Rejected { .. } | Self::Paused, Input::Edit) => {
                Self::submitted(now, rules)
            }
            (
                Self::Pending { .. },
                Input::Pause | Input::Disable | Input::Reinstate | Input::Edit,
            )
            | (Self::Approved, Input::Approve | Input::Reject { .. } | Input::Reinstate)
            | (
                Self::Rejected { .. },
                Input::Reject { .. } | Input::Pause | Input::Disable | Input::Reinstate,
            )
            | (Self::Paused, Input::Approve | Input::Reject { .. } | Input::Pause)
            | (
                Self::Disabled,
                Input::Approve | Input::Reject { .. } | Input::Pause | Input::Disable | Input::Edit,
            ) => {
                let status = self.status();
                return Err(NotSo { status, input });
            }
        };
        *self = next;
        Ok(())
    }
}

impl Status {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Approved,
        Self::Rejected,
        Self::Paused,
        Self::Disabled,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
            Self::Paused => "PAUSED",
            Self::Disabled => "DISABLED",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for NotSo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (happens, to) = match self.input {
            ReviewInput::Approve => ("approved", "PENDING or REJECTED"),
            ReviewInput::Reject { .. } => ("rejected", "PENDING"),
            ReviewInput::Pause => ("paused", "APPROVED"),
            ReviewInput::Disable => ("disabled", "APPROVED or PAUSED"),
            ReviewInput::Reinstate => ("reinstated", "PAUSED or DISABLED"),
            ReviewInput::Edit => ("edited", "APPROVED, REJECTED or PAUSED"),
        };
        write!(
            f,
            "The template is {} and cannot be {happens}. Only one that is {to} can.",
            self.status
        )
    }
}

impl Error for NotSo {}
