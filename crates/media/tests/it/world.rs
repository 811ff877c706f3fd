//! The world of the tests: legs with an address each, a network with weather, one virtual clock.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use media::dtmf::{Digits, DtmfSender};
use media::{
    AppFrame, DtlsIdentity, FrameKind, IceRole, Leg, LegDraw, LegEvent, LegOutput, LegSetup,
    LegStats, RtpFrame, Setup, Shape,
};

/// What the network does to datagrams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    pub(crate) loss_percent: u32,
    pub(crate) delay: Duration,
    pub(crate) jitter: Duration,
}

impl Weather {
    pub(crate) const FINE: Self = Self {
        loss_percent: 0,
        delay: Duration::from_millis(10),
        jitter: Duration::ZERO,
    };

    /// Five in a hundred are lost, and the others overtake each other.
    pub(crate) const FOUL: Self = Self {
        loss_percent: 5,
        delay: Duration::from_millis(30),
        jitter: Duration::from_millis(20),
    };
}

/// A leg in the world, by the order in which it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End(pub(crate) usize);

/// Everything that exists.
pub(crate) struct World {
    start: Instant,
    pub(crate) now: Instant,
    weather: Weather,
    chance: u64,
    posted: u64,
    in_flight: BTreeMap<(Instant, u64), InFlight>,
    ends: Vec<Place>,
}

struct InFlight {
    source: SocketAddr,
    destination: SocketAddr,
    bytes: Vec<u8>,
}

struct Place {
    leg: Leg,
    address: SocketAddr,
    due: Option<Instant>,
    joined: Option<End>,
    voice: Option<Voice>,
    said: Vec<(Duration, LegEvent)>,
    heard: Vec<RtpFrame>,
}

/// Speaks a numbered packet every 20 ms, or presses keys.
struct Voice {
    next: Instant,
    number: u32,
    keys: DtmfSender,
    silent: bool,
}

impl World {
    pub(crate) fn new(weather: Weather) -> Self {
        Self::with_chance(weather, 0)
    }

    /// A world in which other datagrams are lost than in those of other seeds.
    pub(crate) fn with_chance(weather: Weather, seed: u32) -> Self {
        let start = Instant::now();
        Self {
            start,
            now: start,
            weather,
            chance: 0x2545_f491_4f6c_dd1d ^ u64::from(seed) << 20,
            posted: 0,
            in_flight: BTreeMap::new(),
            ends: Vec::new(),
        }
    }

    pub(crate) fn setup(&mut self, ice: IceRole, shape: Shape) -> LegSetup {
        let mut bytes = [0; LegDraw::BYTES];
        for byte in &mut bytes {
            *byte = self.draw(256) as u8;
        }
        let number = self.ends.len() as u8 + 1;
        LegSetup {
            candidates: vec![SocketAddr::from(([10, 0, 0, number], 4_000))],
            ice,
            identity: identity(),
            draw: LegDraw::from_bytes(&bytes),
            shape,
            setup: None,
            session_id: 1_760_681_506_762,
        }
    }

    pub(crate) fn add(&mut self, leg: Leg) -> End {
        let number = self.ends.len() as u8 + 1;
        self.ends.push(Place {
            leg,
            address: SocketAddr::from(([10, 0, 0, number], 4_000)),
            due: Some(self.now),
            joined: None,
            voice: None,
            said: Vec::new(),
            heard: Vec::new(),
        });
        End(self.ends.len() - 1)
    }

    pub(crate) fn offer(&mut self, ice: IceRole, shape: Shape) -> (End, String) {
        let setup = self.setup(ice, shape);
        let (leg, sdp) = Leg::offer(setup);
        (self.add(leg), sdp)
    }

    pub(crate) fn answer(&mut self, ice: IceRole, shape: Shape, offer: &str) -> (End, String) {
        self.answer_as(ice, shape, None, offer)
    }

    pub(crate) fn answer_as(
        &mut self,
        ice: IceRole,
        shape: Shape,
        dtls: Option<Setup>,
        offer: &str,
    ) -> (End, String) {
        let setup = LegSetup {
            setup: dtls,
            ..self.setup(ice, shape)
        };
        let (leg, sdp) = Leg::answer(setup, offer, self.now).expect("an answer");
        (self.add(leg), sdp)
    }

