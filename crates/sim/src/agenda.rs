//! What is going to happen, and when: of two things at one moment, the one that was planned first.

use std::collections::BTreeMap;

use types::Timestamp;

/// What is going to happen.
pub(crate) struct Agenda<T> {
    entries: BTreeMap<(Timestamp, u64), T>,
    planned: u64,
}

impl<T> Agenda<T> {
    pub(crate) const fn new() -> Self {
        Self {
            entries: BTreeMap::new(),
            planned: 0,
        }
    }

    /// Plans something.
    pub(crate) fn plan(&mut self, at: Timestamp, what: T) {
        self.planned += 1;
        self.entries.insert((at, self.planned), what);
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    /// The next thing.
    pub(crate) fn next(&mut self) -> Option<T> {
        self.entries.pop_first().map(|(_, what)| what)
    }

    /// Drops what is no longer wanted.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&T) -> bool) {
        self.entries.retain(|_, what| wanted(what));
    }
}
