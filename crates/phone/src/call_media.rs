//! The media of phones: one [`MediaIo`] for all of them, and one leg with a handset for each call.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use media::LegFailure;
use media::audio::{Handset, HandsetControl, HandsetEvent, Mouthpiece, NotTold, Tape};
use media::dtmf::Digits;
use media_io::{
    Feed, LegWish, MediaEvent, MediaEventKind, MediaIo, MediaIoConfig, MediaIoError, PreparedLeg,
};
use tokio::sync::mpsc;
use types::{LegId, Timestamp};

use crate::machine::MediaInput;

/// The sockets and threads that phones talk over. Shared by all phones of a process.
#[derive(Debug)]
pub struct PhoneMedia {
    io: MediaIo,
    routes: Routes,
}

type Routes = Arc<Mutex<BTreeMap<LegId, MediaEvents>>>;

/// Where one phone hears what happens to its media: with the leg, since what is left to say about
/// the call before may come after the next one has begun.
pub(crate) type MediaEvents = mpsc::Sender<(LegId, MediaInput)>;

/// What one call's media heard and said. Both can be listened to while the call runs and after it.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// What the phone heard.
    pub heard: Tape,
    /// What it said.
    pub said: Tape,
}

/// The media of one call. Dropped, it is taken down.
#[derive(Debug)]
pub(crate) struct CallMedia {
    media: Arc<PhoneMedia>,
    leg: LegId,
    control: HandsetControl,
    recording: Recording,
}

impl PhoneMedia {
    /// Opens what is needed. `config.ports` must be `Ports::PerLeg`: a phone starts the checks of
    /// ICE, as a browser does.
    ///
    /// # Errors
    ///
    /// What the operating system says if a socket or a thread cannot be had.
    pub fn start(config: MediaIoConfig) -> io::Result<Arc<Self>> {
        let routes = Routes::default();
        let router = routes.clone();
        let io = MediaIo::start(config, move |event| route(&router, event))?;
        Ok(Arc::new(Self { io, routes }))
    }

    /// Ends all calls' media; returns when it has ended.
    pub fn shutdown(&self) {
        self.io.shutdown();
    }
}

impl CallMedia {
    /// Media for a call that this phone places, and its offer. Takes a millisecond or two.
    pub(crate) fn offer(
        media: &Arc<PhoneMedia>,
        now: Timestamp,
        events: MediaEvents,
    ) -> Result<(Self, String), MediaIoError> {
        let prepared = media.io.prepare_offer(LegWish::plain(now.as_millis()))?;
        Ok(Self::adopt(media, prepared, events))
    }

    /// Media for a call that rings, and its answer to `offer`. Takes a millisecond or two.
    pub(crate) fn answer(
        media: &Arc<PhoneMedia>,
        now: Timestamp,
        offer: &str,
        events: MediaEvents,
    ) -> Result<(Self, String), MediaIoError> {
        let wish = LegWish::plain(now.as_millis());
        let prepared = media.io.prepare_answer(offer, wish)?;
        Ok(Self::adopt(media, prepared, events))
    }

    fn adopt(
        media: &Arc<PhoneMedia>,
        mut prepared: PreparedLeg,
        events: MediaEvents,
    ) -> (Self, String) {
        let leg = prepared.id;
        let sdp = std::mem::take(&mut prepared.sdp);
        let recording = Recording::default();
        let tell = events.clone();
        let (handset, control) = Handset::new(Mouthpiece::Silence, move |event| {
            send(&tell, leg, handset_input(event));
        });
        let handset = handset
            .keep_heard(recording.heard.clone())
            .keep_said(recording.said.clone());
        lock(&media.routes).insert(leg, events);
        media.io.adopt(prepared, Feed::App(Box::new(handset)));
        let call = Self {
            media: media.clone(),
            leg,
            control,
            recording,
        };
        (call, sdp)
    }

    pub(crate) const fn leg(&self) -> LegId {
        self.leg
    }

    pub(crate) const fn recording(&self) -> &Recording {
        &self.recording
    }

    pub(crate) fn apply_answer(&self, sdp: String) {
        self.media.io.apply_answer(self.leg, sdp);
    }

    pub(crate) fn say(&self, mouthpiece: Mouthpiece) -> Result<(), NotTold> {
        self.control.say(mouthpiece)
    }

    pub(crate) fn press(&self, digits: Digits) -> Result<(), NotTold> {
        self.control.press(digits)
    }
}

impl Drop for CallMedia {
    fn drop(&mut self) {
        lock(&self.media.routes).remove(&self.leg);
        self.media.io.close(self.leg);
    }
}

/// On a media thread: hands an event to its phone without waiting.
fn route(routes: &Routes, event: MediaEvent) {
    let input = match event.kind {
        MediaEventKind::Up => MediaInput::Up,
        MediaEventKind::AnswerRefused(error) => MediaInput::Failed {
            why: format!("the exchange's answer is of no use: {error}"),
        },
        // The exchange closes its media when a call ends, and says so on the line as well.
        MediaEventKind::Failed(LegFailure::PeerClosed) => return,
        MediaEventKind::Failed(failure) => MediaInput::Failed {
            why: failure.to_string(),
        },
        // The handset tells of these itself.
        MediaEventKind::Digit(_) | MediaEventKind::MediaStarted => return,
        MediaEventKind::MediaStopped | MediaEventKind::Closed(_) => return,
    };
    if let Some(events) = lock(routes).get(&event.leg) {
        send(events, event.leg, input);
    }
}

fn send(events: &MediaEvents, leg: LegId, input: MediaInput) {
    if events.try_send((leg, input)).is_err() {
        tracing::warn!(leg = %leg, "a phone does not keep up with its media's events");
    }
}

const fn handset_input(event: HandsetEvent) -> MediaInput {
    match event {
        HandsetEvent::HearsAudio => MediaInput::HearsAudio,
        HandsetEvent::Digit(digit) => MediaInput::Digit(digit),
        HandsetEvent::ClipEnded => MediaInput::ClipEnded,
        HandsetEvent::DigitsSent => MediaInput::DigitsSent,
    }
}

fn lock(routes: &Routes) -> MutexGuard<'_, BTreeMap<LegId, MediaEvents>> {
    // No code that can panic runs while it is locked.
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}
