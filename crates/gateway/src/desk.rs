//! Where everything that concerns calls is done in one order: one thread, one database, one board.
//!
//! A [`Desk`] is the handle that others hold; behind it, [`Clerk`] runs on a thread of its own. For each
//! order the clerk decides, saves, and only then lets the consequences go: requests to the platform
//! leave through a channel, legs are made and closed on the spot.
//!
//! A webhook is answered only when it is kept, and a call is placed only when it is recorded. Beyond
//! that a failing disk must not hold up calls that run: what cannot be recorded then is logged, and the
//! call goes on.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use media_io::MediaEvent;
use store::inbox::{Inbox, InboxError};
use tokio::sync::{broadcast, oneshot};
use wire::{CallAction, Recipient};

use crate::board::CallRef;
use crate::call::Input;
use crate::handlers::{Handler, HandlerEvent};
use crate::story::StoryLine;

mod clerk;
mod hearing;
mod records;

pub(crate) use clerk::{Clerk, ClerkParts};

/// The handle of the desk. Clones speak to the same clerk.
#[derive(Clone)]
pub(crate) struct Desk {
    orders: SyncSender<Order>,
    live: broadcast::Sender<(CallRef, StoryLine)>,
}

/// What the clerk can be asked for.
pub(crate) enum Order {
    /// Keep a webhook's body, say that it is kept, then deal with it.
    Webhook {
        hash: [u8; 32],
        body: Vec<u8>,
        reply: oneshot::Sender<Result<bool, InboxError>>,
    },
    /// Place a call.
    Place {
        wish: Wish,
        reply: oneshot::Sender<Result<CallRef, NotPlaced>>,
    },
    /// One input for one call.
    Input(CallRef, Input),
    /// Something happened on a leg.
    Media(MediaEvent),
    /// A handler tells something.
    Handler(CallRef, HandlerEvent),
    /// End a call, named as the API names it.
    HangUp {
        name: String,
        reply: oneshot::Sender<Result<(), NotHungUp>>,
    },
    /// Answer once the call's recording is finished.
    Gone(CallRef, oneshot::Sender<()>),
    /// Look something up.
    Read(Box<dyn FnOnce(&mut Inbox) + Send>),
    /// Take no new calls; how many are not over?
    Drain(oneshot::Sender<usize>),
    /// End all calls.
    HangUpAll,
    /// Stop.
    Stop,
}

/// A call that is to be placed.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) to: Recipient,
    pub(crate) handler: Arc<Handler>,
    pub(crate) callback_data: Option<String>,
}

/// What the clerk wants from the platform.
#[derive(Debug)]
pub(crate) struct Errand {
    pub(crate) call: CallRef,
    pub(crate) action: CallAction,
}

/// Why a call was not even begun.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPlaced {
    #[error("as many calls as are allowed are running, or the gateway is shutting down")]
    Full,
    #[error(transparent)]
    Inbox(#[from] InboxError),
    #[error(transparent)]
    Busy(#[from] DeskBusy),
}

/// Why a call was not ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotHungUp {
    #[error("there is no such call")]
    Unknown,
    #[error("the call is over")]
    Over,
    #[error(transparent)]
    Inbox(#[from] InboxError),
    #[error(transparent)]
    Busy(#[from] DeskBusy),
}

/// The clerk cannot be reached: too much waits, or it has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the gateway has too much to do; try again")]
pub(crate) struct DeskBusy;

impl Desk {
    pub(crate) fn new(
        orders: SyncSender<Order>,
        live: broadcast::Sender<(CallRef, StoryLine)>,
    ) -> Self {
        Self { orders, live }
    }

    /// Keeps a webhook; false if the very same came before. Returns as soon as it is kept.
    pub(crate) async fn webhook(
        &self,
        hash: [u8; 32],
        body: Vec<u8>,
    ) -> Result<Result<bool, InboxError>, DeskBusy> {
        self.ask(|reply| Order::Webhook { hash, body, reply }).await
    }

    /// Begins to place a call; what becomes of it is told in its story.
    pub(crate) async fn place(&self, wish: Wish) -> Result<CallRef, NotPlaced> {
        self.ask(|reply| Order::Place { wish, reply }).await?
    }

    /// Gives a call what came of an errand. Waits as long as it takes: this must not be lost.
    pub(crate) async fn input(&self, call: CallRef, input: Input) -> Result<(), DeskBusy> {
        self.send(Order::Input(call, input)).await
    }

    pub(crate) async fn hang_up(&self, name: String) -> Result<(), NotHungUp> {
        self.ask(|reply| Order::HangUp { name, reply }).await?
    }

    /// Looks something up.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Inbox) -> T + Send + 'static,
    ) -> Result<T, DeskBusy> {
        self.ask(|reply| {
            Order::Read(Box::new(move |inbox| {
                reply.send(look(inbox)).ok();
            }))
        })
        .await
    }

    /// Returns once the call's recording is finished, if it has one.
    pub(crate) async fn recorded(&self, call: CallRef) -> Result<(), DeskBusy> {
        self.ask(|reply| Order::Gone(call, reply)).await
    }

    /// Takes no new calls from now on; says how many are not over.
    pub(crate) async fn drain(&self) -> Result<usize, DeskBusy> {
        self.ask(Order::Drain).await
    }

    pub(crate) async fn hang_up_all(&self) -> Result<(), DeskBusy> {
        self.send(Order::HangUpAll).await
    }

    pub(crate) async fn stop(&self) -> Result<(), DeskBusy> {
        self.send(Order::Stop).await
    }

    /// Every line of every story from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<(CallRef, StoryLine)> {
        self.live.subscribe()
    }

    async fn ask<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> Result<T, DeskBusy> {
        let (reply, answer) = oneshot::channel();
        self.send(order(reply)).await?;
        answer.await.map_err(|_| DeskBusy)
    }

    async fn send(&self, order: Order) -> Result<(), DeskBusy> {
        let order = match self.orders.try_send(order) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Disconnected(_)) => return Err(DeskBusy),
            Err(TrySendError::Full(order)) => order,
        };
        // The queue is full: wait for a place, for a while.
        let orders = self.orders.clone();
        let sent = tokio::task::spawn_blocking(move || orders.send(order));
        match tokio::time::timeout(SEND_WITHIN, sent).await {
            Ok(Ok(Ok(()))) => Ok(()),
            _ => Err(DeskBusy),
        }
    }
}

/// Puts what happens on media threads into the clerk's queue without waiting.
pub(crate) fn report(orders: &SyncSender<Order>, order: Order) {
    if let Err(TrySendError::Full(_)) = orders.try_send(order) {
        tracing::error!("the gateway's desk is overrun: an event of a call's media is lost");
    }
}

/// How long one waits for a place in the clerk's queue.
const SEND_WITHIN: Duration = Duration::from_secs(5);
