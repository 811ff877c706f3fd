//! `dialtone exchange`: the platform alone.

use crate::cli::Exchange;
use crate::face::Face;
use crate::failure::Failure;
use crate::greeting::greeting;
use crate::platform::{Foundation, Platform};
use crate::population::{KnownSecrets, complete};
use crate::roles::opening::{DataByDefault, Opening};
use crate::serve::Listening;

/// Runs until it is told to stop.
///
/// # Errors
///
/// When something it needs is not there, or it fails.
pub async fn run(flags: Exchange) -> Result<(), Failure> {
    let opening = Opening::begin(&flags.serving, DataByDefault::Kept, |config| {
        if let Some(name) = &flags.preset {
            config.preset.name.clone_from(name);
        }
    })?;
    let config = &opening.config;
    let public = Listening::open("listen.public", config.listen.public).await?;
    let control = Listening::open("listen.control", config.listen.control).await?;
    let secrets = KnownSecrets::of(&config.secrets, opening.start.seed);
    let world = complete(config.world.clone(), &secrets, opening.start.seed);
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
    let url = config.listen.public_url.as_ref().unwrap_or(&public.url);
    let face = Face::new(url, &control.url, world);
    let running = tokio::spawn(platform.run(public, control, opening.stop.clone()));
    opening.ready(Some(&face), &greeting(&face, None))?;
    crate::serve::ended(running).await
}
