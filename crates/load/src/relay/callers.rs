//! The callers: WebRTC peers with a port each, which stamp what they send and time what they hear.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use media::{AppFrame, AudioApp, FrameKind, RtpFrame};
use media_io::{Address, Feed, LegWish, MediaEventKind, MediaIo, MediaIoConfig, Ports};

use super::child::Child;
use super::exchange_side::{Answers, Offers};
use super::latency::Latency;
use super::{PAYLOAD_BYTES, Traffic};

/// All peers of one run.
#[derive(Debug)]
pub struct Callers {
    media: MediaIo,
    traffic: Arc<Traffic>,
    up: Arc<AtomicUsize>,
}

impl Callers {
    /// Starts media for them.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn start(traffic: &Arc<Traffic>) -> io::Result<Self> {
        let config = MediaIoConfig {
            addresses: vec![Address::plain(Ipv4Addr::LOCALHOST.into())],
            ports: Ports::PerLeg(0..=0),
            workers: 1,
            seed: [2; 32],
        };
        let up = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&up);
        let media = MediaIo::start(config, move |event| {
            if event.kind == MediaEventKind::Up {
                counter.fetch_add(1, Relaxed);
            }
        })?;
        Ok(Self {
            media,
            traffic: Arc::clone(traffic),
            up,
        })
    }

    /// Places calls through the relay and awaits that all are up.
    ///
    /// # Errors
    ///
    /// What the pipes say, or that the calls do not come up.
    pub fn place(&self, child: &mut Child, calls: usize) -> io::Result<()> {
        let wanted = self.up.load(Relaxed) + calls * 2;
        for _ in 0..calls {
            let wish = LegWish::plain(1);
            let one = self.media.prepare_offer(wish).map_err(io::Error::other)?;
            let other = self.media.prepare_offer(wish).map_err(io::Error::other)?;
            let answers: Answers = child.ask(&Offers(one.sdp.clone(), other.sdp.clone()))?;
            for (leg, answer) in [(one, answers.0), (other, answers.1)] {
                let id = leg.id;
                self.media
                    .adopt(leg, Feed::App(Box::new(Caller(Arc::clone(&self.traffic)))));
                self.media.apply_answer(id, answer);
            }
        }
        let deadline = Instant::now() + UP_WITHIN;
        while self.up.load(Relaxed) < wanted {
            if Instant::now() > deadline {
                return Err(io::Error::other("the calls did not come up"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

/// One peer's voice and ear.
struct Caller(Arc<Traffic>);

impl AudioApp for Caller {
    fn on_rtp(&mut self, frame: &RtpFrame) {
        if frame.kind == FrameKind::Audio {
            self.0.received.fetch_add(1, Relaxed);
            self.0.latency.take(&frame.payload);
        }
    }

    fn on_digit(&mut self, _digit: char) {}

    fn tick(&mut self) -> Option<AppFrame> {
        if !self.0.go.load(Relaxed) {
            return None;
        }
        self.0.sent.fetch_add(1, Relaxed);
        let mut payload = [0x5a; PAYLOAD_BYTES];
        Latency::stamp(&mut payload);
        Some(AppFrame::Opus(Arc::from(payload)))
    }
}

const UP_WITHIN: Duration = Duration::from_secs(60);
