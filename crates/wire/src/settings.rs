//! The settings of a number's calls: the body of `POST /{phone_number_id}/settings` and of
//! 360dialog's `POST /calling/settings`, what the `GET` of both answers, and the webhook that tells
//! of a change (`wire.md` 4.1 to 4.3).
//!
//! Reading is strict: a key that is not known, or a value that would be forgotten, is refused with a
//! sentence that names it. Whether settings fit each other is not decided here.

pub use read::{calling, change};
pub use write::{Restriction, Settings, updated};

mod read;
mod value;
mod write;

use std::fmt;

/// What a number is suspended from, as it is called on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RestrictionKind {
    /// From calling users and from asking them.
    BusinessInitiated,
    /// From being called by users.
    UserInitiated,
    /// From showing a call button.
    CallButtonHidden,
    /// From all calls: the one name of 2025.
    Combined,
}

impl RestrictionKind {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BusinessInitiated => "RESTRICTED_BUSINESS_INITIATED_CALLING",
            Self::UserInitiated => "RESTRICTED_USER_INITIATED_CALLING",
            Self::CallButtonHidden => "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN",
            Self::Combined => "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING",
        }
    }

    /// Why, and what the business can do about it.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::BusinessInitiated => {
                "Users gave calls of this business number bad marks. Call fewer of them, and only \
                 those who expect it."
            }
            Self::UserInitiated => {
                "Users gave calls to this business number bad marks. Take calls, or set call hours."
            }
            Self::CallButtonHidden => {
                "Too many calls to this business number are not taken. Take calls, or set call \
                 hours."
            }
            Self::Combined => "Users gave calls with this business number bad marks.",
        }
    }
}

impl fmt::Display for RestrictionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
