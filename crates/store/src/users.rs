//! WhatsApp users.

use std::fmt;

use diesel::prelude::*;
use types::{Bsuid, Country, Timestamp, WaId};

use crate::schema::user;
use crate::text::{millis, moment, number, parse, words};
use crate::{StoreError, Tx};

/// A WhatsApp user.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The digits they registered with.
    pub wa_id: WaId,
    /// Their id in the eyes of businesses.
    pub bsuid: Bsuid,
    /// Their profile name.
    pub name: String,
    /// Where their number is from.
    pub country: Country,
    /// What their phones show to take the line.
    pub phone_token: String,
    /// When they were made.
    pub created_at: Timestamp,
    /// Whether their phones take messages; those of one who is away get them later.
    pub online: bool,
    /// Whether they can be called.
    pub reachability: Reachability,
}

words! {
    /// Whether a user can be called, and if not, why (`wire.md` 6.1, code 138001).
    Reachability, "reachability":
    /// They can.
    Active = "active",
    /// They have left WhatsApp.
    NotOnWhatsApp = "not_on_whatsapp",
    /// Their client is too old for calls.
    OutdatedClient = "outdated_client",
    /// They have not accepted the terms.
    TermsNotAccepted = "terms_not_accepted",
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("wa_id", &self.wa_id)
            .finish_non_exhaustive()
    }
}

/// Saves a user, new or changed.
pub fn save(tx: &mut Tx, row: &User) -> Result<(), StoreError> {
    let rest = (
        user::bsuid.eq(row.bsuid.as_str()),
        user::name.eq(&row.name),
        user::country.eq(row.country.as_str()),
        user::phone_token.eq(&row.phone_token),
        user::created_at.eq(millis(row.created_at)),
        user::online.eq(row.online),
        user::reachability.eq(row.reachability.as_str()),
    );
    diesel::insert_into(user::table)
        .values((user::wa_id.eq(row.wa_id.digits()), rest))
        .on_conflict(user::wa_id)
        .do_update()
        .set(rest)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The user of that wa_id, if there is one.
pub fn find(tx: &mut Tx, wa_id: &WaId) -> Result<Option<User>, StoreError> {
    user::table
        .find(wa_id.digits())
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// The user of that business-scoped id, if there is one.
pub fn find_by_bsuid(tx: &mut Tx, bsuid: &Bsuid) -> Result<Option<User>, StoreError> {
    user::table
        .filter(user::bsuid.eq(bsuid.as_str()))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Up to `rows` users by wa_id, beginning behind `after`.
pub fn list(tx: &mut Tx, after: Option<&WaId>, rows: usize) -> Result<Vec<User>, StoreError> {
    user::table
        .filter(user::wa_id.gt(after.map_or("", WaId::digits)))
        .order(user::wa_id)
        .limit(number(rows as u64))
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Removes a user with what they have consented to; says whether there was one.
pub fn remove(tx: &mut Tx, wa_id: &WaId) -> Result<bool, StoreError> {
    let rows = diesel::delete(user::table.find(wa_id.digits())).execute(&mut tx.connection)?;
    Ok(rows > 0)
}

type Raw = (String, String, String, String, String, i64, bool, String);

fn read(raw: Raw) -> Result<User, StoreError> {
    let (wa_id, bsuid, name, country, phone_token, created_at, online, reachability) = raw;
    Ok(User {
        wa_id: parse(&wa_id)?,
        bsuid: parse(&bsuid)?,
        name,
        country: parse(&country)?,
        phone_token,
        created_at: moment(created_at),
        online,
        reachability: parse(&reachability)?,
    })
}
