//! Calls: the machine's state, saved and loaded whole, and what may be asked about them.

use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use rules::call::{Call, State};
use types::{CallId, CallOrigin, Direction, PhoneNumberId, Timestamp, WaId};

use crate::schema::call;
use crate::text::{millis, moment, number, parse, whole};
use crate::{StoreError, Tx};

mod machine;

/// A call as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its id.
    pub id: CallId,
    /// The business number.
    pub number: PhoneNumberId,
    /// The user.
    pub wa_id: WaId,
    /// The machine's state.
    pub state: State,
    /// When it was placed.
    pub created_at: Timestamp,
    /// What the business wants to hear again with every webhook about it.
    pub callback_data: Option<String>,
    /// The phone that dialled or picked up, while its line and the process live.
    pub phone_line: Option<u64>,
    /// What a user's call came from.
    pub origin: CallOrigin,
}

impl CallRow {
    /// The machine, to be asked or driven on.
    #[must_use]
    pub const fn machine(&self) -> Call {
        Call::from_state(self.state)
    }
}

/// Which calls a listing shows.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// Only those of this number.
    pub number: Option<PhoneNumberId>,
    /// Only those with this user.
    pub wa_id: Option<WaId>,
    /// Only those of this direction.
    pub direction: Option<Direction>,
    /// Only those that are over, or that are not.
    pub is_over: Option<bool>,
    /// Only those placed before this one: the last of the page before.
    pub before: Option<CallId>,
}

