//! Names of removed templates that cannot be used again yet.

use diesel::prelude::*;
use rules::template::HeldName;
use types::{Timestamp, WabaId};

use crate::schema::held_name;
use crate::text::{millis, moment};
use crate::{StoreError, Tx};

/// Holds a name of an account in a language; a second time takes the place of the first.
pub fn hold(tx: &mut Tx, waba: &WabaId, name: &str, held: &HeldName) -> Result<(), StoreError> {
    let until = held_name::until.eq(millis(held.until));
    diesel::insert_into(held_name::table)
        .values((
            held_name::waba_id.eq(waba.as_str()),
            held_name::name.eq(name),
            held_name::language.eq(&held.language),
            until,
        ))
        .on_conflict((held_name::waba_id, held_name::name, held_name::language))
        .do_update()
        .set(until)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// In which languages a name of an account is held, and until when.
pub fn find(tx: &mut Tx, waba: &WabaId, name: &str) -> Result<Vec<HeldName>, StoreError> {
    let rows = held_name::table
        .filter(held_name::waba_id.eq(waba.as_str()))
        .filter(held_name::name.eq(name))
        .order(held_name::language)
        .select((held_name::language, held_name::until))
        .load::<(String, i64)>(&mut tx.connection)?;
    let held = |(language, until)| HeldName {
        language,
        until: moment(until),
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Lets the names go whose time is over.
pub fn release(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    diesel::delete(held_name::table.filter(held_name::until.le(millis(now))))
        .execute(&mut tx.connection)?;
    Ok(())
}
