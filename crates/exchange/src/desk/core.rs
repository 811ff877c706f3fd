//! The core of a desk: the records, chance and the preset, and how commands are run on them. It needs
//! neither a thread nor a runtime, so that the desk's thread and a simulated world run the same one.

use std::fmt;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use store::{Store, StoreError, Tx};
use types::{EventId, Preset, Timestamp};

use super::effects::Effects;
use super::{DeskError, Turn, due};

/// The records of a desk with what decides on them.
pub struct DeskCore {
    store: Store,
    chance: ChaCha8Rng,
    preset: Arc<Preset>,
    records: u64,
}

/// What has been committed. Nobody outside knows of it yet.
#[derive(Debug)]
pub struct Saved<T> {
    /// What the command answers.
    pub value: T,
    /// What is to be done now that it is saved. A process that dies at this moment is one that drops
    /// them.
    pub effects: Effects,
    /// What lies ahead, and how far the stream of events has come; no event if none was added.
    pub(super) ahead: Ahead,
}

/// What a commit changes of the agenda.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    pub(super) next_deadline: Option<Timestamp>,
    pub(super) last_event: Option<EventId>,
    pub(super) faults_armed: bool,
    pub(super) records: u64,
}

impl<T> Saved<T> {
    /// The earliest deadline of all.
    #[must_use]
    pub const fn next_deadline(&self) -> Option<Timestamp> {
        self.ahead.next_deadline
    }
}

impl DeskCore {
    /// A core on these records.
    #[must_use]
    pub const fn new(store: Store, chance: ChaCha8Rng, preset: Arc<Preset>) -> Self {
        Self {
            store,
            chance,
            preset,
            records: 0,
        }
    }

    /// The platform's numbers.
    #[must_use]
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// The records, for the next process that works on them.
    #[must_use]
    pub fn into_store(self) -> Store {
        self.store
    }

    /// Runs one command in a transaction of its own.
    ///
    /// # Errors
    ///
    /// What the command refuses with: nothing is saved then, and there is nothing to do. So does a
    /// process that dies before the commit.
    pub fn run<T, E: From<DeskError>>(
        &mut self,
        now: Timestamp,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, E>,
    ) -> Result<Saved<T>, E> {
        let saved = self.commit(now, |turn| turn.alone(command))?;
        Ok(Saved {
            value: saved.value?,
            effects: saved.effects,
            ahead: saved.ahead,
        })
    }

    /// Runs `work`, in which each command takes back its own failures, and commits.
    ///
    /// # Errors
    ///
    /// When the records cannot be written: nothing is saved, whatever `work` did.
    pub(super) fn commit<T>(
        &mut self,
        now: Timestamp,
        work: impl FnOnce(&mut Turn<'_>) -> T,
    ) -> Result<Saved<T>, DeskError> {
        let mut effects = Effects::default();
        let (chance, preset) = (&mut self.chance, &*self.preset);
        let (before, records) = (self.records, &mut self.records);
        let (value, next_deadline, faults_armed, last) =
            self.store.transaction(|tx: &mut Tx| {
                let mut turn = Turn {
                    tx,
                    now,
                    chance,
                    preset,
                    effects: &mut effects,
                    records,
                };
                let value = work(&mut turn);
                let next_deadline = due::next(tx)?;
                let faults_armed = store::faults::any_live(tx)?;
                let replaced = *records != before;
                let last = replaced.then(|| store::events::last(tx)).transpose()?;
                Ok::<_, StoreError>((value, next_deadline, faults_armed, last))
            })?;
        let ahead = Ahead {
            next_deadline,
            last_event: last.or_else(|| effects.last_event()),
            faults_armed,
            records: self.records,
        };
        Ok(Saved {
            value,
            effects,
            ahead,
        })
    }
}

impl fmt::Debug for DeskCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeskCore")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
