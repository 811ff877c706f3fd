//! Armed faults: what is to go wrong, where, for whom, and how often.
//!
//! An [`Armed`] fault waits for occasions. The driver describes each one as an [`Occasion`] and hands
//! in a [`Draw`]; whether the fault fires follows from these and from what the fault has met so far, so
//! that the same seed and the same occasions fire the same faults. What firing means is carried out by
//! whoever asked: a request is refused, a webhook held back, a leg's network made bad.
//!
//! ```text
//! occasion ──▶ bites here? ──▶ filter fits? ──▶ firings left? ──▶ draw below the chance? ──▶ fires
//!                  └──────────────┴── not met, not counted        └── met, and not fired
//! ```

mod kind;
mod misfit;

use types::{Direction, PhoneNumberId, WaId};

use crate::message::Strikes;

pub use kind::{Fault, Party, Sending, Toward, When};
pub use misfit::Misfit;

/// A fault that waits for its occasions, with what it has met so far: plain data, to be stored as it
/// is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Armed {
    /// What is to go wrong.
    pub fault: Fault,
    /// For whom.
    pub filter: Filter,
    /// How often.
    pub times: Times,
    /// What its draws are made from.
    pub seed: u64,
    /// Occasions that fitted.
    pub met: u64,
    /// Occasions at which it fired.
    pub fired: u64,
}

/// How often a fault fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// At every occasion.
    Always,
    /// At so many occasions from now on, and then no more.
    Next(u32),
    /// At each occasion with this chance, in thousandths.
    Permille(u32),
}

/// What chance says, in thousandths: 0 to 999. Drawn by the driver from [`Armed::seed`] and
/// [`Armed::met`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw(pub u32);

/// Which occasions a fault is for; what is not named fits any. A filter on something that an occasion
/// does not have, such as a user, does not fit it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only for this business number.
    pub number: Option<PhoneNumberId>,
    /// Only for this user.
    pub wa_id: Option<WaId>,
    /// Only for this operation of the API.
    pub operation: Option<Operation>,
    /// Only for webhooks that tell of this, such as `connect` or `status.RINGING`.
    pub event: Option<String>,
    /// Only for calls of this direction.
    pub direction: Option<Direction>,
}

/// Something that happens, at which a fault may fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion<'a> {
    /// What happens.
    pub point: Point<'a>,
    /// The business number that it is about, where that is known.
    pub number: Option<&'a PhoneNumberId>,
    /// The user that it is about, where that is known.
    pub wa_id: Option<&'a WaId>,
}

/// What happens at an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point<'a> {
    /// The API was asked for something; nothing has been done yet.
    Request(Operation),
    /// A webhook that tells of this event goes into the outbox.
    Webhook(&'a str),
    /// A business's call is placed, and the answer to its request is about to leave.
    Reply,
    /// Everything is in order for a call, and it is about to be placed.
    Placing(Direction),
    /// A call rings: on a phone, or at a business that has pre-accepted.
    Ringing(Direction),
    /// A call was accepted or picked up.
    Answered(Direction),
    /// Everything is in order for a message of a business, and it is about to be sent.
    Sending(Kind),
}

/// What a message is, as far as faults tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// Whether it is a template.
    pub is_template: bool,
    /// Whether it is one of the category MARKETING.
    pub is_marketing: bool,
    /// Whether a picture, a film or a file stands above it.
    pub has_media: bool,
}

impl Kind {
    /// Whether a cause that strikes such messages can strike this one.
    #[must_use]
    pub const fn is_struck_by(self, strikes: Strikes) -> bool {
        match strikes {
            Strikes::All => true,
            Strikes::Templates => self.is_template,
            Strikes::Marketing => self.is_marketing,
            Strikes::Media => self.has_media,
        }
    }
}

/// What the API can be asked for, as far as faults tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// The call action `connect`.
    Connect,
    /// The call action `pre_accept`.
    PreAccept,
    /// The call action `accept`.
    Accept,
    /// The call action `reject`.
    Reject,
    /// The call action `terminate`.
    Terminate,
    /// To send a message, or to say that one was read.
    Messages,
    /// To read a call permission.
    Permissions,
    /// To read or change a number's settings.
    Settings,
    /// To make, list, find or delete templates.
    Templates,
    /// To read a number, or the numbers of an account.
    PhoneNumbers,
    /// Everything else: subscriptions, tokens, accounts.
    Other,
}

