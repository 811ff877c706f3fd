//! Why something cannot be done with a template, and the code that says so.

use rules::rate::TooOften;
use rules::template::{
    Fault, FaultKind, NameHeld, NotRemovable, NotSo, Part, ReviewInput, Status, TooManyEdits,
    Unfit, UnfitMedia, VariableFault,
};
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
    /// The account makes too many.
    #[error("The account makes more than {per_hour} templates in an hour. {why}")]
    TooOften {
        /// How many it may make.
        per_hour: u32,
        /// From when on it may again.
        why: TooOften,
    },
    /// The name was used lately.
    #[error("{why}")]
    NameHeld {
        /// The language that it cannot be used in.
        language: String,
        /// Until when.
        why: NameHeld,
    },
    /// It was edited too often.
    #[error("{0}")]
    TooManyEdits(TooManyEdits),
    /// It cannot be removed.
    #[error("{0}")]
    NotRemovable(NotRemovable),
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
            Self::Exists => LANGUAGE_EXISTS.error(details),
            Self::TooMany { .. } => TOO_MANY_TEMPLATES.error(details),
            Self::TooOften { .. } => ApiError::new(ErrorCode::TemplateRateLimit, details),
            Self::NameHeld { .. } => LANGUAGE_DELETED.error(details),
            Self::Review(NotSo {
                input: ReviewInput::Edit,
                ..
            })
            | Self::TooManyEdits(_) => STATUS_FIXED.error(details),
            Self::Fault(fault) => match finer(fault) {
                Some(finer) => finer.error(details),
                None => ApiError::parameter(details),
            },
            Self::Unreadable(_)
            | Self::Review(_)
            | Self::NotPaused { .. }
            | Self::NotRemovable(_)
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

const fn code(unfit: &Unfit) -> ErrorCode {
    match unfit {
        Unfit::Count { .. } | Unfit::Media(UnfitMedia::Several { .. }) => {
            ErrorCode::TemplateParamCount
        }
        Unfit::Unnamed { .. }
        | Unfit::UnknownName { .. }
        | Unfit::NotText { .. }
        | Unfit::Media(UnfitMedia::Nothing { .. } | UnfitMedia::Other { .. })
        | Unfit::NoSuchButton { .. }
        | Unfit::ButtonTwice { .. } => ErrorCode::TemplateParamFormat,
        Unfit::Empty { .. } | Unfit::Ttl { .. } | Unfit::Payload { .. } => {
            ErrorCode::TemplateParamValue
        }
        Unfit::Whitespace { .. } => ErrorCode::TemplatePolicy,
        Unfit::TooLong { .. } => ErrorCode::TemplateTextTooLong,
    }
}

/// Graph's finer number for code 100, and what it is called.
struct Finer(u32, &'static str);

impl Finer {
    fn error(&self, details: String) -> ApiError {
        ApiError::finer(self.0, self.1, details)
    }
}

/// Graph's finer number of a fault, where it is publicly known; none is made up.
const fn finer(fault: &Fault) -> Option<Finer> {
    match (&fault.kind, fault.part) {
        (FaultKind::TooLong { .. }, _) => Some(TOO_LONG),
        (FaultKind::NoSample, _) => Some(NO_EXAMPLE),
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

// Meta's pages on error codes (template creation errors) and on template management, September 2026.
const TOO_MANY_TEMPLATES: Finer = Finer(2_388_019, "Message Template Limit Exceeded");
const LANGUAGE_EXISTS: Finer = Finer(2_388_024, "Content in This Language Already Exists");
const STATUS_FIXED: Finer = Finer(2_388_039, "Message template status can't be changed");
const TOO_LONG: Finer = Finer(2_388_040, "Character limit exceeded");
const HEADER_FORMAT: Finer = Finer(2_388_047, "Message header format is incorrect");
const BODY_FORMAT: Finer = Finer(2_388_072, "Message body format is incorrect");
const FOOTER_FORMAT: Finer = Finer(2_388_073, "Message footer format is incorrect");
const VARIABLE_AT_THE_EDGE: Finer = Finer(2_388_299, "Leading or trailing parameters not allowed");
// As seen live, and reported by many; in no table of Meta's.
const LANGUAGE_DELETED: Finer = Finer(2_388_023, "Message template language is being deleted");
const NO_EXAMPLE: Finer = Finer(
    2_388_043,
    "Message template \"components\" param is missing expected field(s)",
);
