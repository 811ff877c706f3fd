//! What the tests stand on: a relay, a peer with a handset, and events with a bound on the wait.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use media::audio::{Handset, HandsetControl, Mouthpiece, Tape};
use media_io::{Address, Feed, LegWish, MediaEvent, MediaEventKind, MediaIo, MediaIoConfig, Ports};
use types::LegId;

/// Longer than anything here takes, on the slowest machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Media of one party, and its events.
pub(crate) struct Party {
    pub(crate) io: MediaIo,
    events: Receiver<MediaEvent>,
    seen: Vec<MediaEvent>,
}

pub(crate) const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub(crate) const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

impl Party {
    pub(crate) fn new(addresses: &[IpAddr], ports: Ports) -> Self {
        let (sender, events) = channel();
        let config = MediaIoConfig {
            addresses: addresses.iter().copied().map(Address::plain).collect(),
            ports,
            workers: 1,
            seed: [7; 32],
        };
        let io = MediaIo::start(config, move |event| {
            sender.send(event).ok();
        });
        Self {
            io: io.expect("media"),
            events,
            seen: Vec::new(),
        }
    }

    pub(crate) fn exchange() -> Self {
        Self::new(&[V4], Ports::Shared(0))
    }

    pub(crate) fn peer() -> Self {
        Self::new(&[V4], Ports::PerLeg(0..=0))
    }

    /// Waits until the event has come, also if it came before.
    pub(crate) fn await_event(&mut self, leg: LegId, kind: &MediaEventKind) {
        self.await_that(leg, &format!("{kind:?}"), |seen| seen == kind);
    }

    pub(crate) fn await_that(
        &mut self,
        leg: LegId,
        what: &str,
        is_it: impl Fn(&MediaEventKind) -> bool,
    ) -> MediaEventKind {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self
                .seen
                .iter()
                .find(|event| event.leg == leg && is_it(&event.kind));
            if let Some(event) = found {
                return event.kind.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => self.seen.push(event),
                Err(_) => panic!("no {what} within {PATIENCE:?}; seen: {:?}", self.seen),
            }
        }
    }

    pub(crate) fn digits(&self, leg: LegId) -> String {
        let digit = |event: &MediaEvent| match event.kind {
            MediaEventKind::Digit(digit) if event.leg == leg => Some(digit),
            _ => None,
        };
        self.seen.iter().filter_map(digit).collect()
    }
}

/// A handset on a leg of a party, with a tape of what it hears.
pub(crate) struct Talker {
    pub(crate) leg: LegId,
    pub(crate) tape: Tape,
    pub(crate) control: HandsetControl,
}

impl Talker {
    /// A phone that calls the exchange; returns it and the exchange's leg.
    pub(crate) fn calling(peer: &Party, exchange: &Party, says: Mouthpiece) -> (Self, LegId) {
        let (app, tape, control) = handset(says);
        let offering = peer.io.prepare_offer(LegWish::plain(1)).expect("an offer");
        let wish = LegWish::meta(2);
        let answering = exchange
            .io
            .prepare_answer(&offering.sdp, wish)
            .expect("an answer");
        let (leg, answer, exchange_leg) = (offering.id, answering.sdp.clone(), answering.id);
        peer.io.adopt(offering, app);
        exchange.io.adopt(answering, Feed::Relay);
        peer.io.apply_answer(leg, answer);
        (Self { leg, tape, control }, exchange_leg)
    }

    /// A business that is called by the exchange, on a leg beside another one.
    pub(crate) fn called(
        peer: &Party,
        exchange: &Party,
        beside: LegId,
        says: Mouthpiece,
    ) -> (Self, LegId) {
        let (app, tape, control) = handset(says);
        let wish = LegWish::meta(3).beside(beside);
        let offering = exchange.io.prepare_offer(wish).expect("an offer");
        let wish = LegWish::plain(4);
        let answering = peer
            .io
            .prepare_answer(&offering.sdp, wish)
            .expect("an answer");
        let (leg, answer, exchange_leg) = (answering.id, answering.sdp.clone(), offering.id);
        exchange.io.adopt(offering, Feed::Relay);
        peer.io.adopt(answering, app);
        exchange.io.apply_answer(exchange_leg, answer);
        (Self { leg, tape, control }, exchange_leg)
    }

    /// Waits until the tape is so long.
    pub(crate) fn await_tape(&self, length: Duration) {
        let deadline = Instant::now() + PATIENCE;
        while self.tape.duration() < length {
            assert!(
                Instant::now() < deadline,
                "the tape has {:?}",
                self.tape.duration()
            );
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }
}

fn handset(says: Mouthpiece) -> (Feed, Tape, HandsetControl) {
    let tape = Tape::new();
    let (handset, control) = Handset::new(says, |_| {});
    (
        Feed::App(Box::new(handset.keep_heard(tape.clone()))),
        tape,
        control,
    )
}
