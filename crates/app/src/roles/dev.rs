//! `dialtone dev`: exchange, gateway and pages in one process, ready to be called.

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::cli::Dev;
use crate::config::{Config, Gateway, World};
use crate::face::Face;
use crate::failure::Failure;
use crate::greeting::greeting;
use crate::platform::{Foundation, Platform};
use crate::population::{KnownSecrets, complete};
use crate::roles::gateway::Service;
use crate::roles::opening::{DataByDefault, Opening};
use crate::serve::{self, Listening};

/// Runs until it is told to stop.
///
/// # Errors
///
/// When something it needs is not there, or it fails.
pub async fn run(flags: Dev) -> Result<(), Failure> {
    let opening = Opening::begin(&flags.serving, DataByDefault::Temporary, |config| {
        if let Some(name) = &flags.preset {
            config.preset.name.clone_from(name);
        }
        if let Some(handler) = flags.handler {
            config.gateway.handler.kind = handler.into();
        }
    })?;
    let config = &opening.config;
    let public = Listening::open("listen.public", config.listen.public).await?;
    let control = Listening::open("listen.control", config.listen.control).await?;
    let webhooks = Listening::open("listen.gateway", config.listen.gateway).await?;
    let world = world(config, &opening, &webhooks.url)?;
    let customer = customer(config, &world, &public.url);
    let platform = Platform::build(Foundation {
        config,
        data: &opening.data,
        start: opening.start,
        world: &world,
        public_url: &public.url,
        metrics: opening.metrics.clone(),
        readiness: opening.readiness.clone(),
    })
    .await?;
    // A webhook's age is judged by the clock that gave it its time, also when that one is turned.
    let clock = platform.clock();
    let service = Service::build(&customer, &opening.data, opening.start, move || clock.now())?;

    let url = config.listen.public_url.as_ref().unwrap_or(&public.url);
    let face = Face::new(url, &control.url, world);
    let beside = webhooks.url.as_str().trim_end_matches('/').to_owned();
    let platform_stop = CancellationToken::new();
    let exchange = tokio::spawn({
        let (stop, over) = (platform_stop.clone(), opening.stop.clone());
        async move {
            let outcome = platform.run(public, control, stop).await;
            over.cancel();
            outcome
        }
    });
    let gateway = tokio::spawn({
        let stop = opening.stop.clone();
        async move {
            let outcome = service.run(webhooks, stop.clone()).await;
            // The gateway's calls are over only when the exchange has said so: it stops last.
            stop.cancel();
            platform_stop.cancel();
            outcome
        }
    });
    opening.ready(Some(&face), &greeting(&face, Some(&beside)))?;
    let (exchange, gateway) = tokio::join!(serve::ended(exchange), serve::ended(gateway));
    exchange.and(gateway)
}

/// The world, whose first app sends its webhooks to the gateway beside unless it says otherwise.
fn world(config: &Config, opening: &Opening, webhooks: &Url) -> Result<World, Failure> {
    let seed = opening.start.seed;
    let secrets = KnownSecrets::of(&config.secrets, seed);
    let mut world = complete(config.world.clone(), &secrets, seed);
    let endpoint = webhooks
        .join("/webhook")
        .map_err(|error| Failure::running(format!("the webhook's address: {error}")))?;
    if let Some(app) = world.apps.first_mut() {
        app.callback_url.get_or_insert(endpoint);
    }
    Ok(world)
}

/// The gateway as a customer of the exchange beside: with what the first app and number have.
fn customer(config: &Config, world: &World, platform: &Url) -> Gateway {
    let mut customer = config.gateway.clone();
    let app = world.apps.first();
    let to = &mut customer.platform;
    to.url.get_or_insert_with(|| platform.clone());
    to.phone_number_id = to
        .phone_number_id
        .take()
        .or_else(|| Some(world.numbers.first()?.id.clone()));
    to.access_token = to.access_token.take().or_else(|| app?.access_token.clone());
    let webhook = &mut customer.webhook;
    webhook.app_secret = webhook.app_secret.take().or_else(|| app?.secret.clone());
    webhook.verify_token = webhook
        .verify_token
        .take()
        .or_else(|| app?.verify_token.clone());
    customer
}