    /// A phone that calls the exchange: its leg and the exchange's.
    pub(crate) fn phone_and_exchange(&mut self) -> (End, End) {
        let (phone, offer) = self.offer(IceRole::Full, Shape::Plain);
        let (exchange, answer) = self.answer(IceRole::Lite, Shape::Plain, &offer);
        self.accept(phone, &answer);
        (phone, exchange)
    }

    /// A business that is called by the exchange: the exchange's leg and its own.
    pub(crate) fn exchange_and_business(&mut self) -> (End, End) {
        let (exchange, offer) = self.offer(IceRole::Lite, Shape::Meta);
        let (business, answer) = self.answer(IceRole::Full, Shape::Plain, &offer);
        self.accept(exchange, &answer);
        (exchange, business)
    }

    pub(crate) fn accept(&mut self, end: End, answer: &str) {
        let now = self.now;
        self.leg(end)
            .accept_answer(answer, now)
            .expect("a good answer");
        self.drain(end);
    }

    pub(crate) fn join(&mut self, one: End, other: End) {
        self.ends[one.0].joined = Some(other);
        self.ends[other.0].joined = Some(one);
    }

    pub(crate) fn pass(&mut self, one: End, other: End, on: bool) {
        self.leg(one).pass(on);
        self.leg(other).pass(on);
    }

    pub(crate) fn speak(&mut self, end: End) {
        let next = self.now;
        self.ends[end.0].voice = Some(Voice {
            next,
            number: 0,
            keys: DtmfSender::new(),
            silent: false,
        });
    }

    pub(crate) fn silence(&mut self, end: End, silent: bool) {
        self.ends[end.0].voice.as_mut().expect("a voice").silent = silent;
    }

    pub(crate) fn press(&mut self, end: End, keys: &str) {
        let keys: Digits = keys.parse().expect("keys");
        let voice = self.ends[end.0].voice.as_mut().expect("a voice");
        voice.keys.press(&keys).expect("room for keys");
    }

    pub(crate) fn leg(&mut self, end: End) -> &mut Leg {
        &mut self.ends[end.0].leg
    }

    pub(crate) fn address(&self, end: End) -> SocketAddr {
        self.ends[end.0].address
    }

    pub(crate) fn stats(&self, end: End) -> LegStats {
        self.ends[end.0].leg.stats()
    }

    /// What has happened on a leg, RTP and addresses left out.
    pub(crate) fn story(&self, end: End) -> Vec<LegEvent> {
        self.ends[end.0]
            .said
            .iter()
            .map(|(_, event)| event.clone())
            .collect()
    }

    /// When the event first happened, since the beginning of the world.
    pub(crate) fn when(&self, end: End, event: &LegEvent) -> Option<Duration> {
        self.ends[end.0]
            .said
            .iter()
            .find(|(_, said)| said == event)
            .map(|(at, _)| *at)
    }

    pub(crate) fn digits(&self, end: End) -> String {
        let digit = |(_, event): &(Duration, LegEvent)| match event {
            LegEvent::Digit(digit) => Some(*digit),
            _ => None,
        };
        self.ends[end.0].said.iter().filter_map(digit).collect()
    }

    /// The numbers of the voice packets that were heard, in the order of their coming.
    pub(crate) fn numbers(&self, end: End) -> Vec<u32> {
        let heard = &self.ends[end.0].heard;
        let audio = heard.iter().filter(|frame| frame.kind == FrameKind::Audio);
        audio
            .map(|frame| u32::from_be_bytes(frame.payload[..4].try_into().expect("4")))
            .collect()
    }

    pub(crate) fn heard(&self, end: End) -> &[RtpFrame] {
        &self.ends[end.0].heard
    }

    pub(crate) fn forget(&mut self, end: End) {
        self.ends[end.0].heard.clear();
    }

    pub(crate) fn set_weather(&mut self, weather: Weather) {
        self.weather = weather;
    }

    /// Hands a datagram to a leg as if it came from anywhere.
    pub(crate) fn inject(&mut self, end: End, source: SocketAddr, bytes: &[u8]) {
        let (now, destination) = (self.now, self.address(end));
        self.leg(end)
            .handle_datagram(now, source, destination, bytes);
        self.drain(end);
    }

