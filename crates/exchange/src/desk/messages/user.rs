//! What a user does with messages: writes them, reads them, presses their buttons.

use rules::message::{Input, Refusal, State};
use serde_json::json;
use store::messages::{MessageRow, Writer};
use types::limits::TEXT_CHARS_MAX;
use types::{CallOrigin, Direction, MessageId, PhoneNumberId, Timestamp, WaId};

use super::super::{Refused, Turn, consents, numbers, users};
use super::shown::Shown;
use super::{course, find_of};
use crate::{ids, notices};

/// A button that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The business number that it calls.
    pub number: PhoneNumberId,
    /// What the call brings along.
    pub origin: CallOrigin,
}

/// A user writes to a business number. That opens the customer-service window.
///
/// # Errors
///
/// [`Refused::UnknownNumber`], [`Refused::UnknownUser`]; [`Refused::BadText`] for a text that is empty
/// or too long; [`Refused::UnknownMessage`] when it answers one that does not stand between the two.
pub fn user_writes(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    number: &PhoneNumberId,
    text: String,
    reply_to: Option<MessageId>,
) -> Result<MessageId, Refused> {
    let number = numbers::find(turn, number)?;
    let user = users::find(turn, wa_id)?;
    if text.trim().is_empty() || text.chars().count() > TEXT_CHARS_MAX {
        return Err(Refused::BadText);
    }
    if let Some(reply_to) = &reply_to
        && find_of(turn, wa_id, reply_to)?.number != number.id
    {
        return Err(Refused::UnknownMessage);
    }
    let id = ids::message_id(turn.chance, wa_id, Direction::UserInitiated);
    let shown = Shown::Text { body: text.clone() };
    let row = MessageRow {
        id: id.clone(),
        number: number.id.clone(),
        wa_id: wa_id.clone(),
        from: Writer::User,
        kind: "text".to_owned(),
        body: shown.to_json(),
        reply_to,
        callback_data: None,
        pricing: None,
        created_at: turn.now,
        state: State::Delivered { at: turn.now },
    };
    store::messages::insert(turn.tx, &row)?;
    consents::heard_of(turn, &number.id, wa_id)?;
    notices::messages::user_text(turn, &number, user, &row, text)?;
    let detail = json!({ "message_id": id, "wa_id": wa_id });
    turn.tell("message.received", Some(&number.id), None, &detail)?;
    course::show(turn, &row)?;
    Ok(id)
}

/// A user sees a message of a business; twice is as good as once.
///
/// # Errors
///
/// [`Refused::UnknownMessage`]; [`Refused::Message`] for one that no phone ever got.
pub fn user_reads(turn: &mut Turn<'_>, wa_id: &WaId, id: &MessageId) -> Result<(), Refused> {
    let mut row = find_of(turn, wa_id, id)?;
    if row.from != Writer::Business {
        return Err(Refused::UnknownMessage);
    }
    match course::step(turn, &mut row, Input::Seen) {
        Err(Refused::Message(Refusal::NothingNew)) => Ok(()),
        other => other,
    }
}

/// A user presses the button of a message that calls the business: what the call brings along.
///
/// # Errors
///
/// [`Refused::UnknownMessage`] for a message that the user's phones do not have; [`Refused::NoButton`]
/// for one without such a button; [`Refused::ButtonExpired`].
pub fn button(turn: &mut Turn<'_>, wa_id: &WaId, id: &MessageId) -> Result<Pressed, Refused> {
    let row = find_of(turn, wa_id, id)?;
    if row.from != Writer::Business || !row.state.has_arrived() {
        return Err(Refused::UnknownMessage);
    }
    let shown = course::shown(&row)?;
    let button = shown.call_button().ok_or(Refused::NoButton)?;
    let expired = Timestamp::from_millis(button.expires_at_ms);
    if expired <= turn.now {
        return Err(Refused::ButtonExpired { at: expired });
    }
    Ok(Pressed {
        number: row.number,
        origin: CallOrigin {
            cta_payload: button.payload.clone(),
            deeplink_payload: None,
        },
    })
}
