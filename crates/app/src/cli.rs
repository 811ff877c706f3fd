//! What can be typed after `dialtone`. The help is written to be learnt from; a snapshot holds it.

use std::convert::Infallible;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use gateway::handlers::HandlerKind;

use crate::config::{Config, LogFormat};
use crate::secret::Secret;

pub mod call;
pub mod phone;

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "dialtone",
    version,
    about = "WhatsApp Business Calling on your own machine: the platform, a gateway, and phones.",
    after_help = "Begin with `dialtone dev`. It prints what to type next.",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to be.
    #[command(subcommand)]
    pub role: Role,
}

/// The roles of the program.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// Run everything here: exchange, gateway and phone page, with a user and a business number
    Dev(Dev),
    /// Run the platform: API, webhooks, media relay, phones' line and control API
    Exchange(Exchange),
    /// Run a business's side: take webhooks, answer and place calls, against any platform
    Gateway(Gateway),
    /// Be a WhatsApp user in this terminal: dial, answer, play, listen, press keys
    Phone(Box<phone::Phone>),
    /// Place a call from the business's side, through a gateway that runs
    Call(call::Call),
    /// Show the configuration as it is after file, variables and flags, secrets hidden
    Config(Show),
}

/// Flags of every role.
#[derive(Debug, Args)]
pub struct Common {
    /// The configuration file [default: dialtone.toml, if there is one]
    #[arg(
        long,
        value_name = "FILE",
        env = "DIALTONE_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,

    /// What is logged, such as `info` or `warn,exchange=debug`
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,

    /// How it is logged
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// Flags of the roles that listen.
#[derive(Debug, Args)]
pub struct Serving {
    /// Flags of every role.
    #[command(flatten)]
    pub common: Common,

    /// Move every port: API at N, control at N+1, media at N+2, gateway at N+10; 0 picks free ones
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,

    /// Make ids, secrets and jitter the same in every run
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Keep the databases here
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,

    /// Tell peers to send media to this address, such as the one outside of a NAT; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub advertise: Vec<IpAddr>,

    /// Once ready, write KEY=VALUE lines here: addresses, ids and tokens, for your owner's eyes only
    #[arg(
        long,
        value_name = "FILE",
        env = "DIALTONE_ENV_FILE",
        hide_env_values = true
    )]
    pub env_file: Option<PathBuf>,
}

/// `dialtone dev`.
#[derive(Debug, Args)]
#[command(
    after_help = "The databases are in a temporary folder unless --data says otherwise. \
    Everything listens on localhost only."
)]
pub struct Dev {
    /// Flags of the roles that listen.
    #[command(flatten)]
    pub serving: Serving,

    /// Use these limits and timers: meta-2026, meta-sandbox or seeds-2025
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,

    /// What the gateway does with a call
    #[arg(long, value_name = "HANDLER")]
    pub handler: Option<Handler>,
}

/// `dialtone exchange`.
#[derive(Debug, Args)]
#[command(
    after_help = "Accounts, numbers and users come from the [world] of the configuration \
    file; without one there is one of each. Secrets that are not configured are drawn once and \
    kept in the data folder."
)]
pub struct Exchange {
    /// Flags of the roles that listen.
    #[command(flatten)]
    pub serving: Serving,

    /// Use these limits and timers: meta-2026, meta-sandbox or seeds-2025
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
}

/// `dialtone gateway`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ids and secrets are read from the configuration file, or from the variables \
    that `dialtone dev --env-file` writes: DIALTONE_GRAPH_URL, DIALTONE_PHONE_NUMBER_ID, \
    DIALTONE_ACCESS_TOKEN, DIALTONE_APP_SECRET and DIALTONE_VERIFY_TOKEN."
)]
pub struct Gateway {
    /// Flags of the roles that listen.
    #[command(flatten)]
    pub serving: Serving,

    /// What is done with a call
    #[arg(long, value_name = "HANDLER")]
    pub handler: Option<Handler>,

    /// The file that `play` plays
    #[arg(long, value_name = "FILE")]
    pub file: Option<String>,
}

/// What a gateway does with a call.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Handler {
    /// Gives back what it hears
    Echo,
    /// Plays a tone
    Tone,
    /// Plays a file
    Play,
    /// Is silent, and records both sides
    Record,
}

impl From<Handler> for HandlerKind {
    fn from(handler: Handler) -> Self {
        match handler {
            Handler::Echo => Self::Echo,
            Handler::Tone => Self::Tone,
            Handler::Play => Self::Play,
            Handler::Record => Self::Record,
        }
    }
}

/// `dialtone config`.
#[derive(Debug, Args)]
pub struct Show {
    /// Flags of every role.
    #[command(flatten)]
    pub common: Common,
}

impl Common {
    /// Puts these flags over a configuration.
    pub fn over(&self, config: &mut Config) {
        if let Some(filter) = &self.log {
            config.log.filter.clone_from(filter);
        }
        if let Some(format) = self.log_format {
            config.log.format = format;
        }
    }
}

impl Serving {
    /// Puts these flags over a configuration.
    pub fn over(&self, config: &mut Config) {
        self.common.over(config);
        if let Some(port) = self.port {
            config.move_to(port);
        }
        if self.seed.is_some() {
            config.seed = self.seed;
        }
        if self.data.is_some() {
            config.data.clone_from(&self.data);
        }
        if !self.advertise.is_empty() {
            config.media.advertise.clone_from(&self.advertise);
            config.gateway.media.advertise.clone_from(&self.advertise);
        }
    }
}

/// Reads a secret from the command line; clap's parsers give a `Result`.
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}
