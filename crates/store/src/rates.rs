//! How often something was done lately: the buckets of `rules::rate`, one for each thing that is
//! counted and whoever it is counted for.

use diesel::prelude::*;
use rules::rate::Bucket;
use types::{PhoneNumberId, WaId};

use crate::schema::rate;
use crate::text::{millis, moment, number, whole, words};
use crate::{StoreError, Tx};

words! {
    /// What is counted.
    RateKind, "kind of rate":
    /// Reads of call permissions by a business number.
    PermissionReads = "permission_reads",
    /// Messages of a business number.
    Messages = "messages",
    /// Messages of a business number to one user.
    Pair = "pair",
}

/// Whose bucket it is.
#[derive(Debug, Clone, Copy)]
pub struct RateOf<'a> {
    /// What is counted.
    pub kind: RateKind,
    /// The business number.
    pub number: &'a PhoneNumberId,
    /// The user, where it is counted for a pair.
    pub wa_id: Option<&'a WaId>,
}

/// The bucket as it was left; one that was never used if nothing is kept.
pub fn find(tx: &mut Tx, of: RateOf<'_>) -> Result<Bucket, StoreError> {
    let row = rate::table
        .find(key(of))
        .select((rate::owed, rate::at))
        .first::<(i64, i64)>(&mut tx.connection)
        .optional()?;
    Ok(row.map_or_else(Bucket::default, |(owed, at)| Bucket {
        owed: whole(owed),
        at: Some(moment(at)),
    }))
}

/// Saves a bucket that was used; one that never was is as good as none. The number must exist.
pub fn save(tx: &mut Tx, of: RateOf<'_>, bucket: Bucket) -> Result<(), StoreError> {
    let Some(at) = bucket.at else {
        return Ok(());
    };
    let (kind, of_number, wa_id) = key(of);
    let rest = (rate::owed.eq(number(bucket.owed)), rate::at.eq(millis(at)));
    diesel::insert_into(rate::table)
        .values((
            rate::kind.eq(kind),
            rate::phone_number_id.eq(of_number),
            rate::wa_id.eq(wa_id),
            rest,
        ))
        .on_conflict((rate::kind, rate::phone_number_id, rate::wa_id))
        .do_update()
        .set(rest)
        .execute(&mut tx.connection)?;
    Ok(())
}

fn key(of: RateOf<'_>) -> (&'static str, &str, &str) {
    let wa_id = of.wa_id.map_or("", WaId::digits);
    (of.kind.as_str(), of.number.as_str(), wa_id)
}
