//! What a user's phones show: messages of chats, as the phone's line writes them.

use diesel::prelude::*;
use types::{MessageId, PhoneNumberId, WaId};

use crate::schema::chat_message;
use crate::text::{number, parse};
use crate::{StoreError, Tx};

/// One message on the phones of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRow {
    /// The user.
    pub wa_id: WaId,
    /// The message.
    pub id: MessageId,
    /// The business number whose chat it stands in.
    pub number: PhoneNumberId,
    /// The message of the phone's line, as JSON.
    pub message: String,
}

/// Saves a message: a new one as the latest, a known one in its place. User and number must exist.
pub fn save(tx: &mut Tx, row: &ChatRow) -> Result<(), StoreError> {
    diesel::insert_into(chat_message::table)
        .values((
            chat_message::wa_id.eq(row.wa_id.digits()),
            chat_message::id.eq(row.id.as_str()),
            chat_message::phone_number_id.eq(row.number.as_str()),
            chat_message::message.eq(&row.message),
        ))
        .on_conflict((chat_message::wa_id, chat_message::id))
        .do_update()
        .set(chat_message::message.eq(&row.message))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The message of that id on the phones of that user.
pub fn find(tx: &mut Tx, wa_id: &WaId, id: &MessageId) -> Result<Option<ChatRow>, StoreError> {
    chat_message::table
        .filter(chat_message::wa_id.eq(wa_id.digits()))
        .filter(chat_message::id.eq(id.as_str()))
        .select(COLUMNS)
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Up to `rows` messages of that user, the latest first.
pub fn latest(tx: &mut Tx, wa_id: &WaId, rows: usize) -> Result<Vec<ChatRow>, StoreError> {
    chat_message::table
        .filter(chat_message::wa_id.eq(wa_id.digits()))
        .order(chat_message::seq.desc())
        .limit(i64::try_from(rows).unwrap_or(i64::MAX))
        .select(COLUMNS)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Forgets the oldest messages of that user beyond `kept`; says how many.
pub fn prune(tx: &mut Tx, wa_id: &WaId, kept: u64) -> Result<usize, StoreError> {
    let newest_forgotten = chat_message::table
        .filter(chat_message::wa_id.eq(wa_id.digits()))
        .order(chat_message::seq.desc())
        .offset(number(kept))
        .select(chat_message::seq)
        .first::<i64>(&mut tx.connection)
        .optional()?;
    let Some(newest_forgotten) = newest_forgotten else {
        return Ok(0);
    };
    let old = chat_message::table
        .filter(chat_message::wa_id.eq(wa_id.digits()))
        .filter(chat_message::seq.le(newest_forgotten));
    Ok(diesel::delete(old).execute(&mut tx.connection)?)
}

const COLUMNS: (
    chat_message::wa_id,
    chat_message::id,
    chat_message::phone_number_id,
    chat_message::message,
) = (
    chat_message::wa_id,
    chat_message::id,
    chat_message::phone_number_id,
    chat_message::message,
);

type Raw = (String, String, String, String);

fn read((wa_id, id, number, message): Raw) -> Result<ChatRow, StoreError> {
    Ok(ChatRow {
        wa_id: parse(&wa_id)?,
        id: parse(&id)?,
        number: parse(&number)?,
        message,
    })
}
