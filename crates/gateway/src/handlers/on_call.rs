//! A handler on one leg: silent and deaf until the call is answered.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use media::audio::handset::NotTold;
use media::audio::{Handset, HandsetControl, HandsetEvent, Mouthpiece, OggTrack, Track};
use media::audio_app::{AppFrame, AudioApp, FRAME};
use media::rtp::RtpFrame;

use super::Handler;

/// What a handler tells of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandlerEvent {
    /// The user pressed a key.
    Digit(char),
    /// It has said all it had to say.
    Done,
    /// It has left its leg, and its recording is finished.
    Gone,
}

/// The app on the media thread.
pub(crate) struct OnCall {
    handset: Handset,
    answered: Arc<AtomicBool>,
    /// Ticks until it hangs up by itself.
    ticks_left: Option<u32>,
    tell: Arc<dyn Fn(HandlerEvent) + Send + Sync>,
    /// The last field, so that it is dropped after the handset and its recordings.
    _farewell: Farewell,
}

/// Tells that all before it is gone.
struct Farewell(Arc<dyn Fn(HandlerEvent) + Send + Sync>);

impl Drop for Farewell {
    fn drop(&mut self) {
        (self.0)(HandlerEvent::Gone);
    }
}

/// Lets a handler on a leg begin.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    control: HandsetControl,
    answered: Arc<AtomicBool>,
    mouthpiece: Mouthpiece,
}

/// Where the two sides are recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recording<'a> {
    /// The user's side.
    pub(crate) user: &'a Path,
    /// Ours.
    pub(crate) business: &'a Path,
}

impl OnCall {
    /// Puts a handler on a leg. `tell` is called on the media thread and must not wait.
    ///
    /// # Errors
    ///
    /// If a recording cannot be begun.
    pub(crate) fn new(
        handler: &Handler,
        recording: Option<Recording<'_>>,
        tell: impl Fn(HandlerEvent) + Send + Sync + 'static,
    ) -> std::io::Result<(Self, Start)> {
        let tell: Arc<dyn Fn(HandlerEvent) + Send + Sync> = Arc::new(tell);
        let answered = Arc::new(AtomicBool::new(false));
        let handset_tells = tell.clone();
        let (mut handset, control) = Handset::new(Mouthpiece::Nothing, move |event| match event {
            HandsetEvent::Digit(digit) => handset_tells(HandlerEvent::Digit(digit)),
            HandsetEvent::ClipEnded => handset_tells(HandlerEvent::Done),
            HandsetEvent::HearsAudio | HandsetEvent::DigitsSent => {}
        });
        if let Some(recording) = recording {
            let track = |path: &Path| FromAnswer::new(path, answered.clone());
            handset = handset
                .keep_heard(track(recording.user)?)
                .keep_said(track(recording.business)?);
        }
        let ticks_left = handler
            .hangs_up_after()
            .map(|after| u32::try_from(after.as_millis() / FRAME.as_millis()).unwrap_or(u32::MAX));
        let start = Start {
            control,
            answered: answered.clone(),
            mouthpiece: handler.mouthpiece(),
        };
        let app = Self {
            handset,
            answered,
            ticks_left,
            _farewell: Farewell(tell.clone()),
            tell,
        };
        Ok((app, start))
    }
}

impl Start {
    /// The call is answered: speak, listen and record from now on.
    ///
    /// # Errors
    ///
    /// If the leg is gone.
    pub(crate) fn start(&self) -> Result<(), NotTold> {
        self.answered.store(true, Ordering::Release);
        self.control.say(self.mouthpiece.clone())
    }
}

impl AudioApp for OnCall {
    fn on_rtp(&mut self, frame: &RtpFrame) {
        if self.answered.load(Ordering::Acquire) {
            self.handset.on_rtp(frame);
        }
    }

    fn on_digit(&mut self, digit: char) {
        if self.answered.load(Ordering::Acquire) {
            self.handset.on_digit(digit);
        }
    }

    fn tick(&mut self) -> Option<AppFrame> {
        if !self.answered.load(Ordering::Acquire) {
            return None;
        }
        if let Some(left) = self.ticks_left {
            self.ticks_left = left.checked_sub(1);
            if left == 0 {
                (self.tell)(HandlerEvent::Done);
            }
        }
        self.handset.tick()
    }
}

/// A recording that begins with the answer and is finished when its leg closes. A crash leaves a file
/// that plays up to its last second.
struct FromAnswer {
    track: Option<OggTrack<BufWriter<File>>>,
    answered: Arc<AtomicBool>,
}

impl FromAnswer {
    fn new(path: &Path, answered: Arc<AtomicBool>) -> std::io::Result<Self> {
        let sink = BufWriter::new(File::create(path)?);
        let track = OggTrack::new(sink).map_err(std::io::Error::other)?;
        Ok(Self {
            track: Some(track),
            answered,
        })
    }
}

impl Track for FromAnswer {
    fn packet(&mut self, timestamp: u32, packet: &Arc<[u8]>) {
        if let Some(track) = &mut self.track {
            track.packet(timestamp, packet);
        }
    }

    fn tick(&mut self) {
        if self.answered.load(Ordering::Acquire)
            && let Some(track) = &mut self.track
        {
            track.tick();
        }
    }
}

impl Drop for FromAnswer {
    fn drop(&mut self) {
        let finished = self.track.take().map(OggTrack::finish);
        if let Some(Err(error)) = finished {
            tracing::error!(%error, "a recording could not be finished");
        }
    }
}
