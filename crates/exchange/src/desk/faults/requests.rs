//! Faults that strike a request to the API before anything is done about it.

use std::time::Duration;

use rules::fault::{Fault, Occasion, Operation, Point};
use serde_json::json;
use types::{CallId, Direction, FaultId, PhoneNumberId, WaId};
use wire::{ErrorCode, Recipient};

use super::calls::revoke;
use super::{Fired, fires, tell};
use crate::desk::restrictions::{self, Order};
use crate::desk::{Refused, Turn, auth};

/// A request as far as faults look at it; nothing of it is proved.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What it asks for.
    pub operation: Operation,
    /// Whom it acts for.
    pub who: Who,
    /// The user that it names, if it names one.
    pub to: Option<Recipient>,
    /// The call that it names, if it names one.
    pub call: Option<CallId>,
}

/// Whom a request acts for.
#[derive(Debug, Clone)]
pub enum Who {
    /// A business number by its id.
    Number(PhoneNumberId),
    /// The business number of a 360dialog key.
    Key(String),
    /// Something else, or nobody.
    Other,
}

/// A request that a fault refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Struck {
    /// Which fault.
    pub id: FaultId,
    /// The code to answer with.
    pub code: ErrorCode,
}

/// Lets the faults that are armed for requests fire: one that refuses it is answered with, the others
/// have done their work.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn on_request(turn: &mut Turn<'_>, asked: &Asked) -> Result<Option<Struck>, Refused> {
    let call = match &asked.call {
        Some(id) => store::calls::find(turn.tx, id)?,
        None => None,
    };
    let number = match &asked.who {
        Who::Number(id) => Some(id.clone()),
        Who::Key(key) => auth::number_by_d360_key(turn, key)
            .ok()
            .map(|acting| acting.number().id.clone()),
        Who::Other => None,
    };
    let user = match (&call, &asked.to) {
        (Some(call), _) => Some(call.wa_id.clone()),
        (None, Some(Recipient::WaId(wa_id))) => Some(wa_id.clone()),
        (None, Some(Recipient::Bsuid(bsuid))) => {
            store::users::find_by_bsuid(turn.tx, bsuid)?.map(|user| user.wa_id)
        }
        (None, None) => None,
    };
    let occasion = Occasion {
        point: Point::Request(asked.operation),
        number: number.as_ref(),
        wa_id: user.as_ref(),
    };
    let mut struck = None;
    for fired in fires(turn, &occasion)? {
        let about = json!({"operation": asked.operation.as_str()});
        let of = call.as_ref().map(|call| &call.id);
        tell(turn, &fired, number.as_ref(), of, &about)?;
        let code = strike(
            turn,
            &fired,
            asked.operation,
            number.as_ref(),
            user.as_ref(),
        )?;
        let refuses = code.map(|code| Struck { id: fired.id, code });
        struck = struck.or(refuses);
    }
    Ok(struck)
}

/// Does what a fault does to a request; the code to refuse it with, if it is refused.
fn strike(
    turn: &mut Turn<'_>,
    fired: &Fired,
    operation: Operation,
    number: Option<&PhoneNumberId>,
    user: Option<&WaId>,
) -> Result<Option<ErrorCode>, Refused> {
    match &fired.fault {
        Fault::RefuseApi { code } => {
            let code = ErrorCode::from_code(*code);
            return Ok(Some(code.unwrap_or(ErrorCode::SomethingWentWrong)));
        }
        // Meta knows 131044 from its calling pages, for calls; a message meets 131042 of the Cloud API's own
        // table.
        Fault::PaymentMissing if operation == Operation::Messages => {
            return Ok(Some(ErrorCode::PaymentIssue));
        }
        Fault::PaymentMissing => return Ok(Some(ErrorCode::CallPaymentIssue)),
        Fault::RestrictAccount { direction, time } => {
            restrict(turn, number, *direction, *time)?;
        }
        Fault::RevokePermission { .. } => {
            if let (Some(number), Some(user)) = (number, user) {
                revoke(turn, number, user)?;
            }
        }
        _ => {}
    }
    Ok(None)
}

/// Restricts a number for the calls of one direction, or of both; a request that names no number of the
/// exchange restricts none.
fn restrict(
    turn: &mut Turn<'_>,
    number: Option<&PhoneNumberId>,
    direction: Option<Direction>,
    lasts: Option<Duration>,
) -> Result<(), Refused> {
    let order = Order {
        business_initiated: direction != Some(Direction::UserInitiated),
        user_initiated: direction != Some(Direction::BusinessInitiated),
        lasts,
        ..Order::default()
    };
    match number.map(|number| restrictions::set(turn, number, order)) {
        None | Some(Ok(_) | Err(Refused::UnknownNumber)) => Ok(()),
        Some(Err(other)) => Err(other),
    }
}
