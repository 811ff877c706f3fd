//! What a leg costs the exchange, without sockets: set-up, and one relayed packet.
//!
//! Only the exchange's side is timed; the peers' work is not.

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use media::{AppFrame, DtlsIdentity, IceRole, Leg, LegDraw, LegEvent, LegOutput, LegSetup, Shape};

/// One end of a wire of memory.
struct End {
    leg: Leg,
    address: SocketAddr,
    up: bool,
    spent: Duration,
}

impl End {
    fn new(leg: Leg, address: SocketAddr, spent: Duration) -> Self {
        Self {
            leg,
            address,
            up: false,
            spent,
        }
    }

    /// Does something with the leg on the clock, and returns the datagrams that come out.
    fn timed(&mut self, work: impl FnOnce(&mut Leg)) -> Vec<Vec<u8>> {
        let began = Instant::now();
        work(&mut self.leg);
        let mut datagrams = Vec::new();
        loop {
            match self.leg.poll() {
                LegOutput::Transmit(transmit) => datagrams.push(transmit.datagram),
                LegOutput::Event(LegEvent::Up) => self.up = true,
                LegOutput::Event(_) => {}
                LegOutput::Timeout(_) => break,
            }
        }
        self.spent += began.elapsed();
        datagrams
    }
}

fn setup(identity: &Arc<DtlsIdentity>, number: u8, ice: IceRole, shape: Shape) -> LegSetup {
    LegSetup {
        candidates: vec![address(number)],
        ice,
        identity: Arc::clone(identity),
        draw: LegDraw::from_bytes(&[number; LegDraw::BYTES]),
        shape,
        setup: None,
        session_id: 1,
    }
}

fn address(number: u8) -> SocketAddr {
    SocketAddr::from(([10, 0, 0, number], 4_000))
}

/// A phone and the exchange's leg, up, on a clock that starts at `now`.
fn connected(identity: &Arc<DtlsIdentity>, base: u8, now: &mut Instant) -> (End, End) {
    let (phone, offer) = Leg::offer(setup(identity, base, IceRole::Full, Shape::Plain));
    let setup = setup(identity, base + 1, IceRole::Lite, Shape::Meta);
    let began = Instant::now();
    let (leg, answer) = Leg::answer(setup, &offer, *now).expect("an answer");
    let mut exchange = End::new(leg, address(base + 1), began.elapsed());
    let mut phone = End::new(phone, address(base), Duration::ZERO);
    phone.leg.accept_answer(&answer, *now).expect("accepted");
    while !(phone.up && exchange.up) {
        *now += Duration::from_millis(5);
        let (at, from, to) = (*now, phone.address, exchange.address);
        for datagram in phone.timed(|leg| leg.handle_timeout(at)) {
            let answers = exchange.timed(|leg| leg.handle_datagram(at, from, to, &datagram));
            hand_over(&mut phone, &mut exchange, at, answers);
        }
        let out = exchange.timed(|leg| leg.handle_timeout(at));
        hand_over(&mut phone, &mut exchange, at, out);
    }
    (phone, exchange)
}

/// Brings the exchange's datagrams to the phone, and the phone's answers back, until it is quiet.
fn hand_over(phone: &mut End, exchange: &mut End, at: Instant, mut datagrams: Vec<Vec<u8>>) {
    let (phone_at, exchange_at) = (phone.address, exchange.address);
    while !datagrams.is_empty() {
        let mut answers = Vec::new();
        for datagram in datagrams {
            answers.extend(
                phone.timed(|leg| leg.handle_datagram(at, exchange_at, phone_at, &datagram)),
            );
        }
        datagrams = Vec::new();
        for datagram in answers {
            datagrams.extend(
                exchange.timed(|leg| leg.handle_datagram(at, phone_at, exchange_at, &datagram)),
            );
        }
    }
}

fn leg_setup(criterion: &mut Criterion) {
    let identity = Arc::new(DtlsIdentity::generate().expect("a certificate"));
    criterion.bench_function("leg set-up", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut spent = Duration::ZERO;
            for _ in 0..rounds {
                let mut now = Instant::now();
                let (_, exchange) = connected(&identity, 1, &mut now);
                spent += exchange.spent;
            }
            spent
        });
    });
}

fn relayed_packet(criterion: &mut Criterion) {
    let identity = Arc::new(DtlsIdentity::generate().expect("a certificate"));
    let mut now = Instant::now();
    let (mut phone, mut user_leg) = connected(&identity, 1, &mut now);
    let (_, mut business_leg) = connected(&identity, 3, &mut now);
    business_leg.leg.pass(true);
    let payload: Arc<[u8]> = Arc::from([0x5a; 80]);
    criterion.bench_function("relayed packet", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut spent = Duration::ZERO;
            for _ in 0..rounds {
                now += Duration::from_millis(20);
                let frame = AppFrame::Opus(Arc::clone(&payload));
                let datagrams = phone.timed(|leg| leg.speak(now, Some(frame)));
                for datagram in datagrams {
                    let began = Instant::now();
                    relay(
                        &mut user_leg,
                        &mut business_leg,
                        now,
                        phone.address,
                        &datagram,
                    );
                    spent += began.elapsed();
                }
            }
            spent
        });
    });
}

fn relay(from: &mut End, to: &mut End, now: Instant, source: SocketAddr, datagram: &[u8]) {
    from.leg
        .handle_datagram(now, source, from.address, datagram);
    loop {
        match from.leg.poll() {
            LegOutput::Event(LegEvent::Rtp(frame)) => {
                to.leg.relay(now, &frame);
                while let LegOutput::Transmit(transmit) = to.leg.poll() {
                    black_box(transmit);
                }
            }
            LegOutput::Timeout(_) => return,
            LegOutput::Event(_) | LegOutput::Transmit(_) => {}
        }
    }
}

criterion_group!(benches, leg_setup, relayed_packet);
criterion_main!(benches);
