//! Why something cannot be a template.

use std::error::Error;
use std::fmt;

/// Why something cannot be a template. `Display` names the part, says what is wrong with it and what
/// to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The part that is at fault.
    pub part: Part,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// A part of a template, by its name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its name.
    Name,
    /// Its language.
    Language,
    /// The line above the body.
    Header,
    /// What the message says.
    Body,
    /// The small line below the body.
    Footer,
    /// What can be pressed, as a whole.
    Buttons,
    /// One button, by its place from 0.
    Button(usize),
    /// The question whether the business may call.
    PermissionRequest,
}

/// What is wrong with a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// It has to be there and is not.
    Missing,
    /// It says nothing.
    Empty,
    /// It is there more than once.
    Twice,
    /// It has other characters than it may have.
    BadName,
    /// There are no templates in this language.
    UnknownLanguage {
        /// The one that was probably meant.
        nearest: Option<&'static str>,
    },
    /// It cannot stand in a template that is for codes.
    NotInAuthentication,
    /// There is nothing for whoever reviews it to look at.
    NoSample,
    /// It is too long.
    TooLong {
        /// How long it is, in characters.
        chars: usize,
        /// How long it may be.
        max: usize,
    },
    /// It has characters that only a body may have.
    NotPlain,
    /// Its variables, or their examples.
    Variables(VariableFault),
    /// What only buttons can get wrong.
    Buttons(ButtonFault),
}

/// What is wrong with the variables of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableFault {
    /// Two opening braces that no variable follows.
    Malformed,
    /// It has a variable and may not have any.
    NotAllowed,
    /// It has more variables than it may have.
    TooMany {
        /// How many it may have.
        max: usize,
    },
    /// A variable with a name, where variables are numbered.
    Named,
    /// A variable with a number, where variables have names.
    Numbered,
    /// A number is left out.
    NotConsecutive {
        /// The first one that is missing.
        missing: u32,
    },
    /// It begins or ends with a variable.
    AtTheEdge,
    /// It has variables and not as many examples.
    Examples {
        /// How many it needs.
        wanted: usize,
        /// How many it has.
        given: usize,
        /// The key under which they are given.
        key: &'static str,
    },
    /// A variable without an example.
    NoExampleFor {
        /// The variable's name.
        name: String,
    },
}

/// What is wrong with buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonFault {
    /// More of one kind than there may be.
    TooMany {
        /// Of what.
        of: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// Buttons that answer stand between other ones.
    RepliesApart,
    /// A time that a button cannot work for.
    Ttl {
        /// The time that was given, in minutes.
        given: u32,
        /// The shortest that there is.
        min: u32,
        /// The longest.
        max: u32,
    },
    /// It is no address that a phone could open.
    BadAddress,
    /// A variable elsewhere than at the end of an address.
    AddressVariable,
    /// No number that a phone could dial.
    BadPhoneNumber,
}

impl From<VariableFault> for FaultKind {
    fn from(fault: VariableFault) -> Self {
        Self::Variables(fault)
    }
}

