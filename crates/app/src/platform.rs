//! The exchange, put together: records, media, doors and listeners.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use exchange::control::{self, Beginning, Control};
use exchange::hosted_phones::HostedPhones;
use exchange::media_control::{MediaControl, UdpLegs};
use exchange::phone_line::{self, OpenLines, PhoneLine};
use exchange::{Clock, Door, Exchange, ExchangeConfig, Parts, Place};
use phone::PhoneMedia;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use tokio_util::sync::CancellationToken;
use types::limits::DRAIN_WITHIN;
use url::Url;

use crate::config::{Config, PeerMedia, World};
use crate::data::{DataFolder, Start};
use crate::failure::Failure;
use crate::health::{self, Readiness};
use crate::metrics::Metrics;
use crate::serve::Listening;
use crate::{clock, media_ports, world_there};

/// What an exchange is put together of.
pub struct Foundation<'a> {
    /// The whole configuration.
    pub config: &'a Config,
    /// Where its records are.
    pub data: &'a DataFolder,
    /// The seed, and how often there was a start before.
    pub start: Start,
    /// Who is there, complete.
    pub world: &'a World,
    /// Where its public listener is reached from this machine: its own scripted phones go there.
    pub public_url: &'a Url,
    /// What is counted.
    pub metrics: Metrics,
    /// Whether work is taken.
    pub readiness: Readiness,
}

/// An exchange that is ready to run on its listeners.
pub struct Platform {
    exchange: Exchange,
    legs: Arc<UdpLegs>,
    phone_media: Arc<PhoneMedia>,
    public: Router,
    control: Router,
}

impl Platform {
    /// The clock of the exchange, which the control API can turn.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.exchange.clock.clone()
    }

    /// Opens records and sockets, and wires the doors.
    ///
    /// # Errors
    ///
    /// When the records or the UDP ports cannot be opened, or the world does not hold together.
    pub async fn build(on: Foundation<'_>) -> Result<Self, Failure> {
        let failed = |what: &str, error: &dyn std::error::Error| {
            Failure::running(format!("{what}: {error}"))
        };
        let Start { seed, number } = on.start;
        let clock = Clock::new(clock::wall_clock);
        let (sink, leg_news) = exchange::leg_news();
        let media = media_ports::exchange(&on.config.media, seed.whole_of("media", number));
        let legs = UdpLegs::start(media, clock.clone(), sink)
            .map_err(|error| failed("media.port", &error))?;
        let legs = Arc::new(legs);
        let media: Arc<dyn MediaControl> = Arc::<UdpLegs>::clone(&legs);
        let lines = OpenLines::default();
        let beginning = Beginning {
            world: world_there::for_exchange(on.world)?,
            seed: on.config.seed.map(|_| seed.of("desk", number)),
        };
        let exchange = exchange::build(
            ExchangeConfig {
                place: Place::File(on.data.file("exchange.sqlite")),
                preset: on.config.preset.preset()?,
                seed: seed.of("desk", number),
                world: beginning.world.clone(),
            },
            Parts {
                clock,
                media: Arc::clone(&media),
                leg_news,
                phones: Arc::new(lines.clone()),
            },
        )
        .await
        .map_err(|error| failed("the exchange", &error))?;

        let public = public_routes(&exchange, &media, &lines, seed.of("door", number))?
            .merge(health::probes(on.readiness.clone()));
        let phone_media = phone_media(on.config, seed.whole_of("hosted phones", number))?;
        let phones = HostedPhones::new(
            on.public_url.clone(),
            Arc::clone(&phone_media),
            exchange.clock.clone(),
            exchange.closing.clone(),
        );
        let operator = Control {
            desk: exchange.desk.clone(),
            clock: exchange.clock.clone(),
            ticker: exchange.ticker.clone().stopping_for(phones.clone()),
            media,
            lines,
            phones,
            beginning,
            closing: exchange.closing.clone(),
        };
        let control = control::router(operator)
            .merge(health::probes(on.readiness))
            .merge(health::metrics(on.metrics))
            .fallback(no_such_path);
        Ok(Self {
            exchange,
            legs,
            phone_media,
            public,
            control,
        })
    }

    /// Runs until `stop`, then lets what is under way finish.
    ///
    /// # Errors
    ///
    /// When a listener or the desk fails.
    pub async fn run(
        self,
        public: Listening,
        control: Listening,
        stop: CancellationToken,
    ) -> Result<(), Failure> {
        let public = public.serve(self.public, stop.clone());
        let control = control.serve(self.control, stop.clone());
        let exchange = self.exchange.run(stop.clone().cancelled_owned());
        let served = async {
            tokio::try_join!(public, control)
                .map_err(|error| Failure::running(format!("a listener: {error}")))
        };
        let decided = async {
            exchange
                .await
                .map_err(|error| Failure::running(format!("the exchange: {error}")))
        };
        let both = async { tokio::try_join!(served, decided).map(drop) };
        let too_late = async {
            stop.cancelled().await;
            tokio::time::sleep(DRAIN_WITHIN).await;
        };
        let outcome = tokio::select! {
            outcome = both => outcome,
            () = too_late => {
                tracing::warn!("stopped with requests still under way");
                Ok(())
            }
        };
        self.phone_media.shutdown();
        self.legs.io().shutdown();
        outcome
    }
}

/// What the world sees: the API in both dialects, the phones' line, the pages.
fn public_routes(
    exchange: &Exchange,
    media: &Arc<dyn MediaControl>,
    lines: &OpenLines,
    seed: u64,
) -> Result<Router, Failure> {
    let door = Door::new(
        exchange.desk.clone(),
        Arc::clone(media),
        Arc::clone(&exchange.preset),
        ChaCha8Rng::seed_from_u64(seed),
    )
    .map_err(|error| Failure::running(format!("the public API: {error}")))?;
    let line = PhoneLine {
        desk: exchange.desk.clone(),
        media: Arc::clone(media),
        lines: lines.clone(),
        closing: exchange.closing.clone(),
    };
    Ok(door
        .router()
        .merge(phone_line::router(line))
        .merge(web::router()))
}

/// Media of the scripted phones that the control API starts: on the addresses of the exchange's own.
fn phone_media(config: &Config, seed: [u8; 32]) -> Result<Arc<PhoneMedia>, Failure> {
    let media = PeerMedia {
        bind: config.media.bind.clone(),
        ..PeerMedia::default()
    };
    PhoneMedia::start(media_ports::peer(&media, seed))
        .map_err(|error| Failure::running(format!("media of scripted phones: {error}")))
}

/// What stands on the control listener, for whoever looks around there.
async fn no_such_path() -> (StatusCode, &'static str) {
    (
        StatusCode::NOT_FOUND,
        "Here are /control/v1, /openapi.json, /metrics, /healthz and /readyz.\n",
    )
}
