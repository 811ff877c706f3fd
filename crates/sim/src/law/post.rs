//! Webhooks that armed faults have struck, as the guide says them: a dropped one is never sent, a
//! delayed one not before its time, a doubled one as two, one that is held not before a later one of
//! its call, or ten minutes.

use std::collections::BTreeMap;
use std::time::Duration;

use types::{CallId, DeliveryId, FaultId, Timestamp};

use super::Broken;
use super::armed::Kind;

/// The outbox, as far as faults are about it.
#[derive(Clone, Default)]
pub(crate) struct Post {
    /// Firings that were heard of and whose webhook was not looked at yet.
    struck: BTreeMap<DeliveryId, Vec<FaultId>>,
    /// Second copies, with the first.
    copies: BTreeMap<DeliveryId, DeliveryId>,
    all: BTreeMap<DeliveryId, Webhook>,
    last: Option<DeliveryId>,
}

/// A webhook.
#[derive(Clone)]
struct Webhook {
    call: Option<CallId>,
    event: String,
    dropped_by: Option<FaultId>,
    not_before: Option<Timestamp>,
    held: Option<Held>,
}

/// How long a webhook is held.
#[derive(Clone)]
struct Held {
    behind: Option<&'static str>,
    until: Timestamp,
}

impl Post {
    /// The last one that was looked at.
    pub(crate) const fn last(&self) -> Option<DeliveryId> {
        self.last
    }

    /// A fault has struck a webhook.
    pub(crate) fn struck(&mut self, id: DeliveryId, by: FaultId) {
        self.struck.entry(id).or_default().push(by);
    }

    /// A webhook is in the outbox: whether it is one of its own, or the copy of that one.
    pub(crate) fn add(
        &mut self,
        id: DeliveryId,
        call: Option<CallId>,
        event: &str,
    ) -> Option<DeliveryId> {
        self.last = Some(id);
        let webhook = Webhook {
            call,
            event: event.to_owned(),
            dropped_by: None,
            not_before: None,
            held: None,
        };
        self.all.insert(id, webhook);
        self.copies.get(&id).copied()
    }

    /// The faults that have struck a webhook, in their order.
    pub(crate) fn strikes(&mut self, id: DeliveryId) -> Vec<FaultId> {
        self.struck.remove(&id).unwrap_or_default()
    }

    /// What a fault does to a webhook of that moment.
    pub(crate) fn strike(
        &mut self,
        id: DeliveryId,
        at: Timestamp,
        (by, kind): (FaultId, &Kind),
    ) -> Result<(), Broken> {
        let copy = (1..)
            .map(|next| DeliveryId(id.0 + next))
            .find(|it| !self.copies.contains_key(it));
        let webhook = self
            .all
            .get_mut(&id)
            .ok_or("a webhook of nobody is struck")?;
        match kind {
            Kind::Drop => {
                webhook.dropped_by = webhook.dropped_by.or(Some(by));
                self.was_sent(id);
            }
            Kind::Double => {
                self.copies.extend(copy.map(|copy| (copy, id)));
            }
            // Of two that put it off, the guide does not say which holds.
            Kind::Delay(_) | Kind::Reorder(_)
                if webhook.not_before.is_some() || webhook.held.is_some() =>
            {
                (webhook.not_before, webhook.held) = (Some(at), None);
            }
            Kind::Delay(by) => webhook.not_before = Some(at + *by),
            Kind::Reorder(behind) if webhook.call.is_some() => {
                let until = at + HELD_MAX;
                webhook.held = Some(Held {
                    behind: *behind,
                    until,
                });
            }
            Kind::Reorder(_) => {}
            other => return Err(format!("{other:?} strikes a webhook")),
        }
        Ok(())
    }

    /// A webhook leaves now. Whatever put it off has done so: a second attempt is a matter of the
    /// schedule.
    pub(crate) fn leaves(&mut self, id: DeliveryId, now: Timestamp) -> Result<(), Broken> {
        let webhook = self.all.get_mut(&id).ok_or("a webhook of nobody is sent")?;
        let early = |until: Timestamp| until.since(now).as_millis();
        if let Some(by) = webhook.dropped_by {
            return Err(format!("a webhook is sent that fault {by} dropped"));
        }
        if let Some(until) = webhook.not_before.take().filter(|until| now < *until) {
            let ms = early(until);
            return Err(format!("a webhook is sent {ms} ms before its time"));
        }
        match webhook.held.take().filter(|held| now < held.until) {
            Some(held) => Err(format!(
                "a webhook that is held behind {:?} is sent {} ms too early",
                held.behind.unwrap_or("any"),
                early(held.until)
            )),
            None => Ok(()),
        }
    }

    /// A webhook was sent, or never will be: those that were held for it may follow.
    pub(crate) fn was_sent(&mut self, id: DeliveryId) {
        let Some(Webhook { call, event, .. }) = self.all.get(&id) else {
            return;
        };
        let (call, event) = (call.clone(), event.clone());
        for (_, other) in self.all.range_mut(..id) {
            let fits = |held: &Held| held.behind.is_none_or(|behind| behind == event);
            if call.is_some() && other.call == call && other.held.as_ref().is_some_and(fits) {
                other.held = None;
            }
        }
    }

    /// The operator sends a webhook again, whatever became of it.
    pub(crate) fn again(&mut self, id: DeliveryId) {
        if let Some(webhook) = self.all.get_mut(&id) {
            (webhook.dropped_by, webhook.not_before, webhook.held) = (None, None, None);
        }
    }

    /// Those that were dropped and not sent again, with the fault that did it.
    pub(crate) fn dropped(&self) -> Vec<(DeliveryId, FaultId)> {
        let all = self.all.iter();
        all.filter_map(|(id, it)| Some((*id, it.dropped_by?)))
            .collect()
    }
}

const HELD_MAX: Duration = Duration::from_mins(10);
