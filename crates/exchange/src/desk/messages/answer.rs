//! What a business says to a user's message: that it has read it.

use phone::line::ChatStatus;
use rules::message::{Input, Message};
use serde_json::json;
use store::messages::Writer;
use types::MessageId;

use super::super::auth::Acting;
use super::super::{Refused, Turn, chat};
use super::find;

/// Marks a user's message as read by the business; twice is as good as once.
///
/// # Errors
///
/// [`Refused::UnknownMessage`] also for a message of another number, and for one's own.
pub fn mark_read(turn: &mut Turn<'_>, acting: &Acting, id: &MessageId) -> Result<(), Refused> {
    let row = find(turn, id)?;
    if row.number != acting.number().id || row.from != Writer::User {
        return Err(Refused::UnknownMessage);
    }
    let mut message = Message::from_state(row.state);
    // A user's message is with the platform, or it would not be here: only a second time is refused.
    if message.handle(turn.now, Input::Seen).is_err() {
        return Ok(());
    }
    store::messages::update(turn.tx, id, &message.state())?;
    let detail = json!({ "message_id": id, "wa_id": row.wa_id, "by": "business" });
    turn.tell("message.read", Some(&row.number), None, &detail)?;
    chat::status(turn, &row.wa_id, id, ChatStatus::Read)
}
