//! Whether a number has room for one more call. Counts are told; nothing is counted here.
//!
//! Consent is another question: see [`crate::consent`].

use std::error::Error;
use std::fmt;
use std::time::Duration;

use types::preset::CallLimits;
use types::{Direction, Timestamp};

use crate::words::counted;

/// What a business number is busy with at the moment when a call is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Whether calling is enabled on the number.
    pub calling_enabled: bool,
    /// Calls of the number that have not ended, in both directions.
    pub calls_running: u32,
    /// Whether one of them is with the same user.
    pub in_call_with_user: bool,
    /// Calls that the number has placed in the last [`ATTEMPTS_WINDOW`].
    pub attempts: u32,
    /// The first of them, if there are any.
    pub first_attempt: Option<Timestamp>,
}

/// Why one more call is refused, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 138000: calling is not enabled on the number.
    CallingDisabled,
    /// 138003: a call between the number and this user has not ended.
    AlreadyInCall,
    /// 138002: as many calls as the number may have at one time.
    TooManyCalls {
        /// How many that is.
        max: u32,
    },
    /// 138005: as many attempts as the number has in 24 hours.
    TooManyAttempts {
        /// How many that is.
        max: u32,
        /// When the next one will be taken, if that is known.
        next_at: Option<Timestamp>,
    },
}

/// Over what time the attempts of a number are counted.
pub const ATTEMPTS_WINDOW: Duration = Duration::from_hours(24);

impl Load {
    /// Whether there is room for one more call. Attempts are counted where the business places it;
    /// a user may always try.
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn admit(&self, limits: &CallLimits, direction: Direction) -> Result<(), Refusal> {
        self.enabled()?;
        if self.in_call_with_user {
            return Err(Refusal::AlreadyInCall);
        }
        if self.calls_running >= limits.concurrent_calls_max {
            return Err(Refusal::TooManyCalls {
                max: limits.concurrent_calls_max,
            });
        }
        match direction {
            Direction::BusinessInitiated if self.attempts >= limits.attempts_per_day_max => {
                Err(Refusal::TooManyAttempts {
                    max: limits.attempts_per_day_max,
                    next_at: self.first_attempt.map(|first| first + ATTEMPTS_WINDOW),
                })
            }
            Direction::BusinessInitiated | Direction::UserInitiated => Ok(()),
        }
    }

    /// Whether the number has anything to do with calls.
    ///
    /// # Errors
    ///
    /// [`Refusal::CallingDisabled`].
    pub const fn enabled(&self) -> Result<(), Refusal> {
        if self.calling_enabled {
            Ok(())
        } else {
            Err(Refusal::CallingDisabled)
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CallingDisabled => {
                f.write_str("Calling is not enabled on this business number. Enable it first.")
            }
            Self::AlreadyInCall => f.write_str(
                "A call between this business number and this user has not ended. Terminate it, \
                 or wait for its end.",
            ),
            Self::TooManyCalls { max } => write!(
                f,
                "This business number has {} at this moment, which is as many as it may have. Wait \
                 for one to end.",
                counted(*max, "call")
            ),
            Self::TooManyAttempts { max, next_at } => {
                write!(
                    f,
                    "This business number has placed {} in 24 hours, which is as many as it may.",
                    counted(*max, "call")
                )?;
                match next_at {
                    Some(at) => write!(f, " The next is taken at Unix time {}.", at.as_secs_up()),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Error for Refusal {}

#[cfg(test)]
mod tests;
