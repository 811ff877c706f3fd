//! Which attempts are under way, for the worker's bounds and for whoever turns the clock.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use types::{DeliveryId, SubscriptionId, Timestamp};

/// Which attempts are under way. Clones share it.
#[derive(Debug, Clone)]
pub struct UnderWay {
    attempts: Arc<Mutex<BTreeMap<DeliveryId, Attempt>>>,
    changed: Arc<Notify>,
    answer_within: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Attempt {
    subscription: SubscriptionId,
    began: Timestamp,
}

impl UnderWay {
    pub(super) fn new(answer_within: Duration) -> Self {
        Self {
            attempts: Arc::default(),
            changed: Arc::default(),
            answer_within,
        }
    }

    pub(super) fn begin(
        &self,
        attempts: impl Iterator<Item = (DeliveryId, SubscriptionId)>,
        began: Timestamp,
    ) {
        let entries = attempts.map(|(id, subscription)| {
            (
                id,
                Attempt {
                    subscription,
                    began,
                },
            )
        });
        self.attempts().extend(entries);
    }

    pub(super) fn end(&self, ids: impl Iterator<Item = DeliveryId>) {
        let mut attempts = self.attempts();
        for id in ids {
            attempts.remove(&id);
        }
    }

    /// Tells whoever waits for a change that there was one.
    pub(super) fn tell(&self) {
        self.changed.notify_waiters();
    }

    pub(super) fn by_subscriber(&self) -> BTreeMap<SubscriptionId, usize> {
        let mut counts = BTreeMap::new();
        for attempt in self.attempts().values() {
            *counts.entry(attempt.subscription).or_default() += 1;
        }
        counts
    }

    /// Whether an attempt has begun at this moment, or has to end because of it: patience is over.
    pub(crate) fn is_busy_at(&self, now: Timestamp) -> bool {
        let busy =
            |attempt: &Attempt| now <= attempt.began || attempt.began + self.answer_within <= now;
        self.attempts().values().any(busy)
    }

    /// When the patience with the next attempt ends, after `now`.
    pub(crate) fn next_patience(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = |attempt: &Attempt| attempt.began + self.answer_within;
        self.attempts()
            .values()
            .map(ends)
            .filter(|at| now < *at)
            .min()
    }

    /// Ends when the worker has taken something or reported something, counted from this call.
    pub(crate) fn changed(&self) -> Pin<Box<OwnedNotified>> {
        let mut changed = Box::pin(Arc::clone(&self.changed).notified_owned());
        changed.as_mut().enable();
        changed
    }

    fn attempts(&self) -> MutexGuard<'_, BTreeMap<DeliveryId, Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
