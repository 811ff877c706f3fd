//! UDP sockets and the worker threads that drive `media`.
//!
//! [`MediaIo::start`] opens the sockets and starts the threads. A leg is prepared on the caller's
//! thread, where its certificates and session descriptions are worked out; nothing is on the wire
//! before it is adopted by a worker. From then on everything happens on that worker: a packet goes
//! from socket to leg to joined leg to socket without a lock or a hop to another thread.

mod address;
mod command;
mod port;
mod switchboard;
mod timers;
mod worker;

use std::io;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use media::weather::Forecast;
use media::{
    AudioApp, DtlsIdentity, IceRole, Leg, LegDraw, LegError, LegFailure, LegSetup, LegStats, Setup,
    Shape,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use types::{LegId, limits};

pub use address::{Address, local_addresses};
use command::{Command, CommandSender};
use port::Port;
use worker::Worker;

/// Where media is spoken and on how many threads.
#[derive(Debug, Clone)]
pub struct MediaIoConfig {
    /// The addresses of this machine that legs are reached at, the best first.
    pub addresses: Vec<Address>,
    /// How ports are given to legs.
    pub ports: Ports,
    /// How many worker threads there are; at least 1 is started.
    pub workers: usize,
    /// From it every leg's credentials and numbers are drawn. Whoever knows it can talk into
    /// calls, so only tests may have one that is not secret.
    pub seed: [u8; 32],
}

/// How ports are given to legs. It decides our part in ICE too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ports {
    /// The exchange: all legs of a worker share one port, this one for the first worker, the next
    /// for the second, and so on; 0 takes any. Legs are ICE-lite and told apart by where their
    /// datagrams come from.
    Shared(u16),
    /// Phones and gateways: each leg has a port of its own out of this range, as browsers do;
    /// `0..=0` takes any. Legs start ICE checks. A shared port would not do: an ICE-lite peer sends
    /// for all its calls from one address, and nothing in a DTLS record says which call it is of.
    PerLeg(RangeInclusive<u16>),
}

/// What a leg that is to be prepared should be like.
#[derive(Debug, Clone, Copy)]
pub struct LegWish {
    /// Whose session descriptions ours look like.
    pub shape: Shape,
    /// The end of DTLS that an answer takes when the offer leaves the choice; `None` is the
    /// shape's custom.
    pub setup: Option<Setup>,
    /// The number in the session description's `o=` line; Meta writes milliseconds since the epoch.
    pub session_id: u64,
    /// A leg that this one is to be joined with later.
    pub beside: Option<LegId>,
}

/// A leg that is not on the wire yet. Dropped, it has never been.
#[derive(Debug)]
pub struct PreparedLeg {
    /// What to call it from now on.
    pub id: LegId,
    /// Our offer or answer.
    pub sdp: String,
    leg: Leg,
    ports: Vec<Port>,
    place: Place,
}

/// What a leg is joined to.
pub enum Feed {
    /// To another leg, once [`MediaIo::join`] says to which.
    Relay,
    /// To an app, which hears and speaks every 20 ms.
    App(Box<dyn AudioApp>),
}

/// Something has happened on a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaEvent {
    /// The leg.
    pub leg: LegId,
    /// What has happened.
    pub kind: MediaEventKind,
}

/// What has happened on a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaEventKind {
    /// ICE and DTLS are up.
    Up,
    /// The first audio packet has come, or the first after `MediaStopped`.
    MediaStarted,
    /// No audio packet has come for [`limits::MEDIA_SILENCE_MAX`].
    MediaStopped,
    /// The peer has pressed a key.
    Digit(char),
    /// The answer that was to be applied cannot be; the leg still waits for one.
    AnswerRefused(LegError),
    /// The leg has ended, not by our doing; `Closed` follows.
    Failed(LegFailure),
    /// The leg is gone: the last event of each adopted leg.
    Closed(LegStats),
}

/// Why a leg could not be prepared or joined.
#[derive(Debug, thiserror::Error)]
pub enum MediaIoError {
    /// The session description does not do.
    #[error(transparent)]
    Leg(#[from] LegError),
    /// No socket could be opened for it.
    #[error("no UDP port could be opened for the leg")]
    Port(#[source] io::Error),
    /// All workers have as many legs as they may.
    #[error(
        "all media workers are full: at most {} legs each",
        limits::LEGS_PER_WORKER_MAX
    )]
    Full,
    /// Two legs that were not prepared beside each other cannot be joined.
    #[error("the legs belong to different media workers")]
    Apart,
    /// The workers have been told to stop.
    #[error("media is being shut down")]
    Stopped,
}

/// The media of one process. Dropping it stops the workers.
pub struct MediaIo {
    identity: Arc<DtlsIdentity>,
    addresses: Vec<Address>,
    ports: Ports,
    draws: Mutex<ChaCha8Rng>,
    workers: Vec<WorkerHandle>,
    next_leg: AtomicU64,
    next_port: AtomicU16,
}

