//! The two sides of a call: their media legs, what was said about them, and what came of them.

use diesel::prelude::*;
use types::{CallId, LegId};

use crate::schema::leg;
use crate::text::{number, parse, whole, words};
use crate::{StoreError, Tx};

words! {
    /// One of the two sides of a call.
    Side, "side of a call":
    /// The user's phone.
    User = "user",
    /// The business.
    Business = "business",
}

impl Side {
    /// The side that listens to this one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::User => Self::Business,
            Self::Business => Self::User,
        }
    }
}

/// One side of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegRow {
    /// The call.
    pub call: CallId,
    /// Which side.
    pub side: Side,
    /// The media leg, while the process that made it lives and the call has media.
    pub media: Option<LegId>,
    /// The session description that we gave.
    pub sdp_ours: Option<String>,
    /// The session description that we were given.
    pub sdp_theirs: Option<String>,
    /// The leg's last statistics: a JSON object.
    pub stats: Option<String>,
    /// The bad weather on the leg, made on purpose: a JSON object. None where it is fine.
    pub weather: Option<String>,
}

/// Saves one side of a call, new or changed.
pub fn save(tx: &mut Tx, row: &LegRow) -> Result<(), StoreError> {
    diesel::replace_into(leg::table)
        .values((
            leg::call_id.eq(row.call.as_str()),
            leg::side.eq(row.side.as_str()),
            leg::media_leg.eq(row.media.map(|leg| number(leg.0))),
            leg::sdp_ours.eq(row.sdp_ours.as_deref()),
            leg::sdp_theirs.eq(row.sdp_theirs.as_deref()),
            leg::stats.eq(row.stats.as_deref()),
            leg::weather.eq(row.weather.as_deref()),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// One side of a call, if it has come to have one.
pub fn find(tx: &mut Tx, call: &CallId, side: Side) -> Result<Option<LegRow>, StoreError> {
    leg::table
        .find((call.as_str(), side.as_str()))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// The sides of a call, the business's first.
pub fn list(tx: &mut Tx, call: &CallId) -> Result<Vec<LegRow>, StoreError> {
    leg::table
        .filter(leg::call_id.eq(call.as_str()))
        .order(leg::side)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// The media leg of one side, if it has one.
pub fn media(tx: &mut Tx, call: &CallId, side: Side) -> Result<Option<LegId>, StoreError> {
    let id = leg::table
        .find((call.as_str(), side.as_str()))
        .select(leg::media_leg)
        .first::<Option<i64>>(&mut tx.connection)
        .optional()?
        .flatten();
    Ok(id.map(|id| LegId(whole(id))))
}

/// Forgets the media legs of a call: they are closed, or went with the process that held them.
pub fn forget_media(tx: &mut Tx, call: &CallId) -> Result<(), StoreError> {
    diesel::update(leg::table.filter(leg::call_id.eq(call.as_str())))
        .set(leg::media_leg.eq(None::<i64>))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Notes the session description that one side gave us.
pub fn set_theirs(tx: &mut Tx, call: &CallId, side: Side, sdp: &str) -> Result<(), StoreError> {
    diesel::update(leg::table.find((call.as_str(), side.as_str())))
        .set(leg::sdp_theirs.eq(sdp))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Notes a leg's statistics, a JSON object.
pub fn set_stats(tx: &mut Tx, call: &CallId, side: Side, stats: &str) -> Result<(), StoreError> {
    diesel::update(leg::table.find((call.as_str(), side.as_str())))
        .set(leg::stats.eq(stats))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Notes the weather on a leg, a JSON object, or that it is fine.
pub fn set_weather(
    tx: &mut Tx,
    call: &CallId,
    side: Side,
    weather: Option<&str>,
) -> Result<(), StoreError> {
    diesel::update(leg::table.find((call.as_str(), side.as_str())))
        .set(leg::weather.eq(weather))
        .execute(&mut tx.connection)?;
    Ok(())
}

type Raw = (
    String,
    String,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn read(
    (call, side, media, sdp_ours, sdp_theirs, stats, weather): Raw,
) -> Result<LegRow, StoreError> {
    Ok(LegRow {
        call: parse(&call)?,
        side: parse(&side)?,
        media: media.map(|id| LegId(whole(id))),
        sdp_ours,
        sdp_theirs,
        stats,
        weather,
    })
}
