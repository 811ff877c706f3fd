//! Why a template cannot be filled in with what a message brings.

use std::error::Error;
use std::fmt;

use types::template::MediaFormat;

use super::fault::{Part, counted};

/// Why a template cannot be filled in. `Display` names the part, says what is wrong and what to do,
/// and repeats nothing of what was to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Not as many parameters as variables.
    Count {
        /// Of which part.
        part: Part,
        /// How many variables it has.
        variables: usize,
        /// How many parameters there are.
        parameters: usize,
    },
    /// A variable has a name, and the parameter has none.
    Unnamed {
        /// Of which part.
        part: Part,
    },
    /// A parameter for a variable that is not there, or the second one for one that is.
    UnknownName {
        /// Of which part.
        part: Part,
        /// The parameter's name.
        name: String,
    },
    /// A variable takes text, and the parameter is something else.
    NotText {
        /// Of which part.
        part: Part,
        /// What it is, such as `image`.
        kind: String,
    },
    /// The header is something to look at, and the message brings something else for it.
    Media(UnfitMedia),
    /// A parameter that says nothing.
    Empty {
        /// Of which part.
        part: Part,
    },
    /// A line break, a tab, or more than four spaces in a row.
    Whitespace {
        /// Of which part.
        part: Part,
    },
    /// Filled in, it is too long.
    TooLong {
        /// Which part.
        part: Part,
        /// How long it would be, in characters.
        chars: usize,
        /// How long it may be.
        max: usize,
    },
    /// The template has no such button at that place.
    NoSuchButton {
        /// The kind that the message names.
        kind: &'static str,
        /// The place that it names, from 0.
        place: Option<u32>,
    },
    /// Two parameters for one button.
    ButtonTwice {
        /// The button's place, from 0.
        place: usize,
    },
    /// A time that a button cannot work for.
    Ttl {
        /// The time that was given, in minutes.
        given: u32,
        /// The longest that there is; the shortest is 1.
        max: u32,
    },
    /// Too much to be heard again when a button is pressed.
    Payload {
        /// How long it is, in characters.
        chars: usize,
        /// How long it may be.
        max: usize,
    },
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count {
                part,
                variables,
                parameters,
            } => write!(
                f,
                "{part} of the template has {} and the message brings {}. Send one for each.",
                counted(*variables, "variable"),
                counted(*parameters, "parameter")
            ),
            Self::Unnamed { part } => write!(
                f,
                "The variables in {part} of the template have names. Send each parameter with its \
                 parameter_name."
            ),
            Self::UnknownName { part, name } => write!(
                f,
                "{part} of the template has no variable {name:?} that this message has not filled \
                 in. Send each name once, as the template spells it."
            ),
            Self::NotText { part, kind } => write!(
                f,
                "{part} of the template takes text and the message brings a parameter of the type \
                 {kind:?}. Send one of the type text."
            ),
            Self::Media(unfit) => unfit.fmt(f),
            Self::Empty { part } => write!(
                f,
                "A parameter for {part} says nothing. Send a text for each variable."
            ),
            Self::Whitespace { part } => write!(
                f,
                "A parameter for {part} has a line break, a tab or more than {SPACES_MAX} spaces in \
                 a row. Put them into the template's own text."
            ),
            Self::TooLong { part, chars, max } => write!(
                f,
                "{part} has {chars} characters when it is filled in. At most {max} are allowed: send \
                 shorter parameters."
            ),
            Self::NoSuchButton {
                kind,
                place: Some(place),
            } => write!(
                f,
                "The template has no button of the type {kind} with the index {place}. Count its \
                 buttons from 0."
            ),
            Self::NoSuchButton { kind, place: None } => write!(
                f,
                "The template has no button of the type {kind}. Leave its parameters out."
            ),
            Self::ButtonTwice { place } => write!(
                f,
                "The message brings parameters for the button with the index {place} twice. Send \
                 them in one component."
            ),
            Self::Ttl { given, max } => write!(
                f,
                "ttl_minutes is {given}. A call button works for 1 to {max} minutes."
            ),
            Self::Payload { chars, max } => write!(
                f,
                "payload has {chars} characters. At most {max} are allowed."
            ),
        }
    }
}

impl Error for Unfit {}

impl From<UnfitMedia> for Unfit {
    fn from(unfit: UnfitMedia) -> Self {
        Self::Media(unfit)
    }
}

/// Why what a message brings is nothing for a header that is something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnfitMedia {
    /// Nothing.
    Nothing {
        /// What it is.
        wanted: MediaFormat,
    },
    /// More than one thing.
    Several {
        /// What it is.
        wanted: MediaFormat,
        /// How many parameters there are.
        parameters: usize,
    },
    /// Something else.
    Other {
        /// What it is.
        wanted: MediaFormat,
        /// What the message brings, such as `video`.
        kind: String,
    },
}

impl fmt::Display for UnfitMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing { wanted } => write!(
                f,
                "HEADER: format mismatch, expected {wanted}, received UNKNOWN. Send a header component \
                 with one parameter of that type."
            ),
            Self::Several { wanted, parameters } => write!(
                f,
                "HEADER of the template is one {wanted} and the message brings {}. Send one.",
                counted(*parameters, "parameter")
            ),
            Self::Other { wanted, kind } => write!(
                f,
                "HEADER: format mismatch, expected {wanted}, received {}. Send one parameter of that \
                 type.",
                kind.to_uppercase()
            ),
        }
    }
}

/// Spaces in a row that a parameter may have (Meta, live).
pub(super) const SPACES_MAX: usize = 4;
