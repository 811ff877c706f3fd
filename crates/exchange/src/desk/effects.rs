//! What a command does to the world outside the records, kept back until it is saved.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use media::weather::Forecast;
use phone::line::ToPhone;
use tokio::sync::Notify;
use types::{CallId, EventId, LegId, WaId};

use crate::media_control::{MediaControl, PreparedLegs, Side};
use crate::phone_lines::{PhoneLines, Which};

/// What effects act on.
#[derive(Clone)]
pub struct Outside {
    /// The legs of calls.
    pub media: Arc<dyn MediaControl>,
    /// The phones that are online.
    pub phones: Arc<dyn PhoneLines>,
    /// Woken when a delivery was added or made due.
    pub deliveries: Arc<Notify>,
    /// Whose legs are whose.
    pub legs: LegBook,
}

/// Which call and side a leg belongs to, for as long as the leg is on the network.
#[derive(Debug, Clone, Default)]
pub struct LegBook(Arc<Mutex<BTreeMap<LegId, (CallId, Side)>>>);

/// Something to do once the command is saved.
pub(super) enum Effect {
    /// Put both legs of a call on the network.
    Begin(CallId, PreparedLegs),
    /// Make the weather on a leg.
    Weather(LegId, Forecast),
    /// Give a leg its answer.
    TakeAnswer(LegId, String),
    /// Let media pass between two legs.
    Pass { user: LegId, business: LegId },
    /// Take both legs off the network.
    Close { user: LegId, business: LegId },
    /// Tell phones of a user.
    Tell(WaId, Which, ToPhone),
    /// Let every phone that is online see the businesses anew.
    ShowBusinesses,
    /// Look at the outbox.
    Deliver,
    /// Count or measure.
    Observe(Box<dyn FnOnce() + Send>),
}

/// What commands do to the world outside, in their order, kept back until they are saved.
#[derive(Default)]
pub struct Effects {
    list: Vec<Effect>,
    last_event: Option<EventId>,
}

/// How far the effects had come.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    effects: usize,
    last_event: Option<EventId>,
}

impl Effects {
    pub(super) fn push(&mut self, effect: Effect) {
        self.list.push(effect);
    }

    /// Puts an effect before those that came since a mark.
    pub(super) fn insert(&mut self, at: Mark, effect: Effect) {
        self.list.insert(at.effects, effect);
    }

    pub(super) fn note_event(&mut self, id: EventId) {
        self.last_event = Some(id);
    }

    pub(super) fn last_event(&self) -> Option<EventId> {
        self.last_event
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            effects: self.list.len(),
            last_event: self.last_event,
        }
    }

    pub(super) fn take_back(&mut self, mark: Mark) {
        self.list.truncate(mark.effects);
        self.last_event = mark.last_event;
    }

    /// Does them.
    pub fn let_go(self, outside: &Outside) {
        for effect in self.list {
            match effect {
                Effect::Begin(call, legs) => {
                    outside.legs.enter(legs.user.id, &call, Side::User);
                    outside.legs.enter(legs.business.id, &call, Side::Business);
                    outside.media.begin(legs.user, legs.business);
                }
                Effect::Weather(leg, forecast) => outside.media.set_weather(leg, forecast),
                Effect::TakeAnswer(leg, answer) => outside.media.take_answer(leg, answer),
                Effect::Pass { user, business } => outside.media.pass(user, business),
                Effect::Close { user, business } => outside.media.close(user, business),
                Effect::Tell(wa_id, which, message) => {
                    outside.phones.tell(&wa_id, which, &message);
                }
                Effect::ShowBusinesses => outside.phones.businesses_changed(),
                Effect::Deliver => outside.deliveries.notify_one(),
                Effect::Observe(observe) => observe(),
            }
        }
    }
}

impl LegBook {
    /// Whose leg it is.
    #[must_use]
    pub fn find(&self, leg: LegId) -> Option<(CallId, Side)> {
        self.entries().get(&leg).cloned()
    }

    /// Strikes a leg out: it is closed.
    pub fn strike(&self, leg: LegId) {
        self.entries().remove(&leg);
    }

    fn enter(&self, leg: LegId, call: &CallId, side: Side) {
        self.entries().insert(leg, (call.clone(), side));
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<LegId, (CallId, Side)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effects")
            .field("waiting", &self.list.len())
            .field("last_event", &self.last_event)
            .finish()
    }
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outside")
            .field("legs", &self.legs)
            .finish_non_exhaustive()
    }
}
