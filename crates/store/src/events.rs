//! The event stream: what has been committed, in the order of commits.

use diesel::prelude::*;
use types::{CallId, EventId, PhoneNumberId, Timestamp};

use crate::schema::event;
use crate::text::{millis, moment, number, parse_optional, whole};
use crate::{StoreError, Tx};

/// One entry of the event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the stream.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, such as `call.ringing`.
    pub kind: String,
    /// The business number it is about, if any.
    pub number: Option<PhoneNumberId>,
    /// The call it is about, if any.
    pub call: Option<CallId>,
    /// More about it: a JSON object.
    pub detail: String,
}

/// An entry that is to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent<'a> {
    /// When it happened.
    pub at: Timestamp,
    /// What happened, such as `call.ringing`.
    pub kind: &'a str,
    /// The business number it is about, if any.
    pub number: Option<&'a PhoneNumberId>,
    /// The call it is about, if any.
    pub call: Option<&'a CallId>,
    /// More about it: a JSON object.
    pub detail: &'a str,
}

/// Adds an entry at the end of the stream.
pub fn append(tx: &mut Tx, row: &NewEvent<'_>) -> Result<EventId, StoreError> {
    let id = diesel::insert_into(event::table)
        .values((
            event::at.eq(millis(row.at)),
            event::kind.eq(row.kind),
            event::phone_number_id.eq(row.number.map(PhoneNumberId::as_str)),
            event::call_id.eq(row.call.map(CallId::as_str)),
            event::detail.eq(row.detail),
        ))
        .returning(event::id)
        .get_result::<i64>(&mut tx.connection)?;
    Ok(EventId(whole(id)))
}

/// Up to `rows` entries behind `after`, in order.
pub fn list(tx: &mut Tx, after: EventId, rows: usize) -> Result<Vec<Event>, StoreError> {
    event::table
        .filter(event::id.gt(number(after.0)))
        .order(event::id)
        .limit(number(rows as u64))
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// The last entry's place; 0 when there is none.
pub fn last(tx: &mut Tx) -> Result<EventId, StoreError> {
    let id = event::table
        .select(diesel::dsl::max(event::id))
        .first::<Option<i64>>(&mut tx.connection)?;
    Ok(EventId(id.map_or(0, whole)))
}

/// Forgets up to `rows` of the oldest entries, and none of the last `keep`; says how many went.
pub fn prune(tx: &mut Tx, keep: u64, rows: usize) -> Result<usize, StoreError> {
    let last = last(tx)?.0;
    let old = event::table
        .filter(event::id.le(number(last.saturating_sub(keep))))
        .order(event::id)
        .limit(number(rows as u64))
        .select(event::id)
        .load::<i64>(&mut tx.connection)?;
    if old.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(event::table.filter(event::id.eq_any(old))).execute(&mut tx.connection)?)
}

type Raw = (i64, i64, String, Option<String>, Option<String>, String);

fn read((id, at, kind, number, call, detail): Raw) -> Result<Event, StoreError> {
    Ok(Event {
        id: EventId(whole(id)),
        at: moment(at),
        kind,
        number: parse_optional(number.as_deref())?,
        call: parse_optional(call.as_deref())?,
        detail,
    })
}
