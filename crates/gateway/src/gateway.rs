//! Puts a gateway together and runs it. Everything from outside is an argument.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use media_io::{MediaIo, MediaIoConfig};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use store::inbox::{Inbox, InboxError, Place};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use types::Timestamp;
use types::limits::{DESK_QUEUE_MAX, EVENT_READER_LAG_MAX, GATEWAY_ERRANDS_MAX};

use crate::api::{self, Api, Folders};
use crate::board::{Board, CallRef};
use crate::config::GatewayConfig;
use crate::desk::{Clerk, ClerkParts, Desk, Errand, Order, report};
use crate::doctor::Doctor;
use crate::errands;
use crate::handlers::{Files, HandlerError, HandlerEvent};
use crate::legs::Legs;
use crate::platform::{Platform, PlatformError};
use crate::webhook;

/// What a gateway is given by the process it runs in.
pub struct Parts {
    /// What time it is.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// From it the gateway's own names of calls are drawn.
    pub seed: [u8; 32],
    /// Where media is spoken: with a port per leg, so that legs start ICE checks.
    pub media: MediaIoConfig,
}

/// A gateway that is ready to run.
pub struct Gateway {
    /// The webhook endpoint at `/webhook`, the API under `/gateway/v1`, `/healthz` and `/readyz`.
    pub router: Router,
    desk: Desk,
    platform: Platform,
    errands: mpsc::Receiver<Errand>,
    clerk: JoinHandle<()>,
    media: Arc<MediaIo>,
    drain_for: Duration,
}

