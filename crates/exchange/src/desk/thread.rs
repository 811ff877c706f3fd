//! The desk's thread: takes what waits, runs it in one transaction, commits, lets effects go, answers.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use rand_chacha::ChaCha8Rng;
use store::Store;
use tokio::sync::{mpsc, watch};
use types::limits::{DESK_BATCH_MAX, DESK_QUEUE_MAX};
use types::{EventId, Preset, Timestamp};

use super::{Agenda, Desk, DeskCore, DeskError, Outside, Turn};
use crate::clock::Clock;

/// A command with its way to answer.
pub(super) type Job = Box<dyn FnOnce(&mut Turn<'_>) -> Answer + Send>;

/// Answers a command, once it is known whether its writes were saved.
pub(super) type Answer = Box<dyn FnOnce(Result<(), DeskError>) + Send>;

/// What the thread is sent.
pub(super) enum Order {
    /// Run this.
    Run(Job),
    /// Finish what is before this, and end.
    Stop,
}

/// What a desk is made of.
pub struct DeskParts {
    /// The records.
    pub store: Store,
    /// Where the moment is read, once for each batch of commands.
    pub clock: Clock,
    /// All of the desk's chance.
    pub chance: ChaCha8Rng,
    /// The platform's numbers.
    pub preset: Arc<Preset>,
    /// What effects act on.
    pub outside: Outside,
}

/// The thread of a desk, to be stopped in the end.
#[derive(Debug)]
pub struct DeskThread {
    queue: mpsc::Sender<Order>,
    thread: JoinHandle<()>,
}

impl Desk {
    /// Starts a desk on a thread of its own.
    ///
    /// # Errors
    ///
    /// When the thread cannot be started.
    pub fn start(parts: DeskParts) -> io::Result<(Self, DeskThread)> {
        let (queue, orders) = mpsc::channel(DESK_QUEUE_MAX);
        let empty = Agenda {
            next_deadline: None,
            last_event: EventId(0),
            faults_armed: false,
            records: 0,
        };
        let (publish, agenda) = watch::channel(empty);
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || serve(parts, orders, &publish))?;
        let desk = Self {
            queue: queue.clone(),
            agenda,
        };
        Ok((desk, DeskThread { queue, thread }))
    }
}

impl DeskThread {
    /// Lets the desk finish what waits, and ends it. Blocks until it has.
    ///
    /// # Errors
    ///
    /// [`DeskError::Stopped`] when the thread had ended by itself: a command had a bug.
    pub fn stop(self) -> Result<(), DeskError> {
        self.queue.blocking_send(Order::Stop).ok();
        self.thread.join().map_err(|_| DeskError::Stopped)
    }
}

fn serve(parts: DeskParts, mut orders: mpsc::Receiver<Order>, publish: &watch::Sender<Agenda>) {
    let mut core = DeskCore::new(parts.store, parts.chance, parts.preset);
    let mut batch = Vec::with_capacity(DESK_BATCH_MAX);
    loop {
        let taken = orders.blocking_recv_many(&mut batch, DESK_BATCH_MAX);
        let stop = taken == 0 || batch.iter().any(|order| matches!(order, Order::Stop));
        let jobs = batch.drain(..).filter_map(|order| match order {
            Order::Run(job) => Some(job),
            Order::Stop => None,
        });
        let now = parts.clock.now();
        run(&mut core, now, jobs, &parts.outside, publish);
        if stop {
            return;
        }
    }
}

fn run(
    core: &mut DeskCore,
    now: Timestamp,
    jobs: impl Iterator<Item = Job>,
    outside: &Outside,
    publish: &watch::Sender<Agenda>,
) {
    let mut answers = Vec::new();
    let saved = core.commit(now, |turn| {
        for job in jobs {
            answers.push(job(turn));
        }
    });
    match saved {
        Ok(saved) => {
            let ahead = saved.ahead;
            saved.effects.let_go(outside);
            publish.send_if_modified(|agenda| {
                let before = *agenda;
                agenda.next_deadline = ahead.next_deadline;
                agenda.last_event = ahead.last_event.unwrap_or(before.last_event);
                agenda.faults_armed = ahead.faults_armed;
                agenda.records = ahead.records;
                *agenda != before
            });
            answers.into_iter().for_each(|answer| answer(Ok(())));
        }
        Err(error) => {
            tracing::error!(%error, commands = answers.len(), "the records could not be saved");
            answers
                .into_iter()
                .for_each(|answer| answer(Err(error.clone())));
        }
    }
}
