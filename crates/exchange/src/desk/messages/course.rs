//! One step of one message: the machine takes an input, its state is saved, its outputs are carried
//! out.

use phone::line::{ChatMessage, ChatSide, ChatStatus};
use rules::consent;
use rules::message::{Input, Message, Output, State, Status};
use serde_json::json;
use store::messages::{MessageRow, Writer};
use store::numbers::Number;
use types::{MessageId, Timestamp};

use super::super::{Refused, Turn, chat, consents, numbers};
use super::shown::Shown;
use crate::notices;

/// Gives a message of a business one input. A refusal has written nothing.
pub(super) fn step(turn: &mut Turn<'_>, row: &mut MessageRow, input: Input) -> Result<(), Refused> {
    let mut message = Message::from_state(row.state);
    message.handle(turn.now, input)?;
    let number = numbers::find(turn, &row.number)?;
    carry_out(turn, &number, row, message)
}

/// Saves where a message of a business stands and carries out what it wants done.
pub(super) fn carry_out(
    turn: &mut Turn<'_>,
    number: &Number,
    row: &mut MessageRow,
    mut message: Message,
) -> Result<(), Refused> {
    row.state = message.state();
    store::messages::update(turn.tx, &row.id, &row.state)?;
    while let Some(Output::Notify(status)) = message.poll_output() {
        notices::messages::status(turn, number, row, status)?;
        let mut detail = json!({ "message_id": row.id, "wa_id": row.wa_id, "type": row.kind });
        if let Status::Failed(failure) = status {
            detail["reason"] = failure.as_str().into();
        }
        let kind = format!("message.{}", status.as_str());
        turn.tell(&kind, Some(&row.number), None, &detail)?;
        match status {
            Status::Sent => {}
            Status::Delivered => arrived(turn, number, row)?,
            Status::Read => chat::status(turn, &row.wa_id, &row.id, ChatStatus::Read)?,
            Status::Failed(_) => tell_ledger(turn, number, row, |request| {
                consent::Input::RequestFailed { request }
            })?,
        }
    }
    if matches!(row.state, State::Dropped { .. }) {
        let detail = json!({ "message_id": row.id, "wa_id": row.wa_id, "type": row.kind });
        turn.tell("message.dropped", Some(&row.number), None, &detail)?;
    }
    Ok(())
}

/// What a row shows.
///
/// # Errors
///
/// When a later version wrote it.
pub(super) fn shown(row: &MessageRow) -> Result<Shown, Refused> {
    serde_json::from_str(&row.body).map_err(|error| {
        store::StoreError::State {
            column: "message.body",
            reason: error.to_string(),
        }
        .into()
    })
}

/// Shows a message in the chat of the user and the business.
pub(super) fn show(turn: &mut Turn<'_>, row: &MessageRow) -> Result<(), Refused> {
    let shown = shown(row)?;
    let answer_by = if shown.asks_permission() {
        answer_by(turn, row)?
    } else {
        None
    };
    let message = ChatMessage {
        id: row.id.clone(),
        phone_number_id: row.number.clone(),
        from: match row.from {
            Writer::Business => ChatSide::Business,
            Writer::User => ChatSide::User,
        },
        at_ms: row.created_at.as_millis(),
        status: ChatStatus::Delivered,
        content: shown.for_phones(answer_by),
    };
    chat::show(turn, &row.wa_id, message)
}

/// A phone has the message: a request in it can be answered from now on, and it is shown.
fn arrived(turn: &mut Turn<'_>, number: &Number, row: &MessageRow) -> Result<(), Refused> {
    tell_ledger(turn, number, row, |request| {
        consent::Input::RequestDelivered { request }
    })?;
    show(turn, row)
}

/// Until when a request can be answered; none once it is over.
fn answer_by(turn: &mut Turn<'_>, row: &MessageRow) -> Result<Option<Timestamp>, Refused> {
    let ledger = consents::load(turn, &row.number, &row.wa_id)?;
    let open = ledger.state().requests.iter().find(|it| it.id == row.id);
    Ok(open.map(|request| request.until))
}

/// Tells the ledger what became of a request. One that is over there already, because newer ones
/// crowded it out for instance, is a message like any other.
fn tell_ledger(
    turn: &mut Turn<'_>,
    number: &Number,
    row: &MessageRow,
    what: impl FnOnce(MessageId) -> consent::Input,
) -> Result<(), Refused> {
    if !shown(row)?.asks_permission() {
        return Ok(());
    }
    match consents::feed(turn, number, &row.wa_id, what(row.id.clone())) {
        Err(Refused::Consent(consent::Refusal::NoSuchRequest | consent::Refusal::NothingNew)) => {
            Ok(())
        }
        other => other,
    }
}
