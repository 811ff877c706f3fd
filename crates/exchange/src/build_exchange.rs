//! Where the exchange is wired: everything from outside comes in here, so that a test starts the real
//! thing and the program adds only listeners, the clock and entropy.

use std::io;
use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use store::{Place, Store, StoreError};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use types::Preset;

use crate::clock::Clock;
use crate::delivery::DeliveryWorker;
use crate::desk::{Desk, DeskError, DeskParts, DeskThread, LegBook, Outside, Refused, calls};
use crate::leg_news::{self, LegNewsSource};
use crate::media_control::MediaControl;
use crate::phone_lines::PhoneLines;
use crate::ticker::{self, Ticker};
use crate::world::{self, PickedUp, World};

/// How an exchange is to be.
#[derive(Debug, Clone)]
pub struct ExchangeConfig {
    /// Where its records are.
    pub place: Place,
    /// Its limits and timers.
    pub preset: Preset,
    /// All of its chance. The same seed, configuration and inputs give the same ids; another start on
    /// the same records needs another seed.
    pub seed: u64,
    /// Who is there from the start.
    pub world: World,
}

/// What an exchange is given from outside.
pub struct Parts {
    /// Its clock.
    pub clock: Clock,
    /// The legs of its calls.
    pub media: Arc<dyn MediaControl>,
    /// The news of these legs.
    pub leg_news: LegNewsSource,
    /// The phones that are online.
    pub phones: Arc<dyn PhoneLines>,
}

/// An exchange that is ready to run.
pub struct Exchange {
    /// Its desk.
    pub desk: Desk,
    /// Its clock.
    pub clock: Clock,
    /// What turns the clock and meets deadlines.
    pub ticker: Ticker,
    /// Its limits and timers.
    pub preset: Arc<Preset>,
    /// Cancelled once it shuts down.
    pub closing: CancellationToken,
    thread: DeskThread,
    worker: DeliveryWorker,
    leg_news: LegNewsSource,
    legs: LegBook,
}

/// Why an exchange could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The records cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The desk's thread cannot be started.
    #[error("cannot start the desk's thread: {0}")]
    Thread(io::Error),
    /// The configured world does not hold together, or the records cannot be written.
    #[error("the configured world cannot be set up: {0}")]
    World(#[from] Refused),
    /// Webhooks cannot be sent.
    #[error("cannot make an HTTP client for webhooks: {0}")]
    Client(#[from] reqwest::Error),
}

/// Opens the records, starts the desk, brings the configured world in, and picks up what an earlier
/// process left.
///
/// # Errors
///
/// See [`BuildError`].
pub async fn build(config: ExchangeConfig, parts: Parts) -> Result<Exchange, BuildError> {
    let preset = Arc::new(config.preset);
    let wake = Arc::new(Notify::new());
    let legs = LegBook::default();
    let outside = Outside {
        media: parts.media,
        phones: parts.phones,
        deliveries: Arc::clone(&wake),
        legs: legs.clone(),
    };
    let (desk, thread) = Desk::start(DeskParts {
        store: Store::open(&config.place)?,
        clock: parts.clock.clone(),
        chance: ChaCha8Rng::seed_from_u64(config.seed),
        preset: Arc::clone(&preset),
        outside,
    })
    .map_err(BuildError::Thread)?;

    let world = config.world;
    let PickedUp { calls, deliveries } = desk
        .run_patiently(move |turn| world::start(turn, world))
        .await?;
    if calls + deliveries > 0 {
        tracing::info!(calls, deliveries, "picked up what the last process left");
    }

    let worker = DeliveryWorker::new(desk.clone(), parts.clock.clone(), wake, &preset.delivery)?;
    let ticker = Ticker::new(desk.clone(), parts.clock.clone(), worker.under_way());
    Ok(Exchange {
        desk,
        clock: parts.clock,
        ticker,
        preset,
        closing: CancellationToken::new(),
        thread,
        worker,
        leg_news: parts.leg_news,
        legs,
    })
}

impl Exchange {
    /// Runs until `shutdown` ends, then lets what is under way finish, for a bounded time.
    ///
    /// # Errors
    ///
    /// [`DeskError::Stopped`] when the desk has ended by itself: a command had a bug, and only a new
    /// start can go on.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), DeskError> {
        let closing = self.closing.clone();
        let mut work = JoinSet::new();
        work.spawn(self.ticker.run(closing.clone()));
        work.spawn(self.worker.run(closing.clone()));
        work.spawn(ticker::keep_house(self.desk.clone(), closing.clone()));
        let news = tokio::spawn(leg_news::hand_on(
            self.leg_news,
            self.desk.clone(),
            self.legs,
        ));

        tokio::select! {
            () = shutdown => {
                // Calls cannot outlive the process that holds their legs: everyone in them is told
                // now, not at the next start.
                if let Err(error) = self.desk.run_patiently(calls::end_all).await {
                    tracing::error!(%error, "calls that run could not be ended");
                }
            }
            () = self.desk.stopped() => {}
        }
        closing.cancel();
        while work.join_next().await.is_some() {}
        news.abort();
        let thread = self.thread;
        tokio::task::spawn_blocking(move || thread.stop())
            .await
            .unwrap_or(Err(DeskError::Stopped))
    }
}
