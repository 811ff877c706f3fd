//! A user with one phone: what the phone shows, and how its owner is.

use std::collections::{BTreeMap, BTreeSet};

use exchange::phone_lines::LineId;
use types::{CallId, MessageId};

use crate::chance::Chance;

/// A user.
pub(crate) struct User {
    /// The line of the phone, while it is open.
    pub(crate) line: Option<LineId>,
    /// The calls that the phone knows of.
    pub(crate) calls: BTreeMap<CallId, Shown>,
    /// The requests that the user was ever shown, with the business that asks.
    pub(crate) requests: Vec<(usize, MessageId)>,
    /// The businesses that the phone shows, each with a call button or without.
    pub(crate) icons: BTreeMap<usize, bool>,
    /// The calls whose end the phone was told.
    pub(crate) ended: BTreeSet<CallId>,
    pub(crate) habits: Habits,
}

/// What the phone shows of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// It rings here.
    Rings,
    /// The user has dialled, or has picked up.
    Waits,
    /// Time runs.
    Talks,
}

/// How a user is, in weights.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    pub(crate) takes_calls: u64,
    pub(crate) rejects_calls: u64,
    pub(crate) lets_ring: u64,
    pub(crate) allows: u64,
    pub(crate) allows_for_ever: u64,
    pub(crate) declines: u64,
    pub(crate) does_not_answer: u64,
}

impl User {
    pub(crate) fn drawn(chance: &mut Chance) -> Self {
        let mut weight = || chance.between(1, 6);
        Self {
            line: None,
            calls: BTreeMap::new(),
            requests: Vec::new(),
            icons: BTreeMap::new(),
            ended: BTreeSet::new(),
            habits: Habits {
                takes_calls: 2 * weight(),
                rejects_calls: weight(),
                lets_ring: weight(),
                allows: 3 * weight(),
                allows_for_ever: weight(),
                declines: weight(),
                does_not_answer: weight(),
            },
        }
    }

    /// The phone's line is gone, and with it what the phone showed.
    pub(crate) fn goes_offline(&mut self) {
        self.line = None;
        self.calls.clear();
    }
}
