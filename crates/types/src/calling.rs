//! What a business sets about the calls of one number, in the words that wire, rules and records
//! share (`wire.md` 4.1). Plain data: `rules::settings` says what may be set.

use std::collections::BTreeMap;
use std::fmt;

use crate::calendar::{Holiday, Opening};
use crate::{AppId, Country, words};

/// Everything that is set about the calls of one business number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct CallingSettings {
    /// Whether the number may call and be called.
    pub enabled: bool,
    /// Whether users see call buttons.
    pub icon: CallIcon,
    /// The countries whose users see them, by the country of the user's number; empty for all.
    pub icon_countries: Vec<Country>,
    /// When users can call; none if it was never set.
    pub hours: Option<CallHours>,
    /// Whether a user who calls lets the business call back.
    pub callback_permission: bool,
    /// How keys of media are agreed on; none if it was never set, which means DTLS.
    pub srtp: Option<SrtpKeyExchange>,
    /// Signalling by SIP in place of the API.
    pub sip: Sip,
    /// The codecs that may be offered beside Opus.
    pub codecs: Vec<Codec>,
    /// What is said to users whose call is not taken; none if it was never set.
    pub voicemail: Option<Voicemail>,
}

/// When users can call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CallHours {
    /// Whether they hold; if not, users can always call.
    pub enabled: bool,
    /// The name of the time zone in the IANA database, such as `America/Manaus`.
    pub time_zone: String,
    /// By the day of the week.
    pub weekly: Vec<Opening>,
    /// By the date.
    pub holidays: Vec<Holiday>,
}

/// Signalling by SIP.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Sip {
    /// Whether calls are signalled by SIP.
    pub enabled: bool,
    /// Whether webhooks are sent all the same.
    pub webhooks: bool,
    /// One server for each app that has set one.
    pub servers: Vec<SipServer>,
}

/// The SIP server of one app.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SipServer {
    /// The app that set it.
    pub app: AppId,
    /// Where it is, and what it takes.
    pub address: SipAddress,
    /// What the server shows when it calls; drawn by the platform.
    pub password: String,
}

/// Where a SIP server is reached, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SipAddress {
    /// Its host name.
    pub hostname: String,
    /// Its port, for TLS.
    pub port: u16,
    /// Put into the user part of the request URI.
    pub user_params: BTreeMap<String, String>,
}

/// What is said to users whose call is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Voicemail {
    /// Whether it is on.
    pub enabled: bool,
    /// When it begins.
    pub triggers: Vec<VoicemailTrigger>,
    /// The id of the uploaded sound that is played.
    pub announcement: Option<u64>,
    /// How long the call rings before [`VoicemailTrigger::Timeout`], in seconds; without it that
    /// trigger does nothing.
    pub timeout_secs: Option<u32>,
}

/// What a business asks to be changed; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallingChange {
    /// Whether the number may call and be called.
    pub enabled: Option<bool>,
    /// Whether users see call buttons.
    pub icon: Option<CallIcon>,
    /// The countries whose users see them; empty for all.
    pub icon_countries: Option<Vec<Country>>,
    /// When users can call, in place of all that was set about it.
    pub hours: Option<CallHours>,
    /// Whether a user who calls lets the business call back.
    pub callback_permission: Option<bool>,
    /// How keys of media are agreed on.
    pub srtp: Option<SrtpKeyExchange>,
    /// Signalling by SIP.
    pub sip: SipChange,
    /// The codecs that may be offered beside Opus.
    pub codecs: Option<Vec<Codec>>,
    /// What is said to users whose call is not taken, in place of all that was set about it.
    pub voicemail: Option<Voicemail>,
}

/// What a business asks to be changed about SIP; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SipChange {
    /// Whether calls are signalled by SIP.
    pub enabled: Option<bool>,
    /// Whether webhooks are sent all the same.
    pub webhooks: Option<bool>,
    /// The server of the app that asks.
    pub server: Option<ServerChange>,
}

/// What becomes of an app's SIP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerChange {
    /// It is forgotten, with its password.
    Forget,
    /// It is set, or moves and keeps its password.
    Set(SipAddress),
}

/// Names the app and not the password.
impl fmt::Debug for SipServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SipServer")
            .field("app", &self.app)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

words! {
    /// Whether users see call buttons.
    #[derive(Default)]
    CallIcon, "visibility of the call icon", "DEFAULT or DISABLE_ALL" =>
    /// They do.
    #[default]
    Default = "DEFAULT",
    /// They do not. Calls from the contacts, the call log or a link come in all the same.
    DisableAll = "DISABLE_ALL",
}

words! {
    /// How keys of media are agreed on.
    SrtpKeyExchange, "key exchange", "DTLS or SDES" =>
    /// By a handshake on the media path.
    Dtls = "DTLS",
    /// In the session description.
    Sdes = "SDES",
}

words! {
    /// A codec that may be offered beside Opus, which always is.
    Codec, "codec", "PCMA or PCMU" =>
    /// G.711 A-law.
    Pcma = "PCMA",
    /// G.711 mu-law.
    Pcmu = "PCMU",
}

words! {
    /// What makes voicemail begin.
    VoicemailTrigger, "voicemail trigger", "REJECT or TIMEOUT" =>
    /// The business rejects the call.
    Reject = "REJECT",
    /// The business does not take it in time.
    Timeout = "TIMEOUT",
}

words! {
    /// How many users a business may write to first in 24 hours.
    #[derive(Default)]
    MessagingLimit, "messaging limit",
    "one of TIER_50, TIER_250, TIER_1K, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED" =>
    /// 50.
    Tier50 = "TIER_50",
    /// 250.
    Tier250 = "TIER_250",
    /// 1 000.
    Tier1k = "TIER_1K",
    /// 2 000, from which on calling can be enabled at Meta.
    Tier2k = "TIER_2K",
    /// 10 000.
    #[default]
    Tier10k = "TIER_10K",
    /// 100 000.
    Tier100k = "TIER_100K",
    /// Any number.
    Unlimited = "TIER_UNLIMITED",
}

impl MessagingLimit {
    /// How many users, if there is a bound.
    #[must_use]
    pub const fn users(self) -> Option<u32> {
        match self {
            Self::Tier50 => Some(50),
            Self::Tier250 => Some(250),
            Self::Tier1k => Some(1_000),
            Self::Tier2k => Some(2_000),
            Self::Tier10k => Some(10_000),
            Self::Tier100k => Some(100_000),
            Self::Unlimited => None,
        }
    }
}
