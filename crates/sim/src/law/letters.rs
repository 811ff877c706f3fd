//! Messages of businesses, as the law sees them: from the platform's yes to the user's eyes, or not.

use std::collections::BTreeMap;

use types::{MessageId, Timestamp};

use super::Broken;

/// Every message of every business.
#[derive(Default)]
pub(crate) struct Letters {
    all: BTreeMap<MessageId, Letter>,
    /// Those that wait for a phone.
    waiting: BTreeMap<MessageId, usize>,
}

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) business: usize,
    pub(crate) user: usize,
    /// Whether it asks for a permission.
    pub(crate) asks: bool,
    pub(crate) button: Option<CallButton>,
    /// When it is dropped if no phone has come for it.
    keep_until: Timestamp,
    pub(crate) fate: Fate,
}

/// The button of a message that calls its business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallButton {
    pub(crate) until: Timestamp,
    pub(crate) payload: Option<String>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Waits,
    Delivered,
    Read,
    Failed(u32),
    Dropped,
}

impl Letter {
    pub(crate) const fn new(
        (business, user): (usize, usize),
        asks: bool,
        button: Option<CallButton>,
        keep_until: Timestamp,
    ) -> Self {
        Self {
            business,
            user,
            asks,
            button,
            keep_until,
            fate: Fate::Waits,
        }
    }
}

impl Letters {
    pub(crate) fn get(&self, id: &MessageId) -> Option<&Letter> {
        self.all.get(id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&MessageId, &Letter)> {
        self.all.iter()
    }

    /// The platform has said what it makes of a new message.
    pub(crate) fn add(&mut self, id: MessageId, letter: Letter) -> Result<(), Broken> {
        if letter.fate == Fate::Waits {
            self.waiting.insert(id.clone(), letter.user);
        }
        match self.all.insert(id, letter) {
            None => Ok(()),
            Some(_) => Err("a message was sent twice".to_owned()),
        }
    }

    /// Something is said to have become of a message, whose user has phones that take it or not.
    pub(crate) fn becomes(
        &mut self,
        now: Timestamp,
        id: &MessageId,
        fate: Fate,
        online: bool,
    ) -> Result<(), Broken> {
        let letter = self.all.get_mut(id).ok_or("a message of nobody")?;
        let in_time = now < letter.keep_until;
        let may = match (letter.fate, fate) {
            (Fate::Waits, Fate::Delivered) => in_time && online,
            (Fate::Waits, Fate::Dropped) => !in_time,
            (Fate::Delivered, Fate::Read) => true,
            _ => false,
        };
        if !may {
            let (is, online) = (letter.fate, if online { "there" } else { "away" });
            return Err(format!(
                "a message that {is:?} becomes {fate:?}, in time: {in_time}, its user is {online}"
            ));
        }
        letter.fate = fate;
        self.waiting.remove(id);
        Ok(())
    }

    /// No message waits whose user is there.
    pub(crate) fn none_waits_in_vain(&self, online: impl Fn(usize) -> bool) -> Result<(), Broken> {
        match self.waiting.values().find(|user| online(**user)) {
            Some(user) => Err(format!("a message waits for user {user}, who is there")),
            None => Ok(()),
        }
    }

    /// No message waits whose time is over.
    pub(crate) fn none_waits_too_long(&self, now: Timestamp) -> Result<(), Broken> {
        let over = |id| self.all.get(id).is_some_and(|it| it.keep_until <= now);
        if self.waiting.keys().any(over) {
            return Err("a message waits whose time is over".to_owned());
        }
        Ok(())
    }
}