/// Adds a call.
pub fn insert(tx: &mut Tx, row: &CallRow) -> Result<(), StoreError> {
    let machine = row.machine();
    diesel::insert_into(call::table)
        .values((
            call::id.eq(row.id.as_str()),
            call::phone_number_id.eq(row.number.as_str()),
            call::wa_id.eq(row.wa_id.digits()),
            call::direction.eq(machine.direction().as_str()),
            call::machine.eq(machine::write(row.state)?),
            call::phase.eq(machine.phase().as_str()),
            call::is_over.eq(machine.is_over()),
            call::deadline.eq(machine.poll_timeout().map(millis)),
            call::created_at.eq(millis(row.created_at)),
            call::callback_data.eq(row.callback_data.as_deref()),
            call::phone_line.eq(row.phone_line.map(number)),
            call::cta_payload.eq(row.origin.cta_payload.as_deref()),
            call::deeplink_payload.eq(row.origin.deeplink_payload.as_deref()),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Saves what may change of a call that exists: its machine, callback data and phone.
pub fn update(tx: &mut Tx, row: &CallRow) -> Result<(), StoreError> {
    let machine = row.machine();
    diesel::update(call::table.filter(call::id.eq(row.id.as_str())))
        .set((
            call::machine.eq(machine::write(row.state)?),
            call::phase.eq(machine.phase().as_str()),
            call::is_over.eq(machine.is_over()),
            call::deadline.eq(machine.poll_timeout().map(millis)),
            call::callback_data.eq(row.callback_data.as_deref()),
            call::phone_line.eq(row.phone_line.map(number)),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The call of that id, if there is one.
pub fn find(tx: &mut Tx, id: &CallId) -> Result<Option<CallRow>, StoreError> {
    call::table
        .filter(call::id.eq(id.as_str()))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// The running call between a number and a user, if there is one.
pub fn running_between(
    tx: &mut Tx,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<Option<CallId>, StoreError> {
    call::table
        .filter(call::is_over.eq(false))
        .filter(call::phone_number_id.eq(number.as_str()))
        .filter(call::wa_id.eq(wa_id.digits()))
        .select(call::id)
        .first::<String>(&mut tx.connection)
        .optional()?
        .map(|id| parse(&id))
        .transpose()
}

/// How many calls a number has running.
pub fn running_count(tx: &mut Tx, number: &PhoneNumberId) -> Result<u32, StoreError> {
    let count = call::table
        .filter(call::is_over.eq(false))
        .filter(call::phone_number_id.eq(number.as_str()))
        .select(count_star())
        .first::<i64>(&mut tx.connection)?;
    Ok(small(count))
}

/// The calls of one direction that a number has had since a moment: how many, and when the first was.
pub fn attempts_since(
    tx: &mut Tx,
    number: &PhoneNumberId,
    direction: Direction,
    since: Timestamp,
) -> Result<(u32, Option<Timestamp>), StoreError> {
    let (count, first) = call::table
        .filter(call::phone_number_id.eq(number.as_str()))
        .filter(call::direction.eq(direction.as_str()))
        .filter(call::created_at.gt(millis(since)))
        .select((count_star(), min(call::created_at)))
        .first::<(i64, Option<i64>)>(&mut tx.connection)?;
    Ok((small(count), first.map(moment)))
}

/// The running calls of a user, the oldest first.
pub fn running_of_user(tx: &mut Tx, wa_id: &WaId) -> Result<Vec<CallRow>, StoreError> {
    call::table
        .filter(call::is_over.eq(false))
        .filter(call::wa_id.eq(wa_id.digits()))
        .order(call::seq)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Every running call, the oldest first.
pub fn running(tx: &mut Tx) -> Result<Vec<CallId>, StoreError> {
    call::table
        .filter(call::is_over.eq(false))
        .order(call::seq)
        .select(call::id)
        .load::<String>(&mut tx.connection)?
        .iter()
        .map(|id| parse(id))
        .collect()
}

/// Up to `rows` calls whose deadline has come, the earliest first.
pub fn due(tx: &mut Tx, now: Timestamp, rows: usize) -> Result<Vec<CallId>, StoreError> {
    call::table
        .filter(call::deadline.le(millis(now)))
        .order((call::deadline, call::seq))
        .limit(number(rows as u64))
        .select(call::id)
        .load::<String>(&mut tx.connection)?
        .iter()
        .map(|id| parse(id))
        .collect()
}

/// The earliest deadline of any call.
pub fn next_deadline(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let at = call::table
        .filter(call::deadline.is_not_null())
        .select(min(call::deadline))
        .first::<Option<i64>>(&mut tx.connection)?;
    Ok(at.map(moment))
}

/// Up to `rows` calls, the youngest first.
pub fn list(tx: &mut Tx, filter: &CallFilter, rows: usize) -> Result<Vec<CallRow>, StoreError> {
    let mut query = call::table
        .order(call::seq.desc())
        .limit(number(rows as u64))
        .into_boxed::<Sqlite>();
    if let Some(id) = &filter.number {
        query = query.filter(call::phone_number_id.eq(id.as_str().to_owned()));
    }
    if let Some(wa_id) = &filter.wa_id {
        query = query.filter(call::wa_id.eq(wa_id.digits().to_owned()));
    }
    if let Some(direction) = filter.direction {
        query = query.filter(call::direction.eq(direction.as_str()));
    }
    if let Some(is_over) = filter.is_over {
        query = query.filter(call::is_over.eq(is_over));
    }
    if let Some(before) = &filter.before {
        let seq = call::table
            .filter(call::id.eq(before.as_str()))
            .select(call::seq)
            .first::<i64>(&mut tx.connection)
            .optional()?;
        query = query.filter(call::seq.lt(seq.unwrap_or(0)));
    }
    query
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Forgets up to `rows` of the oldest calls that are over, with their legs, and none of the last
/// `keep` calls; says how many went.
pub fn prune(tx: &mut Tx, keep: u64, rows: usize) -> Result<usize, StoreError> {
    let last = call::table
        .select(max(call::seq))
        .first::<Option<i64>>(&mut tx.connection)?;
    let old = call::table
        .filter(call::seq.le(last.unwrap_or(0).saturating_sub(number(keep))))
        .filter(call::is_over.eq(true))
        .order(call::seq)
        .limit(number(rows as u64))
        .select(call::seq)
        .load::<i64>(&mut tx.connection)?;
    if old.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(call::table.filter(call::seq.eq_any(old))).execute(&mut tx.connection)?)
}

type Raw = (
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    bool,
    Option<i64>,
    i64,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

fn read(raw: Raw) -> Result<CallRow, StoreError> {
    let (_, id, number, wa_id, _, machine, _, _, _, created_at, callback_data, phone_line, ..) =
        &raw;
    Ok(CallRow {
        id: parse(id)?,
        number: parse(number)?,
        wa_id: parse(wa_id)?,
        state: machine::read(machine)?,
        created_at: moment(*created_at),
        callback_data: callback_data.clone(),
        phone_line: phone_line.map(whole),
        origin: CallOrigin {
            cta_payload: raw.12,
            deeplink_payload: raw.13,
        },
    })
}

fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
