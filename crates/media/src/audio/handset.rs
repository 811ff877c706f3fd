//! What sits on a leg that is nobody's relay: an ear that may keep what it hears, a mouth that plays
//! a clip, a tone or an echo, and keys. One app for phones, handlers and tests.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use types::limits::HANDSET_ORDERS_MAX;

use super::track::Track;
use super::{Clip, FRAME_SAMPLES, SILENT_PACKET};
use crate::audio_app::{AppFrame, AudioApp};
use crate::dtmf::{Digits, DtmfSender};
use crate::rtp::{FrameKind, RtpFrame};

/// What a handset sends when no key is pressed.
#[derive(Debug, Clone)]
pub enum Mouthpiece {
    /// Packets of silence, so that the other side's clock of missing media stands still.
    Silence,
    /// Nothing at all, as a peer whose microphone never started.
    Nothing,
    /// A clip, then silence.
    Once(Clip),
    /// A clip, over and over.
    Loop(Clip),
    /// What it hears, as soon as it has heard it.
    Echo,
}

/// What happened on a handset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandsetEvent {
    /// The first audio of the other side.
    HearsAudio,
    /// The other side pressed a key.
    Digit(char),
    /// A clip that plays once is over.
    ClipEnded,
    /// The last key of a row has been sent.
    DigitsSent,
}

/// The app on the media thread. It is told what to do by its [`HandsetControl`].
pub struct Handset {
    mouth: Mouth,
    keys: DtmfSender,
    keys_busy: bool,
    heard: Option<Box<dyn Track>>,
    said: Option<Box<dyn Track>>,
    hears: bool,
    orders: Receiver<Order>,
    tell: Box<dyn Fn(HandsetEvent) + Send>,
    /// The RTP timestamp, from 0, of what is said next.
    clock: u32,
}

/// Tells a handset what to do, from any thread. Clones tell the same one.
#[derive(Debug, Clone)]
pub struct HandsetControl {
    orders: SyncSender<Order>,
}

/// Why a handset was not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTold {
    /// Its leg is closed.
    #[error("the call's media is closed")]
    Closed,
    /// It was told too much at once.
    #[error("too many orders are waiting: at most {HANDSET_ORDERS_MAX}")]
    Busy,
}

impl Handset {
    /// A handset that does as `mouthpiece` says and keeps nothing; `tell` is called on the media
    /// thread and must not wait.
    #[must_use]
    pub fn new(
        mouthpiece: Mouthpiece,
        tell: impl Fn(HandsetEvent) + Send + 'static,
    ) -> (Self, HandsetControl) {
        let (sender, orders) = sync_channel(HANDSET_ORDERS_MAX);
        let handset = Self {
            mouth: Mouth::new(mouthpiece),
            keys: DtmfSender::new(),
            keys_busy: false,
            heard: None,
            said: None,
            hears: false,
            orders,
            tell: Box::new(tell),
            clock: 0,
        };
        (handset, HandsetControl { orders: sender })
    }

    /// Keeps what it hears.
    #[must_use]
    pub fn keep_heard(mut self, track: impl Track + 'static) -> Self {
        self.heard = Some(Box::new(track));
        self
    }

    /// Keeps what it says.
    #[must_use]
    pub fn keep_said(mut self, track: impl Track + 'static) -> Self {
        self.said = Some(Box::new(track));
        self
    }

    fn obey(&mut self) {
        while let Ok(order) = self.orders.try_recv() {
            match order {
                Order::Say(mouthpiece) => self.mouth = Mouth::new(mouthpiece),
                Order::Press(digits) => {
                    // More keys than fit are more than anybody waits for; the rest of the row stands.
                    if self.keys.press(&digits).is_ok() {
                        self.keys_busy = true;
                    }
                }
            }
        }
    }

    fn say(&mut self) -> Option<AppFrame> {
        if let Some(event) = self.keys.tick() {
            return Some(AppFrame::Event(event));
        }
        if self.keys_busy && self.keys.is_idle() {
            self.keys_busy = false;
            (self.tell)(HandsetEvent::DigitsSent);
        }
        let (packet, ended) = self.mouth.next();
        if ended {
            (self.tell)(HandsetEvent::ClipEnded);
        }
        let packet = packet?;
        if let Some(said) = &mut self.said {
            said.packet(self.clock, &packet);
        }
        Some(AppFrame::Opus(packet))
    }
}

