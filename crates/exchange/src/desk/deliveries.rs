//! The outbox: leased to the delivery worker, reported on, listed, and sent again by hand.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rules::delivery::{DeliveryState, JITTER_MAX, Jitter, Outcome};
use secrecy::SecretString;
use serde_json::json;
use store::attempts::Attempt;
use store::deliveries::{DeliveryFilter, DeliveryRow, Outgoing, StateWord};
use store::subscriptions::Subscription;
use types::limits::{DELIVERIES_PER_SUBSCRIBER_MAX, DELIVERY_LEASE, DELIVERY_LEASE_BATCH_MAX};
use types::{AppId, DeliveryId, SubscriptionId, Timestamp};

use super::effects::Effect;
use super::{Refused, Turn, faults};

/// How much room the worker has.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// Deliveries that it can take in all.
    pub free: usize,
    /// Deliveries under way, by subscriber.
    pub busy: BTreeMap<SubscriptionId, usize>,
}

/// What the worker has to do next.
#[derive(Debug, Default)]
pub struct Leased {
    /// What to send now.
    pub errands: Vec<Errand>,
    /// When to ask again at the latest.
    pub next_at: Option<Timestamp>,
}

/// One webhook to be sent once.
#[derive(Debug)]
pub struct Errand {
    /// The delivery.
    pub id: DeliveryId,
    /// The number of this attempt, to be named in the report.
    pub attempt: u32,
    /// Of which records it is, to be named in the report.
    pub records: u64,
    /// The subscriber.
    pub subscription: SubscriptionId,
    /// The call or the message that it is about, if any: what is told of one thing to one subscriber
    /// keeps its order where it can.
    pub about: Option<String>,
    /// Where to send it.
    pub url: String,
    /// What signs it.
    pub secret: SecretString,
    /// Headers that the subscriber wants besides, by name.
    pub headers: BTreeMap<String, String>,
    /// The exact bytes.
    pub body: Vec<u8>,
}

/// What came of an errand.
#[derive(Debug, Clone)]
pub struct Report {
    /// The delivery.
    pub id: DeliveryId,
    /// The number of the attempt.
    pub attempt: u32,
    /// Of which records it is.
    pub records: u64,
    /// Where it was sent.
    pub url: String,
    /// When.
    pub started_at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// What the receiver said, or why it said nothing.
    pub answer: Result<ReceiverAnswer, String>,
}

/// What a receiver said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of the body.
    pub body: String,
}

/// Gives the worker what is due, as far as it has room. Each subscriber has its own share, so that
/// one that is slow or far behind takes nothing from the others.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn lease(turn: &mut Turn<'_>, room: &Room) -> Result<Leased, Refused> {
    let mut leased = Leased::default();
    let mut secrets = BTreeMap::new();
    let subscribers = store::deliveries::due_subscribers(turn.tx, turn.now)?;
    let mut free = room.free.min(DELIVERY_LEASE_BATCH_MAX);
    let share = (free / subscribers.len().max(1)).max(1);
    let mut more = false;
    for id in subscribers {
        let busy = room.busy.get(&id).copied().unwrap_or(0);
        let own = DELIVERIES_PER_SUBSCRIBER_MAX.saturating_sub(busy);
        let rows = own.min(share).min(free);
        if rows == 0 {
            continue;
        }
        let due = store::deliveries::due(turn.tx, id, turn.now, rows)?;
        let Some(subscription) = store::subscriptions::find(turn.tx, id)? else {
            store::deliveries::give_up_all(turn.tx, id, turn.now)?;
            continue;
        };
        free -= due.len();
        more |= due.len() == rows && rows < own;
        for (row, body) in due {
            let secret = secret(turn, &mut secrets, &row.notice.app)?;
            leased
                .errands
                .extend(errand(turn, row, body, &subscription, secret)?);
        }
    }
    if more && leased.errands.len() < room.free {
        leased.next_at = Some(turn.now);
        return Ok(leased);
    }
    leased.next_at = store::deliveries::next_due_after(turn.tx, turn.now)?;
    Ok(leased)
}

