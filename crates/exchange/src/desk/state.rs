//! All records at once: written down, put in the place of those that are there, or emptied.
//!
//! To whoever is outside it is a restart: calls that run end and say so, their legs close, and what
//! the new records hold of running calls has lost its media.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use store::state::{Document, PutError};

use super::{DeskError, Refused, Turn, calls};
use crate::world::{self, PickedUp, World};

/// All records as one JSON document, secrets included.
///
/// # Errors
///
/// When the records cannot be read.
pub fn export(turn: &mut Turn<'_>) -> Result<String, Refused> {
    Ok(store::state::export(turn.tx)?)
}

/// Puts the records of a document in the place of all that there are, and picks them up as a start
/// does.
///
/// # Errors
///
/// [`Refused::BadState`] when the document does not fit; nothing is changed then.
pub fn import(turn: &mut Turn<'_>, document: &Document) -> Result<PickedUp, Refused> {
    calls::end_all(turn)?;
    turn.records_replaced();
    store::state::put(turn.tx, document).map_err(|error| match error {
        PutError::Fault(fault) => Refused::BadState(fault.to_string()),
        PutError::Store(error) => error.into(),
    })?;
    world::pick_up(turn).map_err(|refused| match refused {
        Refused::Desk(DeskError::NotSaved { reason }) => {
            Refused::BadState(format!("The document cannot be used: {reason}."))
        }
        other => other,
    })
}

/// Empties the records and brings the configured world in anew. With a seed, what is drawn from now
/// on is what a start with that seed draws.
///
/// # Errors
///
/// As [`world::apply`]; nothing is changed then.
pub fn reset(turn: &mut Turn<'_>, world: World, seed: Option<u64>) -> Result<(), Refused> {
    calls::end_all(turn)?;
    turn.records_replaced();
    store::state::clear(turn.tx)?;
    let before = turn.chance.clone();
    if let Some(seed) = seed {
        *turn.chance = ChaCha8Rng::seed_from_u64(seed);
    }
    world::start(turn, world)
        .map(drop)
        .inspect_err(|_| *turn.chance = before)
}
