//! The exchange as a process: it runs commands, dies, and starts again on the same records.

use std::sync::Arc;

use exchange::desk::{DeskCore, Outside};
use exchange::world as town;
use exchange::{Place, Refused, Turn};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use store::{Store, StoreError, state};
use types::{Preset, Timestamp};

use crate::law::Broken;
use crate::outside::{Paper, Word};

/// The exchange.
pub(crate) struct Platform {
    state: State,
    paper: Paper,
    preset: Arc<Preset>,
    town: town::World,
    /// When it dies in its next command.
    pub(crate) fate: Option<Fate>,
    next_deadline: Option<Timestamp>,
}

/// When a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Before the command is saved.
    BeforeCommit,
    /// When it is saved, and nobody has been told.
    BeforeEffects,
}

/// Why a command brought no answer, or not the one that was hoped for.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The exchange said no.
    Refused(Refused),
    /// An armed fault said no, with this code.
    Struck(u32),
    /// The exchange was not there, or died over it.
    NoAnswer {
        /// Whether the command is saved all the same.
        saved: bool,
    },
}

enum State {
    Up(Box<DeskCore>, Outside),
    Down(Store),
    /// Only while it changes from one to the other.
    Between,
}

impl Platform {
    /// An exchange without records, not started yet.
    pub(crate) fn new(preset: Preset, town: town::World) -> Result<Self, StoreError> {
        Ok(Self {
            state: State::Down(Store::open(&Place::Memory)?),
            paper: Paper::default(),
            preset: Arc::new(preset),
            town,
            fate: None,
            next_deadline: None,
        })
    }

    /// Starts the process with chance of its own, as a start on records that may be there does.
    pub(crate) fn start(&mut self, now: Timestamp, seed: u64) -> Result<(), Refused> {
        match std::mem::replace(&mut self.state, State::Between) {
            State::Down(store) => {
                let chance = ChaCha8Rng::seed_from_u64(seed);
                let core = DeskCore::new(store, chance, Arc::clone(&self.preset));
                self.state = State::Up(Box::new(core), self.paper.outside());
            }
            state => self.state = state,
        }
        let town = self.town.clone();
        match self.run(now, |turn| town::start(turn, town)) {
            Ok(_) | Err(Failed::Struck(_) | Failed::NoAnswer { .. }) => Ok(()),
            Err(Failed::Refused(refused)) => Err(refused),
        }
    }

    /// Takes the records of a process that is down to another machine, as one document.
    pub(crate) fn moves(&mut self) -> Result<(), Broken> {
        let State::Down(store) = &mut self.state else {
            return Ok(());
        };
        let document = write_down(store)?;
        let read = serde_json::from_str(&document)
            .map_err(|error| format!("the document of all records is no JSON: {error}"))?;
        let mut other =
            Store::open(&Place::Memory).map_err(|error| format!("no other records: {error}"))?;
        other
            .transaction(|tx| state::put(tx, &read))
            .map_err(|error| format!("the document of all records does not fit: {error}"))?;
        if write_down(&mut other)? != document {
            return Err("the document of all records comes back otherwise than it went".to_owned());
        }
        self.state = State::Down(other);
        Ok(())
    }

    pub(crate) const fn is_up(&self) -> bool {
        matches!(self.state, State::Up(..))
    }

    /// The process dies now.
    pub(crate) fn kill(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Between) {
            State::Up(core, _) => State::Down(core.into_store()),
            state => state,
        };
        // What was not heard goes with the lines that it would have come by.
        self.paper.take();
    }

    /// Runs a command.
    pub(crate) fn run<T>(
        &mut self,
        now: Timestamp,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, Refused>,
    ) -> Result<T, Failed> {
        let State::Up(core, outside) = &mut self.state else {
            return Err(Failed::NoAnswer { saved: false });
        };
        if self.fate == Some(Fate::BeforeCommit) {
            let died = core.run(now, |turn| {
                command(turn)?;
                Err::<(), _>(Refused::UnknownCall)
            });
            drop(died);
            return Err(self.die(false));
        }
        let saved = core.run(now, command).map_err(Failed::Refused)?;
        self.next_deadline = saved.next_deadline();
        if self.fate == Some(Fate::BeforeEffects) {
            return Err(self.die(true));
        }
        saved.effects.let_go(outside);
        Ok(saved.value)
    }

    /// Looks into the records, whatever the process does.
    pub(crate) fn look<T>(
        &mut self,
        now: Timestamp,
        question: impl FnOnce(&mut Turn<'_>) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        match &mut self.state {
            State::Up(core, _) => core.run(now, question).map(|saved| saved.value),
            State::Down(_) | State::Between => Err(Refused::UnknownCall),
        }
    }

    /// The earliest deadline of anything, as of the last commit.
    pub(crate) const fn next_deadline(&self) -> Option<Timestamp> {
        match self.state {
            State::Up(..) => self.next_deadline,
            State::Down(_) | State::Between => None,
        }
    }

    /// The legs and phones that its effects act on.
    pub(crate) const fn outside(&self) -> Option<&Outside> {
        match &self.state {
            State::Up(_, outside) => Some(outside),
            State::Down(_) | State::Between => None,
        }
    }

    /// What it said since the last time.
    pub(crate) fn words(&self) -> Vec<Word> {
        self.paper.take()
    }

    fn die(&mut self, saved: bool) -> Failed {
        self.fate = None;
        self.kill();
        Failed::NoAnswer { saved }
    }
}

fn write_down(store: &mut Store) -> Result<String, Broken> {
    store
        .transaction(state::export)
        .map_err(|error| format!("the records cannot be written down: {error}"))
}
