//! What the exchange's effects act on here: phones and legs on paper, which keep what they are told
//! until the world has time for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exchange::desk::{LegBook, Outside};
use exchange::media_control::{Forecast, LegFault, MediaControl, PreparedLeg, Side, StatsReply};
use exchange::phone_lines::{PhoneLines, Which};
use phone::line::ToPhone;
use types::{LegId, WaId};

/// What the exchange said to the world outside.
pub(crate) enum Word {
    /// To phones of a user.
    Phone(WaId, Which, ToPhone),
    /// To every phone, that businesses show themselves differently.
    BusinessesChanged,
    /// These legs are on the network.
    Begin(LegId, LegId),
    /// This leg has its answer.
    Answer(LegId),
    /// Media passes between these.
    Pass(LegId, LegId),
    /// These legs are gone.
    Close(LegId, LegId),
}

/// Everything that was said and not heard yet, in order.
#[derive(Clone, Default)]
pub(crate) struct Paper(Arc<Inner>);

#[derive(Default)]
struct Inner {
    words: Mutex<Vec<Word>>,
    last_leg: AtomicU64,
}

impl Paper {
    /// What an exchange is given that has just started.
    pub(crate) fn outside(&self) -> Outside {
        Outside {
            media: Arc::new(self.clone()),
            phones: Arc::new(self.clone()),
            deliveries: Arc::default(),
            legs: LegBook::default(),
        }
    }

    /// What was said since the last time.
    pub(crate) fn take(&self) -> Vec<Word> {
        std::mem::take(&mut *self.words())
    }

    fn say(&self, word: Word) {
        self.words().push(word);
    }

    fn words(&self) -> MutexGuard<'_, Vec<Word>> {
        self.0.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leg(&self, side: Side, what: &str) -> PreparedLeg {
        let id = LegId(self.0.last_leg.fetch_add(1, Ordering::Relaxed) + 1);
        PreparedLeg {
            id,
            sdp: format!("{what} to the {side}"),
            body: Box::new(()),
        }
    }
}

impl PhoneLines for Paper {
    fn tell(&self, wa_id: &WaId, which: Which, message: &ToPhone) {
        self.say(Word::Phone(wa_id.clone(), which, message.clone()));
    }

    fn businesses_changed(&self) {
        self.say(Word::BusinessesChanged);
    }
}

impl MediaControl for Paper {
    fn prepare_answer(
        &self,
        side: Side,
        _: &str,
        _: Option<LegId>,
    ) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(side, "answer"))
    }

    fn prepare_offer(&self, side: Side, _: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(side, "offer"))
    }

    fn begin(&self, user: PreparedLeg, business: PreparedLeg) {
        self.say(Word::Begin(user.id, business.id));
    }

    /// No packet moves here, so that no weather can hold one up.
    fn set_weather(&self, _: LegId, _: Forecast) {}

    fn take_answer(&self, leg: LegId, _: String) {
        self.say(Word::Answer(leg));
    }

    fn pass(&self, user: LegId, business: LegId) {
        self.say(Word::Pass(user, business));
    }

    fn close(&self, user: LegId, business: LegId) {
        self.say(Word::Close(user, business));
    }

    fn stats(&self, _: LegId, reply: StatsReply) {
        reply(None);
    }
}
