//! Media without sockets: legs that exist on paper, and a list of what was done with them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use exchange::media_control::{LegFault, MediaControl, PreparedLeg, Side, StatsReply};
use media::LegStats;
use media::weather::Forecast;
use types::LegId;

/// Writes down what the desk asks of media.
#[derive(Default)]
pub(crate) struct FakeMedia {
    last: AtomicU64,
    done: Mutex<Vec<String>>,
    /// What every leg gives, instead of a few words that say which leg it is.
    offer_and_answer: Option<(&'static str, &'static str)>,
}

impl FakeMedia {
    /// Legs that give these session descriptions, for doors that read them.
    pub(crate) fn giving(offer: &'static str, answer: &'static str) -> Self {
        Self {
            offer_and_answer: Some((offer, answer)),
            ..Self::default()
        }
    }

    /// What was asked for since the last look, in order.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, what: String) {
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
    }

    fn leg(&self, side: Side, what: &str) -> PreparedLeg {
        let id = LegId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        PreparedLeg {
            id,
            sdp: match self.offer_and_answer {
                Some((offer, _)) if what == "offer" => offer.to_owned(),
                Some((_, answer)) => answer.to_owned(),
                None => format!("{what} of leg {id} to the {side}"),
            },
            body: Box::new(()),
        }
    }
}

impl MediaControl for FakeMedia {
    fn prepare_answer(
        &self,
        side: Side,
        _offer: &str,
        _beside: Option<LegId>,
    ) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(side, "answer"))
    }

    fn prepare_offer(&self, side: Side, _beside: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(side, "offer"))
    }

    fn begin(&self, user: PreparedLeg, business: PreparedLeg) {
        self.note(format!("begin user {} business {}", user.id, business.id));
    }

    fn set_weather(&self, leg: LegId, forecast: Forecast) {
        self.note(format!("weather {leg}: {forecast:?}"));
    }

    fn take_answer(&self, leg: LegId, _answer: String) {
        self.note(format!("take answer {leg}"));
    }

    fn pass(&self, user: LegId, business: LegId) {
        self.note(format!("pass user {user} business {business}"));
    }

    fn close(&self, user: LegId, business: LegId) {
        self.note(format!("close user {user} business {business}"));
    }

    fn stats(&self, _leg: LegId, reply: StatsReply) {
        reply(Some(LegStats::default()));
    }
}
