//! What every floor says of a call in the same words.

use std::fmt;
use std::str::FromStr;

use crate::{ParseError, text_on_the_wire};

/// Who placed the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// A user called the business.
    UserInitiated,
    /// The business called a user.
    BusinessInitiated,
}

impl Direction {
    /// The word on the wire (`wire.md` 5.3).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserInitiated => "USER_INITIATED",
            Self::BusinessInitiated => "BUSINESS_INITIATED",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Direction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "USER_INITIATED" => Ok(Self::UserInitiated),
            "BUSINESS_INITIATED" => Ok(Self::BusinessInitiated),
            _ => Err(ParseError {
                what: "call direction",
                rule: "USER_INITIATED or BUSINESS_INITIATED",
            }),
        }
    }
}

text_on_the_wire!(Direction);

/// Whose doing the end of a call was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blame {
    /// Nobody's: the call ran its course.
    Nobody,
    /// The user's.
    User,
    /// The business's.
    Business,
    /// The platform's, a restart for instance.
    Platform,
    /// The network between the platform and one of the two.
    Network,
}

impl Blame {
    /// One lower-case word, for logs and metric labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::User => "user",
            Self::Business => "business",
            Self::Platform => "platform",
            Self::Network => "network",
        }
    }
}

impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a user's call came from, if it says so: the button of a message, or a deep link (`wire.md` 8).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CallOrigin {
    /// The payload of the call button that was pressed.
    pub cta_payload: Option<String>,
    /// The `biz_payload` of the deep link that was followed.
    pub deeplink_payload: Option<String>,
}

/// Says what there is and not what it says: a business may put anything into a payload.
impl fmt::Debug for CallOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOrigin")
            .field("cta_payload", &self.cta_payload.is_some())
            .field("deeplink_payload", &self.deeplink_payload.is_some())
            .finish()
    }
}
