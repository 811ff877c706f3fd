//! The desk: one synchronous place through which every command goes, in one order.
//!
//! A command is a plain function of a [`Turn`]: the records, the moment, chance and the preset. It
//! decides first and writes last, and notes what is to be done in the world outside as effects. The
//! desk's thread takes the commands that wait, runs them in one transaction, commits once, and only
//! then lets the effects go and answers (group commit): whoever has an answer, and whoever was told
//! of anything, was told of what a `kill -9` can no longer undo. [`DeskCore`] is the desk without
//! thread and queue.
//!
//! A command that fails takes back its own writes and effects and nobody else's.

use tokio::sync::{mpsc, oneshot, watch};
use types::limits::{CALLS_KEPT, DELIVERIES_KEPT, EVENTS_KEPT, FORGET_BATCH_MAX, MESSAGES_KEPT};
use types::{EventId, Timestamp};

pub mod accounts;
pub mod auth;
pub mod calls;
pub mod chat;
pub mod consents;
pub mod deliveries;
pub mod due;
pub mod events;
pub mod faults;
pub mod messages;
pub mod numbers;
pub mod restrictions;
pub mod settings;
pub mod state;
pub mod subscriptions;
pub mod templates;
pub mod users;

mod core;
mod effects;
mod refused;
mod thread;
mod turn;

pub use self::core::{DeskCore, Saved};
pub use effects::{Effects, LegBook, Outside};
pub use refused::{DeskError, Refused};
pub use thread::{DeskParts, DeskThread};
pub use turn::Turn;

use thread::{Job, Order};

/// A handle to the desk.
#[derive(Clone, Debug)]
pub struct Desk {
    queue: mpsc::Sender<Order>,
    agenda: watch::Receiver<Agenda>,
}

/// What lies ahead and how far the stream of events has come, as of the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agenda {
    /// The earliest deadline of any kind.
    pub next_deadline: Option<Timestamp>,
    /// The last entry of the event stream.
    pub last_event: EventId,
    /// Whether any armed fault may still fire.
    pub faults_armed: bool,
    /// Which records these are: all of them may be replaced, and the stream begin anew.
    pub records: u64,
}

impl Desk {
    /// Runs a command and answers once it is saved.
    ///
    /// # Errors
    ///
    /// What the command refuses with; [`DeskError::Busy`] at once when too many commands wait, so
    /// that a client hears "try again" instead of waiting with all the others.
    pub async fn run<T, E>(
        &self,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DeskError> + Send + 'static,
    {
        let (job, answer) = job(command);
        match self.queue.try_send(Order::Run(job)) {
            Ok(()) => answer
                .await
                .unwrap_or_else(|_| Err(DeskError::Stopped.into())),
            Err(mpsc::error::TrySendError::Full(_)) => Err(DeskError::Busy.into()),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(DeskError::Stopped.into()),
        }
    }

    /// Runs a command of the platform's own, which waits for its turn however long the queue is.
    ///
    /// # Errors
    ///
    /// What the command refuses with.
    pub async fn run_patiently<T, E>(
        &self,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DeskError> + Send + 'static,
    {
        let (job, answer) = job(command);
        if self.queue.send(Order::Run(job)).await.is_err() {
            return Err(DeskError::Stopped.into());
        }
        answer
            .await
            .unwrap_or_else(|_| Err(DeskError::Stopped.into()))
    }

    /// What lies ahead, kept up to date with every commit.
    #[must_use]
    pub fn agenda(&self) -> watch::Receiver<Agenda> {
        self.agenda.clone()
    }

    /// Ends once the desk has stopped, by [`DeskThread::stop`] or by a bug in a command.
    pub async fn stopped(&self) {
        self.queue.closed().await;
    }
}

/// Forgets a few of the oldest calls, messages, deliveries and events where there are more than are kept;
/// whether there may be more to forget.
///
/// # Errors
///
/// When the records cannot be written.
pub fn forget_the_oldest(turn: &mut Turn<'_>) -> Result<bool, Refused> {
    let calls = store::calls::prune(turn.tx, CALLS_KEPT, FORGET_BATCH_MAX)?;
    let deliveries = store::deliveries::prune(turn.tx, DELIVERIES_KEPT, FORGET_BATCH_MAX)?;
    let events = store::events::prune(turn.tx, EVENTS_KEPT, FORGET_BATCH_MAX)?;
    let messages = store::messages::prune(turn.tx, MESSAGES_KEPT, FORGET_BATCH_MAX)?;
    Ok(calls.max(deliveries).max(events).max(messages) == FORGET_BATCH_MAX)
}

fn job<T, E>(
    command: impl FnOnce(&mut Turn<'_>) -> Result<T, E> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<DeskError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move |turn| {
        let result = turn.alone(command);
        Box::new(move |saved| {
            // Whoever asked may have gone away; the command stands all the same.
            answer.send(saved.map_err(E::from).and(result)).ok();
        })
    });
    (job, answered)
}

#[cfg(test)]
mod tests;