struct WorkerHandle {
    commands: CommandSender,
    /// The candidates of a shared port; empty if each leg has its own.
    candidates: Vec<SocketAddr>,
    legs: Arc<AtomicUsize>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// One of a worker's places for legs, given back when dropped.
#[derive(Debug)]
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl LegWish {
    /// A leg in Meta's shape.
    #[must_use]
    pub const fn meta(session_id: u64) -> Self {
        Self {
            shape: Shape::Meta,
            setup: None,
            session_id,
            beside: None,
        }
    }

    /// A leg in the shape of a common WebRTC client.
    #[must_use]
    pub const fn plain(session_id: u64) -> Self {
        Self {
            shape: Shape::Plain,
            setup: None,
            session_id,
            beside: None,
        }
    }

    /// The same, to be joined with `leg` later.
    #[must_use]
    pub const fn beside(self, leg: LegId) -> Self {
        Self {
            beside: Some(leg),
            ..self
        }
    }
}

impl MediaIo {
    /// Opens the sockets and starts the workers.
    ///
    /// `events` is called on the worker's thread, in the order of a leg's events. It must not
    /// wait, nor call back into this `MediaIo`: it is to put the event into a queue.
    ///
    /// # Errors
    ///
    /// What the operating system says if a socket or a thread cannot be had, or the crypto library
    /// if no certificate can be made.
    pub fn start(
        config: MediaIoConfig,
        events: impl Fn(MediaEvent) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let identity = DtlsIdentity::generate().map_err(io::Error::other)?;
        let events: Arc<dyn Fn(MediaEvent) + Send + Sync> = Arc::new(events);
        let mut workers = Vec::new();
        for index in 0..config.workers.max(1) {
            let ports = shared_ports(&config, index)?;
            let candidates = ports.iter().map(Port::candidate).collect();
            let (commands, inbox) = command::channel()?;
            let events = Arc::clone(&events);
            let worker = Worker::new(ports, inbox, events)?;
            let thread = std::thread::Builder::new()
                .name(format!("media-{index}"))
                .spawn(move || worker.run())?;
            workers.push(WorkerHandle {
                commands,
                candidates,
                legs: Arc::new(AtomicUsize::new(0)),
                thread: Mutex::new(Some(thread)),
            });
        }
        Ok(Self {
            identity: Arc::new(identity),
            addresses: config.addresses,
            ports: config.ports,
            draws: Mutex::new(ChaCha8Rng::from_seed(config.seed)),
            workers,
            next_leg: AtomicU64::new(1),
            next_port: AtomicU16::new(0),
        })
    }

    /// The candidates of the shared ports, the first worker's first; empty with a port per leg.
    #[must_use]
    pub fn candidates(&self) -> Vec<SocketAddr> {
        self.workers
            .iter()
            .flat_map(|worker| worker.candidates.iter().copied())
            .collect()
    }

    /// Prepares a leg that answers `offer`.
    ///
    /// # Errors
    ///
    /// What the offer lacks, or that there is no room for another leg.
    pub fn prepare_answer(&self, offer: &str, wish: LegWish) -> Result<PreparedLeg, MediaIoError> {
        self.prepare(wish, |setup| Leg::answer(setup, offer, Instant::now()))
    }

    /// Prepares a leg that makes an offer; [`MediaIo::apply_answer`] completes it.
    ///
    /// # Errors
    ///
    /// That there is no room for another leg.
    pub fn prepare_offer(&self, wish: LegWish) -> Result<PreparedLeg, MediaIoError> {
        self.prepare(wish, |setup| Ok(Leg::offer(setup)))
    }

    fn prepare(
        &self,
        wish: LegWish,
        make: impl FnOnce(LegSetup) -> Result<(Leg, String), LegError>,
    ) -> Result<PreparedLeg, MediaIoError> {
        let (index, worker, place) = self.place(wish.beside)?;
        let ports = match &self.ports {
            Ports::Shared(_) => Vec::new(),
            Ports::PerLeg(range) => {
                let offset = self.next_port.fetch_add(1, Ordering::Relaxed);
                port::own(&self.addresses, range, offset).map_err(MediaIoError::Port)?
            }
        };
        let (ice, candidates) = match &self.ports {
            Ports::Shared(_) => (IceRole::Lite, worker.candidates.clone()),
            Ports::PerLeg(_) => (IceRole::Full, ports.iter().map(Port::candidate).collect()),
        };
        let setup = LegSetup {
            candidates,
            ice,
            identity: Arc::clone(&self.identity),
            draw: self.draw(),
            shape: wish.shape,
            setup: wish.setup,
            session_id: wish.session_id,
        };
        let (leg, sdp) = make(setup)?;
        let number = self.next_leg.fetch_add(1, Ordering::Relaxed);
        let id = LegId(number << WORKER_BITS | index as u64);
        Ok(PreparedLeg {
            id,
            sdp,
            leg,
            ports,
            place,
        })
    }