impl AudioApp for Handset {
    fn on_rtp(&mut self, frame: &RtpFrame) {
        if frame.kind != FrameKind::Audio {
            return;
        }
        if !self.hears {
            self.hears = true;
            (self.tell)(HandsetEvent::HearsAudio);
        }
        if let Some(heard) = &mut self.heard {
            heard.packet(frame.timestamp, &frame.payload);
        }
        self.mouth.hear(&frame.payload);
    }

    fn on_digit(&mut self, digit: char) {
        (self.tell)(HandsetEvent::Digit(digit));
    }

    fn tick(&mut self) -> Option<AppFrame> {
        self.obey();
        for track in [&mut self.heard, &mut self.said].into_iter().flatten() {
            track.tick();
        }
        let frame = self.say();
        self.clock = self.clock.wrapping_add(FRAME_SAMPLES as u32);
        frame
    }
}

impl fmt::Debug for Handset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handset")
            .field("mouth", &self.mouth)
            .field("keys", &self.keys)
            .field("hears", &self.hears)
            .finish_non_exhaustive()
    }
}

impl HandsetControl {
    /// Says something else from now on.
    ///
    /// # Errors
    ///
    /// The handset is gone or has been told too much at once.
    pub fn say(&self, mouthpiece: Mouthpiece) -> Result<(), NotTold> {
        self.order(Order::Say(mouthpiece))
    }

    /// Presses keys, after those that were pressed before. What is being said waits meanwhile.
    ///
    /// # Errors
    ///
    /// The handset is gone or has been told too much at once.
    pub fn press(&self, digits: Digits) -> Result<(), NotTold> {
        self.order(Order::Press(digits))
    }

    fn order(&self, order: Order) -> Result<(), NotTold> {
        self.orders.try_send(order).map_err(|error| match error {
            TrySendError::Full(_) => NotTold::Busy,
            TrySendError::Disconnected(_) => NotTold::Closed,
        })
    }
}

#[derive(Debug)]
enum Order {
    Say(Mouthpiece),
    Press(Digits),
}

/// A mouthpiece and how far it has come.
#[derive(Debug)]
enum Mouth {
    Silence(Arc<[u8]>),
    Nothing,
    Clip {
        clip: Clip,
        at: usize,
        repeat: bool,
        silence: Arc<[u8]>,
    },
    Echo {
        waiting: VecDeque<Arc<[u8]>>,
        silence: Arc<[u8]>,
    },
}

impl Mouth {
    fn new(mouthpiece: Mouthpiece) -> Self {
        let silence: Arc<[u8]> = Arc::from(SILENT_PACKET);
        let clip = |clip, repeat, silence| Self::Clip {
            clip,
            at: 0,
            repeat,
            silence,
        };
        match mouthpiece {
            Mouthpiece::Silence => Self::Silence(silence),
            Mouthpiece::Nothing => Self::Nothing,
            Mouthpiece::Once(it) => clip(it, false, silence),
            Mouthpiece::Loop(it) => clip(it, true, silence),
            Mouthpiece::Echo => Self::Echo {
                waiting: VecDeque::new(),
                silence,
            },
        }
    }

    fn hear(&mut self, packet: &Arc<[u8]>) {
        if let Self::Echo { waiting, .. } = self {
            if waiting.len() == ECHO_PACKETS_MAX {
                waiting.pop_front();
            }
            waiting.push_back(packet.clone());
        }
    }

    /// The next 20 ms, and whether a clip has just ended.
    fn next(&mut self) -> (Option<Arc<[u8]>>, bool) {
        match self {
            Self::Silence(silence) => (Some(silence.clone()), false),
            Self::Nothing => (None, false),
            Self::Echo { waiting, silence } => {
                let packet = waiting.pop_front().unwrap_or_else(|| silence.clone());
                (Some(packet), false)
            }
            Self::Clip {
                clip,
                at,
                repeat,
                silence,
            } => {
                let packets = clip.packets();
                if *repeat && *at == packets.len() {
                    *at = 0;
                }
                let packet = packets.get(*at).unwrap_or(silence).clone();
                // Told once, in the tick after the last packet.
                let ended = *at == packets.len();
                *at = (*at + 1).min(packets.len() + 1);
                (Some(packet), ended)
            }
        }
    }
}

/// An echo later than 200 ms is worse than one with a word missing.
const ECHO_PACKETS_MAX: usize = 10;

#[cfg(test)]
mod tests;