fn errand(
    turn: &mut Turn<'_>,
    mut row: DeliveryRow,
    body: Vec<u8>,
    subscription: &Subscription,
    secret: SecretString,
) -> Result<Option<Errand>, Refused> {
    let Ok(attempt) = row.machine.lease(turn.now, DELIVERY_LEASE) else {
        return Ok(None);
    };
    store::deliveries::update(turn.tx, row.id, &row.machine)?;
    Ok(Some(Errand {
        id: row.id,
        attempt,
        records: turn.records(),
        subscription: subscription.id,
        about: about(row.notice),
        url: subscription.callback.url.clone(),
        secret,
        headers: subscription.callback.headers.clone(),
        body,
    }))
}

fn about(notice: Outgoing) -> Option<String> {
    let call = notice.call.map(|call| call.to_string());
    call.or_else(|| notice.message.map(|message| message.to_string()))
}

fn secret(
    turn: &mut Turn<'_>,
    known: &mut BTreeMap<AppId, SecretString>,
    app: &AppId,
) -> Result<SecretString, Refused> {
    if let Some(secret) = known.get(app) {
        return Ok(secret.clone());
    }
    let found = store::apps::find(turn.tx, app)?.ok_or(Refused::UnknownApp)?;
    let secret = SecretString::from(found.secret);
    known.insert(app.clone(), secret.clone());
    Ok(secret)
}

/// Takes what came of errands, each with its attempt.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn report(turn: &mut Turn<'_>, reports: Vec<Report>) -> Result<Vec<StateWord>, Refused> {
    reports
        .into_iter()
        .map(|report| take_report(turn, report))
        .collect()
}

fn take_report(turn: &mut Turn<'_>, report: Report) -> Result<StateWord, Refused> {
    let row = store::deliveries::find(turn.tx, report.id)?;
    let Some(mut row) = row.filter(|_| report.records == turn.records()) else {
        // Forgotten while it was under way, with the oldest ones or with all records.
        return Ok(StateWord::GivenUp);
    };
    let status = report.answer.as_ref().ok().map(|answer| answer.status);
    let outcome = match status {
        Some(200..=299) => Outcome::Taken,
        Some(_) | None => Outcome::NotTaken,
    };
    let jitter = jitter(report.id, report.attempt);
    let schedule = &turn.preset.delivery;
    let moved = row
        .machine
        .report(turn.now, schedule, report.attempt, outcome, jitter);
    if moved.is_ok() {
        store::deliveries::update(turn.tx, row.id, &row.machine)?;
    }
    let (error, answer) = match report.answer {
        Ok(answer) => (None, Some(answer.body).filter(|body| !body.is_empty())),
        Err(error) => (Some(error), None),
    };
    let attempt = Attempt {
        delivery: report.id,
        url: report.url,
        started_at: report.started_at,
        took_ms: u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX),
        status,
        error,
        answer,
    };
    store::attempts::append(turn.tx, &attempt)?;
    let state = StateWord::from(row.machine.state);
    tell(turn, &row, report.attempt, status, &attempt.error)?;
    faults::on_sent(turn, row.id, &row.notice)?;
    Ok(state)
}

/// What chance adds to the wait after an attempt. Not drawn from the desk's own: the ids that it makes
/// would depend on how soon receivers answer.
fn jitter(delivery: DeliveryId, attempt: u32) -> Jitter {
    let mut chance = ChaCha8Rng::seed_from_u64(delivery.0);
    chance.set_stream(attempt.into());
    Jitter(chance.next_u32() % (JITTER_MAX + 1))
}

