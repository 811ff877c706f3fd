//! What the program is told: one TOML file, overridden by `DIALTONE_*` variables, overridden by flags.
//!
//! Each concern is a small struct here; [`load`] puts them together. What a key means for the person
//! who writes it is in [`keys`], from which the guide is checked.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use gateway::config::{CallsConfig, Dialect};
use gateway::handlers::HandlerSpec;
use serde::{Deserialize, Serialize};
use types::PhoneNumberId;
use url::Url;

use crate::secret::Secret;

pub mod keys;
mod load;
pub mod preset;
pub mod world;

pub use load::{Loaded, Sources, load};
pub use preset::PresetChoice;
pub use world::World;

/// Everything that can be configured.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The seed of ids, secrets and jitter; drawn when there is none.
    pub seed: Option<u64>,
    /// The folder of the databases; the role decides when there is none.
    pub data: Option<PathBuf>,
    /// Addresses of the HTTP listeners.
    pub listen: Listen,
    /// The exchange's media.
    pub media: Media,
    /// The platform's limits and timers.
    pub preset: PresetChoice,
    /// Log lines.
    pub log: Log,
    /// Secrets of the world that is made when none is configured.
    pub secrets: Secrets,
    /// The business's side.
    pub gateway: Gateway,
    /// Who exists: accounts, numbers, users.
    pub world: World,
}

/// Addresses of the HTTP listeners. Port 0 picks a free one.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    /// The API that strangers use, the phones' line and the pages.
    pub public: SocketAddr,
    /// The control API and the metrics; whoever reaches it can do everything.
    pub control: SocketAddr,
    /// The gateway's webhook endpoint and its API.
    pub gateway: SocketAddr,
    /// How clients reach `public`, when that is another address, behind a proxy for instance.
    pub public_url: Option<Url>,
}

/// Media of the exchange, where all legs of a worker share one port.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// The first UDP port; each further worker takes the next. 0 picks free ones.
    pub port: u16,
    /// The local addresses to bind; none means all that the machine has.
    pub bind: Vec<IpAddr>,
    /// The addresses that peers are told, when they are others: those outside of a NAT.
    pub advertise: Vec<IpAddr>,
    /// Worker threads, each with a port of its own.
    pub workers: usize,
}

/// Log lines.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// For a person or for a machine.
    pub format: LogFormat,
    /// What is written, such as `info` or `warn,exchange=debug`.
    pub filter: String,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// A sentence and its fields, with colours at a terminal.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Secrets of the default world. One that is not given is drawn from the seed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Secrets {
    /// What the Graph dialect's clients send as a bearer token.
    pub access_token: Option<Secret>,
    /// What signs webhooks.
    pub app_secret: Option<Secret>,
    /// What the webhook handshake is done with.
    pub verify_token: Option<Secret>,
    /// What the 360dialog dialect's clients send as `D360-API-KEY`.
    pub d360_api_key: Option<Secret>,
}

/// The business's side. Its parts are the gateway's own, but for what may be left out here because
/// `dev` or a variable fills it in.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gateway {
    /// Whose API it calls.
    pub platform: Platform,
    /// How webhooks are let in.
    pub webhook: Webhook,
    /// What is done with a call.
    pub handler: HandlerSpec,
    /// Patience and room.
    pub calls: CallsConfig,
    /// Who may use its own API.
    pub api: Api,
    /// Its media.
    pub media: PeerMedia,
}

/// Whose API the gateway calls.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Platform {
    /// The wire flavour.
    pub dialect: Dialect,
    /// Where the platform is.
    pub url: Option<Url>,
    /// The version of the Graph API in paths.
    pub version: Option<String>,
    /// The business number that it calls from.
    pub phone_number_id: Option<PhoneNumberId>,
    /// The bearer token, or the `D360-API-KEY`.
    pub access_token: Option<Secret>,
    /// How long one request may take, in milliseconds.
    pub request_ms_max: u64,
}

/// How the gateway lets webhooks in.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Webhook {
    /// What it answers the handshake with.
    pub verify_token: Option<Secret>,
    /// What webhooks are signed with.
    pub app_secret: Option<Secret>,
    /// Whether webhooks without a signature are taken.
    pub unsigned: bool,
}

/// Who may use the gateway's own API.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// The bearer token; without one only this machine may.
    pub token: Option<Secret>,
}

/// Media of one that calls the exchange, where each leg has a port of its own.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeerMedia {
    /// The first UDP port that a leg may have; 0 takes any that is free.
    pub first_port: u16,
    /// The last one.
    pub last_port: u16,
    /// The local addresses to bind; none means all that the machine has.
    pub bind: Vec<IpAddr>,
    /// The addresses that the platform is told, when they are others: those outside of a NAT.
    pub advertise: Vec<IpAddr>,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            public: local(PUBLIC_PORT),
            control: local(PUBLIC_PORT + CONTROL),
            gateway: local(PUBLIC_PORT + GATEWAY),
            public_url: None,
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            port: PUBLIC_PORT + MEDIA,
            bind: Vec::new(),
            advertise: Vec::new(),
            workers: 1,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Pretty,
            filter: "info".to_owned(),
        }
    }
}

impl Default for Platform {
    fn default() -> Self {
        Self {
            dialect: Dialect::Graph,
            url: None,
            version: None,
            phone_number_id: None,
            access_token: None,
            request_ms_max: 15_000,
        }
    }
}

impl Config {
    /// Moves every port: the public listener to `port`, the others as far from it as by default. 0
    /// makes all of them free ones.
    pub fn move_to(&mut self, port: u16) {
        let at = |offset: u16| {
            if port == 0 {
                0
            } else {
                port.saturating_add(offset)
            }
        };
        self.listen.public.set_port(at(0));
        self.listen.control.set_port(at(CONTROL));
        self.listen.gateway.set_port(at(GATEWAY));
        self.media.port = at(MEDIA);
    }
}

const fn local(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// The public listener's port when nobody says otherwise.
const PUBLIC_PORT: u16 = 7080;
/// From the public port to the control listener's.
const CONTROL: u16 = 1;
/// From the public port to the first one of the exchange's media.
const MEDIA: u16 = 2;
/// From the public port to the gateway's.
const GATEWAY: u16 = 10;

#[cfg(test)]
mod tests;
