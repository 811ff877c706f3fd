//! Every key that a single value can be given for, and what it means.
//!
//! The name of its variable follows from it: `listen.public` is `DIALTONE_LISTEN_PUBLIC`. The lists
//! of the world ([`super::World`]) are given in the file only.

use types::Preset;
use types::preset::Value;

/// One key.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its path in the file, with dots.
    pub path: String,
    /// How its variable is read.
    pub kind: Kind,
    /// What it means.
    pub says: &'static str,
}

/// How the text of a variable becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As it stands.
    Text,
    /// As it stands, and never shown.
    Secret,
    /// A whole number, or one with a point.
    Number,
    /// `true` or `false`.
    Flag,
    /// Texts with commas in between.
    List,
}

impl Key {
    /// The variable that overrides it.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("DIALTONE_{}", self.path.replace('.', "_").to_uppercase())
    }
}

/// All of them, in the order of the file.
#[must_use]
pub fn keys() -> Vec<Key> {
    let mut keys = Vec::new();
    for (path, kind, says) in KEYS {
        keys.push(Key {
            path: (*path).to_owned(),
            kind: *kind,
            says,
        });
        if *path == "preset.name" {
            keys.extend(of_presets());
        }
    }
    keys
}

/// Every number of a preset can be changed.
fn of_presets() -> impl Iterator<Item = Key> {
    let preset = Preset::default();
    Preset::SETTINGS.iter().map(move |setting| Key {
        path: format!("preset.{}", setting.name),
        kind: match preset.get(setting.name) {
            Some(Value::Flag(_)) => Kind::Flag,
            Some(Value::Word(_)) => Kind::Text,
            Some(Value::Countries(_)) => Kind::List,
            Some(Value::Number(_)) | None => Kind::Number,
        },
        says: setting.about,
    })
}

type Line = (&'static str, Kind, &'static str);

const KEYS: &[Line] = &[
    number(
        "seed",
        "The seed of ids, secrets and jitter. Drawn when there is none.",
    ),
    text(
        "data",
        "The folder of the databases. `dev` takes a temporary one, the others `./dialtone-data`.",
    ),
    text(
        "listen.public",
        "Address of the API, the phones' line and the pages.",
    ),
    text(
        "listen.control",
        "Address of the control API and the metrics. Whoever reaches it can do everything.",
    ),
    text(
        "listen.gateway",
        "Address of the gateway's webhook endpoint and its API.",
    ),
    text(
        "listen.public_url",
        "How clients reach `listen.public`, when that is another address.",
    ),
    number(
        "media.port",
        "First UDP port of the exchange; each further worker takes the next. 0 picks free ones.",
    ),
    list(
        "media.bind",
        "Local addresses of the exchange's media. None means all that the machine has.",
    ),
    list(
        "media.advertise",
        "Addresses that peers are told instead: those outside of a NAT.",
    ),
    number(
        "media.workers",
        "Threads that relay, each with a port of its own.",
    ),
    text(
        "preset.name",
        "The platform's limits and timers: `meta-2026`, `meta-sandbox` or `seeds-2025`.",
    ),
    text("log.format", "`pretty` for a person, `json` for a machine."),
    text(
        "log.filter",
        "What is logged, such as `info` or `warn,exchange=debug`.",
    ),
    secret(
        "secrets.access_token",
        "The default world's bearer token. Drawn when there is none.",
    ),
    secret(
        "secrets.app_secret",
        "What signs the default world's webhooks. Drawn when there is none.",
    ),
    secret(
        "secrets.verify_token",
        "The default world's handshake token. Drawn when there is none.",
    ),
    secret(
        "secrets.d360_api_key",
        "The default world's `D360-API-KEY`. Drawn when there is none.",
    ),
    text(
        "gateway.platform.dialect",
        "The platform's wire flavour: `graph` or `d360`.",
    ),
    text(
        "gateway.platform.url",
        "Where the platform is, such as `https://graph.facebook.com`.",
    ),
    text(
        "gateway.platform.version",
        "The version of the Graph API in paths, such as `v24.0`; none leaves it out.",
    ),
    text(
        "gateway.platform.phone_number_id",
        "The business number that the gateway calls from.",
    ),
    secret(
        "gateway.platform.access_token",
        "Its bearer token, or its `D360-API-KEY`.",
    ),
    number(
        "gateway.platform.request_ms_max",
        "How long one request to the platform may take, in milliseconds.",
    ),
    secret(
        "gateway.webhook.verify_token",
        "What the gateway answers the webhook handshake with.",
    ),
    secret(
        "gateway.webhook.app_secret",
        "What its webhooks are signed with.",
    ),
    flag(
        "gateway.webhook.unsigned",
        "Takes webhooks without a signature, from whoever can reach it.",
    ),
    text(
        "gateway.handler.kind",
        "What is done with a call: `echo`, `tone`, `play` or `record`.",
    ),
    number(
        "gateway.handler.hz",
        "What `tone` plays; 440 when not said.",
    ),
    text(
        "gateway.handler.file",
        "The WAV or Ogg Opus file that `play` plays.",
    ),
    flag(
        "gateway.handler.repeat",
        "Whether `play` begins again at the end, instead of hanging up.",
    ),
    flag(
        "gateway.handler.record",
        "Records both sides, whatever else it does.",
    ),
    number(
        "gateway.handler.hang_up_after_secs",
        "Hangs up so long after the answer.",
    ),
    number(
        "gateway.calls.calls_max",
        "Calls at one time; one more is declined.",
    ),
    number(
        "gateway.calls.answer_after_ms",
        "How long a user's call is left ringing.",
    ),
    number(
        "gateway.calls.answer_secs_max",
        "The age from which a user's call is not answered any more.",
    ),
    number(
        "gateway.calls.connect_secs_max",
        "From the pre-accept until media must be connected.",
    ),
    number(
        "gateway.calls.ring_secs_max",
        "How long a user's phone may ring.",
    ),
    number(
        "gateway.calls.first_media_secs_max",
        "How long the start of a call may go without audio from the user.",
    ),
    number(
        "gateway.calls.media_gap_secs_max",
        "How long a running call may go without audio from the user.",
    ),
    number(
        "gateway.calls.drain_secs_max",
        "How long a shutdown waits for running calls.",
    ),
    number(
        "gateway.calls.keep_days",
        "How long webhooks and ended calls are kept, in days.",
    ),
    secret(
        "gateway.api.token",
        "The bearer token of the gateway's API. Without one only this machine may use it.",
    ),
    number(
        "gateway.media.first_port",
        "First UDP port that a leg of the gateway may have; 0 takes any that is free.",
    ),
    number(
        "gateway.media.last_port",
        "Last UDP port that a leg of the gateway may have.",
    ),
    list(
        "gateway.media.bind",
        "Local addresses of the gateway's media.",
    ),
    list(
        "gateway.media.advertise",
        "Addresses that the platform is told instead.",
    ),
];

const fn text(path: &'static str, says: &'static str) -> Line {
    (path, Kind::Text, says)
}

const fn secret(path: &'static str, says: &'static str) -> Line {
    (path, Kind::Secret, says)
}

const fn number(path: &'static str, says: &'static str) -> Line {
    (path, Kind::Number, says)
}

const fn flag(path: &'static str, says: &'static str) -> Line {
    (path, Kind::Flag, says)
}

const fn list(path: &'static str, says: &'static str) -> Line {
    (path, Kind::List, says)
}
