//! Why something cannot be done with a template, and the code that says so.

use rules::template::{Fault, FaultKind, NotSo, Part, Status, Unfit, VariableFault};
use wire::{ApiError, ErrorCode};

/// Why something cannot be done with a template. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateRefused {
    /// There is none of this id or name, or none that the caller may see.
    #[error("There is no such template in this account.")]
    Unknown,
    /// The account has one of this name in this language.
    #[error(
        "The account has a template of this name in this language. Edit that one, or choose another name."
    )]
    Exists,
    /// The account has as many names as it may have.
    #[error("The account has templates of {max} names, and may not have more. Remove some.")]
    TooMany {
        /// How many it may have.
        max: u32,
    },
    /// It cannot be a template.
    #[error("{0}")]
    Fault(Fault),
    /// Its parameters cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// It stands so that this cannot happen to it.
    #[error("{0}")]
    Review(NotSo),
    /// It is not paused.
    #[error("The template is {status}. Only one that is PAUSED can be unpaused.")]
    NotPaused {
        /// How it stands.
        status: Status,
    },
    /// The category of one that is approved would change.
    #[error("The category of an approved template cannot be changed. Make a new template.")]
    CategoryFixed,
    /// Nothing can be sent: the account has none of this name in this language.
    #[error(
        "The account has no template of this name in this language. Names and language codes count letter by letter."
    )]
    NotThere,
    /// Nothing can be sent: it was never approved.
    #[error("The template is {status}. It can be sent once it is APPROVED.")]
    NotApproved {
        /// How it stands.
        status: Status,
    },
    /// Nothing can be sent: it is paused.
    #[error(
        "The template is PAUSED, because too many users did not want it. It can be sent once it is reinstated."
    )]
    Paused,
    /// Nothing can be sent: it is disabled.
    #[error("The template is DISABLED, because too many users did not want it. Make a new one.")]
    Disabled,
    /// Nothing can be sent: what the message brings does not fit.
    #[error("{unfit}")]
    Unfit {
        /// What does not fit.
        unfit: Unfit,
        /// The preset's code for it, where sources disagree.
        chosen_code: Option<u32>,
    },
}

impl TemplateRefused {
    /// The refusal as a client of the API is to read it.
    pub(crate) fn api_error(&self) -> ApiError {
        let details = self.to_string();
        match self {
            Self::Unknown => {
                ApiError::no_such_object(format!("{details} Check its id, or its name."))
            }
            Self::Exists => with_subcode(details, LANGUAGE_EXISTS),
            Self::TooMany { .. } => with_subcode(details, TOO_MANY_TEMPLATES),
            Self::Fault(fault) => ApiError {
                subcode: subcode(fault),
                ..ApiError::parameter(details)
            },
            Self::Unreadable(_)
            | Self::Review(_)
            | Self::NotPaused { .. }
            | Self::CategoryFixed => ApiError::parameter(details),
            Self::NotThere | Self::NotApproved { .. } => {
                ApiError::new(ErrorCode::TemplateMissing, details)
            }
            Self::Paused => ApiError::new(ErrorCode::TemplatePaused, details),
            Self::Disabled => ApiError::new(ErrorCode::TemplateDisabled, details),
            Self::Unfit { unfit, chosen_code } => {
                let chosen = chosen_code.and_then(ErrorCode::from_code);
                ApiError::new(chosen.unwrap_or_else(|| code(unfit)), details)
            }
        }
    }
}

impl From<TemplateRefused> for crate::desk::Refused {
    fn from(refused: TemplateRefused) -> Self {
        Self::Template(Box::new(refused))
    }
}

fn with_subcode(details: String, subcode: u32) -> ApiError {
    ApiError {
        subcode: Some(subcode),
        ..ApiError::parameter(details)
    }
}

const fn code(unfit: &Unfit) -> ErrorCode {
    match unfit {
        Unfit::Count { .. } => ErrorCode::TemplateParamCount,
        Unfit::Unnamed { .. }
        | Unfit::UnknownName { .. }
        | Unfit::NotText { .. }
        | Unfit::NoSuchButton { .. }
        | Unfit::ButtonTwice { .. } => ErrorCode::TemplateParamFormat,
        Unfit::Empty { .. } | Unfit::Ttl { .. } | Unfit::Payload { .. } => {
            ErrorCode::TemplateParamValue
        }
        Unfit::Whitespace { .. } => ErrorCode::TemplatePolicy,
        Unfit::TooLong { .. } => ErrorCode::TemplateTextTooLong,
    }
}

/// Graph's finer number of a fault, where it is publicly known; none is made up.
const fn subcode(fault: &Fault) -> Option<u32> {
    match (&fault.kind, fault.part) {
        (FaultKind::TooLong { .. }, _) => Some(TOO_LONG),
        (FaultKind::Variables(VariableFault::AtTheEdge), _) => Some(VARIABLE_AT_THE_EDGE),
        (
            FaultKind::Variables(
                VariableFault::Examples { .. } | VariableFault::NoExampleFor { .. },
            ),
            _,
        ) => Some(NO_EXAMPLE),
        (FaultKind::NotPlain | FaultKind::Variables(_), Part::Header) => Some(HEADER_FORMAT),
        (FaultKind::Variables(_), Part::Body) => Some(BODY_FORMAT),
        (FaultKind::NotPlain | FaultKind::Variables(_), Part::Footer) => Some(FOOTER_FORMAT),
        _ => None,
    }
}

// Meta, error codes, template creation errors; and, for the first and the third, as seen live.
const LANGUAGE_EXISTS: u32 = 2_388_024;
const TOO_LONG: u32 = 2_388_040;
const NO_EXAMPLE: u32 = 2_388_043;
const HEADER_FORMAT: u32 = 2_388_047;
const BODY_FORMAT: u32 = 2_388_072;
const FOOTER_FORMAT: u32 = 2_388_073;
const VARIABLE_AT_THE_EDGE: u32 = 2_388_299;
const TOO_MANY_TEMPLATES: u32 = 2_388_019;
