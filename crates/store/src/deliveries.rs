//! The outbox: webhooks on their way, each with the exact bytes that are signed and sent.

use diesel::dsl::{max, min};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use rules::delivery::{Delivery, DeliveryState};
use types::{AppId, CallId, DeliveryId, MessageId, PhoneNumberId, SubscriptionId, Timestamp};

use crate::schema::{delivery, delivery_body};
use crate::text::{millis, moment, number, parse, parse_optional, whole, words};
use crate::{StoreError, Tx};

/// One webhook to one subscriber, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: DeliveryId,
    /// What it is and whom it is for.
    pub notice: Outgoing,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Where it stands.
    pub machine: Delivery,
}

/// A webhook as the desk decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The subscriber.
    pub subscription: SubscriptionId,
    /// The app whose secret signs.
    pub app: AppId,
    /// The business number that it is about.
    pub number: PhoneNumberId,
    /// The call that it is about, if any.
    pub call: Option<CallId>,
    /// The message that it is about, if any.
    pub message: Option<MessageId>,
    /// What it tells, such as `connect` or `status.RINGING`.
    pub event: String,
}

/// Which deliveries a listing shows.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    /// Only those of this call.
    pub call: Option<CallId>,
    /// Only those of this message.
    pub message: Option<MessageId>,
    /// Only those of this number.
    pub number: Option<PhoneNumberId>,
    /// Only those to this subscriber.
    pub subscription: Option<SubscriptionId>,
    /// Only those that stand so.
    pub state: Option<StateWord>,
    /// Only those older than this one: the last of the page before.
    pub before: Option<DeliveryId>,
}

words! {
    /// Where a delivery stands, in one word.
    StateWord, "delivery state":
    /// To be sent, now or after a wait.
    Due = "due",
    /// Under way.
    Leased = "leased",
    /// Taken by the subscriber.
    Delivered = "delivered",
    /// Not taken for too long, or the subscriber is gone.
    GivenUp = "given_up",
}

impl From<DeliveryState> for StateWord {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Due { .. } => Self::Due,
            DeliveryState::Leased { .. } => Self::Leased,
            DeliveryState::Delivered { .. } => Self::Delivered,
            DeliveryState::GivenUp { .. } => Self::GivenUp,
        }
    }
}

/// Adds a delivery with the bytes to send, due at once.
pub fn insert(
    tx: &mut Tx,
    notice: &Outgoing,
    body: &[u8],
    now: Timestamp,
) -> Result<DeliveryId, StoreError> {
    let machine = Delivery::new(now);
    let id = diesel::insert_into(delivery::table)
        .values((
            delivery::subscription_id.eq(number(notice.subscription.0)),
            delivery::app_id.eq(notice.app.as_str()),
            delivery::phone_number_id.eq(notice.number.as_str()),
            delivery::call_id.eq(notice.call.as_ref().map(CallId::as_str)),
            delivery::message_id.eq(notice.message.as_ref().map(MessageId::as_str)),
            delivery::event.eq(&notice.event),
            delivery::created_at.eq(millis(now)),
            machine_columns(&machine),
        ))
        .returning(delivery::id)
        .get_result::<i64>(&mut tx.connection)?;
    diesel::insert_into(delivery_body::table)
        .values((
            delivery_body::delivery_id.eq(id),
            delivery_body::bytes.eq(body),
        ))
        .execute(&mut tx.connection)?;
    Ok(DeliveryId(whole(id)))
}