impl Armed {
    /// A fault that has met nothing yet.
    ///
    /// # Errors
    ///
    /// Names what does not go together: a filter on what the fault never sees, or a number beyond its
    /// bounds.
    pub fn new(fault: Fault, filter: Filter, times: Times, seed: u64) -> Result<Self, Misfit> {
        misfit::check(&fault, &filter, times)?;
        Ok(Self {
            fault,
            filter,
            times,
            seed,
            met: 0,
            fired: 0,
        })
    }

    /// Takes an occasion; whether the fault fires at it. One that does not fit leaves no trace.
    pub fn take(&mut self, occasion: &Occasion<'_>, draw: Draw) -> bool {
        if self.is_spent() || !self.fits(occasion) {
            return false;
        }
        self.met = self.met.saturating_add(1);
        let fires = match self.times {
            Times::Always | Times::Next(_) => true,
            Times::Permille(chance) => draw.0 < chance,
        };
        self.fired = self.fired.saturating_add(u64::from(fires));
        fires
    }

    /// Whether an occasion is one of those that this fault is for.
    #[must_use]
    pub fn fits(&self, occasion: &Occasion<'_>) -> bool {
        self.fault.bites(occasion.point) && self.filter.fits(occasion)
    }

    /// How often it will still fire, where that is known beforehand.
    #[must_use]
    pub fn left(&self) -> Option<u64> {
        match self.times {
            Times::Next(count) => Some(u64::from(count).saturating_sub(self.fired)),
            Times::Always | Times::Permille(_) => None,
        }
    }

    /// Whether it will never fire again.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.left() == Some(0)
    }
}

impl Filter {
    fn fits(&self, occasion: &Occasion<'_>) -> bool {
        let operation = match occasion.point {
            Point::Request(operation) => Some(operation),
            Point::Webhook(_)
            | Point::Reply
            | Point::Placing(_)
            | Point::Ringing(_)
            | Point::Answered(_)
            | Point::Sending(_) => None,
        };
        let event = match occasion.point {
            Point::Webhook(event) => Some(event),
            Point::Request(_)
            | Point::Reply
            | Point::Placing(_)
            | Point::Ringing(_)
            | Point::Answered(_)
            | Point::Sending(_) => None,
        };
        wants(self.number.as_ref(), occasion.number)
            && wants(self.wa_id.as_ref(), occasion.wa_id)
            && wants(self.operation, operation)
            && wants(self.event.as_deref(), event)
            && wants(self.direction, occasion.point.direction())
    }
}

impl Point<'_> {
    /// The direction of the call that it is about, where that is known.
    const fn direction(self) -> Option<Direction> {
        match self {
            Self::Placing(direction) | Self::Ringing(direction) | Self::Answered(direction) => {
                Some(direction)
            }
            Self::Reply => Some(Direction::BusinessInitiated),
            Self::Request(_) | Self::Webhook(_) | Self::Sending(_) => None,
        }
    }
}

impl Operation {
    /// Every operation there is.
    pub const ALL: [Self; 11] = [
        Self::Connect,
        Self::PreAccept,
        Self::Accept,
        Self::Reject,
        Self::Terminate,
        Self::Messages,
        Self::Permissions,
        Self::Settings,
        Self::Templates,
        Self::PhoneNumbers,
        Self::Other,
    ];

    /// One lower-case word, for rows, events and the control API; never changed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::PreAccept => "pre_accept",
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Terminate => "terminate",
            Self::Messages => "messages",
            Self::Permissions => "permissions",
            Self::Settings => "settings",
            Self::Templates => "templates",
            Self::PhoneNumbers => "phone_numbers",
            Self::Other => "other",
        }
    }

    /// The operation of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// Whether what is there is what is wanted; nothing wanted is always so.
fn wants<T: PartialEq>(wanted: Option<T>, there: Option<T>) -> bool {
    match wanted {
        None => true,
        Some(_) => wanted == there,
    }
}

/// The draws that there are: [`Draw`] is below it.
pub const DRAWS: u32 = 1_000;

#[cfg(test)]
mod tests;
