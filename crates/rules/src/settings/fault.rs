//! Why settings of calls cannot be changed so.

use std::error::Error;
use std::fmt;

use types::calling::MessagingLimit;
use types::limits::{
    CALL_ICON_COUNTRIES_MAX, SIP_HOSTNAME_BYTES_MAX, SIP_SERVERS_MAX, SIP_USER_PARAM_CHARS_MAX,
    SIP_USER_PARAMS_MAX, VOICEMAIL_TIMEOUT_SECS_MAX,
};

use crate::hours::HoursFault;
use crate::reach::Restricted;

/// Why settings of calls cannot be changed so. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The preset's code for it, 138014: calling is suspended, and its settings with it.
    Restricted(Restricted),
    /// 138015: calls are to be switched on for a business that may write to too few users.
    MessagingLimit {
        /// What the business has.
        limit: MessagingLimit,
        /// How many users there must be at least.
        min: u32,
    },
    /// 138018: calls are to be switched on and nobody would hear of them.
    NobodyListens,
    /// More countries than there are.
    TooManyCountries,
    /// No time zone has this name.
    UnknownTimeZone,
    /// The hours break a rule of their own.
    Hours(HoursFault),
    /// SIP is to be used without a server.
    NoSipServer,
    /// A server is to be set and no app is there whose it would be.
    NobodysSipServer,
    /// Other apps have set as many servers as there may be.
    TooManySipServers,
    /// The name of a server is none.
    SipHostname,
    /// More parameters for the user part than there may be.
    TooManySipUserParams,
    /// A parameter for the user part has no name, or is too long.
    SipUserParam,
    /// Voicemail that nothing begins.
    NoVoicemailTrigger,
    /// A time that is too long.
    VoicemailTimeout,
    /// Voicemail that only a timeout begins, and there is none.
    VoicemailNeverBegins,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Restricted(restricted) => {
                write!(
                    f,
                    "{restricted} Settings of calls stay as they are until then."
                )
            }
            Self::MessagingLimit { limit, min } => write!(
                f,
                "The messaging limit of this business number is {limit}, and calls need one of at \
                 least {min} users. Raise the limit first."
            ),
            Self::NobodyListens => f.write_str(
                "Nobody would hear of calls: no app is subscribed to the webhook field calls, and \
                 SIP is off. Subscribe an app to calls first, or set sip.status to ENABLED.",
            ),
            Self::TooManyCountries => write!(
                f,
                "call_icons.restrict_to_user_countries has more than {CALL_ICON_COUNTRIES_MAX} \
                 entries. Send [] to show call icons in every country."
            ),
            Self::UnknownTimeZone => f.write_str(
                "call_hours.timezone_id is no time zone of the IANA database. Send a name such as \
                 \"America/Manaus\".",
            ),
            Self::Hours(fault) => write!(f, "In call_hours: {fault}"),
            Self::NoSipServer => f.write_str(
                "sip.status is ENABLED and sip.servers would be empty. Send a server with it, or \
                 set the status to DISABLED first.",
            ),
            Self::NobodysSipServer => f.write_str(
                "A SIP server belongs to an app, and the account has subscribed none. Subscribe \
                 one first.",
            ),
            Self::TooManySipServers => write!(
                f,
                "Other apps have set {SIP_SERVERS_MAX} SIP servers for this number, which are as \
                 many as there may be. Let one of them send sip.servers as [] first."
            ),
            Self::SipHostname => write!(
                f,
                "sip.servers[0].hostname is no host name of at most {SIP_HOSTNAME_BYTES_MAX} \
                 letters, digits, dots and dashes. Send one such as \"sip.example.com\"."
            ),
            Self::TooManySipUserParams => write!(
                f,
                "sip.servers[0].request_uri_user_params has more than {SIP_USER_PARAMS_MAX} \
                 entries. Leave some of them out."
            ),
            Self::SipUserParam => write!(
                f,
                "A key or a value of sip.servers[0].request_uri_user_params is empty or has more \
                 than {SIP_USER_PARAM_CHARS_MAX} characters. Shorten it."
            ),
            Self::NoVoicemailTrigger => f.write_str(
                "voicemail.triggers is empty. Send one or both of REJECT and TIMEOUT, or set the \
                 status of voicemail to DISABLED.",
            ),
            Self::VoicemailTimeout => write!(
                f,
                "voicemail.audio.default.timeout_seconds is more than \
                 {VOICEMAIL_TIMEOUT_SECS_MAX}. Send 0 to {VOICEMAIL_TIMEOUT_SECS_MAX}."
            ),
            Self::VoicemailNeverBegins => f.write_str(
                "voicemail.triggers has TIMEOUT alone, which does nothing without \
                 voicemail.audio.default.timeout_seconds. Send both, or add REJECT.",
            ),
        }
    }
}

impl Error for Fault {}
