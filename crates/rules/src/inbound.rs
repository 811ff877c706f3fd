//! Everything that stands between a user and a business that is called, in the one order in which it
//! is checked. The user sees it on the phone; the business hears nothing of it.

use std::error::Error;
use std::fmt;

use types::{Direction, Preset, Timestamp};

use crate::admission::{self, Load};
use crate::hours::{Offsets, Schedule};
use crate::reach::{Restricted, Restrictions};

/// A business number that a user wants to call.
#[derive(Debug, Clone, Copy)]
pub struct Inbound<'a> {
    /// What the number is busy with.
    pub load: &'a Load,
    /// What it is suspended from.
    pub restrictions: &'a Restrictions,
    /// When it can be called, in its own time zone; none for always.
    pub hours: Option<(&'a Schedule, &'a Offsets)>,
}

/// Why a user cannot call now. `Display` says it to the business's developer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCall {
    /// The number is not enabled, or has no room.
    Admission(admission::Refusal),
    /// Being called is suspended for low quality.
    Restricted(Restricted),
    /// It is outside of the business hours.
    Closed {
        /// When they begin, if that is soon enough to be told.
        opens_at: Option<Timestamp>,
    },
}

impl Inbound<'_> {
    /// Whether the user may call.
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn may_call(&self, now: Timestamp, preset: &Preset) -> Result<(), NoCall> {
        let direction = Direction::UserInitiated;
        self.load.enabled().map_err(NoCall::Admission)?;
        self.restrictions
            .admit(now, direction)
            .map_err(NoCall::Restricted)?;
        if let Some((schedule, offsets)) = self.hours
            && !schedule.is_open(&preset.hours, now, offsets)
        {
            let opens_at = schedule.opens_at(&preset.hours, now, offsets);
            return Err(NoCall::Closed { opens_at });
        }
        self.load
            .admit(&preset.calls, direction)
            .map_err(NoCall::Admission)
    }
}

impl fmt::Display for NoCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admission(refusal) => refusal.fmt(f),
            Self::Restricted(restricted) => restricted.fmt(f),
            Self::Closed { opens_at } => {
                f.write_str("The business takes no calls at this hour.")?;
                match opens_at {
                    Some(at) => write!(f, " It does again at Unix time {}.", at.as_secs_up()),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Error for NoCall {}

#[cfg(test)]
mod tests;
