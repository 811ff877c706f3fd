//! What the desk asks of media. Whoever needs the media of a call asks through [`MediaControl`];
//! where the legs live is not the desk's to know.

use std::any::Any;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use media::LegStats;
use media::weather::Wind;
use serde_json::json;
use tokio::sync::oneshot;
use types::LegId;

mod udp_legs;

pub use media::weather::Forecast;
pub use store::legs::Side;
pub use udp_legs::UdpLegs;

/// The legs of calls, made and moved.
///
/// A leg is prepared before its call is decided, and is nothing to the network until the call is
/// saved and [`MediaControl::begin`] takes it: a prepared leg that is dropped never was. The other
/// functions only send a word to whoever holds the leg and return at once; what they bring about,
/// failures included, comes back as media events.
pub trait MediaControl: Send + Sync + 'static {
    /// A leg that answers `offer`, which has been checked. `beside` is the other leg of the call, if
    /// it is prepared already: the two must come to lie together.
    ///
    /// # Errors
    ///
    /// When the offer cannot be answered, with a sentence for the one who sent it.
    fn prepare_answer(
        &self,
        side: Side,
        offer: &str,
        beside: Option<LegId>,
    ) -> Result<PreparedLeg, LegFault>;

    /// A leg that offers, and waits for [`MediaControl::take_answer`]. `beside` as above.
    ///
    /// # Errors
    ///
    /// When there is no room for another leg.
    fn prepare_offer(&self, side: Side, beside: Option<LegId>) -> Result<PreparedLeg, LegFault>;

    /// Puts both legs of a call on the network, joined to each other with the gate closed.
    fn begin(&self, user: PreparedLeg, business: PreparedLeg);

    /// Makes the weather on a leg so from now on: what its network loses and delays, and what of its
    /// peer's audio is passed on.
    fn set_weather(&self, leg: LegId, forecast: Forecast);

    /// Gives a leg that has offered its answer, which has been checked.
    fn take_answer(&self, leg: LegId, answer: String);

    /// Opens the gate between two legs: media passes both ways.
    fn pass(&self, user: LegId, business: LegId);

    /// Takes both legs of a call off the network, whatever became of them.
    fn close(&self, user: LegId, business: LegId);

    /// The addresses that media comes from, where that is known.
    fn addresses(&self) -> Vec<IpAddr> {
        Vec::new()
    }

    /// Asks for the counts of a leg. `reply` gets none if the leg is not on the network, and may be
    /// dropped unanswered; see [`stats`].
    fn stats(&self, leg: LegId, reply: StatsReply);
}

/// Takes the counts of a leg, on whichever thread has them; it must not wait.
pub type StatsReply = Box<dyn FnOnce(Option<LegStats>) + Send>;

/// The counts of a leg, as a JSON object; none if it is not on the network.
pub async fn stats(media: &dyn MediaControl, leg: LegId) -> Option<serde_json::Value> {
    let (reply, answer) = oneshot::channel();
    let reply: StatsReply = Box::new(move |stats| {
        // Whoever asked may have gone away.
        reply.send(stats).ok();
    });
    media.stats(leg, reply);
    answer.await.ok().flatten().map(|stats| stats_json(&stats))
}

/// A leg's counts as they stand in rows and answers.
#[must_use]
pub fn stats_json(stats: &LegStats) -> serde_json::Value {
    let ms = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    json!({
        "packets_received": stats.packets_received,
        "bytes_received": stats.bytes_received,
        "packets_lost": stats.packets_lost,
        "jitter_ms": ms(stats.jitter),
        "packets_sent": stats.packets_sent,
        "bytes_sent": stats.bytes_sent,
        "packets_lost_by_peer": stats.packets_lost_by_peer,
        "jitter_at_peer_ms": stats.jitter_at_peer.map(ms),
        "round_trip_ms": stats.round_trip.map(ms),
    })
}

/// The weather on a leg as it stands in rows, events and answers.
#[must_use]
pub fn weather_json(forecast: &Forecast) -> serde_json::Value {
    json!({
        "toward_exchange": wind_json(&forecast.from_peer),
        "toward_party": wind_json(&forecast.to_peer),
        "no_media": forecast.no_media,
        "one_way_audio": forecast.unheard,
        "ice_blackhole": forecast.no_checks,
        "seed": forecast.seed,
    })
}

fn wind_json(wind: &Wind) -> serde_json::Value {
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    json!({
        "loss_percent": f64::from(wind.loss_permille) / 10.0,
        "delay_ms": ms(wind.delay),
        "jitter_ms": ms(wind.jitter),
    })
}

/// A leg that nobody but its owner knows of yet.
pub struct PreparedLeg {
    /// Its id, good for as long as the process lives.
    pub id: LegId,
    /// The session description that it gives: an answer or an offer.
    pub sdp: String,
    /// The leg itself, for the implementation that made it.
    pub body: Box<dyn Any + Send>,
}

impl fmt::Debug for PreparedLeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedLeg")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The two legs of a call that is about to be placed.
#[derive(Debug)]
pub struct PreparedLegs {
    /// The user's.
    pub user: PreparedLeg,
    /// The business's.
    pub business: PreparedLeg,
}

impl PreparedLegs {
    /// For a call that a user places: their offer is answered, and the business is offered to.
    ///
    /// # Errors
    ///
    /// As [`MediaControl::prepare_answer`].
    pub fn for_dial(media: &dyn MediaControl, offer: &str) -> Result<Self, LegFault> {
        let user = media.prepare_answer(Side::User, offer, None)?;
        let business = media.prepare_offer(Side::Business, Some(user.id))?;
        Ok(Self { user, business })
    }

    /// For a call that the business places: its offer is answered, and the user is offered to.
    ///
    /// # Errors
    ///
    /// As [`MediaControl::prepare_answer`].
    pub fn for_connect(media: &dyn MediaControl, offer: &str) -> Result<Self, LegFault> {
        let business = media.prepare_answer(Side::Business, offer, None)?;
        let user = media.prepare_offer(Side::User, Some(business.id))?;
        Ok(Self { user, business })
    }
}

/// Why a leg could not be made: a sentence for whoever sent the session description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LegFault {
    /// The session description passed the checks and yet cannot be used.
    #[error("{0}")]
    Sdp(String),
    /// No more legs fit on this node.
    #[error("The platform has no room for another call at this moment. Try again later.")]
    NoRoom,
}

/// What happened to a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegNews {
    /// ICE and DTLS are through.
    Up,
    /// Audio began to come, or began again.
    MediaStarted,
    /// Audio ceased.
    MediaStopped,
    /// The peer closed its end in an orderly way.
    PeerLeft,
    /// The leg is lost.
    Failed,
    /// The leg is closed; these are its last counts.
    Closed(LegStats),
}
