//! Messages between business numbers and users: what they say, and what became of them.

use diesel::dsl::{max, min};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use rules::message::State;
use types::{MessageId, PhoneNumberId, Timestamp, WaId};

use crate::schema::message;
use crate::text::{millis, moment, number, parse, parse_optional, words};
use crate::{StoreError, Tx};

mod columns;

use columns::StateColumns;

/// A message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: MessageId,
    /// The business number.
    pub number: PhoneNumberId,
    /// The digits at the other end; nobody on WhatsApp need have them.
    pub wa_id: WaId,
    /// Who wrote it.
    pub from: Writer,
    /// What kind it is, in one word of the wire.
    pub kind: String,
    /// What it shows: a JSON object.
    pub body: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// What the business wants to hear again with every webhook about it.
    pub callback_data: Option<String>,
    /// What it costs, as webhooks tell it: a JSON object; none where nothing is told.
    pub pricing: Option<String>,
    /// When it was taken.
    pub created_at: Timestamp,
    /// What became of it. A user's message has arrived when it is taken, and is read when the business
    /// says so.
    pub state: State,
}

words! {
    /// Who wrote a message.
    Writer, "writer of a message":
    /// The business.
    Business = "business",
    /// The user.
    User = "user",
}

/// Which messages a listing shows.
#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    /// Only those of this number.
    pub number: Option<PhoneNumberId>,
    /// Only those with this user.
    pub wa_id: Option<WaId>,
    /// Only those of this writer.
    pub from: Option<Writer>,
    /// Only those taken before this one: the last of the page before.
    pub before: Option<MessageId>,
}

/// Adds a message.
pub fn insert(tx: &mut Tx, row: &MessageRow) -> Result<(), StoreError> {
    diesel::insert_into(message::table)
        .values((
            message::id.eq(row.id.as_str()),
            message::phone_number_id.eq(row.number.as_str()),
            message::wa_id.eq(row.wa_id.digits()),
            message::direction.eq(row.from.as_str()),
            message::kind.eq(&row.kind),
            message::body.eq(&row.body),
            message::reply_to.eq(row.reply_to.as_ref().map(MessageId::as_str)),
            message::callback_data.eq(row.callback_data.as_deref()),
            message::pricing.eq(row.pricing.as_deref()),
            message::created_at.eq(millis(row.created_at)),
            StateColumns::of(&row.state),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Saves what has become of a message.
pub fn update(tx: &mut Tx, id: &MessageId, state: &State) -> Result<(), StoreError> {
    diesel::update(message::table.filter(message::id.eq(id.as_str())))
        .set(StateColumns::of(state))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The message of that id, if there is one.
pub fn find(tx: &mut Tx, id: &MessageId) -> Result<Option<MessageRow>, StoreError> {
    message::table
        .filter(message::id.eq(id.as_str()))
        .select(Raw::as_select())
        .first(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Up to `rows` messages that wait for a phone of that user, the oldest first.
pub fn waiting_for(tx: &mut Tx, wa_id: &WaId, rows: usize) -> Result<Vec<MessageRow>, StoreError> {
    message::table
        .filter(message::wa_id.eq(wa_id.digits()))
        .filter(message::deadline.is_not_null())
        .order(message::seq)
        .limit(number(rows as u64))
        .select(Raw::as_select())
        .load(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Up to `rows` messages whose deadline has come, the earliest first.
pub fn due(tx: &mut Tx, now: Timestamp, rows: usize) -> Result<Vec<MessageRow>, StoreError> {
    message::table
        .filter(message::deadline.le(millis(now)))
        .order((message::deadline, message::seq))
        .limit(number(rows as u64))
        .select(Raw::as_select())
        .load(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// The earliest deadline of any message.
pub fn next_deadline(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let at = message::table
        .filter(message::deadline.is_not_null())
        .select(min(message::deadline))
        .first::<Option<i64>>(&mut tx.connection)?;
    Ok(at.map(moment))
}

/// Up to `rows` messages, the youngest first.
pub fn list(
    tx: &mut Tx,
    filter: &MessageFilter,
    rows: usize,
) -> Result<Vec<MessageRow>, StoreError> {
    let mut query = message::table
        .order(message::seq.desc())
        .limit(number(rows as u64))
        .into_boxed::<Sqlite>();
    if let Some(id) = &filter.number {
        query = query.filter(message::phone_number_id.eq(id.as_str().to_owned()));
    }
    if let Some(wa_id) = &filter.wa_id {
        query = query.filter(message::wa_id.eq(wa_id.digits().to_owned()));
    }
    if let Some(from) = filter.from {
        query = query.filter(message::direction.eq(from.as_str()));
    }
    if let Some(before) = &filter.before {
        let seq = message::table
            .filter(message::id.eq(before.as_str()))
            .select(message::seq)
            .first::<i64>(&mut tx.connection)
            .optional()?;
        query = query.filter(message::seq.lt(seq.unwrap_or(0)));
    }
    query
        .select(Raw::as_select())
        .load(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Forgets the messages of a user who is removed.
pub fn remove_of_user(tx: &mut Tx, wa_id: &WaId) -> Result<(), StoreError> {
    diesel::delete(message::table.filter(message::wa_id.eq(wa_id.digits())))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Forgets up to `rows` of the oldest messages that wait for nothing, and none of the last `keep`;
/// says how many went.
pub fn prune(tx: &mut Tx, keep: u64, rows: usize) -> Result<usize, StoreError> {
    let last = message::table
        .select(max(message::seq))
        .first::<Option<i64>>(&mut tx.connection)?;
    let old = message::table
        .filter(message::seq.le(last.unwrap_or(0).saturating_sub(number(keep))))
        .filter(message::deadline.is_null())
        .order(message::seq)
        .limit(number(rows as u64))
        .select(message::seq)
        .load::<i64>(&mut tx.connection)?;
    if old.is_empty() {
        return Ok(0);
    }
    Ok(
        diesel::delete(message::table.filter(message::seq.eq_any(old)))
            .execute(&mut tx.connection)?,
    )
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = message, check_for_backend(Sqlite))]
struct Raw {
    id: String,
    phone_number_id: String,
    wa_id: String,
    direction: String,
    kind: String,
    body: String,
    reply_to: Option<String>,
    callback_data: Option<String>,
    pricing: Option<String>,
    created_at: i64,
    #[diesel(embed)]
    state: StateColumns,
}

fn read(raw: Raw) -> Result<MessageRow, StoreError> {
    Ok(MessageRow {
        id: parse(&raw.id)?,
        number: parse(&raw.phone_number_id)?,
        wa_id: parse(&raw.wa_id)?,
        from: parse(&raw.direction)?,
        kind: raw.kind,
        body: raw.body,
        reply_to: parse_optional(raw.reply_to.as_deref())?,
        callback_data: raw.callback_data,
        pricing: raw.pricing,
        created_at: moment(raw.created_at),
        state: raw.state.read()?,
    })
}
