//! What a command has in hand while it is its turn.

use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use store::events::NewEvent;
use store::{StoreError, Tx};
use types::{CallId, PhoneNumberId, Preset, Timestamp};

use super::DeskError;
use super::effects::{Effect, Effects};

/// What a command has in hand while it is its turn.
pub struct Turn<'a> {
    /// The records.
    pub tx: &'a mut Tx,
    /// The moment of the whole batch of commands.
    pub now: Timestamp,
    /// Chance.
    pub chance: &'a mut ChaCha8Rng,
    /// The platform's numbers.
    pub preset: &'a Preset,
    pub(super) effects: &'a mut Effects,
    pub(super) records: &'a mut u64,
}

impl Turn<'_> {
    /// Which records these are, counted from the start of the process: what is under way outside may
    /// come back when others stand in their place.
    #[must_use]
    pub(super) const fn records(&self) -> u64 {
        *self.records
    }

    /// Says that other records stand in the place of those before.
    pub(super) const fn records_replaced(&mut self) {
        *self.records += 1;
    }

    /// Adds an entry to the event stream. `detail` is a JSON object; numbers of users belong into it
    /// where the reader needs them, secrets never.
    ///
    /// # Errors
    ///
    /// When the records cannot be written.
    pub fn tell(
        &mut self,
        kind: &str,
        number: Option<&PhoneNumberId>,
        call: Option<&CallId>,
        detail: &Value,
    ) -> Result<(), StoreError> {
        let detail = detail.to_string();
        let id = store::events::append(
            self.tx,
            &NewEvent {
                at: self.now,
                kind,
                number,
                call,
                detail: &detail,
            },
        )?;
        self.effects.note_event(id);
        Ok(())
    }

    /// Notes what is to be done once the command is saved.
    pub(super) fn afterwards(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Runs a command as one that can fail by itself.
    pub(super) fn alone<T, E: From<DeskError>>(
        &mut self,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (now, preset) = (self.now, self.preset);
        let (chance, effects) = (&mut *self.chance, &mut *self.effects);
        let records = &mut *self.records;
        let mark = effects.mark();
        let result = self.tx.savepoint(|tx| {
            command(&mut Turn {
                tx,
                now,
                chance,
                preset,
                effects,
                records,
            })
            .map_err(Failed::Command)
        });
        result.map_err(|failed| {
            self.effects.take_back(mark);
            match failed {
                Failed::Command(error) => error,
                Failed::Store(error) => {
                    tracing::error!(%error, "the records refused a command");
                    DeskError::from(error).into()
                }
            }
        })
    }
}

/// Whose failure it was: the command's, or the savepoint's around it.
enum Failed<E> {
    Command(E),
    Store(StoreError),
}

impl<E> From<StoreError> for Failed<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
