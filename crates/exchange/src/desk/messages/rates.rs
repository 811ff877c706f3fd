//! How many messages a business number may send: in all, and to one user.

use rules::rate::{Rate, TooOften};
use store::rates::{RateKind, RateOf};
use types::{PhoneNumberId, WaId};

use super::super::{Refused, Turn};

/// Counts one message of a number to a user. Whatever is refused later gives it back.
pub(super) fn count(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<(), Refused> {
    let limits = turn.preset.messages;
    let whole = RateOf {
        kind: RateKind::Messages,
        number,
        wa_id: None,
    };
    take(turn, whole, Rate::of_messages(&limits))?.map_err(Refused::TooManyMessages)?;
    let pair = RateOf {
        kind: RateKind::Pair,
        number,
        wa_id: Some(wa_id),
    };
    take(turn, pair, Rate::of_pair(&limits))?.map_err(Refused::TooManyToUser)
}

fn take(turn: &mut Turn<'_>, of: RateOf<'_>, rate: Rate) -> Result<Result<(), TooOften>, Refused> {
    let mut bucket = store::rates::find(turn.tx, of)?;
    let taken = bucket.take(turn.now, &rate);
    if taken.is_ok() {
        store::rates::save(turn.tx, of, bucket)?;
    }
    Ok(taken)
}
