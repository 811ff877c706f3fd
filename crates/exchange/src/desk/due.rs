//! Deadlines of every kind, met in the order of their moments.

use store::{StoreError, Tx};
use types::Timestamp;

use super::{Refused, Turn, calls, consents, messages, restrictions, templates};

/// The earliest deadline of any kind.
///
/// # Errors
///
/// When the records cannot be read.
pub fn next(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let mut earliest = None;
    for kind in KINDS {
        earliest = earlier(earliest, (kind.next)(tx)?);
    }
    Ok(earliest)
}

/// Meets some of the deadlines that have come: those of one kind at the earliest moment. Whether there
/// may be more, of this kind or another.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn meet(turn: &mut Turn<'_>) -> Result<bool, Refused> {
    let mut first: Option<(Timestamp, &Kind)> = None;
    for kind in KINDS {
        if let Some(at) = (kind.next)(turn.tx)?
            && at <= turn.now
            && first.is_none_or(|(earliest, _)| at < earliest)
        {
            first = Some((at, kind));
        }
    }
    let Some((at, kind)) = first else {
        return Ok(false);
    };
    (kind.meet)(turn, at)?;
    Ok(true)
}

/// What has deadlines.
struct Kind {
    /// The earliest of them.
    next: fn(&mut Tx) -> Result<Option<Timestamp>, StoreError>,
    /// Meets those that have come by a moment: at least one, and at most
    /// [`DEADLINES_BATCH_MAX`](types::limits::DEADLINES_BATCH_MAX) of them.
    meet: fn(&mut Turn<'_>, Timestamp) -> Result<(), Refused>,
}

/// Of two at one moment the upper one is met first.
const KINDS: &[Kind] = &[
    Kind {
        next: store::consents::next_deadline,
        meet: consents::meet_deadlines,
    },
    Kind {
        next: store::messages::next_deadline,
        meet: messages::meet_deadlines,
    },
    Kind {
        next: store::templates::next_deadline,
        meet: templates::meet_deadlines,
    },
    Kind {
        next: store::calls::next_deadline,
        meet: calls::meet_deadlines,
    },
    Kind {
        next: store::numbers::next_restriction_end,
        meet: restrictions::meet_deadlines,
    },
];

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}
