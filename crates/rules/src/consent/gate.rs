//! A consent without a history, for a driver that keeps none: granted or not, for ever. Whoever keeps
//! records loads a [`Ledger`](super::Ledger) instead.

use std::error::Error;
use std::fmt;

use types::Timestamp;

use super::Permission;

/// What a user has allowed one business number to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consent {
    granted: bool,
}

/// The user has not allowed the business to call: 138006.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPermission;

impl Consent {
    /// The consent of a user who has granted, or has not.
    #[must_use]
    pub const fn new(granted: bool) -> Self {
        Self { granted }
    }

    /// Whether the user has granted.
    #[must_use]
    pub const fn is_granted(&self) -> bool {
        self.granted
    }

    /// The proof that starting a call demands.
    ///
    /// # Errors
    ///
    /// Refuses where the user has not granted.
    pub const fn may_call(&self, now: Timestamp) -> Result<Permission, NoPermission> {
        if self.granted {
            Ok(Permission::new(now))
        } else {
            Err(NoPermission)
        }
    }
}

impl fmt::Display for NoPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "The user has not allowed this business number to call. Ask for permission first.",
        )
    }
}

impl Error for NoPermission {}

#[cfg(test)]
mod tests;