    /// Puts a prepared leg on the wire.
    ///
    /// This and the other commands may wait for a moment if [`limits::MEDIA_QUEUE_MAX`] of them
    /// are under way to the worker. Commands about a leg that is gone do nothing.
    pub fn adopt(&self, prepared: PreparedLeg, feed: Feed) {
        let id = prepared.id;
        self.send(
            id,
            Command::Adopt {
                prepared: Box::new(prepared),
                feed,
            },
        );
    }

    /// Gives an offering leg its answer.
    pub fn apply_answer(&self, leg: LegId, answer: String) {
        self.send(leg, Command::ApplyAnswer { leg, answer });
    }

    /// Joins two legs: what comes on one goes out on the other, once it may pass.
    ///
    /// # Errors
    ///
    /// [`MediaIoError::Apart`] if they were not prepared beside each other.
    pub fn join(&self, one: LegId, other: LegId) -> Result<(), MediaIoError> {
        if worker_of(one) != worker_of(other) {
            return Err(MediaIoError::Apart);
        }
        self.send(one, Command::Join { one, other });
        Ok(())
    }

    /// Lets media pass between the leg and the one it is joined with, or stops it. Closed at first.
    pub fn pass(&self, leg: LegId, on: bool) {
        self.send(leg, Command::Pass { leg, on });
    }

    /// Joins a leg to an app in place of what it was joined to.
    pub fn set_app(&self, leg: LegId, app: Box<dyn AudioApp>) {
        self.send(leg, Command::SetApp { leg, app });
    }

    /// Makes the weather on a leg so from now on: what its network loses and delays, and what of its
    /// peer's audio is passed on.
    pub fn set_weather(&self, leg: LegId, forecast: Forecast) {
        self.send(leg, Command::Weather { leg, forecast });
    }

    /// Ends a leg; the peer is told. `Closed` follows as its last event.
    pub fn close(&self, leg: LegId) {
        self.send(leg, Command::Close { leg });
    }

    /// Asks for a leg's counts. `reply` is called on the worker's thread and must not wait; it gets
    /// `None` if the leg is gone, and is dropped if the worker is.
    pub fn stats(&self, leg: LegId, reply: impl FnOnce(Option<LegStats>) + Send + 'static) {
        self.send(
            leg,
            Command::Stats {
                leg,
                reply: Box::new(reply),
            },
        );
    }

    /// Ends all legs and stops the workers; returns when they have stopped.
    pub fn shutdown(&self) {
        for worker in &self.workers {
            worker.commands.send(Command::Stop);
        }
        for worker in &self.workers {
            let thread = worker
                .thread
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if thread.is_some_and(|thread| thread.join().is_err()) {
                tracing::error!("a media worker has panicked");
            }
        }
    }

    fn place(&self, beside: Option<LegId>) -> Result<(usize, &WorkerHandle, Place), MediaIoError> {
        let index = match beside {
            Some(leg) => worker_of(leg),
            None => (0..self.workers.len())
                .min_by_key(|index| self.workers[*index].legs.load(Ordering::Relaxed))
                .unwrap_or(0),
        };
        let worker = self.workers.get(index).ok_or(MediaIoError::Apart)?;
        let place = Place(Arc::clone(&worker.legs));
        if place.0.fetch_add(1, Ordering::Relaxed) >= limits::LEGS_PER_WORKER_MAX {
            return Err(MediaIoError::Full);
        }
        Ok((index, worker, place))
    }

    fn draw(&self) -> LegDraw {
        let mut bytes = [0; LegDraw::BYTES];
        self.draws
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        LegDraw::from_bytes(&bytes)
    }

    fn send(&self, leg: LegId, command: Command) {
        if let Some(worker) = self.workers.get(worker_of(leg)) {
            worker.commands.send(command);
        }
    }
}

impl Drop for MediaIo {
    fn drop(&mut self) {
        self.shutdown();
    }
}

impl std::fmt::Debug for MediaIo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaIo")
            .field("ports", &self.ports)
            .field("workers", &self.workers.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Relay => "Relay",
            Self::App(_) => "App",
        })
    }
}

fn shared_ports(config: &MediaIoConfig, index: usize) -> io::Result<Vec<Port>> {
    let Ports::Shared(first) = config.ports else {
        return Ok(Vec::new());
    };
    let port = match (first, u16::try_from(index)) {
        (0, _) => 0,
        (first, Ok(index)) => first
            .checked_add(index)
            .ok_or(io::ErrorKind::AddrNotAvailable)?,
        (_, Err(_)) => return Err(io::ErrorKind::AddrNotAvailable.into()),
    };
    port::shared(&config.addresses, port)
}

/// The worker that a leg belongs to is part of the leg's number.
fn worker_of(leg: LegId) -> usize {
    usize::try_from(leg.0 & ((1 << WORKER_BITS) - 1)).unwrap_or(usize::MAX)
}

const WORKER_BITS: u32 = 8;

#[cfg(test)]
mod tests;
