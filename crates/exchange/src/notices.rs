//! What a business is told of a call: rendered once, as the exact bytes that will be signed and sent,
//! for each subscriber in its shape.

use phone::line::Business;
use rules::call::{EndStatus, Ending, Fault, Notice};
use store::calls::CallRow;
use store::legs;
use store::numbers::Number;
use store::users::User;
use types::{Country, Timestamp};
use wire::ErrorCode;
use wire::webhook::{self, BusinessLine, CallEvent, CallFault, CallStatus, UserContact, What};

use crate::desk::{Refused, Turn, numbers, users};
use crate::media_control::Side;

pub(crate) mod messages;
pub(crate) mod permissions;
pub(crate) mod publish;

use publish::{About, publish, shape};

/// Puts a notice into the outbox, once for each subscriber.
pub(crate) fn send(turn: &mut Turn<'_>, row: &CallRow, notice: Notice) -> Result<(), Refused> {
    let number = numbers::find(turn, &row.number)?;
    let event = event(turn, row, &number, notice)?;
    let about = About {
        number: &number,
        call: Some(&row.id),
        message: None,
        field: FIELD,
        event: name(notice),
    };
    publish(turn, about, |subscriber| {
        Some(event.to_bytes(shape(subscriber)))
    })
}

/// A business number as the phone of a user of that country shows it now.
pub(crate) fn business(number: &Number, country: Country, now: Timestamp) -> Business {
    Business {
        call_icon: rules::settings::shows_icon(
            &number.settings,
            &number.restrictions,
            now,
            country,
        ),
        phone_number_id: number.id.clone(),
        display_phone_number: number.display.clone(),
        name: number.verified_name.clone(),
    }
}

/// A business number as a webhook names it.
pub(crate) fn line(number: &Number) -> BusinessLine {
    BusinessLine {
        waba_id: number.waba.clone(),
        phone_number_id: number.id.clone(),
        display_phone_number: number.display.clone(),
    }
}

/// A user as a webhook names them.
pub(crate) fn contact(user: User) -> UserContact {
    UserContact {
        wa_id: user.wa_id,
        user_id: user.bsuid,
        name: user.name,
    }
}

/// A clause of the rules as a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

fn event(
    turn: &mut Turn<'_>,
    row: &CallRow,
    number: &Number,
    notice: Notice,
) -> Result<CallEvent, Refused> {
    let user = users::find(turn, &row.wa_id)?;
    let (at, what) = match notice {
        Notice::Connect => {
            let leg = legs::find(turn.tx, &row.id, Side::Business)?;
            let sdp = leg.and_then(|leg| leg.sdp_ours).unwrap_or_default();
            (turn.now, What::Connect { sdp })
        }
        Notice::Ringing => (turn.now, What::Status(CallStatus::Ringing)),
        Notice::Accepted => (turn.now, What::Status(CallStatus::Accepted)),
        Notice::Rejected => (turn.now, What::Status(CallStatus::Rejected)),
        Notice::Terminated(ending) => (ending.ended, terminate(&ending)),
    };
    Ok(CallEvent {
        line: line(number),
        user: contact(user),
        call_id: row.id.clone(),
        direction: row.machine().direction(),
        at,
        callback_data: row.callback_data.clone(),
        origin: row.origin.clone(),
        what,
    })
}

fn terminate(ending: &Ending) -> What {
    What::Terminate {
        status: match ending.status() {
            EndStatus::Completed => webhook::EndStatus::Completed,
            EndStatus::Failed => webhook::EndStatus::Failed,
        },
        started: ending.started,
        ended: ending.ended,
        fault: ending.fault().map(|fault| CallFault {
            code: code(fault),
            details: sentence(ending.reason.sentence()),
        }),
    }
}

/// The code of what went wrong with a call.
pub(crate) const fn code(fault: Fault) -> ErrorCode {
    match fault {
        Fault::ConnectionError => ErrorCode::ConnectionError,
        Fault::ConnectTimeout => ErrorCode::ConnectTimeout,
        Fault::UserSetUpFailed => ErrorCode::ClientSetUpFailed,
        Fault::UserCannotReachRelay => ErrorCode::ClientRelayUnreachable,
        Fault::NoBusinessMedia => ErrorCode::NoBusinessMedia,
        Fault::NoUserMedia => ErrorCode::NoUserMedia,
        Fault::NoMediaSignals => ErrorCode::NoMediaSignals,
        Fault::PaymentMissing => ErrorCode::CallPaymentIssue,
    }
}

const fn name(notice: Notice) -> &'static str {
    match notice {
        Notice::Connect => "connect",
        Notice::Ringing => "status.RINGING",
        Notice::Accepted => "status.ACCEPTED",
        Notice::Rejected => "status.REJECTED",
        Notice::Terminated(_) => "terminate",
    }
}

/// The webhook field of everything here.
const FIELD: &str = "calls";
