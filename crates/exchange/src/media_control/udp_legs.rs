//! [`MediaControl`] over the UDP sockets of this process.

use std::io;
use std::net::IpAddr;

use media::weather::Forecast;
use media::{LegFailure, LegStats};
use media_io::{
    Feed, LegWish, MediaEvent, MediaEventKind, MediaIo, MediaIoConfig, MediaIoError,
    PreparedLeg as UdpLeg,
};
use types::LegId;

use super::{LegFault, LegNews, MediaControl, PreparedLeg, Side, StatsReply};
use crate::clock::Clock;
use crate::leg_news::LegNewsSink;

/// The legs of calls on this process's media threads.
pub struct UdpLegs {
    io: MediaIo,
    clock: Clock,
}

impl UdpLegs {
    /// Opens the sockets and starts the media threads; what happens to legs goes to `news`.
    ///
    /// # Errors
    ///
    /// As [`MediaIo::start`].
    pub fn start(config: MediaIoConfig, clock: Clock, news: LegNewsSink) -> io::Result<Self> {
        let io = MediaIo::start(config, move |event| pass_on(&news, event))?;
        Ok(Self { io, clock })
    }

    /// The media threads themselves: their addresses, and their end.
    #[must_use]
    pub const fn io(&self) -> &MediaIo {
        &self.io
    }

    /// Legs to the business look as Meta's do, legs to phones as those of any WebRTC client.
    fn wish(&self, side: Side) -> LegWish {
        let session_id = self.clock.now().as_millis();
        match side {
            Side::Business => LegWish::meta(session_id),
            Side::User => LegWish::plain(session_id),
        }
    }
}

impl MediaControl for UdpLegs {
    fn prepare_answer(
        &self,
        side: Side,
        offer: &str,
        beside: Option<LegId>,
    ) -> Result<PreparedLeg, LegFault> {
        let wish = LegWish {
            beside,
            ..self.wish(side)
        };
        Ok(prepared(self.io.prepare_answer(offer, wish)?))
    }

    fn prepare_offer(&self, side: Side, beside: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        let wish = LegWish {
            beside,
            ..self.wish(side)
        };
        Ok(prepared(self.io.prepare_offer(wish)?))
    }

    fn begin(&self, user: PreparedLeg, business: PreparedLeg) {
        let ids = (user.id, business.id);
        for leg in [user, business] {
            match leg.body.downcast::<UdpLeg>() {
                Ok(body) => self.io.adopt(*body, Feed::Relay),
                Err(_) => tracing::error!(leg = leg.id.0, "a leg that was not prepared here"),
            }
        }
        if let Err(error) = self.io.join(ids.0, ids.1) {
            tracing::error!(%error, "the legs of a call could not be joined");
        }
    }

    fn set_weather(&self, leg: LegId, forecast: Forecast) {
        self.io.set_weather(leg, forecast);
    }

    fn take_answer(&self, leg: LegId, answer: String) {
        self.io.apply_answer(leg, answer);
    }

    fn pass(&self, user: LegId, _business: LegId) {
        // The gate stands between two legs: either names it.
        self.io.pass(user, true);
    }

    fn close(&self, user: LegId, business: LegId) {
        self.io.close(user);
        self.io.close(business);
    }

    fn addresses(&self) -> Vec<IpAddr> {
        let candidates = self.io.candidates().into_iter();
        let mut addresses: Vec<IpAddr> = candidates.map(|it| it.ip()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }

    fn stats(&self, leg: LegId, reply: StatsReply) {
        self.io
            .stats(leg, move |stats: Option<LegStats>| reply(stats));
    }
}

fn prepared(leg: UdpLeg) -> PreparedLeg {
    PreparedLeg {
        id: leg.id,
        sdp: leg.sdp.clone(),
        body: Box::new(leg),
    }
}

fn pass_on(news: &LegNewsSink, event: MediaEvent) {
    let what = match event.kind {
        MediaEventKind::Up => LegNews::Up,
        MediaEventKind::MediaStarted => LegNews::MediaStarted,
        MediaEventKind::MediaStopped => LegNews::MediaStopped,
        // Digits pass from leg to leg; the platform does not listen.
        MediaEventKind::Digit(_) => return,
        MediaEventKind::AnswerRefused(error) => {
            tracing::warn!(leg = event.leg.0, %error, "a leg cannot use the answer it was given");
            LegNews::Failed
        }
        MediaEventKind::Failed(LegFailure::PeerClosed) => LegNews::PeerLeft,
        MediaEventKind::Failed(failure) => {
            tracing::info!(leg = event.leg.0, ?failure, "a leg failed");
            LegNews::Failed
        }
        MediaEventKind::Closed(stats) => LegNews::Closed(stats),
    };
    news.put(event.leg, what);
}

impl From<MediaIoError> for LegFault {
    fn from(error: MediaIoError) -> Self {
        match error {
            MediaIoError::Leg(error) => {
                Self::Sdp(format!("The media platform cannot use it: {error}."))
            }
            MediaIoError::Port(_)
            | MediaIoError::Full
            | MediaIoError::Apart
            | MediaIoError::Stopped => {
                tracing::error!(%error, "no leg could be prepared");
                Self::NoRoom
            }
        }
    }
}