/// Saves where a delivery stands.
pub fn update(tx: &mut Tx, id: DeliveryId, machine: &Delivery) -> Result<(), StoreError> {
    diesel::update(delivery::table.find(number(id.0)))
        .set(machine_columns(machine))
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The delivery of that id, if there is one.
pub fn find(tx: &mut Tx, id: DeliveryId) -> Result<Option<DeliveryRow>, StoreError> {
    delivery::table
        .find(number(id.0))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// The bytes of a delivery, if there is one.
pub fn body(tx: &mut Tx, id: DeliveryId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(delivery_body::table
        .find(number(id.0))
        .select(delivery_body::bytes)
        .first(&mut tx.connection)
        .optional()?)
}

/// Up to `rows` deliveries, the youngest first.
pub fn list(
    tx: &mut Tx,
    filter: &DeliveryFilter,
    rows: usize,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let mut query = delivery::table
        .order(delivery::id.desc())
        .limit(number(rows as u64))
        .into_boxed::<Sqlite>();
    if let Some(call) = &filter.call {
        query = query.filter(delivery::call_id.eq(call.as_str()));
    }
    if let Some(message) = &filter.message {
        query = query.filter(delivery::message_id.eq(message.as_str()));
    }
    if let Some(id) = &filter.number {
        query = query.filter(delivery::phone_number_id.eq(id.as_str()));
    }
    if let Some(id) = filter.subscription {
        query = query.filter(delivery::subscription_id.eq(number(id.0)));
    }
    if let Some(state) = filter.state {
        query = query.filter(delivery::state.eq(state.as_str()));
    }
    if let Some(before) = filter.before {
        query = query.filter(delivery::id.lt(number(before.0)));
    }
    query
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// The subscribers that have something due.
pub fn due_subscribers(tx: &mut Tx, now: Timestamp) -> Result<Vec<SubscriptionId>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        subscription_id: i64,
    }
    // Jumps from subscriber to subscriber along the index: its cost is their number, not that of
    // the deliveries that wait for a slow one.
    let rows = diesel::sql_query(
        "WITH RECURSIVE subscriber (subscription_id) AS (
             SELECT min(subscription_id) FROM delivery WHERE due_at IS NOT NULL
             UNION ALL
             SELECT (SELECT min(d.subscription_id) FROM delivery d
                     WHERE d.due_at IS NOT NULL AND d.subscription_id > subscriber.subscription_id)
             FROM subscriber WHERE subscriber.subscription_id IS NOT NULL
         )
         SELECT subscription_id FROM subscriber s
         WHERE subscription_id IS NOT NULL AND EXISTS (
             SELECT 1 FROM delivery d
             WHERE d.subscription_id = s.subscription_id AND d.due_at <= ?)",
    )
    .bind::<BigInt, _>(millis(now))
    .load::<Row>(&mut tx.connection)?;
    Ok(rows
        .into_iter()
        .map(|row| SubscriptionId(whole(row.subscription_id)))
        .collect())
}

/// Up to `rows` deliveries to one subscriber that are due, with their bytes; the longest due first.
pub fn due(
    tx: &mut Tx,
    subscription: SubscriptionId,
    now: Timestamp,
    rows: usize,
) -> Result<Vec<(DeliveryRow, Vec<u8>)>, StoreError> {
    delivery::table
        .inner_join(delivery_body::table)
        .filter(delivery::subscription_id.eq(number(subscription.0)))
        .filter(delivery::due_at.le(millis(now)))
        .order((delivery::due_at, delivery::id))
        .limit(number(rows as u64))
        .select((delivery::all_columns, delivery_body::bytes))
        .load::<(Raw, Vec<u8>)>(&mut tx.connection)?
        .into_iter()
        .map(|(raw, bytes)| Ok((read(raw)?, bytes)))
        .collect()
}

/// When the next delivery that waits becomes due, or a lease runs out, after a moment.
pub fn next_due_after(tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let at = delivery::table
        .filter(delivery::due_at.gt(millis(now)))
        .select(min(delivery::due_at))
        .first::<Option<i64>>(&mut tx.connection)?;
    Ok(at.map(moment))
}

/// Whether a delivery is due.
pub fn is_due(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let due = delivery::table.filter(delivery::due_at.le(millis(now)));
    Ok(diesel::select(diesel::dsl::exists(due)).get_result(&mut tx.connection)?)
}

/// Gives up all open deliveries to a subscriber that is gone; says how many.
pub fn give_up_all(
    tx: &mut Tx,
    subscription: SubscriptionId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let open = delivery::table
        .filter(delivery::subscription_id.eq(number(subscription.0)))
        .filter(delivery::due_at.is_not_null());
    Ok(diesel::update(open)
        .set((
            delivery::state.eq(StateWord::GivenUp.as_str()),
            delivery::due_at.eq(None::<i64>),
            delivery::ended_at.eq(millis(now)),
        ))
        .execute(&mut tx.connection)?)
}

