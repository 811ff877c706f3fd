//! Faults that strike messages which were taken.

use rules::fault::{Fault, Kind, Occasion, Point, Sending};
use rules::message::Failure;
use serde_json::json;
use types::{MessageId, PhoneNumberId, WaId};

use super::{fires, tell};
use crate::desk::{Refused, Turn};

/// Lets faults fire on a message for which everything is in order; the first that strikes it counts.
pub(in crate::desk) fn on_sending(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
    message: &MessageId,
    kind: Kind,
) -> Result<Option<(Failure, Sending)>, Refused> {
    let occasion = Occasion {
        point: Point::Sending(kind),
        number: Some(number),
        wa_id: Some(wa_id),
    };
    let mut struck = None;
    for fired in fires(turn, &occasion)? {
        let about = json!({ "message_id": message });
        tell(turn, &fired, Some(number), None, &about)?;
        if let Fault::FailMessage { failure, when } = fired.fault {
            struck = struck.or(Some((failure, when)));
        }
    }
    Ok(struck)
}
