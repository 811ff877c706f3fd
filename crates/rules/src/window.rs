//! The customer-service window: how long a business may write to a user free-form (`wire.md` 10.1).

use std::error::Error;
use std::fmt;

use types::Timestamp;
use types::preset::ConsentLimits;

/// The window between one business number and one user: plain data, to be stored as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// When the user was last heard of; none for never.
    pub heard: Option<Timestamp>,
}

/// A free-form message without an open window: 131047 for any but a call permission request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowClosed {
    /// When it closed; none if it was never open.
    pub at: Option<Timestamp>,
}

impl Window {
    /// Opens the window, or keeps it open: the user wrote, or called, answered or not, or took a call
    /// of the business.
    pub fn open(&mut self, now: Timestamp) {
        // The wall clock may have been set back since.
        self.heard = self.heard.max(Some(now));
    }

    /// When it closes, or closed; none if it was never open.
    #[must_use]
    pub fn until(&self, limits: &ConsentLimits) -> Option<Timestamp> {
        self.heard.map(|at| at + limits.service_window)
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self, now: Timestamp, limits: &ConsentLimits) -> bool {
        self.admit(now, limits).is_ok()
    }

    /// Whether a free-form message may be sent.
    ///
    /// # Errors
    ///
    /// Refuses where it is closed.
    pub fn admit(&self, now: Timestamp, limits: &ConsentLimits) -> Result<(), WindowClosed> {
        match self.until(limits) {
            Some(until) if now < until => Ok(()),
            at => Err(WindowClosed { at }),
        }
    }
}

impl fmt::Display for WindowClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(
                f,
                "The customer-service window with this user closed at Unix time {}. Wait for the \
                 user to write or to call, or send a template.",
                at.as_secs()
            ),
            None => f.write_str(
                "The customer-service window with this user was never open. Wait for the user to \
                 write or to call, or send a template.",
            ),
        }
    }
}

impl Error for WindowClosed {}

#[cfg(test)]
mod tests;