/// Makes every lease run out: the process that held them is gone. Says how many there were.
pub fn end_leases(tx: &mut Tx, now: Timestamp) -> Result<usize, StoreError> {
    let leased = delivery::table
        .filter(delivery::due_at.is_not_null())
        .filter(delivery::state.eq(StateWord::Leased.as_str()));
    Ok(diesel::update(leased)
        .set(delivery::due_at.eq(millis(now)))
        .execute(&mut tx.connection)?)
}

/// Forgets up to `rows` of the oldest deliveries that are over, with bodies and attempts, and none of
/// the last `keep` deliveries; says how many went.
pub fn prune(tx: &mut Tx, keep: u64, rows: usize) -> Result<usize, StoreError> {
    let last = delivery::table
        .select(max(delivery::id))
        .first::<Option<i64>>(&mut tx.connection)?;
    let old = delivery::table
        .filter(delivery::id.le(last.unwrap_or(0).saturating_sub(number(keep))))
        .filter(delivery::due_at.is_null())
        .order(delivery::id)
        .limit(number(rows as u64))
        .select(delivery::id)
        .load::<i64>(&mut tx.connection)?;
    if old.is_empty() {
        return Ok(0);
    }
    Ok(
        diesel::delete(delivery::table.filter(delivery::id.eq_any(old)))
            .execute(&mut tx.connection)?,
    )
}

type Raw = (
    i64,
    i64,
    String,
    String,
    Option<String>,
    String,
    i64,
    String,
    Option<i64>,
    Option<i64>,
    i64,
    i32,
    i32,
    Option<String>,
);

fn read(raw: Raw) -> Result<DeliveryRow, StoreError> {
    let (id, subscription, app, number, call, event, created_at, state, due_at, ended_at, ..) =
        &raw;
    let (.., since, attempts, failures, message) = &raw;
    let unreadable = |column| StoreError::State {
        column,
        reason: "missing".to_owned(),
    };
    let due = || {
        due_at
            .map(moment)
            .ok_or_else(|| unreadable("delivery.due_at"))
    };
    let ended = || {
        ended_at
            .map(moment)
            .ok_or_else(|| unreadable("delivery.ended_at"))
    };
    let state = match parse(state)? {
        StateWord::Due => DeliveryState::Due { at: due()? },
        StateWord::Leased => DeliveryState::Leased { until: due()? },
        StateWord::Delivered => DeliveryState::Delivered { at: ended()? },
        StateWord::GivenUp => DeliveryState::GivenUp { at: ended()? },
    };
    Ok(DeliveryRow {
        id: DeliveryId(whole(*id)),
        notice: Outgoing {
            subscription: SubscriptionId(whole(*subscription)),
            app: parse(app)?,
            number: parse(number)?,
            call: parse_optional(call.as_deref())?,
            message: parse_optional(message.as_deref())?,
            event: event.clone(),
        },
        created_at: moment(*created_at),
        machine: Delivery {
            since: moment(*since),
            attempts: u32::try_from(*attempts).unwrap_or(0),
            failures: u32::try_from(*failures).unwrap_or(0),
            state,
        },
    })
}

type MachineColumns = (
    diesel::dsl::Eq<delivery::state, &'static str>,
    diesel::dsl::Eq<delivery::due_at, Option<i64>>,
    diesel::dsl::Eq<delivery::ended_at, Option<i64>>,
    diesel::dsl::Eq<delivery::since, i64>,
    diesel::dsl::Eq<delivery::attempts, i32>,
    diesel::dsl::Eq<delivery::failures, i32>,
);

fn machine_columns(machine: &Delivery) -> MachineColumns {
    let ended_at = match machine.state {
        DeliveryState::Delivered { at } | DeliveryState::GivenUp { at } => Some(at),
        DeliveryState::Due { .. } | DeliveryState::Leased { .. } => None,
    };
    (
        delivery::state.eq(StateWord::from(machine.state).as_str()),
        delivery::due_at.eq(machine.poll_timeout().map(millis)),
        delivery::ended_at.eq(ended_at.map(millis)),
        delivery::since.eq(millis(machine.since)),
        delivery::attempts.eq(i32::try_from(machine.attempts).unwrap_or(i32::MAX)),
        delivery::failures.eq(i32::try_from(machine.failures).unwrap_or(i32::MAX)),
    )
}
