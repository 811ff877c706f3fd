//! Attempts to deliver webhooks, each with what the receiver said.

use diesel::prelude::*;
use types::{DeliveryId, Timestamp};

use crate::schema::attempt;
use crate::text::{millis, moment, number, whole};
use crate::{StoreError, Tx};

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Where it went.
    pub url: String,
    /// When it was sent.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The receiver's HTTP status, if it answered.
    pub status: Option<u16>,
    /// Why there is no answer, if there is none.
    pub error: Option<String>,
    /// The beginning of the receiver's answer.
    pub answer: Option<String>,
}

/// Adds an attempt.
pub fn append(tx: &mut Tx, row: &Attempt) -> Result<(), StoreError> {
    diesel::insert_into(attempt::table)
        .values((
            attempt::delivery_id.eq(number(row.delivery.0)),
            attempt::url.eq(&row.url),
            attempt::started_at.eq(millis(row.started_at)),
            attempt::took_ms.eq(number(row.took_ms)),
            attempt::status.eq(row.status.map(i32::from)),
            attempt::error.eq(row.error.as_deref()),
            attempt::answer.eq(row.answer.as_deref()),
        ))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The attempts of one delivery, in order.
pub fn list(tx: &mut Tx, delivery: DeliveryId) -> Result<Vec<Attempt>, StoreError> {
    let rows = attempt::table
        .filter(attempt::delivery_id.eq(number(delivery.0)))
        .order(attempt::id)
        .load::<Raw>(&mut tx.connection)?;
    Ok(rows.into_iter().map(read).collect())
}

type Raw = (
    i64,
    i64,
    String,
    i64,
    i64,
    Option<i32>,
    Option<String>,
    Option<String>,
);

fn read((_, delivery, url, started_at, took_ms, status, error, answer): Raw) -> Attempt {
    Attempt {
        delivery: DeliveryId(whole(delivery)),
        url,
        started_at: moment(started_at),
        took_ms: whole(took_ms),
        status: status.and_then(|status| u16::try_from(status).ok()),
        error,
        answer,
    }
}
