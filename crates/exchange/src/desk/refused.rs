//! Why a command was refused: values, which each door turns into its own codes and sentences.

use rules::reach::Restricted;
use rules::{account, admission, call, consent, inbound, message, outbound, rate, reach, settings};
use store::StoreError;
use types::limits::TEXT_CHARS_MAX;
use types::preset::ErrorChoices;
use types::{Country, Timestamp};

use super::templates::TemplateRefused;

/// Why the desk itself could not run a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// Too many commands wait.
    #[error("The platform has too much to do at this moment. Try again in a second.")]
    Busy,
    /// The desk has stopped: the exchange shuts down.
    #[error("The platform is shutting down. Try again when it is back.")]
    Stopped,
    /// The records could not be read or written.
    #[error("The platform could not save its records. Nothing was changed; try again.")]
    NotSaved {
        /// For the log.
        reason: String,
    },
}

/// Why a command was refused. Nothing was changed. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The access token is not known.
    #[error(
        "The access token is not known. Send one of the configured tokens as `Authorization: Bearer <token>`."
    )]
    WrongToken,
    /// The token is an app's own, where that of a business is needed.
    #[error(
        "This is an app's own token: it opens the app and its subscriptions, and no number, account or template. Send an access token of the business."
    )]
    AppToken,
    /// The 360dialog key is not known.
    #[error("The API key is not known. Send the number's key in the header D360-API-KEY.")]
    WrongKey,
    /// The phone's token is not that of the user.
    #[error(
        "The token is not that of this user. Read it from the user's entry in the control API."
    )]
    WrongPhoneToken,
    /// No number has this id, or none that the token may see.
    #[error("No business number with this id can be seen with this token.")]
    UnknownNumber,
    /// No account has this id, or none that the token may see.
    #[error("No WhatsApp Business Account with this id can be seen with this token.")]
    UnknownWaba,
    /// No app has this id, or not the one that the token was made for.
    #[error("No app with this id can be seen with this token.")]
    UnknownApp,
    /// No user has this wa_id or business-scoped id.
    #[error(
        "There is no WhatsApp user with this number or id. Make one with the control API or the configuration."
    )]
    UnknownUser,
    /// No call has this id, or not one of this number or user.
    #[error("No call with this id belongs to this number.")]
    UnknownCall,
    /// No message has this id, or none between the two that it is asked of.
    #[error("There is no message with this id between the two.")]
    UnknownMessage,
    /// A business number writes to itself.
    #[error("The recipient is the sender. Send the number of a user.")]
    RecipientIsSender,
    /// The business number sent too many messages.
    #[error("This business number sends too many messages. {0}")]
    TooManyMessages(rate::TooOften),
    /// The business number sent this user too many messages.
    #[error("This business number sends this user too many messages. {0}")]
    TooManyToUser(rate::TooOften),
    /// The business number may not reach the user at all.
    #[error("{0}")]
    Reach(#[from] reach::Refusal),
    /// Numbers of this country may not send call buttons.
    #[error(
        "Interactive message type voice_call is not supported: business numbers of {country} may not send call buttons."
    )]
    NoButtonsFrom {
        /// The country.
        country: Country,
    },
    /// This kind of template cannot be sent to a business-scoped id.
    #[error(
        "A template of the category AUTHENTICATION cannot be sent to a business-scoped user id. Send it to the user's number."
    )]
    BsuidNotSupported,
    /// A message stands otherwise.
    #[error("{0}")]
    Message(#[from] message::Refusal),
    /// A user's text is empty or too long.
    #[error("A message has 1 to {TEXT_CHARS_MAX} characters, and says something.")]
    BadText,
    /// The message has no button that calls the business.
    #[error("This message has no button that calls the business.")]
    NoButton,
    /// The message's button no longer works.
    #[error("The button has expired: it worked until Unix time {}.", at.as_secs())]
    ButtonExpired {
        /// Since when.
        at: Timestamp,
    },
    /// No delivery has this id.
    #[error("There is no delivery with this id.")]
    UnknownDelivery,
    /// No subscription has this id.
    #[error("There is no subscription with this id.")]
    UnknownSubscription,
    /// No armed fault has this id.
    #[error("There is no armed fault with this id.")]
    UnknownFault,
    /// As many faults are armed as may be.
    #[error("As many faults are armed as may be. Disarm some.")]
    TooManyFaults,
    /// The parts of a fault do not go together.
    #[error("{0}")]
    Misfit(#[from] rules::fault::Misfit),
    /// Another user has this wa_id or business-scoped id.
    #[error("There is a user with this wa_id or business-scoped id already.")]
    UserExists,
    /// Another business number is dialled so.
    #[error("Another business number has this display number already.")]
    NumberTaken,
    /// The document is not one of this exchange's records.
    #[error("{0}")]
    BadState(String),
    /// A user with calls that are not over cannot be removed.
    #[error("This user has a call that is not over. Hang it up first.")]
    UserInCall,
    /// The call's rules say no.
    #[error("{0}")]
    Call(#[from] call::Refusal),
    /// The number has no room for another call.
    #[error("{0}")]
    Admission(#[from] admission::Refusal),
    /// The business may not call the user now.
    #[error("{why}")]
    NoCall {
        /// Why.
        why: outbound::NoCall,
        /// The code that the preset chooses, where sources disagree on it.
        chosen_code: Option<u32>,
    },
    /// The business may not ask the user for permission now.
    #[error("{why}")]
    NoRequest {
        /// Why.
        why: outbound::NoRequest,
        /// The code that the preset chooses, where sources disagree on it.
        chosen_code: Option<u32>,
    },
    /// Being called is suspended for low quality.
    #[error("{0}")]
    Restricted(Restricted),
    /// It is outside of the number's call hours.
    #[error("{}", inbound::NoCall::Closed { opens_at: *.opens_at })]
    Closed {
        /// When they begin, if that is soon enough to be told.
        opens_at: Option<Timestamp>,
        /// Whether the business would call back those who let it.
        calls_back: bool,
    },
    /// The platform holds something against the account.
    #[error("{0}")]
    Account(#[from] account::Barred),
    /// The number's calls are signalled by SIP, which is not built.
    #[error(
        "Calls of this business number are signalled by SIP: the calling API is not for them, and this exchange does not speak SIP yet. Set sip.status to DISABLED in the number's call settings."
    )]
    SipNumber,
    /// The settings of calls cannot be changed so.
    #[error("{0}")]
    Settings(#[from] settings::Fault),
    /// The ledger of the number and the user says no.
    #[error("{0}")]
    Consent(#[from] consent::Refusal),
    /// Call permissions were read too often.
    #[error("{0}")]
    TooManyReads(rate::TooOften),
    /// A number for tests has as many users on its list as it may have.
    #[error(
        "The list of recipients of this business number has {users} users on it, which is as many as it may have. Remove one first."
    )]
    AllowListFull {
        /// How many that is.
        users: usize,
    },
    /// Something cannot be done with a message template.
    #[error("{0}")]
    Template(Box<TemplateRefused>),
    /// The desk could not run the command.
    #[error("{0}")]
    Desk(#[from] DeskError),
}

impl Refused {
    /// The business may not call the user now.
    #[must_use]
    pub const fn no_call(why: outbound::NoCall, choices: &ErrorChoices) -> Self {
        Self::NoCall {
            chosen_code: why.chosen_code(choices),
            why,
        }
    }

    /// The business may not ask the user for permission now.
    #[must_use]
    pub const fn no_request(why: outbound::NoRequest, choices: &ErrorChoices) -> Self {
        Self::NoRequest {
            chosen_code: why.chosen_code(choices),
            why,
        }
    }

    /// Why a call never began, in one word of a fixed list, for counting.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::WrongToken | Self::AppToken | Self::WrongKey | Self::WrongPhoneToken => {
                "not_authenticated"
            }
            Self::UnknownNumber => "unknown_number",
            Self::UnknownUser => "unknown_user",
            Self::Admission(refusal) => admission_word(refusal),
            Self::NoCall { why, .. } => match why {
                outbound::NoCall::Admission(refusal) => admission_word(refusal),
                outbound::NoCall::Reach(refusal) => match refusal {
                    reach::Refusal::NotOnAllowList => "not_on_allow_list",
                    reach::Refusal::CountryExcluded { .. } => "country_excluded",
                    reach::Refusal::Restricted(_) => "restricted",
                    reach::Refusal::Uncallable => "uncallable",
                },
                outbound::NoCall::Consent(refusal) => match refusal {
                    consent::NoCall::NoPermission(_) => "no_permission",
                    consent::NoCall::PermissionUsedUp { .. } => "permission_used_up",
                    consent::NoCall::TooManyConnected { .. } => "too_many_connected",
                },
            },
            Self::Restricted(_) => "restricted",
            Self::Closed { .. } => "closed",
            Self::Account(_) => "account",
            Self::SipNumber => "sip_number",
            Self::Desk(_) => "platform",
            Self::ButtonExpired { .. } => "button_expired",
            Self::UnknownWaba
            | Self::UnknownApp
            | Self::UnknownCall
            | Self::UnknownMessage
            | Self::RecipientIsSender
            | Self::TooManyMessages(_)
            | Self::TooManyToUser(_)
            | Self::Reach(_)
            | Self::NoButtonsFrom { .. }
            | Self::BsuidNotSupported
            | Self::Message(_)
            | Self::BadText
            | Self::NoButton
            | Self::UnknownDelivery
            | Self::UnknownSubscription
            | Self::UnknownFault
            | Self::TooManyFaults
            | Self::Misfit(_)
            | Self::UserExists
            | Self::BadState(_)
            | Self::NumberTaken
            | Self::UserInCall
            | Self::NoRequest { .. }
            | Self::Consent(_)
            | Self::TooManyReads(_)
            | Self::AllowListFull { .. }
            | Self::Settings(_)
            | Self::Template(_)
            | Self::Call(_) => "other",
        }
    }
}

const fn admission_word(refusal: &admission::Refusal) -> &'static str {
    match refusal {
        admission::Refusal::CallingDisabled => "calling_disabled",
        admission::Refusal::AlreadyInCall => "already_in_call",
        admission::Refusal::TooManyCalls { .. } => "too_many_calls",
        admission::Refusal::TooManyAttempts { .. } => "too_many_attempts",
    }
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::NotSaved {
            reason: error.to_string(),
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the records refused a command");
        Self::Desk(error.into())
    }
}
