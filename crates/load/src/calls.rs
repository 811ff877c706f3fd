//! What whole calls cost: how soon the connect webhook is there after `connect`, and how many calls a
//! second are set up and ended with all their webhooks.
//!
//! Drives a running exchange from outside, over its public API, its control API (for the users) and
//! a webhook receiver of its own. Nobody picks up: media are set up and never flow. A bare server
//! that answers the same requests is measured in the same run, because absolute rates differ from
//! machine to machine while ratios hold.

mod exchange;
mod floor;
mod receiver;
mod report;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use exchange::Exchange;
use receiver::Receiver;
use report::Measured;
pub use report::Report;

/// How much load, for how long, and on which exchange.
#[derive(Debug, Clone, clap::Args)]
pub struct CallLoad {
    /// The file that `dialtone exchange --env-file` or `dialtone dev --env-file` wrote.
    #[arg(long)]
    pub env_file: PathBuf,
    /// Calls a second in the paced part, where the delay of the connect webhook is measured.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub rate: u32,
    /// Calls at one time in the unpaced part, where calls a second are counted.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub at_once: u32,
    /// How long each part lasts, in seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub seconds: u32,
}

/// Measures the bare server, then the exchange: paced, and as fast as it goes.
///
/// # Errors
///
/// When the exchange cannot be reached, refuses a call, or a webhook does not come in time.
pub fn run(load: &CallLoad) -> io::Result<Report> {
    tokio::runtime::Runtime::new()?.block_on(measure(load))
}

async fn measure(load: &CallLoad) -> io::Result<Report> {
    let floor = floor::requests_per_second(load.at_once, lasting(load) / 2).await?;
    let (receiver, callback) = Receiver::start().await?;
    let exchange = Arc::new(Exchange::open(&load.env_file)?);
    exchange.send_webhooks_to(&callback).await?;
    exchange.make_users(USERS).await?;

    let paced = paced(&exchange, &receiver, load).await?;
    let unpaced = unpaced(&exchange, &receiver, load).await?;
    exchange.leave(&callback).await?;
    Ok(Report {
        rate: load.rate,
        at_once: load.at_once,
        floor_requests_per_second: floor,
        paced,
        unpaced,
    })
}

async fn paced(
    exchange: &Arc<Exchange>,
    receiver: &Receiver,
    load: &CallLoad,
) -> io::Result<Measured> {
    let mut calls = JoinSet::new();
    let mut due = tokio::time::interval(Duration::from_secs(1) / load.rate);
    let started = Instant::now();
    for number in 0..load.rate * load.seconds {
        due.tick().await;
        calls.spawn(one_call(exchange.clone(), receiver.clone(), number));
    }
    gather(calls, started).await
}

async fn unpaced(
    exchange: &Arc<Exchange>,
    receiver: &Receiver,
    load: &CallLoad,
) -> io::Result<Measured> {
    let mut calls = JoinSet::new();
    let places = Arc::new(Semaphore::new(load.at_once as usize));
    let started = Instant::now();
    let mut number = 0;
    while started.elapsed() < lasting(load) && number < CALLS_MAX {
        let place = places.clone().acquire_owned().await;
        let call = one_call(exchange.clone(), receiver.clone(), number);
        calls.spawn(async move {
            let _place = place;
            call.await
        });
        number += 1;
    }
    gather(calls, started).await
}

/// One call from `connect` to its terminate webhook. Answers with the time from the request to the
/// arrival of the connect webhook.
async fn one_call(
    exchange: Arc<Exchange>,
    receiver: Receiver,
    number: u32,
) -> io::Result<Duration> {
    let mut webhooks = receiver.expect(number);
    let asked = Instant::now();
    let call = exchange
        .connect(number % USERS, &webhooks.reference)
        .await?;
    let connected = webhooks.connect().await?;
    exchange.terminate(call).await?;
    webhooks.terminate().await?;
    Ok(connected.saturating_duration_since(asked))
}

async fn gather(
    mut calls: JoinSet<io::Result<Duration>>,
    started: Instant,
) -> io::Result<Measured> {
    let mut delays = Vec::with_capacity(calls.len());
    while let Some(call) = calls.join_next().await {
        delays.push(call.map_err(io::Error::other)??);
    }
    Ok(Measured::new(delays, started.elapsed()))
}

fn lasting(load: &CallLoad) -> Duration {
    Duration::from_secs(load.seconds.into())
}

/// Users who are called in turn: more than calls at one time, for a user has one call with a business
/// at a time.
const USERS: u32 = 1_024;

/// Calls of the unpaced part at the most. With the paced part they stay below the attempts that
/// Meta's own preset allows a number in a day.
const CALLS_MAX: u32 = 6_000;