/// Why a gateway cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The handler cannot be made ready.
    #[error("gateway.handler.{0}")]
    Handler(#[from] HandlerError),
    /// The platform cannot be asked.
    #[error("gateway.platform: {0}")]
    Platform(#[from] PlatformError),
    /// The database cannot be used.
    #[error("gateway.data: {0}")]
    Inbox(#[from] InboxError),
    /// A folder cannot be made.
    #[error("gateway.data: the folder cannot be made: {0}")]
    Folder(std::io::Error),
    /// Media cannot be spoken.
    #[error("the gateway's media could not be started: {0}")]
    Media(std::io::Error),
    /// A thread cannot be started.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
}

/// Puts a gateway together: opens its database, starts its media and its desk. Reads the handler's
/// file, so it may take a moment.
///
/// # Errors
///
/// Names the key of the configuration that is wrong, or what the system does not give.
pub fn build(config: GatewayConfig, parts: Parts) -> Result<Gateway, BuildError> {
    let handler = Arc::new(config.handler.ready(Files::Anywhere)?);
    let platform = Platform::new(&config.platform, parts.clock.clone())?;
    let folders = config.data.as_deref().map(folders).transpose()?;
    let place = match &config.data {
        Some(folder) => Place::File(folder.join(DATABASE)),
        None => Place::Memory,
    };
    let inbox = Inbox::open(&place)?;

    let addresses = parts.media.addresses.iter().map(|it| it.advertised);
    let addresses = addresses.collect();
    let (orders, waiting) = sync_channel(DESK_QUEUE_MAX);
    let media = Arc::new(start_media(parts.media, orders.clone())?);
    let tell = {
        let orders = orders.clone();
        move |call: CallRef, event: HandlerEvent| report(&orders, Order::Handler(call, event))
    };
    let recordings = folders.as_ref().map(|folders| folders.recordings.clone());
    let legs = Legs::new(media.clone(), recordings, Arc::new(tell));
    let (errands_in, errands) = mpsc::channel(GATEWAY_ERRANDS_MAX);
    let (live, _) = broadcast::channel(EVENT_READER_LAG_MAX);
    let desk = Desk::new(orders, live.clone());
    let clerk = Clerk::new(ClerkParts {
        clock: parts.clock,
        chance: ChaCha8Rng::from_seed(parts.seed),
        number: config.platform.phone_number_id.clone(),
        handler: handler.clone(),
        board: Board::new(config.board_limits()),
        inbox,
        legs,
        errands: errands_in,
        live,
        keep_for: Duration::from_hours(24 * config.calls.keep_days),
    });
    let clerk = std::thread::Builder::new()
        .name("gateway-desk".to_owned())
        .spawn(move || clerk.serve(&waiting))
        .map_err(BuildError::Thread)?;

    let api = Api {
        desk: desk.clone(),
        handler,
        folders,
        doctor: Doctor {
            platform: platform.clone(),
            verify_token: config.webhook.verify_token.clone(),
            addresses,
        },
    };
    let router = webhook::router(&config.webhook, desk.clone())
        .merge(api::router(api, config.api.token.clone()))
        .merge(health(desk.clone()));
    Ok(Gateway {
        router,
        desk,
        platform,
        errands,
        clerk,
        media,
        drain_for: Duration::from_secs(config.calls.drain_secs_max),
    })
}

impl Gateway {
    /// Runs until `shutdown`, and then until the running calls are over or out of patience. Serve
    /// [`Gateway::router`] beside it, and until this returns: the ends of calls come as webhooks.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let tasks = TaskTracker::new();
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                errand = self.errands.recv() => match errand {
                    Some(errand) => errands::run(errand, &self.platform, &self.desk, &tasks),
                    None => break,
                },
            }
        }
        tracing::info!("the gateway takes no new calls");
        if !self.empty_within(self.drain_for, &tasks).await {
            self.desk.hang_up_all().await.ok();
            self.empty_within(GOODBYE_WITHIN, &tasks).await;
        }
        self.desk.stop().await.ok();
        tasks.close();
        tokio::time::timeout(GOODBYE_WITHIN, tasks.wait())
            .await
            .ok();
        let Self { clerk, media, .. } = self;
        let ended = tokio::task::spawn_blocking(move || {
            if clerk.join().is_err() {
                tracing::error!("the gateway's desk has panicked");
            }
            media.shutdown();
        });
        ended.await.ok();
    }

    /// Carries errands until no call is left; false if that takes longer than `patience`.
    async fn empty_within(&mut self, patience: Duration, tasks: &TaskTracker) -> bool {
        let (desk, platform) = (self.desk.clone(), self.platform.clone());
        let errands = &mut self.errands;
        let carry = async {
            while let Some(errand) = errands.recv().await {
                errands::run(errand, &platform, &desk, tasks);
            }
        };
        let mut news = self.desk.listen();
        let empty = async {
            // Every end of a call is told, so that is when to look again.
            while self.desk.drain().await.is_ok_and(|open| open > 0) {
                news.recv().await.ok();
            }
        };
        let done = async {
            tokio::select! {
                () = empty => {}
                () = carry => {}
            }
        };
        tokio::time::timeout(patience, done).await.is_ok()
    }
}

fn start_media(config: MediaIoConfig, orders: SyncSender<Order>) -> Result<MediaIo, BuildError> {
    MediaIo::start(config, move |event| report(&orders, Order::Media(event)))
        .map_err(BuildError::Media)
}

fn folders(data: &Path) -> Result<Folders, BuildError> {
    let folders = Folders {
        recordings: data.join("recordings"),
        sounds: data.join("sounds"),
    };
    for folder in [&folders.recordings, &folders.sounds] {
        std::fs::create_dir_all(folder).map_err(BuildError::Folder)?;
    }
    Ok(folders)
}

/// Alive: the process answers. Ready: the desk does, and with it the database.
fn health(desk: Desk) -> Router {
    let ready = move || {
        let desk = desk.clone();
        async move {
            match desk.read(|inbox| inbox.waiting_webhooks(1).map(drop)).await {
                Ok(Ok(())) => (http::StatusCode::OK, "ready"),
                _ => (http::StatusCode::SERVICE_UNAVAILABLE, "not ready"),
            }
        }
    };
    Router::new()
        .route("/healthz", get(|| std::future::ready("alive")))
        .route("/readyz", get(ready))
}

const DATABASE: &str = "gateway.db";
/// How long the last goodbyes may take.
const GOODBYE_WITHIN: Duration = Duration::from_secs(5);
