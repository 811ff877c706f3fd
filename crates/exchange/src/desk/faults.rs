//! Armed faults: armed, listed, disarmed, and asked at every occasion whether they fire.
//!
//! Which of them fire is decided by `rules::fault`; the draws come from each fault's own seed, so that
//! what one of them does says nothing about another. What firing means is carried out where it bites:
//! requests in [`on_request`], webhooks as they go into the outbox, calls as they are placed, ring and
//! are answered, messages as they are sent.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rules::fault::{Armed, DRAWS, Draw, Fault, Filter, Occasion, Times};
use serde_json::{Value, json};
use store::faults::FaultRow;
use types::limits::FAULTS_MAX;
use types::{CallId, FaultId, PhoneNumberId};

use super::{Refused, Turn};

mod calls;
mod messages;
mod requests;
mod webhooks;

pub(super) use calls::{AtPlacing, at_placing, in_call};
pub(super) use messages::on_sending;
pub use requests::{Asked, Struck, Who, on_request};
pub(super) use webhooks::{on_sent, on_webhook};
pub use webhooks::{reply_waits, was_sent};

/// A fault that has fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Which one.
    pub id: FaultId,
    /// What goes wrong.
    pub fault: Fault,
    /// Chance for what goes wrong, another with each firing.
    pub seed: u64,
}

/// Arms a fault. Without a seed of its own one is drawn.
///
/// # Errors
///
/// [`Refused::Misfit`] when its parts do not go together; [`Refused::TooManyFaults`].
pub fn arm(
    turn: &mut Turn<'_>,
    fault: Fault,
    filter: Filter,
    times: Times,
    seed: Option<u64>,
) -> Result<FaultRow, Refused> {
    if store::faults::count(turn.tx)? >= FAULTS_MAX as u64 {
        return Err(Refused::TooManyFaults);
    }
    // Such a seed can be read from JSON by anybody, and armed again.
    let seed = seed.unwrap_or_else(|| u64::from(turn.chance.next_u32()));
    let armed = Armed::new(fault, filter, times, seed)?;
    let id = store::faults::insert(turn.tx, &armed, turn.now)?;
    let row = FaultRow {
        id,
        armed,
        armed_at: turn.now,
    };
    let detail = json!({"fault_id": id, "kind": row.armed.fault.word(), "seed": seed});
    turn.tell(
        "fault.armed",
        row.armed.filter.number.as_ref(),
        None,
        &detail,
    )?;
    Ok(row)
}

/// Every fault, spent ones included, in the order in which they were armed.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(turn: &mut Turn<'_>) -> Result<Vec<FaultRow>, Refused> {
    Ok(store::faults::list(turn.tx)?)
}

/// The fault of that id.
///
/// # Errors
///
/// [`Refused::UnknownFault`].
pub fn find(turn: &mut Turn<'_>, id: FaultId) -> Result<FaultRow, Refused> {
    store::faults::find(turn.tx, id)?.ok_or(Refused::UnknownFault)
}

/// Disarms a fault. What it has done already stays done.
///
/// # Errors
///
/// [`Refused::UnknownFault`].
pub fn disarm(turn: &mut Turn<'_>, id: FaultId) -> Result<(), Refused> {
    let row = find(turn, id)?;
    store::faults::remove(turn.tx, id)?;
    let detail = json!({"fault_id": id, "kind": row.armed.fault.word(), "fired": row.armed.fired});
    turn.tell(
        "fault.disarmed",
        row.armed.filter.number.as_ref(),
        None,
        &detail,
    )?;
    Ok(())
}

/// Disarms every fault; says how many there were.
///
/// # Errors
///
/// When the records cannot be written.
pub fn disarm_all(turn: &mut Turn<'_>) -> Result<usize, Refused> {
    let rows = list(turn)?;
    for row in &rows {
        disarm(turn, row.id)?;
    }
    Ok(rows.len())
}

/// The faults that fire at an occasion, in the order in which they were armed. Each is counted, and
/// is to be told of by `tell` once it is known what it struck.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn fires(turn: &mut Turn<'_>, occasion: &Occasion<'_>) -> Result<Vec<Fired>, Refused> {
    let mut fired = Vec::new();
    for mut row in store::faults::live(turn.tx)? {
        if !row.armed.fits(occasion) {
            continue;
        }
        let draw = draw(row.armed.seed, row.armed.met);
        let fires = row.armed.take(occasion, draw);
        store::faults::update(turn.tx, &row)?;
        if fires {
            fired.push(Fired {
                id: row.id,
                seed: row.armed.seed.wrapping_add(row.armed.fired),
                fault: row.armed.fault,
            });
        }
    }
    Ok(fired)
}

/// Tells the stream of events what a fault has struck: `about` is a JSON object.
fn tell(
    turn: &mut Turn<'_>,
    fired: &Fired,
    number: Option<&PhoneNumberId>,
    call: Option<&CallId>,
    about: &Value,
) -> Result<(), Refused> {
    let mut detail = json!({"fault_id": fired.id, "kind": fired.fault.word()});
    if let (Some(detail), Some(about)) = (detail.as_object_mut(), about.as_object()) {
        detail.extend(about.clone());
    }
    Ok(turn.tell("fault.fired", number, call, &detail)?)
}

/// What chance says to the so-manieth occasion that a fault with this seed meets.
fn draw(seed: u64, met: u64) -> Draw {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    chance.set_stream(met);
    Draw(chance.next_u32() % DRAWS)
}
