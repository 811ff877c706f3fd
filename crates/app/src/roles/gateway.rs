//! `dialtone gateway`: a business's side alone, against whatever platform it is told.

use gateway::config::{ApiConfig, Dialect, PlatformConfig, WebhookConfig};
use gateway::{GatewayConfig, Parts};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::Timestamp;
use types::limits::DRAIN_WITHIN;

use crate::cli;
use crate::config::Gateway as Asked;
use crate::data::{DataFolder, Start};
use crate::failure::Failure;
use crate::roles::opening::{DataByDefault, Opening, variables};
use crate::secret::Secret;
use crate::serve::{self, Listening};
use crate::{clock, media_ports};

/// Runs until it is told to stop.
///
/// # Errors
///
/// When something it needs is not there, or it fails.
pub async fn run(flags: cli::Gateway) -> Result<(), Failure> {
    let mut opening = Opening::begin(&flags.serving, DataByDefault::Kept, |config| {
        if let Some(handler) = flags.handler {
            config.gateway.handler.kind = handler.into();
        }
        if flags.file.is_some() {
            config.gateway.handler.file.clone_from(&flags.file);
        }
    })?;
    from_variables(&mut opening.config.gateway, &variables());
    let asked = &opening.config.gateway;
    let listening = Listening::open("listen.gateway", opening.config.listen.gateway).await?;
    let url = listening.url.as_str().trim_end_matches('/').to_owned();
    let service = Service::build(asked, &opening.data, opening.start, clock::wall_clock)?;
    let running = tokio::spawn(service.run(listening, opening.stop.clone()));
    let greeting = format!(
        "\n  webhook      {url}/webhook   (tell the platform this address, or the one outside of \
         your proxy)\n  gateway API  {url}/gateway/v1\n"
    );
    opening.ready(None, &greeting)?;
    serve::ended(running).await
}

/// A gateway that is ready to run.
pub struct Service(gateway::Gateway);

impl Service {
    /// Puts a gateway together that reads the time from `clock`. Reads the handler's file.
    ///
    /// # Errors
    ///
    /// When a key is missing or wrong, or the system does not give what it needs.
    pub fn build(
        asked: &Asked,
        data: &DataFolder,
        start: Start,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let config = config(asked, data)?;
        let Start { seed, number } = start;
        let parts = Parts {
            clock: Arc::new(clock),
            seed: seed.whole_of("gateway", number),
            media: media_ports::peer(&asked.media, seed.whole_of("gateway media", number)),
        };
        gateway::build(config, parts)
            .map(Self)
            .map_err(|error| Failure::running(error.to_string()))
    }

    /// Runs until `stop` and until its calls are over, its webhook endpoint open to the end: that is
    /// how it learns of the ends of calls.
    ///
    /// # Errors
    ///
    /// When its listener fails.
    pub async fn run(self, listening: Listening, stop: CancellationToken) -> Result<(), Failure> {
        let serving = CancellationToken::new();
        let server = tokio::spawn(listening.serve(self.0.router.clone(), serving.clone()));
        self.0.run(stop).await;
        serving.cancel();
        match tokio::time::timeout(DRAIN_WITHIN, server).await {
            Ok(Ok(Err(error))) => Err(Failure::running(format!("the gateway's listener: {error}"))),
            // A reader of an endless stream may stay; it is cut off with the process.
            _ => Ok(()),
        }
    }
}

fn config(asked: &Asked, data: &DataFolder) -> Result<GatewayConfig, Failure> {
    let platform = &asked.platform;
    let folder = data.file("gateway");
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::running(format!("{}: {error}", folder.display())))?;
    Ok(GatewayConfig {
        platform: PlatformConfig {
            dialect: platform.dialect,
            url: there(platform.url.as_ref(), "platform.url", asked)?.clone(),
            version: platform.version.clone(),
            phone_number_id: there(
                platform.phone_number_id.as_ref(),
                "platform.phone_number_id",
                asked,
            )?
            .clone(),
            access_token: there(
                platform.access_token.as_ref(),
                "platform.access_token",
                asked,
            )?
            .share(),
            request_ms_max: platform.request_ms_max,
        },
        webhook: WebhookConfig {
            verify_token: there(
                asked.webhook.verify_token.as_ref(),
                "webhook.verify_token",
                asked,
            )?
            .share(),
            app_secret: asked.webhook.app_secret.as_ref().map(Secret::share),
            unsigned: asked.webhook.unsigned,
        },
        handler: asked.handler.clone(),
        calls: asked.calls.clone(),
        api: ApiConfig {
            token: asked.api.token.as_ref().map(Secret::share),
        },
        data: Some(folder),
    })
}

/// A value that must be given, or which key and which variables give it.
fn there<'a, T>(value: Option<&'a T>, key: &str, asked: &Asked) -> Result<&'a T, Failure> {
    value.ok_or_else(|| {
        let own = format!("DIALTONE_GATEWAY_{}", key.replace('.', "_").to_uppercase());
        let shared = SHARED
            .iter()
            .find(|(it, dialect, _)| {
                *it == key && dialect.is_none_or(|it| it == asked.platform.dialect)
            })
            .map(|(_, _, variable)| format!(", or {variable}"));
        Failure::configuration(format!(
            "gateway.{key} is not set: give it in the configuration file, or as the variable \
             {own}{}",
            shared.unwrap_or_default()
        ))
    })
}

/// Fills in what was not configured from the lines that an exchange's env file has.
fn from_variables(asked: &mut Asked, variables: &[(String, String)]) {
    let dialect = asked.platform.dialect;
    let value = |key: &str| {
        let (_, _, name) = SHARED
            .iter()
            .find(|(it, only, _)| *it == key && only.is_none_or(|it| it == dialect))?;
        let found = variables.iter().find(|(it, _)| it == name)?;
        Some(found.1.as_str())
    };
    let secret = |key: &str| value(key).map(Secret::new);
    let platform = &mut asked.platform;
    platform.url = platform
        .url
        .take()
        .or_else(|| value("platform.url")?.parse().ok());
    platform.phone_number_id = platform
        .phone_number_id
        .take()
        .or_else(|| value("platform.phone_number_id")?.parse().ok());
    platform.access_token = platform
        .access_token
        .take()
        .or_else(|| secret("platform.access_token"));
    let webhook = &mut asked.webhook;
    webhook.verify_token = webhook
        .verify_token
        .take()
        .or_else(|| secret("webhook.verify_token"));
    webhook.app_secret = webhook
        .app_secret
        .take()
        .or_else(|| secret("webhook.app_secret"));
}

/// Keys of the gateway, the dialect they are for if only one, and the lines of an exchange's env file
/// that say the same.
const SHARED: &[(&str, Option<Dialect>, &str)] = &[
    ("platform.url", Some(Dialect::Graph), "DIALTONE_GRAPH_URL"),
    ("platform.url", Some(Dialect::D360), "DIALTONE_D360_URL"),
    ("platform.phone_number_id", None, "DIALTONE_PHONE_NUMBER_ID"),
    (
        "platform.access_token",
        Some(Dialect::Graph),
        "DIALTONE_ACCESS_TOKEN",
    ),
    (
        "platform.access_token",
        Some(Dialect::D360),
        "DIALTONE_D360_API_KEY",
    ),
    ("webhook.verify_token", None, "DIALTONE_VERIFY_TOKEN"),
    ("webhook.app_secret", None, "DIALTONE_APP_SECRET"),
];
