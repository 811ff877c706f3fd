//! What a user has allowed a business number to do.

use diesel::prelude::*;
use types::{PhoneNumberId, Timestamp, WaId};

use crate::schema::consent;
use crate::text::{millis, moment, parse};
use crate::{StoreError, Tx};

/// What one user has allowed one business number to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// The business number.
    pub number: PhoneNumberId,
    /// The user.
    pub wa_id: WaId,
    /// Whether the number may call the user.
    pub granted: bool,
    /// When that was last changed.
    pub changed_at: Timestamp,
}

/// Saves a consent, new or changed. Number and user must exist.
pub fn save(tx: &mut Tx, row: &ConsentRow) -> Result<(), StoreError> {
    let rest = (
        consent::granted.eq(row.granted),
        consent::changed_at.eq(millis(row.changed_at)),
    );
    diesel::insert_into(consent::table)
        .values((
            consent::phone_number_id.eq(row.number.as_str()),
            consent::wa_id.eq(row.wa_id.digits()),
            rest,
        ))
        .on_conflict((consent::phone_number_id, consent::wa_id))
        .do_update()
        .set(rest)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The consent of that user for that number, if the user ever said anything.
pub fn find(
    tx: &mut Tx,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<Option<ConsentRow>, StoreError> {
    consent::table
        .find((number.as_str(), wa_id.digits()))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Every consent for one number, by user.
pub fn list(tx: &mut Tx, number: &PhoneNumberId) -> Result<Vec<ConsentRow>, StoreError> {
    consent::table
        .filter(consent::phone_number_id.eq(number.as_str()))
        .order(consent::wa_id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Forgets a consent; says whether there was one.
pub fn remove(tx: &mut Tx, number: &PhoneNumberId, wa_id: &WaId) -> Result<bool, StoreError> {
    let rows = diesel::delete(consent::table.find((number.as_str(), wa_id.digits())))
        .execute(&mut tx.connection)?;
    Ok(rows > 0)
}

type Raw = (String, String, bool, i64);

fn read((number, wa_id, granted, changed_at): Raw) -> Result<ConsentRow, StoreError> {
    Ok(ConsentRow {
        number: parse(&number)?,
        wa_id: parse(&wa_id)?,
        granted,
        changed_at: moment(changed_at),
    })
}
