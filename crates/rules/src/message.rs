//! One message of a business to a user, from the platform's yes to the user's eyes.
//!
//! The platform takes a message first and finds out later what becomes of it: only what it can know
//! at once is refused at once. Make a [`Message`], drain its outputs, and store [`Message::state`]
//! together with them; then give it what happens.
//!
//! ```text
//! sent ──a phone has it──▶ Delivered ──the user sees it──▶ Read
//!  │ └──no phone for too long──▶ Dropped
//!  └──the window is closed, the user is not there, ...──▶ Failed
//! ```
//!
//! A message that fails at once is never called sent. One that no phone came for is dropped without a
//! word, as WhatsApp does: its business has heard `sent` and nothing more.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;

use types::Timestamp;
use types::preset::ConsentLimits;

pub use failure::{Failure, Strikes};

mod failure;

/// One message of a business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    state: State,
    outputs: VecDeque<Output>,
}

/// Where a message stands: plain data, to be stored as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// On its way, or waiting for a phone.
    Sent {
        /// When it is dropped if no phone has come.
        keep_until: Timestamp,
    },
    /// A phone has it.
    Delivered {
        /// Since when.
        at: Timestamp,
    },
    /// The user has seen it.
    Read {
        /// When a phone got it.
        delivered: Timestamp,
        /// When the user saw it.
        at: Timestamp,
    },
    /// It will never reach the user.
    Failed {
        /// When that was known.
        at: Timestamp,
        /// Why.
        failure: Failure,
    },
    /// No phone came for it.
    Dropped {
        /// When it was given up.
        at: Timestamp,
    },
}

/// What can happen to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A phone of the user has it.
    Arrived,
    /// The user sees it.
    Seen,
    /// It turns out that it cannot be delivered.
    Undeliverable(Failure),
    /// The moment named by [`Message::poll_timeout`] has come.
    Timeout,
}

/// What the driver has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Tell the business, by webhook.
    Notify(Status),
}

/// What a business hears of its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The platform has it.
    Sent,
    /// A phone of the user has it.
    Delivered,
    /// The user has seen it.
    Read,
    /// It will never reach the user.
    Failed(Failure),
}

/// Why an input was refused. `Display` says what was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It has happened before.
    NothingNew,
    /// The message has failed.
    HasFailed,
    /// The message was dropped.
    WasDropped,
}

impl Message {
    /// A message that is on its way.
    #[must_use]
    pub fn sent(now: Timestamp, limits: &ConsentLimits) -> Self {
        let keep_until = now + limits.request_waits_for;
        Self {
            state: State::Sent { keep_until },
            outputs: VecDeque::from([Output::Notify(Status::Sent)]),
        }
    }

    /// A message that was taken, and of which it is known at once that it will not arrive.
    #[must_use]
    pub fn failed(now: Timestamp, failure: Failure) -> Self {
        Self {
            state: State::Failed { at: now, failure },
            outputs: VecDeque::from([Output::Notify(Status::Failed(failure))]),
        }
    }

    /// The message that was stored as `state`. It holds no outputs: they were stored with it.
    #[must_use]
    pub const fn from_state(state: State) -> Self {
        Self {
            state,
            outputs: VecDeque::new(),
        }
    }

    /// What is to be stored, once the outputs are drained.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// The next thing to do, if any.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back with [`Input::Timeout`], if at all.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Timestamp> {
        match self.state {
            State::Sent { keep_until } => Some(keep_until),
            State::Delivered { .. }
            | State::Read { .. }
            | State::Failed { .. }
            | State::Dropped { .. } => None,
        }
    }

    /// Takes one input at one moment. Time moves first: a message whose time has passed by `now` is
    /// dropped before `input` is looked at.
    ///
    /// # Errors
    ///
    /// Refuses an input that means nothing where the message stands; it may have been dropped
    /// nevertheless.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Result<(), Refusal> {
        if let Some(at) = self.poll_timeout().filter(|at| *at <= now) {
            self.state = State::Dropped { at };
        }
        match (self.state, input) {
            (_, Input::Timeout) => Ok(()),

            (State::Sent { .. }, Input::Arrived) => {
                self.arrive(now);
                Ok(())
            }
            // Only a phone that has it can show it.
            (State::Sent { .. }, Input::Seen) => {
                self.arrive(now);
                self.see(now, now);
                Ok(())
            }
            (State::Sent { .. }, Input::Undeliverable(failure)) => {
                *self = Self::failed(now, failure);
                Ok(())
            }

            (State::Delivered { at }, Input::Seen) => {
                self.see(at, now);
                Ok(())
            }
            (State::Delivered { .. }, Input::Arrived | Input::Undeliverable(_))
            | (State::Read { .. }, Input::Arrived | Input::Seen | Input::Undeliverable(_)) => {
                Err(Refusal::NothingNew)
            }

            (State::Failed { .. }, Input::Arrived | Input::Seen | Input::Undeliverable(_)) => {
                Err(Refusal::HasFailed)
            }
            (State::Dropped { .. }, Input::Arrived | Input::Seen | Input::Undeliverable(_)) => {
                Err(Refusal::WasDropped)
            }
        }
    }

    fn arrive(&mut self, now: Timestamp) {
        self.state = State::Delivered { at: now };
        self.outputs.push_back(Output::Notify(Status::Delivered));
    }

    fn see(&mut self, delivered: Timestamp, now: Timestamp) {
        self.state = State::Read { delivered, at: now };
        self.outputs.push_back(Output::Notify(Status::Read));
    }
}

impl State {
    /// One lower-case word, for rows and screens.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Delivered { .. } => "delivered",
            Self::Read { .. } => "read",
            Self::Failed { .. } => "failed",
            Self::Dropped { .. } => "dropped",
        }
    }

    /// Whether a phone of the user has the message.
    #[must_use]
    pub const fn has_arrived(&self) -> bool {
        match self {
            Self::Delivered { .. } | Self::Read { .. } => true,
            Self::Sent { .. } | Self::Failed { .. } | Self::Dropped { .. } => false,
        }
    }
}

impl Status {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed(_) => "failed",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingNew => "This has happened to the message before.",
            Self::HasFailed => "The message has failed: no phone has it.",
            Self::WasDropped => "The message was dropped: no phone came for it in time.",
        })
    }
}

impl Error for Refusal {}

#[cfg(test)]
mod tests;
