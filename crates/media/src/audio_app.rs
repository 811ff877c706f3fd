//! What a leg without a relay is joined to: something that hears and speaks.

use std::sync::Arc;
use std::time::Duration;

use crate::rtp::{RtpFrame, TelephoneEvent};

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
    /// One packet of a pressed key.
    Event {
        /// Whether this is the first packet of the press; the others of the same press keep its
        /// RTP timestamp (RFC 4733, 2.1).
        start: bool,
        /// The state of the press.
        event: TelephoneEvent,
    },
}
