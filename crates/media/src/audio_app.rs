//! What a leg without a relay is joined to: something that hears and speaks.

use std::sync::Arc;
use std::time::Duration;

use crate::dtmf::DtmfPacket;
use crate::rtp::RtpFrame;

/// How often an app is asked for its next frame, and how much audio a frame has.
pub const FRAME: Duration = Duration::from_millis(20);

/// Ticks of the 48 kHz audio clock in one frame.
pub const FRAME_TICKS: u32 = 960;

/// Hears and speaks on one leg: a player, a tone, an echo, a recorder.
///
/// It is driven from a media thread that carries many calls, so it must never wait: no file that
/// may block for long, no lock that another thread holds while it works.
pub trait AudioApp: Send {
    /// An audio packet has come. Packets may be missing, doubled or out of order.
    fn on_rtp(&mut self, frame: &RtpFrame);

    /// The peer has pressed a key; called once per press.
    fn on_digit(&mut self, digit: char);

    /// The next 20 ms to send; `None` is silence, and time goes on.
    ///
    /// Called every 20 ms once the leg is up, without drift: after a late call the next ones come
    /// sooner.
    fn tick(&mut self) -> Option<AppFrame>;
}

/// What an app sends in one tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppFrame {
    /// One Opus packet of 20 ms.
    Opus(Arc<[u8]>),
    /// One packet of a pressed key, as [`crate::dtmf::DtmfSender`] makes them; the leg counts its
    /// duration by the clock that the peer wants.
    Event(DtmfPacket),
}
