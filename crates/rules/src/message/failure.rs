//! Why a message that was taken does not reach its user.

use std::fmt;
use std::str::FromStr;

use types::ParseError;

/// Why a message that was taken does not reach its user. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failure {
    /// 131047: it was not a template, and the customer-service window is closed.
    WindowClosed,
    /// 131026: there is nobody on WhatsApp with this number.
    NotOnWhatsApp,
    /// 131026: the user's client is too old for this kind of message.
    OutdatedClient,
    /// 131026: the user has not accepted WhatsApp's terms.
    TermsNotAccepted,
}

impl Failure {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::WindowClosed,
        Self::NotOnWhatsApp,
        Self::OutdatedClient,
        Self::TermsNotAccepted,
    ];

    /// A few lower-case words joined by `_`, for rows and screens; never changed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WindowClosed => "window_closed",
            Self::NotOnWhatsApp => "not_on_whatsapp",
            Self::OutdatedClient => "outdated_client",
            Self::TermsNotAccepted => "terms_not_accepted",
        }
    }
}

impl FromStr for Failure {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or(ParseError {
            what: "failure of a message",
            rule: "one of the words that name them",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WindowClosed => {
                "The customer-service window with this user is not open: they have not written or \
                 called in the last 24 hours. Send a template instead."
            }
            Self::NotOnWhatsApp => "There is nobody on WhatsApp with this number.",
            Self::OutdatedClient => {
                "The user's WhatsApp client is too old for this kind of message."
            }
            Self::TermsNotAccepted => "The user has not accepted WhatsApp's terms.",
        })
    }
}
