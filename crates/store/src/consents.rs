//! Consent: the ledger of each business number and user, saved and loaded whole, and every line that
//! was ever written in it.

use diesel::dsl::min;
use diesel::prelude::*;
use rules::consent::{Entry, Ledger, Reason, State};
use types::limits::LEDGER_ENTRIES_KEPT;
use types::{MessageId, PhoneNumberId, Timestamp, WaId};

use crate::schema::{ledger, ledger_entry};
use crate::text::{millis, moment, number, parse, whole};
use crate::{StoreError, Tx};

mod reason;
mod state;

/// The ledger of a business number and a user, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The business number.
    pub number: PhoneNumberId,
    /// The user.
    pub wa_id: WaId,
    /// The ledger's state.
    pub state: State,
    /// When it was last saved.
    pub changed_at: Timestamp,
}

impl LedgerRow {
    /// The ledger, to be asked or driven on.
    #[must_use]
    pub fn into_ledger(self) -> Ledger {
        Ledger::from_state(self.state)
    }
}

/// Saves a ledger, new or changed. Number and user must exist.
pub fn save(tx: &mut Tx, row: &LedgerRow) -> Result<(), StoreError> {
    let deadline = Ledger::from_state(row.state.clone()).poll_timeout();
    let text = state::write(&row.state)?;
    let rest = (
        ledger::state.eq(&text),
        ledger::deadline.eq(deadline.map(millis)),
        ledger::changed_at.eq(millis(row.changed_at)),
    );
    diesel::insert_into(ledger::table)
        .values((
            ledger::phone_number_id.eq(row.number.as_str()),
            ledger::wa_id.eq(row.wa_id.digits()),
            rest,
        ))
        .on_conflict((ledger::phone_number_id, ledger::wa_id))
        .do_update()
        .set(rest)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The ledger of that number and that user, if anything ever happened between them.
pub fn find(
    tx: &mut Tx,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<Option<LedgerRow>, StoreError> {
    ledger::table
        .find((number.as_str(), wa_id.digits()))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Every ledger of one number, by user.
pub fn list(tx: &mut Tx, number: &PhoneNumberId) -> Result<Vec<LedgerRow>, StoreError> {
    ledger::table
        .filter(ledger::phone_number_id.eq(number.as_str()))
        .order(ledger::wa_id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Up to `rows` ledgers whose deadline has come by `by`, the earliest first.
pub fn due(
    tx: &mut Tx,
    by: Timestamp,
    rows: usize,
) -> Result<Vec<(PhoneNumberId, WaId)>, StoreError> {
    ledger::table
        .filter(ledger::deadline.le(millis(by)))
        .order((ledger::deadline, ledger::phone_number_id, ledger::wa_id))
        .limit(number(rows as u64))
        .select((ledger::phone_number_id, ledger::wa_id))
        .load::<(String, String)>(&mut tx.connection)?
        .into_iter()
        .map(|(number, wa_id)| Ok((parse(&number)?, parse(&wa_id)?)))
        .collect()
}

/// The earliest deadline of any ledger.
pub fn next_deadline(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let at = ledger::table
        .filter(ledger::deadline.is_not_null())
        .select(min(ledger::deadline))
        .first::<Option<i64>>(&mut tx.connection)?;
    Ok(at.map(moment))
}

/// Forgets all that there is between a number and a user; says whether there was anything.
pub fn remove(tx: &mut Tx, number: &PhoneNumberId, wa_id: &WaId) -> Result<bool, StoreError> {
    let rows = diesel::delete(ledger::table.find((number.as_str(), wa_id.digits())))
        .execute(&mut tx.connection)?;
    Ok(rows > 0)
}

/// Adds a line to a ledger that is saved, and forgets the one that is too old to be kept.
pub fn append(
    tx: &mut Tx,
    of: &PhoneNumberId,
    wa_id: &WaId,
    entry: &Entry,
) -> Result<(), StoreError> {
    let sent = match &entry.reason {
        Reason::Requested { request, .. } => Some(request.as_str()),
        _ => None,
    };
    diesel::insert_into(ledger_entry::table)
        .values((
            ledger_entry::phone_number_id.eq(of.as_str()),
            ledger_entry::wa_id.eq(wa_id.digits()),
            ledger_entry::number.eq(number(entry.number)),
            ledger_entry::at.eq(millis(entry.at)),
            ledger_entry::reason.eq(entry.reason.as_str()),
            ledger_entry::detail.eq(reason::write(&entry.reason)?),
            ledger_entry::request.eq(sent),
        ))
        .execute(&mut tx.connection)?;
    if let Some(old) = entry.number.checked_sub(LEDGER_ENTRIES_KEPT) {
        let old = (of.as_str(), wa_id.digits(), number(old));
        diesel::delete(ledger_entry::table.find(old)).execute(&mut tx.connection)?;
    }
    Ok(())
}

/// Up to `rows` lines of a ledger in their order, beginning behind the one with the number `after`.
pub fn history(
    tx: &mut Tx,
    of: &PhoneNumberId,
    wa_id: &WaId,
    after: Option<u64>,
    rows: usize,
) -> Result<Vec<Entry>, StoreError> {
    ledger_entry::table
        .filter(ledger_entry::phone_number_id.eq(of.as_str()))
        .filter(ledger_entry::wa_id.eq(wa_id.digits()))
        .filter(ledger_entry::number.gt(after.map_or(-1, number)))
        .order(ledger_entry::number)
        .limit(number(rows as u64))
        .select((ledger_entry::number, ledger_entry::at, ledger_entry::detail))
        .load::<(i64, i64, String)>(&mut tx.connection)?
        .into_iter()
        .map(|(number, at, detail)| {
            Ok(Entry {
                number: whole(number),
                at: moment(at),
                reason: reason::read(&detail)?,
            })
        })
        .collect()
}

/// Between whom a call permission request was sent, if it ever was.
pub fn of_request(
    tx: &mut Tx,
    request: &MessageId,
) -> Result<Option<(PhoneNumberId, WaId)>, StoreError> {
    ledger_entry::table
        .filter(ledger_entry::request.eq(request.as_str()))
        .select((ledger_entry::phone_number_id, ledger_entry::wa_id))
        .first::<(String, String)>(&mut tx.connection)
        .optional()?
        .map(|(number, wa_id)| Ok((parse(&number)?, parse(&wa_id)?)))
        .transpose()
}

type Raw = (String, String, String, Option<i64>, i64);

fn read((number, wa_id, state, _, changed_at): Raw) -> Result<LedgerRow, StoreError> {
    Ok(LedgerRow {
        number: parse(&number)?,
        wa_id: parse(&wa_id)?,
        state: state::read(&state)?,
        changed_at: moment(changed_at),
    })
}
