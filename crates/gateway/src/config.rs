//! What a gateway is told: its platform, its webhook, its handler, its patience.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use types::PhoneNumberId;
use types::limits::{GATEWAY_FAREWELL_WITHIN, GATEWAY_GOODBYE_WITHIN, GATEWAY_LEARN_WITHIN};
use url::Url;

use crate::board::BoardLimits;
use crate::call::Timers;
use crate::handlers::HandlerSpec;

/// The whole configuration. Unknown keys are refused by name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// Whose API it calls.
    pub platform: PlatformConfig,
    /// How webhooks are let in.
    pub webhook: WebhookConfig,
    /// What deals with the audio of users' calls, and of calls placed without a handler of their own.
    #[serde(default)]
    pub handler: HandlerSpec,
    /// Patience and room.
    #[serde(default)]
    pub calls: CallsConfig,
    /// Who may use the gateway's own API.
    #[serde(default)]
    pub api: ApiConfig,
    /// The folder of the database, the recordings and the sounds. None keeps the database in memory
    /// and offers neither recordings nor sounds.
    #[serde(default)]
    pub data: Option<PathBuf>,
}

/// Whose API the gateway calls. Only these lines tell Meta, 360dialog and an exchange apart.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformConfig {
    /// The wire flavour.
    #[serde(default)]
    pub dialect: Dialect,
    /// The base of the API, without version: `https://graph.facebook.com`,
    /// `https://waba-v2.360dialog.io`, or an exchange's.
    pub url: Url,
    /// The version of the Graph API, such as `v24.0`; none leaves it out. Not for 360dialog.
    #[serde(default)]
    pub version: Option<String>,
    /// The business number that calls and is called.
    pub phone_number_id: PhoneNumberId,
    /// The Bearer token of Graph, or the `D360-API-KEY`.
    pub access_token: SecretString,
    /// How long one request may take, in milliseconds.
    #[serde(default = "request_ms_max")]
    pub request_ms_max: u64,
}

/// The wire flavour, as the configuration names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Meta's Graph API.
    #[default]
    Graph,
    /// 360dialog's API.
    D360,
}

/// How webhooks are let in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// What the platform's handshake must say.
    pub verify_token: SecretString,
    /// The app's secret, with which the platform signs. Without it every POST is refused, unless
    /// `unsigned` says otherwise.
    #[serde(default)]
    pub app_secret: Option<SecretString>,
    /// Takes webhooks without a signature, because the platform signs none (360dialog's forwarding is
    /// not documented to). Whoever can reach the endpoint can then invent calls.
    #[serde(default)]
    pub unsigned: bool,
}

/// Patience and room.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallsConfig {
    /// Calls at one time, both directions together; one more is declined.
    pub calls_max: usize,
    /// How long a user's call is left ringing before it is accepted, in milliseconds.
    pub answer_after_ms: u64,
    /// From the platform's timestamp to the last moment to accept a user's call, in seconds. An older
    /// connect webhook is not answered.
    pub answer_secs_max: u64,
    /// From the pre-accept to ICE and DTLS being through, in seconds; else the call is declined.
    pub connect_secs_max: u64,
    /// How long a user's phone may ring, in seconds.
    pub ring_secs_max: u64,
    /// From the answer to the first audio of the user, in seconds; else the gateway hangs up. Above the
    /// platform's own 20 s, so that its reason arrives first.
    pub first_media_secs_max: u64,
    /// How long a running call may go without audio of the user, in seconds.
    pub media_gap_secs_max: u64,
    /// How long a shutdown waits for running calls before it hangs them up, in seconds.
    pub drain_secs_max: u64,
    /// How long webhooks and ended calls are kept, in days.
    pub keep_days: u64,
}

/// Who may use the gateway's own API.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApiConfig {
    /// The Bearer token that callers must show. Without one, only requests to `localhost` that came
    /// through no proxy are taken.
    pub token: Option<SecretString>,
}

impl Default for CallsConfig {
    fn default() -> Self {
        Self {
            calls_max: 500,
            answer_after_ms: 0,
            answer_secs_max: 50,
            connect_secs_max: 20,
            ring_secs_max: 90,
            first_media_secs_max: 25,
            media_gap_secs_max: 35,
            drain_secs_max: 10,
            keep_days: 30,
        }
    }
}

impl From<Dialect> for wire::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Graph => Self::Graph,
            Dialect::D360 => Self::D360,
        }
    }
}

impl GatewayConfig {
    /// What the board is held to.
    pub(crate) fn board_limits(&self) -> BoardLimits {
        let secs = Duration::from_secs;
        let request = Duration::from_millis(self.platform.request_ms_max);
        BoardLimits {
            calls_max: self.calls.calls_max,
            timers: Timers {
                answer_within: secs(self.calls.answer_secs_max),
                answer_after: Duration::from_millis(self.calls.answer_after_ms),
                connect_within: secs(self.calls.connect_secs_max),
                // A connection that is refused may be tried again before the request is sent.
                place_within: 3 * request + GATEWAY_LEARN_WITHIN,
                learn_within: GATEWAY_LEARN_WITHIN,
                ring_for: secs(self.calls.ring_secs_max),
                first_media_within: secs(self.calls.first_media_secs_max),
                media_gap_max: secs(self.calls.media_gap_secs_max),
                goodbye_within: GATEWAY_GOODBYE_WITHIN,
                farewell_within: GATEWAY_FAREWELL_WITHIN,
            },
        }
    }
}

const fn request_ms_max() -> u64 {
    15_000
}

#[cfg(test)]
mod tests;
