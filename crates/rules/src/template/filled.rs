//! A template with its variables filled in: what a phone shows.

use std::fmt;

use types::template::Category;

/// What a phone shows of a template message.
#[derive(Clone, PartialEq, Eq)]
pub struct Filled {
    /// What the template is for.
    pub category: Category,
    /// The line above the body; of something to look at, the words that stand for it.
    pub header: Option<String>,
    /// Whether a picture, a film or a file stands above the body.
    pub has_media: bool,
    /// What the message says.
    pub body: String,
    /// The small line below the body.
    pub footer: Option<String>,
    /// What can be pressed.
    pub buttons: Vec<FilledButton>,
    /// Whether it asks the user to let the business call.
    pub asks_permission: bool,
}

/// A button as a phone shows it.
#[derive(Clone, PartialEq, Eq)]
pub enum FilledButton {
    /// Calls the business.
    VoiceCall {
        /// What stands on it.
        text: String,
        /// For how long it works, in minutes from the sending.
        ttl_minutes: u32,
        /// What the business hears again when it is pressed.
        payload: Option<String>,
    },
    /// Opens an address.
    Url {
        /// What stands on it.
        text: String,
        /// The whole address.
        url: String,
    },
    /// Dials a number outside of WhatsApp.
    PhoneNumber {
        /// What stands on it.
        text: String,
        /// The number.
        phone_number: String,
    },
    /// Answers with its own text.
    QuickReply {
        /// What stands on it.
        text: String,
        /// What the business hears again when it is pressed.
        payload: Option<String>,
    },
}

/// Says which parts there are and not what they say: a business may put anything into them.
impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filled")
            .field("category", &self.category)
            .field("header", &self.header.is_some())
            .field("has_media", &self.has_media)
            .field("body_chars", &self.body.chars().count())
            .field("footer", &self.footer.is_some())
            .field("buttons", &self.buttons)
            .field("asks_permission", &self.asks_permission)
            .finish()
    }
}

/// Says what kind of button it is, and for how long one that calls works.
impl fmt::Debug for FilledButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VoiceCall { ttl_minutes, .. } => write!(f, "VoiceCall({ttl_minutes} min)"),
            Self::Url { .. } => f.write_str("Url"),
            Self::PhoneNumber { .. } => f.write_str("PhoneNumber"),
            Self::QuickReply { .. } => f.write_str("QuickReply"),
        }
    }
}
