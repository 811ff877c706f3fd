//! What a worker is told, and the way to it: a bounded queue and a bell.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use media::weather::Forecast;
use media::{AudioApp, LegStats};
use nix::sys::eventfd::{EfdFlags, EventFd};
use types::{LegId, limits};

use crate::{Feed, PreparedLeg};

/// What a worker is told.
pub(crate) enum Command {
    Adopt {
        prepared: Box<PreparedLeg>,
        feed: Feed,
    },
    ApplyAnswer {
        leg: LegId,
        answer: String,
    },
    Join {
        one: LegId,
        other: LegId,
    },
    Pass {
        leg: LegId,
        on: bool,
    },
    SetApp {
        leg: LegId,
        app: Box<dyn AudioApp>,
    },
    Weather {
        leg: LegId,
        forecast: Forecast,
    },
    Close {
        leg: LegId,
    },
    Stats {
        leg: LegId,
        reply: Box<dyn FnOnce(Option<LegStats>) + Send>,
    },
    Stop,
}

/// The callers' end.
pub(crate) struct CommandSender {
    queue: SyncSender<Command>,
    bell: Arc<EventFd>,
}

/// The worker's end.
pub(crate) struct CommandReceiver {
    queue: Receiver<Command>,
    bell: Arc<EventFd>,
}

pub(crate) fn channel() -> io::Result<(CommandSender, CommandReceiver)> {
    let flags = EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC;
    let bell = Arc::new(EventFd::from_flags(flags)?);
    let (sender, receiver) = sync_channel(limits::MEDIA_QUEUE_MAX);
    let sender = CommandSender {
        queue: sender,
        bell: Arc::clone(&bell),
    };
    Ok((
        sender,
        CommandReceiver {
            queue: receiver,
            bell,
        },
    ))
}

impl CommandSender {
    /// Queues a command and wakes the worker; drops it if the worker has stopped.
    pub(crate) fn send(&self, command: Command) {
        if self.queue.send(command).is_ok() {
            // It can fail only by being full of rings, and then the worker wakes anyway.
            let _full = self.bell.write(1);
        }
    }
}

impl CommandReceiver {
    /// The bell to wait for.
    pub(crate) fn bell(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }

    /// Stills the bell; to be called before the queue is emptied.
    pub(crate) fn still(&self) {
        let _silent = self.bell.read();
    }

    pub(crate) fn next(&self) -> Option<Command> {
        self.queue.try_recv().ok()
    }
}

impl fmt::Debug for CommandSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandSender").finish_non_exhaustive()
    }
}
