//! Faults that strike webhooks on their way into the outbox, and the answer that waits for one.

use rules::delivery::DeliveryState;
use rules::fault::{Fault, Occasion, Point};
use serde_json::json;
use store::attempts::Attempt;
use store::deliveries::{DeliveryFilter, DeliveryRow, Outgoing};
use types::limits::{FAULT_WEBHOOK_HELD_MAX, PAGE_ROWS_MAX};
use types::{CallId, DeliveryId, WaId};

use super::{Fired, fires, tell};
use crate::desk::effects::Effect;
use crate::desk::{Refused, Turn};

/// Lets faults fire on a webhook that has just been added to the outbox.
pub(in crate::desk) fn on_webhook(
    turn: &mut Turn<'_>,
    id: DeliveryId,
    notice: &Outgoing,
    body: &[u8],
) -> Result<(), Refused> {
    if !store::faults::any_live(turn.tx)? {
        return Ok(());
    }
    let user = user_of(turn, notice)?;
    let occasion = Occasion {
        point: Point::Webhook(&notice.event),
        number: Some(&notice.number),
        wa_id: user.as_ref(),
    };
    for fired in fires(turn, &occasion)? {
        let about = json!({"delivery_id": id, "event": notice.event});
        tell(
            turn,
            &fired,
            Some(&notice.number),
            notice.call.as_ref(),
            &about,
        )?;
        strike(turn, &fired, id, notice, body)?;
    }
    Ok(())
}

/// A webhook was sent, whatever its receiver said: those that were held back for it may follow.
pub(in crate::desk) fn on_sent(
    turn: &mut Turn<'_>,
    id: DeliveryId,
    notice: &Outgoing,
) -> Result<(), Refused> {
    let Some(call) = &notice.call else {
        return Ok(());
    };
    let now = turn.now;
    let released =
        store::faults::release(turn.tx, id, notice.subscription, call, &notice.event, now)?;
    if !released.is_empty() {
        turn.afterwards(Effect::Deliver);
    }
    Ok(())
}

/// Whether the answer to `connect` waits until the connect webhook of the call was sent.
///
/// # Errors
///
/// [`Refused::UnknownCall`].
pub fn reply_waits(turn: &mut Turn<'_>, id: &CallId) -> Result<bool, Refused> {
    let call = store::calls::find(turn.tx, id)?.ok_or(Refused::UnknownCall)?;
    let occasion = Occasion {
        point: Point::Reply,
        number: Some(&call.number),
        wa_id: Some(&call.wa_id),
    };
    let all = fires(turn, &occasion)?;
    for fired in &all {
        tell(turn, fired, Some(&call.number), Some(id), &json!({}))?;
    }
    Ok(!all.is_empty())
}

/// Whether every webhook of a call that tells of this event was sent at least once, or never will be.
///
/// # Errors
///
/// When the records cannot be read.
pub fn was_sent(turn: &mut Turn<'_>, id: &CallId, event: &str) -> Result<bool, Refused> {
    let filter = DeliveryFilter {
        call: Some(id.clone()),
        ..DeliveryFilter::default()
    };
    let rows = store::deliveries::list(turn.tx, &filter, PAGE_ROWS_MAX)?;
    Ok(rows
        .iter()
        .filter(|row| row.notice.event == event)
        .all(has_been_on_its_way))
}

const fn has_been_on_its_way(row: &DeliveryRow) -> bool {
    match row.machine.state {
        DeliveryState::Due { .. } => row.machine.attempts > 0,
        DeliveryState::Leased { .. } => row.machine.attempts > 1,
        DeliveryState::Delivered { .. } | DeliveryState::GivenUp { .. } => true,
    }
}

fn strike(
    turn: &mut Turn<'_>,
    fired: &Fired,
    id: DeliveryId,
    notice: &Outgoing,
    body: &[u8],
) -> Result<(), Refused> {
    match &fired.fault {
        Fault::DropWebhook => drop_it(turn, fired, id, notice)?,
        Fault::DelayWebhook { by } => {
            set_state(turn, id, DeliveryState::Due { at: turn.now + *by })?
        }
        Fault::DoubleWebhook => {
            store::deliveries::insert(turn.tx, notice, body, turn.now)?;
        }
        Fault::ReorderWebhooks { behind } => {
            if let Some(call) = &notice.call {
                let at = turn.now + FAULT_WEBHOOK_HELD_MAX;
                set_state(turn, id, DeliveryState::Due { at })?;
                let subscription = notice.subscription;
                store::faults::hold(turn.tx, id, subscription, call, behind.as_deref())?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The webhook stands in the log as one that was lost on its way: one attempt, and given up. It is lost
/// once, however many faults would have it.
fn drop_it(
    turn: &mut Turn<'_>,
    fired: &Fired,
    id: DeliveryId,
    notice: &Outgoing,
) -> Result<(), Refused> {
    let found = store::deliveries::find(turn.tx, id)?;
    let Some(mut row) = found.filter(|row| !row.machine.is_over()) else {
        return Ok(());
    };
    row.machine.attempts = 1;
    row.machine.failures = 1;
    row.machine.state = DeliveryState::GivenUp { at: turn.now };
    store::deliveries::update(turn.tx, id, &row.machine)?;
    let subscription = store::subscriptions::find(turn.tx, notice.subscription)?;
    let attempt = Attempt {
        delivery: id,
        url: subscription.map(|it| it.callback.url).unwrap_or_default(),
        started_at: turn.now,
        took_ms: 0,
        status: None,
        error: Some(format!("dropped by the armed fault {}", fired.id)),
        answer: None,
    };
    store::attempts::append(turn.tx, &attempt)?;
    on_sent(turn, id, notice)
}

/// Puts off a webhook; one that an earlier fault has dropped stays so.
fn set_state(turn: &mut Turn<'_>, id: DeliveryId, state: DeliveryState) -> Result<(), Refused> {
    if let Some(mut row) = store::deliveries::find(turn.tx, id)?
        && !row.machine.is_over()
    {
        row.machine.state = state;
        store::deliveries::update(turn.tx, id, &row.machine)?;
    }
    Ok(())
}

/// The user that a webhook is about, where it is about a call or a message.
fn user_of(turn: &mut Turn<'_>, notice: &Outgoing) -> Result<Option<WaId>, Refused> {
    Ok(match (&notice.call, &notice.message) {
        (Some(id), _) => store::calls::find(turn.tx, id)?.map(|call| call.wa_id),
        (None, Some(id)) => store::messages::find(turn.tx, id)?.map(|message| message.wa_id),
        (None, None) => None,
    })
}
