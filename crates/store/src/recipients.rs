//! Whom a business number may reach, where it is one for tests: its list of recipients.

use diesel::dsl::count_star;
use diesel::prelude::*;
use types::{PhoneNumberId, Timestamp, WaId};

use crate::schema::recipient;
use crate::text::{millis, moment, parse};
use crate::{StoreError, Tx};

/// A user on a number's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The user.
    pub wa_id: WaId,
    /// Since when they are on it.
    pub added_at: Timestamp,
}

/// Puts a user on a number's list; one who is on it stays as they are. Both must exist.
pub fn add(
    tx: &mut Tx,
    number: &PhoneNumberId,
    wa_id: &WaId,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::insert_into(recipient::table)
        .values((
            recipient::phone_number_id.eq(number.as_str()),
            recipient::wa_id.eq(wa_id.digits()),
            recipient::added_at.eq(millis(now)),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Whether a user is on a number's list.
pub fn contains(tx: &mut Tx, number: &PhoneNumberId, wa_id: &WaId) -> Result<bool, StoreError> {
    let rows = recipient::table
        .filter(recipient::phone_number_id.eq(number.as_str()))
        .filter(recipient::wa_id.eq(wa_id.digits()))
        .select(count_star())
        .first::<i64>(&mut tx.connection)?;
    Ok(rows > 0)
}

/// A number's list, by user.
pub fn list(tx: &mut Tx, number: &PhoneNumberId) -> Result<Vec<Recipient>, StoreError> {
    recipient::table
        .filter(recipient::phone_number_id.eq(number.as_str()))
        .order(recipient::wa_id)
        .select((recipient::wa_id, recipient::added_at))
        .load::<(String, i64)>(&mut tx.connection)?
        .into_iter()
        .map(|(wa_id, added_at)| {
            Ok(Recipient {
                wa_id: parse(&wa_id)?,
                added_at: moment(added_at),
            })
        })
        .collect()
}

/// Takes a user off a number's list; says whether they were on it.
pub fn remove(tx: &mut Tx, number: &PhoneNumberId, wa_id: &WaId) -> Result<bool, StoreError> {
    let rows = diesel::delete(recipient::table.find((number.as_str(), wa_id.digits())))
        .execute(&mut tx.connection)?;
    Ok(rows > 0)
}
