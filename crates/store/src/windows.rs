//! Customer-service windows: when a business number last heard of a user.

use diesel::prelude::*;
use rules::window::Window;
use types::{PhoneNumberId, Timestamp, WaId};

use crate::schema::service_window;
use crate::text::{millis, moment};
use crate::{StoreError, Tx};

/// Saves that a user was heard of. Number and user must exist.
pub fn save(
    tx: &mut Tx,
    number: &PhoneNumberId,
    wa_id: &WaId,
    heard: Timestamp,
) -> Result<(), StoreError> {
    let heard_at = service_window::heard_at.eq(millis(heard));
    diesel::insert_into(service_window::table)
        .values((
            service_window::phone_number_id.eq(number.as_str()),
            service_window::wa_id.eq(wa_id.digits()),
            heard_at,
        ))
        .on_conflict((service_window::phone_number_id, service_window::wa_id))
        .do_update()
        .set(heard_at)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The window between that number and that user; one that was never open if nothing is kept.
pub fn find(tx: &mut Tx, number: &PhoneNumberId, wa_id: &WaId) -> Result<Window, StoreError> {
    let heard = service_window::table
        .find((number.as_str(), wa_id.digits()))
        .select(service_window::heard_at)
        .first::<i64>(&mut tx.connection)
        .optional()?;
    Ok(Window {
        heard: heard.map(moment),
    })
}

/// Forgets that a user was ever heard of.
pub fn remove(tx: &mut Tx, number: &PhoneNumberId, wa_id: &WaId) -> Result<(), StoreError> {
    diesel::delete(service_window::table.find((number.as_str(), wa_id.digits())))
        .execute(&mut tx.connection)?;
    Ok(())
}
