//! Media on paper: legs that give Meta's own session descriptions and are nowhere.

use std::sync::atomic::{AtomicU64, Ordering};

use exchange::media_control::{LegFault, MediaControl, PreparedLeg, Side, StatsReply};
use types::LegId;

/// Makes legs and forgets what is done with them.
#[derive(Default)]
pub(crate) struct PaperMedia(AtomicU64);

impl PaperMedia {
    fn leg(&self, sdp: &str) -> PreparedLeg {
        PreparedLeg {
            id: LegId(self.0.fetch_add(1, Ordering::Relaxed) + 1),
            sdp: sdp.to_owned(),
            body: Box::new(()),
        }
    }
}

impl MediaControl for PaperMedia {
    fn prepare_answer(&self, _: Side, _: &str, _: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(META_ANSWER))
    }

    fn prepare_offer(&self, _: Side, _: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(META_OFFER))
    }

    fn begin(&self, _: PreparedLeg, _: PreparedLeg) {}

    fn take_answer(&self, _: LegId, _: String) {}

    fn pass(&self, _: LegId, _: LegId) {}

    fn close(&self, _: LegId, _: LegId) {}

    fn stats(&self, _: LegId, reply: StatsReply) {
        reply(None);
    }
}

const META_OFFER: &str = include_str!("../../../wire/src/sdp/fixtures/meta_offer.sdp");
const META_ANSWER: &str = include_str!("../../../wire/src/sdp/fixtures/meta_answer.sdp");
