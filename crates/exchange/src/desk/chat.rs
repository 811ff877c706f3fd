//! Chats: what a user's phones show of the messages between the user and businesses.
//!
//! A picture of what was decided elsewhere. Whoever decides about a message shows it here; phones
//! that are online are told, and those that come later find the latest in their welcome.

use phone::line::{
    CallPermission, ChatContent, ChatMessage, ChatSide, ChatStatus, PermissionAnswer,
    PermissionHeld, RequestState, ToPhone,
};
use rules::consent::{Answer, Held, Request, Stage, State, UserNotice};
use store::StoreError;
use store::chat::ChatRow;
use store::numbers::Number;
use types::limits::{CHAT_KEPT_PER_USER, CHAT_WELCOME_BYTES_MAX, CHAT_WELCOME_MESSAGES_MAX};
use types::{Direction, MessageId, PhoneNumberId, WaId};

use super::effects::Effect;
use super::{Refused, Turn, consents, numbers};
use crate::ids;
use crate::phone_lines::Which;

/// Shows a message on all phones of a user. One that they show already takes the place of the old
/// one.
///
/// # Errors
///
/// When the records cannot be written.
pub fn show(turn: &mut Turn<'_>, wa_id: &WaId, message: ChatMessage) -> Result<(), Refused> {
    save(turn, wa_id, &message)?;
    store::chat::prune(turn.tx, wa_id, CHAT_KEPT_PER_USER)?;
    tell(turn, wa_id, ToPhone::Chat { message });
    Ok(())
}

/// Shows how far a message has come; one that is not on the phones is passed over.
///
/// # Errors
///
/// When the records cannot be written.
pub fn status(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    id: &MessageId,
    status: ChatStatus,
) -> Result<(), Refused> {
    let Some(mut message) = find(turn, wa_id, id)? else {
        return Ok(());
    };
    if message.status == status {
        return Ok(());
    }
    message.status = status;
    save(turn, wa_id, &message)?;
    let message_id = id.clone();
    tell(turn, wa_id, ToPhone::ChatStatus { message_id, status });
    Ok(())
}

/// Shows a word of the platform in the chat with a business number.
///
/// # Errors
///
/// When the records cannot be written.
pub fn notice(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    notice: UserNotice,
) -> Result<(), Refused> {
    let name = &number.verified_name;
    let text = match notice {
        UserNotice::Nudge { unanswered } => format!(
            "You did not take the last {unanswered} calls of {name}. If you do not want its calls, \
             say so in its profile."
        ),
        UserNotice::Revoked { unanswered } => format!(
            "You did not take the last {unanswered} calls of {name}, so it can no longer call you. \
             You can allow it again in its profile."
        ),
    };
    let message = ChatMessage {
        id: ids::message_id(turn.chance, wa_id, Direction::BusinessInitiated),
        phone_number_id: number.id.clone(),
        from: ChatSide::Platform,
        at_ms: turn.now.as_millis(),
        status: ChatStatus::Delivered,
        content: ChatContent::Notice { text },
    };
    show(turn, wa_id, message)
}

/// Shows what has become of call permission requests and of the permission itself: to be called when
/// a ledger was saved, with what it held before.
///
/// # Errors
///
/// When the records cannot be written.
pub fn ledger_changed(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
    before: &State,
    after: &State,
) -> Result<(), Refused> {
    for old in &before.requests {
        let new = after.requests.iter().find(|request| request.id == old.id);
        if new != Some(old) {
            show_request(turn, wa_id, &old.id, new)?;
        }
    }
    let (old, new) = (
        permission(number, &before.held),
        permission(number, &after.held),
    );
    if old != new {
        tell(turn, wa_id, ToPhone::Permission { permission: new });
    }
    Ok(())
}

/// What a user allows every business number that may call.
///
/// # Errors
///
/// When the records cannot be read.
pub fn permissions(turn: &mut Turn<'_>, wa_id: &WaId) -> Result<Vec<CallPermission>, Refused> {
    let mut all = Vec::new();
    for number in numbers::list(turn)? {
        let ledger = consents::load(turn, &number.id, wa_id)?;
        let held = permission(&number.id, &ledger.state().held);
        if held.permission != PermissionHeld::None {
            all.push(held);
        }
    }
    Ok(all)
}

/// What a user allows a business number, as phones show it.
fn permission(number: &PhoneNumberId, held: &Held) -> CallPermission {
    let (permission, until) = match held {
        Held::Nothing(_) => (PermissionHeld::None, None),
        Held::Temporary { until, .. } => (PermissionHeld::Temporary, Some(*until)),
        Held::Permanent { .. } => (PermissionHeld::Permanent, None),
    };
    CallPermission {
        phone_number_id: number.clone(),
        permission,
        until_ms: until.map(types::Timestamp::as_millis),
    }
}

/// The message of that id on the phones of that user, if it is still kept.
///
/// # Errors
///
/// When the records cannot be read.
pub fn find(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    id: &MessageId,
) -> Result<Option<ChatMessage>, Refused> {
    let row = store::chat::find(turn.tx, wa_id, id)?;
    Ok(row.and_then(|row| read(&row)))
}

/// The latest messages of all chats of a user, oldest first: as many as a welcome has room for.
///
/// # Errors
///
/// When the records cannot be read.
pub fn latest(turn: &mut Turn<'_>, wa_id: &WaId) -> Result<Vec<ChatMessage>, Refused> {
    let rows = store::chat::latest(turn.tx, wa_id, CHAT_WELCOME_MESSAGES_MAX)?;
    let mut room = CHAT_WELCOME_BYTES_MAX;
    let mut messages: Vec<ChatMessage> = rows
        .iter()
        .map_while(|row| {
            room = room.checked_sub(row.message.len())?;
            Some(row)
        })
        .filter_map(read)
        .collect();
    messages.reverse();
    Ok(messages)
}

fn show_request(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    id: &MessageId,
    now: Option<&Request>,
) -> Result<(), Refused> {
    let Some(mut message) = find(turn, wa_id, id)? else {
        return Ok(());
    };
    let Some(shown) = message.request_mut() else {
        return Ok(());
    };
    match now {
        None => shown.state = RequestState::Over,
        Some(request) => {
            shown.until_ms = request.until.as_millis();
            if let Stage::Answered(answer) = request.stage {
                shown.state = RequestState::Answered;
                shown.answer = Some(shown_answer(answer));
            }
        }
    }
    show(turn, wa_id, message)
}

const fn shown_answer(answer: Answer) -> PermissionAnswer {
    match answer {
        Answer::Temporary => PermissionAnswer::Temporary,
        Answer::Permanent => PermissionAnswer::Permanent,
        Answer::Decline => PermissionAnswer::Decline,
    }
}

fn save(turn: &mut Turn<'_>, wa_id: &WaId, message: &ChatMessage) -> Result<(), StoreError> {
    let row = ChatRow {
        wa_id: wa_id.clone(),
        id: message.id.clone(),
        number: message.phone_number_id.clone(),
        message: serde_json::to_string(message).expect("messages have text keys"),
    };
    store::chat::save(turn.tx, &row)
}

/// A row that a later version wrote in words that this one does not know is not shown.
fn read(row: &ChatRow) -> Option<ChatMessage> {
    serde_json::from_str(&row.message)
        .inspect_err(|error| tracing::warn!(%error, "a kept message cannot be read"))
        .ok()
}

fn tell(turn: &mut Turn<'_>, wa_id: &WaId, message: ToPhone) {
    turn.afterwards(Effect::Tell(wa_id.clone(), Which::All, message));
}
