//! Webhooks that an armed fault holds back for a later one of the same call.

use diesel::prelude::*;
use types::{CallId, DeliveryId, SubscriptionId, Timestamp};

use crate::schema::{delivery, held_delivery};
use crate::text::{millis, number, whole};
use crate::{StoreError, Tx};

/// Notes that a delivery waits for a later one of its call to its subscriber: for one that tells of
/// `behind`, or for any. One that waits already goes on waiting for what it waits for.
pub fn hold(
    tx: &mut Tx,
    id: DeliveryId,
    subscription: SubscriptionId,
    call: &CallId,
    behind: Option<&str>,
) -> Result<(), StoreError> {
    diesel::insert_into(held_delivery::table)
        .values((
            held_delivery::delivery_id.eq(number(id.0)),
            held_delivery::subscription_id.eq(number(subscription.0)),
            held_delivery::call_id.eq(call.as_str()),
            held_delivery::behind.eq(behind),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection)?;
    Ok(())
}

/// Makes those deliveries due that wait for `gone`, which was sent and tells of `event`; says which.
pub fn release(
    tx: &mut Tx,
    gone: DeliveryId,
    subscription: SubscriptionId,
    call: &CallId,
    event: &str,
    now: Timestamp,
) -> Result<Vec<DeliveryId>, StoreError> {
    let waiting = held_delivery::table
        .filter(held_delivery::call_id.eq(call.as_str()))
        .filter(held_delivery::subscription_id.eq(number(subscription.0)))
        .filter(held_delivery::delivery_id.lt(number(gone.0)))
        .filter(
            held_delivery::behind
                .is_null()
                .or(held_delivery::behind.eq(event)),
        )
        .order(held_delivery::delivery_id)
        .select(held_delivery::delivery_id)
        .load::<i64>(&mut tx.connection)?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    diesel::delete(held_delivery::table.filter(held_delivery::delivery_id.eq_any(&waiting)))
        .execute(&mut tx.connection)?;
    let due = delivery::table
        .filter(delivery::id.eq_any(&waiting))
        .filter(delivery::due_at.gt(millis(now)));
    diesel::update(due)
        .set(delivery::due_at.eq(millis(now)))
        .execute(&mut tx.connection)?;
    Ok(waiting
        .into_iter()
        .map(|id| DeliveryId(whole(id)))
        .collect())
}
