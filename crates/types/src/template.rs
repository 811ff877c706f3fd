//! Message templates in the words that wire, rules and records share (`wire.md` 3.2, 8, 9). Plain
//! data: `rules::template` says what may be made of it.

use crate::words;

/// A message that a business has had approved, to be sent with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name; templates of one name say the same in several languages.
    pub name: String,
    /// The code of its language, such as `en_US`.
    pub language: String,
    /// What it is for.
    pub category: Category,
    /// How its variables are called.
    pub variables: VariableNames,
    /// What it consists of, in the order given.
    pub components: Vec<Component>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Component {
    /// The line above the body.
    Header(TemplateText),
    /// Something to look at above the body.
    MediaHeader(MediaHeader),
    /// What the message says.
    Body(TemplateText),
    /// The small line below the body.
    Footer(String),
    /// What can be pressed.
    Buttons(Vec<Button>),
    /// The question whether the business may call.
    PermissionRequest,
}

/// Something to look at above the body; what exactly, each message says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MediaHeader {
    /// What it is.
    pub format: MediaFormat,
    /// The handle of a sample for whoever reviews the template, as the upload of it gave it; a place
    /// has none.
    pub handle: Option<String>,
}

/// Text with variables such as `{{1}}`, each with an example for whoever reviews the template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TemplateText {
    /// The text.
    pub text: String,
    /// What the variables may stand for.
    pub examples: Examples,
}

/// Examples for the variables of one text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Examples {
    /// None were given.
    #[default]
    None,
    /// For `{{1}}`, `{{2}}` and so on.
    ByPlace(Vec<String>),
    /// By the variable's name.
    ByName(Vec<(String, String)>),
}

/// A button of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Button {
    /// Calls the business.
    VoiceCall {
        /// What stands on it.
        text: String,
        /// For how long it works once it was sent, in minutes.
        ttl_minutes: Option<u32>,
    },
    /// Opens an address.
    Url {
        /// What stands on it.
        text: String,
        /// The address, which may end in one variable.
        url: String,
        /// The address as it may be with the variable filled in, or what the variable may stand for.
        example: Option<String>,
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
    },
}

impl Button {
    /// What stands on it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::VoiceCall { text, .. }
            | Self::Url { text, .. }
            | Self::PhoneNumber { text, .. }
            | Self::QuickReply { text } => text,
        }
    }

    /// Its type, in the words of the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::VoiceCall { .. } => "VOICE_CALL",
            Self::Url { .. } => "URL",
            Self::PhoneNumber { .. } => "PHONE_NUMBER",
            Self::QuickReply { .. } => "QUICK_REPLY",
        }
    }
}

/// A template with what is to stand for its variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateCall {
    /// Its name.
    pub name: String,
    /// The code of its language, such as `en_US`.
    pub language: String,
    /// What stands for the header's variables.
    pub header: Vec<Parameter>,
    /// What stands for the body's variables.
    pub body: Vec<Parameter>,
    /// What the buttons are given, in the order sent.
    pub buttons: Vec<ButtonCall>,
}

/// What stands for one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The variable's name, where variables have names.
    pub name: Option<String>,
    /// What stands for it.
    pub value: ParameterValue,
}

/// The kinds of what may stand for a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// Text; of a currency or a date the text that the sender wants to be shown.
    Text(String),
    /// A picture, a film or a file.
    Media(Media),
    /// A place.
    Place(Place),
    /// Anything else: its type, in lower case.
    Other(String),
}

/// A picture, a film or a file that a message brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// What it is.
    pub format: MediaFormat,
    /// Where it is.
    pub source: MediaSource,
    /// What a file is called.
    pub filename: Option<String>,
}

/// Where a picture, a film or a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaSource {
    /// At an address.
    Link(String),
    /// With the platform, under an id that its upload gave.
    Id(String),
}

/// A place that a message brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// In degrees, as it was sent.
    pub latitude: String,
    /// In degrees, as it was sent.
    pub longitude: String,
    /// What it is called.
    pub name: Option<String>,
    /// Where it is.
    pub address: Option<String>,
}

/// What one button of a template is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ButtonCall {
    /// A button that calls the business.
    VoiceCall {
        /// Its place among the buttons, from 0; samples have none.
        index: Option<u32>,
        /// For how long it works, in minutes from the sending, if not as the template says.
        ttl_minutes: Option<u32>,
        /// What the business hears again when it is pressed.
        payload: Option<String>,
    },
    /// A button that opens an address.
    Url {
        /// Its place among the buttons, from 0.
        index: u32,
        /// What stands at the end of the address.
        text: String,
    },
    /// A button that answers.
    QuickReply {
        /// Its place among the buttons, from 0.
        index: u32,
        /// What the business hears again when it is pressed.
        payload: Option<String>,
    },
}

words! {
    /// What a template is for.
    Category, "template category" =>
    /// Codes and the like.
    Authentication = "AUTHENTICATION",
    /// Offers, news, invitations.
    Marketing = "MARKETING",
    /// About something that the user has ordered or agreed to.
    Utility = "UTILITY",
}

words! {
    /// What a header is that is not text (Meta, template components, media and location headers).
    MediaFormat, "header format" =>
    /// A picture.
    Image = "IMAGE",
    /// A film.
    Video = "VIDEO",
    /// A file.
    Document = "DOCUMENT",
    /// A place.
    Location = "LOCATION",
}

words! {
    /// How the variables of a template are called.
    VariableNames, "parameter format" =>
    /// `{{1}}`, `{{2}}` and so on.
    Positional = "POSITIONAL",
    /// `{{order_number}}` and so on.
    Named = "NAMED",
}

words! {
    /// Why a review turns a template down (`wire.md` 9).
    RejectReason, "reason for a rejection" =>
    /// It threatens or insults.
    AbusiveContent = "ABUSIVE_CONTENT",
    /// It is not for what its category says.
    IncorrectCategory = "INCORRECT_CATEGORY",
    /// Its variables or its text are not formed as they should be.
    InvalidFormat = "INVALID_FORMAT",
    /// It advertises where it may not.
    Promotional = "PROMOTIONAL",
    /// It looks like fraud.
    Scam = "SCAM",
    /// Its language or category does not fit its text.
    TagContentMismatch = "TAG_CONTENT_MISMATCH",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_in_any_case_and_given_in_theirs() {
        for word in ["MARKETING", "marketing", "Marketing"] {
            assert_eq!(word.parse(), Ok(Category::Marketing));
        }
        let fault = "SPAM".parse::<Category>().expect_err("no such category");
        assert_eq!(
            fault.to_string(),
            "not a template category: one of: AUTHENTICATION MARKETING UTILITY"
        );
        for reason in RejectReason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(*reason));
        }
    }
}