fn tell(
    turn: &mut Turn<'_>,
    row: &DeliveryRow,
    attempt: u32,
    status: Option<u16>,
    error: &Option<String>,
) -> Result<(), Refused> {
    let kind = match row.machine.state {
        DeliveryState::Delivered { .. } => "webhook.delivered",
        DeliveryState::GivenUp { .. } => "webhook.given_up",
        DeliveryState::Due { .. } | DeliveryState::Leased { .. } => "webhook.not_taken",
    };
    let detail = json!({
        "delivery_id": row.id,
        "event": row.notice.event,
        "attempt": attempt,
        "status": status,
        "error": error,
    });
    turn.tell(
        kind,
        Some(&row.notice.number),
        row.notice.call.as_ref(),
        &detail,
    )?;
    Ok(())
}

/// Sends a delivery again, whatever came of it: the same bytes, signed anew, with a schedule of its
/// own.
///
/// # Errors
///
/// [`Refused::UnknownDelivery`]; [`Refused::UnknownSubscription`] when its subscriber is gone.
pub fn redeliver(turn: &mut Turn<'_>, id: DeliveryId) -> Result<DeliveryRow, Refused> {
    let mut row = store::deliveries::find(turn.tx, id)?.ok_or(Refused::UnknownDelivery)?;
    store::subscriptions::find(turn.tx, row.notice.subscription)?
        .ok_or(Refused::UnknownSubscription)?;
    row.machine.redeliver(turn.now);
    store::deliveries::update(turn.tx, id, &row.machine)?;
    turn.afterwards(Effect::Deliver);
    Ok(row)
}

/// A delivery with its bytes and attempts.
#[derive(Debug, Clone)]
pub struct DeliveryStory {
    /// The delivery.
    pub row: DeliveryRow,
    /// The exact bytes.
    pub body: Vec<u8>,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
}

/// One delivery with all that is known of it.
///
/// # Errors
///
/// [`Refused::UnknownDelivery`].
pub fn find(turn: &mut Turn<'_>, id: DeliveryId) -> Result<DeliveryStory, Refused> {
    let row = store::deliveries::find(turn.tx, id)?.ok_or(Refused::UnknownDelivery)?;
    let body = store::deliveries::body(turn.tx, id)?.unwrap_or_default();
    let attempts = store::attempts::list(turn.tx, id)?;
    Ok(DeliveryStory {
        row,
        body,
        attempts,
    })
}

/// Up to `rows` deliveries, the youngest first.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(
    turn: &mut Turn<'_>,
    filter: &DeliveryFilter,
    rows: usize,
) -> Result<Vec<DeliveryRow>, Refused> {
    Ok(store::deliveries::list(turn.tx, filter, rows)?)
}

/// Whether a delivery is due at this moment.
///
/// # Errors
///
/// When the records cannot be read.
pub fn is_due(turn: &mut Turn<'_>) -> Result<bool, Refused> {
    Ok(store::deliveries::is_due(turn.tx, turn.now)?)
}

/// When the next delivery that waits is due.
///
/// # Errors
///
/// When the records cannot be read.
pub fn next_due(turn: &mut Turn<'_>) -> Result<Option<Timestamp>, Refused> {
    Ok(store::deliveries::next_due_after(turn.tx, turn.now)?)
}

/// Lets leases of a process that is gone run out.
///
/// # Errors
///
/// When the records cannot be written.
pub fn recover(turn: &mut Turn<'_>) -> Result<usize, Refused> {
    turn.afterwards(Effect::Deliver);
    Ok(store::deliveries::end_leases(turn.tx, turn.now)?)
}

/// Adds a webhook to the outbox, due at once.
///
/// # Errors
///
/// When the records cannot be written.
pub fn add(turn: &mut Turn<'_>, notice: &Outgoing, body: &[u8]) -> Result<DeliveryId, Refused> {
    let id = store::deliveries::insert(turn.tx, notice, body, turn.now)?;
    faults::on_webhook(turn, id, notice, body)?;
    turn.afterwards(Effect::Deliver);
    Ok(id)
}
