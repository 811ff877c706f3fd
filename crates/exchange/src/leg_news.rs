//! From the legs to the desk: what media reports, taken off its threads and handed on in order.

use tokio::sync::mpsc;
use types::limits::{HANG_UP_FOLLOWS_WITHIN, LEG_NEWS_BATCH_MAX, LEG_NEWS_QUEUE_MAX};
use types::{CallId, LegId};

use crate::desk::{Desk, LegBook, Refused, calls};
use crate::media_control::{LegNews, Side};
use crate::pause;

/// Where media puts its news. Clones share the queue.
#[derive(Debug, Clone)]
pub struct LegNewsSink(mpsc::Sender<(LegId, LegNews)>);

/// Where the exchange takes them.
#[derive(Debug)]
pub struct LegNewsSource(mpsc::Receiver<(LegId, LegNews)>);

/// A queue of news from the legs. Made before media is started, which gets the sink.
#[must_use]
pub fn leg_news() -> (LegNewsSink, LegNewsSource) {
    let (sink, source) = mpsc::channel(LEG_NEWS_QUEUE_MAX);
    (LegNewsSink(sink), LegNewsSource(source))
}

impl LegNewsSink {
    /// Puts news into the queue, never waiting: media threads have packets to move. News that find no
    /// room are lost, and the call's deadlines are left to deal with it.
    pub fn put(&self, leg: LegId, news: LegNews) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send((leg, news)) {
            tracing::error!(
                leg = leg.0,
                "too much news from the legs; some of it is lost"
            );
        }
    }
}

/// Hands news on to the desk until there is no more.
pub(crate) async fn hand_on(mut source: LegNewsSource, desk: Desk, legs: LegBook) {
    let mut batch = Vec::with_capacity(LEG_NEWS_BATCH_MAX);
    while source.0.recv_many(&mut batch, LEG_NEWS_BATCH_MAX).await > 0 {
        let known: Vec<_> = batch
            .drain(..)
            .filter_map(|(leg, news)| {
                let (call, side) = legs.find(leg)?;
                if matches!(news, LegNews::Closed(_)) {
                    legs.strike(leg);
                }
                if matches!((side, &news), (Side::Business, LegNews::PeerLeft)) {
                    tokio::spawn(hand_on_late(desk.clone(), call, side, news));
                    return None;
                }
                Some((call, side, news))
            })
            .collect();
        let handed = desk
            .run_patiently(move |turn| {
                known
                    .into_iter()
                    .try_for_each(|(call, side, news)| calls::leg_news(turn, &call, side, news))
            })
            .await;
        if let Err(error) = handed {
            tracing::error!(%error, "news from the legs were lost");
            if matches!(error, Refused::Desk(crate::desk::DeskError::Stopped)) {
                return;
            }
        }
    }
}

/// A business that closes its media is about to hang up over the API, or has done so, and the two
/// overtake each other: a call that is not over a moment later has lost that leg.
async fn hand_on_late(desk: Desk, call: CallId, side: Side, news: LegNews) {
    pause::for_real(HANG_UP_FOLLOWS_WITHIN).await;
    let handed = desk
        .run_patiently(move |turn| calls::leg_news(turn, &call, side, news))
        .await;
    if let Err(error) = handed {
        tracing::error!(%error, "news from a leg were lost");
    }
}

#[cfg(test)]
mod tests;