    /// Takes every datagram in flight out of the network.
    pub(crate) fn intercept(&mut self) -> Vec<(SocketAddr, SocketAddr, Vec<u8>)> {
        let flying = std::mem::take(&mut self.in_flight);
        flying
            .into_values()
            .map(|it| (it.source, it.destination, it.bytes))
            .collect()
    }

    /// Lets `duration` pass.
    pub(crate) fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(at) = self.next_moment().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.deliver();
            for index in 0..self.ends.len() {
                self.serve(End(index));
            }
        }
        self.now = end;
    }

    fn next_moment(&self) -> Option<Instant> {
        let arrival = self.in_flight.keys().next().map(|(at, _)| *at);
        let due = self.ends.iter().filter_map(|place| place.due);
        let voices = self
            .ends
            .iter()
            .filter_map(|place| Some(place.voice.as_ref()?.next));
        arrival.into_iter().chain(due).chain(voices).min()
    }

    fn deliver(&mut self) {
        while let Some(entry) = self.in_flight.first_entry() {
            if entry.key().0 > self.now {
                return;
            }
            let datagram = entry.remove();
            let to = self
                .ends
                .iter()
                .position(|place| place.address == datagram.destination);
            if let Some(to) = to {
                self.inject(End(to), datagram.source, &datagram.bytes);
            }
        }
    }

    fn serve(&mut self, end: End) {
        let now = self.now;
        let place = &mut self.ends[end.0];
        if place.due.is_some_and(|due| due <= now) {
            place.leg.handle_timeout(now);
            self.drain(end);
        }
        let place = &mut self.ends[end.0];
        if let Some(voice) = &mut place.voice
            && voice.next <= now
        {
            voice.next += Duration::from_millis(20);
            let frame = voice.frame();
            place.leg.speak(now, frame);
            self.drain(end);
        }
    }

    fn drain(&mut self, end: End) {
        loop {
            match self.ends[end.0].leg.poll() {
                LegOutput::Timeout(due) => {
                    self.ends[end.0].due = due;
                    return;
                }
                LegOutput::Transmit(transmit) => {
                    assert_eq!(transmit.source, self.address(end), "sent from a candidate");
                    self.post(transmit.source, transmit.destination, transmit.datagram);
                }
                LegOutput::Event(LegEvent::Rtp(frame)) => {
                    if let Some(other) = self.ends[end.0].joined {
                        let now = self.now;
                        self.leg(other).relay(now, &frame);
                        self.drain(other);
                    }
                    self.ends[end.0].heard.push(frame);
                }
                LegOutput::Event(LegEvent::PeerAddress(_)) => {}
                LegOutput::Event(event) => {
                    let at = self.now - self.start;
                    self.ends[end.0].said.push((at, event));
                }
            }
        }
    }

    fn post(&mut self, source: SocketAddr, destination: SocketAddr, bytes: Vec<u8>) {
        if self.draw(100) < self.weather.loss_percent {
            return;
        }
        let jitter = self.weather.jitter * self.draw(1_000) / 1_000;
        let at = self.now + self.weather.delay + jitter;
        self.posted += 1;
        self.in_flight.insert(
            (at, self.posted),
            InFlight {
                source,
                destination,
                bytes,
            },
        );
    }

    /// A number below `bound` (xorshift64*).
    fn draw(&mut self, bound: u32) -> u32 {
        self.chance ^= self.chance >> 12;
        self.chance ^= self.chance << 25;
        self.chance ^= self.chance >> 27;
        let high = self.chance.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40;
        high as u32 % bound
    }
}

impl Voice {
    fn frame(&mut self) -> Option<AppFrame> {
        self.number += 1;
        if let Some(packet) = self.keys.tick() {
            return Some(AppFrame::Event(packet));
        }
        let mut payload = [0; 60];
        payload[..4].copy_from_slice(&self.number.to_be_bytes());
        (!self.silent).then(|| AppFrame::Opus(Arc::from(payload)))
    }
}

/// One certificate for all tests: making one is the slowest thing in them.
pub(crate) fn identity() -> Arc<DtlsIdentity> {
    static IDENTITY: OnceLock<Arc<DtlsIdentity>> = OnceLock::new();
    Arc::clone(IDENTITY.get_or_init(|| Arc::new(DtlsIdentity::generate().expect("a certificate"))))
}

pub(crate) const SECOND: Duration = Duration::from_secs(1);
