//! Business numbers.

use diesel::prelude::*;
use types::{Country, PhoneNumber, PhoneNumberId, WabaId};

use crate::schema::number;
use crate::text::{parse, parse_optional};
use crate::{StoreError, Tx};

/// A business number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Its id in paths and webhooks.
    pub id: PhoneNumberId,
    /// The account that owns it.
    pub waba: WabaId,
    /// The number that people dial.
    pub display: PhoneNumber,
    /// The name that people see.
    pub verified_name: String,
    /// Whether it may call and be called.
    pub calling_enabled: bool,
    /// Where it is from, if that is known.
    pub country: Option<Country>,
}

/// Saves a number, new or changed.
pub fn save(tx: &mut Tx, row: &Number) -> Result<(), StoreError> {
    let rest = (
        number::waba_id.eq(row.waba.as_str()),
        number::display_number.eq(row.display.digits()),
        number::verified_name.eq(&row.verified_name),
        number::calling_enabled.eq(row.calling_enabled),
        number::country.eq(row.country.as_ref().map(Country::as_str)),
    );
    diesel::insert_into(number::table)
        .values((number::id.eq(row.id.as_str()), rest))
        .on_conflict(number::id)
        .do_update()
        .set(rest)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The number of that id, if there is one.
pub fn find(tx: &mut Tx, id: &PhoneNumberId) -> Result<Option<Number>, StoreError> {
    number::table
        .find(id.as_str())
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// The number that people dial so, if there is one.
pub fn find_by_display(tx: &mut Tx, display: &PhoneNumber) -> Result<Option<Number>, StoreError> {
    number::table
        .filter(number::display_number.eq(display.digits()))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Every number, by id.
pub fn list(tx: &mut Tx) -> Result<Vec<Number>, StoreError> {
    number::table
        .order(number::id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

type Raw = (String, String, String, String, bool, Option<String>);

fn read(raw: Raw) -> Result<Number, StoreError> {
    let (id, waba, display, verified_name, calling_enabled, country) = raw;
    Ok(Number {
        id: parse(&id)?,
        waba: parse(&waba)?,
        display: parse(&display)?,
        verified_name,
        calling_enabled,
        country: parse_optional(country.as_deref())?,
    })
}