impl From<ButtonFault> for FaultKind {
    fn from(fault: ButtonFault) -> Self {
        Self::Buttons(fault)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("name"),
            Self::Language => f.write_str("language"),
            Self::Header => f.write_str("HEADER"),
            Self::Body => f.write_str("BODY"),
            Self::Footer => f.write_str("FOOTER"),
            Self::Buttons => f.write_str("BUTTONS"),
            Self::Button(place) => write!(f, "buttons[{place}]"),
            Self::PermissionRequest => f.write_str("call_permission_request"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = self.part;
        match &self.kind {
            FaultKind::Missing => write!(
                f,
                "The component {part} is missing. Every template needs one, with its text."
            ),
            FaultKind::Empty => write!(f, "{part} says nothing. Give it a text, or leave it out."),
            FaultKind::Twice => write!(
                f,
                "The component {part} stands twice. A template has one of each at most."
            ),
            FaultKind::BadName => write!(
                f,
                "{part} may have lower-case letters, digits and underscores only, such as \
                 order_update."
            ),
            FaultKind::UnknownLanguage { nearest } => match nearest {
                None => write!(
                    f,
                    "There are no templates in this {part}. Send one of Meta's codes, such as en_US."
                ),
                Some(code) => write!(
                    f,
                    "There are no templates in this {part}. Did you mean {code}?"
                ),
            },
            FaultKind::NotInAuthentication => write!(
                f,
                "{part} cannot stand in a template of the category AUTHENTICATION. Choose MARKETING \
                 or UTILITY."
            ),
            FaultKind::NoSample => write!(
                f,
                "{part} has no sample of what it will show. Send the handle of one in \
                 example.header_handle."
            ),
            FaultKind::TooLong { chars, max } => write!(
                f,
                "{part} has {chars} characters. At most {max} are allowed."
            ),
            FaultKind::NotPlain => write!(
                f,
                "{part} has a line break, an emoji or a sign of formatting. Only BODY may have them."
            ),
            FaultKind::Variables(fault) => fault.say(f, part),
            FaultKind::Buttons(fault) => fault.say(f, part),
        }
    }
}

impl VariableFault {
    fn say(&self, f: &mut fmt::Formatter<'_>, part: Part) -> fmt::Result {
        match self {
            Self::Malformed => write!(
                f,
                "{part} has {{{{ without a variable. Write variables as {{{{1}}}}, or as \
                 {{{{order_number}}}} with parameter_format NAMED."
            ),
            Self::NotAllowed => {
                write!(f, "{part} cannot have a variable. Write out its text.")
            }
            Self::TooMany { max } => {
                write!(f, "{part} can have {max} variable. Write the others out.")
            }
            Self::Named => write!(
                f,
                "{part} has a variable with a name. Number them from {{{{1}}}} on, or send \
                 \"parameter_format\": \"NAMED\"."
            ),
            Self::Numbered => write!(
                f,
                "{part} has a numbered variable, and parameter_format is NAMED. Give it a name such \
                 as {{{{order_number}}}}, or send \"parameter_format\": \"POSITIONAL\"."
            ),
            Self::NotConsecutive { missing } => write!(
                f,
                "{part} has no variable {{{{{missing}}}}} and one with a higher number. Number them \
                 from 1 without a gap."
            ),
            Self::AtTheEdge => write!(
                f,
                "{part} begins or ends with a variable. Put words before the first and after the \
                 last one."
            ),
            Self::Examples { wanted, given, key } => write!(
                f,
                "{part} has {} and {}. Send one for each in {key}.",
                counted(*wanted, "variable"),
                counted(*given, "example")
            ),
            Self::NoExampleFor { name } => write!(
                f,
                "{part} has the variable {{{{{name}}}}} and no example of it. Send one with this \
                 param_name in example."
            ),
        }
    }
}

impl ButtonFault {
    fn say(self, f: &mut fmt::Formatter<'_>, part: Part) -> fmt::Result {
        match self {
            Self::TooMany { of, max } => {
                write!(f, "{part} has too many {of}. At most {max} are allowed.")
            }
            Self::RepliesApart => write!(
                f,
                "{part} has buttons of the type QUICK_REPLY between other ones. Put them all before \
                 or all after the others."
            ),
            Self::Ttl { given, min, max } => write!(
                f,
                "{part} has a ttl_minutes of {given}. A template takes {min} to {max}; a shorter \
                 time can be given when it is sent."
            ),
            Self::BadAddress => write!(
                f,
                "{part} has no address in url that a phone could open. Send one that begins with \
                 https:// or http:// and has no spaces."
            ),
            Self::AddressVariable => write!(
                f,
                "{part} has a variable in url that is not its end. An address takes one variable, \
                 {{{{1}}}}, as its last characters."
            ),
            Self::BadPhoneNumber => write!(
                f,
                "{part} has no number in phone_number that a phone could dial. Send digits, with + \
                 in front for another country."
            ),
        }
    }
}

impl Error for Fault {}

/// Such as `1 variable`, `2 variables`, `no examples`.
pub(super) fn counted(number: usize, of: &str) -> String {
    match number {
        0 => format!("no {of}s"),
        1 => format!("1 {of}"),
        more => format!("{more} {of}s"),
    }
}
