//! A leg against another implementation of the same standards: str0m's own peer connection, with
//! its session descriptions, its SRTP and its RTCP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use media::{
    AppFrame, IceRole, Leg, LegDraw, LegEvent, LegOutput, LegSetup, RtpFrame, Setup, Shape,
};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec, FormatParams};
use str0m::media::{Direction, Frequency, MediaKind, Mid};
use str0m::net::{DatagramRecv, Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::stats::{MediaEgressStats, MediaIngressStats};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use crate::world::identity;

/// A leg and a foreign peer on a short wire, on a clock that is turned by hand.
struct Pair {
    now: Instant,
    leg: Leg,
    leg_at: SocketAddr,
    rtc: Rtc,
    rtc_at: SocketAddr,
    mid: Option<Mid>,
    to_leg: Vec<Vec<u8>>,
    to_rtc: Vec<Vec<u8>>,
    said: Vec<LegEvent>,
    leg_heard: Vec<RtpFrame>,
    rtc_heard: Vec<RtpPacket>,
    rtc_up: bool,
    egress: Option<MediaEgressStats>,
    ingress: Option<MediaIngressStats>,
}

fn foreign(now: Instant, at: SocketAddr, ice_lite: bool) -> Rtc {
    let mut config = RtcConfig::new()
        .clear_codecs()
        .set_rtp_mode(true)
        .set_ice_lite(ice_lite)
        .set_rtcp_report_interval_audio(Duration::from_secs(1))
        .set_stats_interval(Some(Duration::from_secs(1)));
    let codecs = config.codec_config();
    let (opus, events) = (111.into(), 126.into());
    let format = FormatParams::default();
    codecs.add_config(
        opus,
        None,
        Codec::Opus,
        Frequency::FORTY_EIGHT_KHZ,
        Some(2),
        format,
    );
    codecs.add_config(
        events,
        None,
        Codec::Tele,
        Frequency::EIGHT_KHZ,
        None,
        format,
    );
    let mut rtc = config.build(now);
    rtc.add_local_candidate(Candidate::host(at, Protocol::Udp).expect("a candidate"));
    rtc
}

fn setup(at: SocketAddr, ice: IceRole, setup: Option<Setup>) -> LegSetup {
    LegSetup {
        candidates: vec![at],
        ice,
        identity: identity(),
        draw: LegDraw::from_bytes(&[0x5a; LegDraw::BYTES]),
        shape: Shape::Meta,
        setup,
        session_id: 1,
    }
}

/// What the wire takes. Without it the rounding of NTP's short format may make a round trip negative,
/// depending on the wall clock, and the foreign peer then tells none.
const ONE_WAY: Duration = Duration::from_millis(1);

const LEG_AT: ([u8; 4], u16) = ([10, 0, 0, 1], 4_000);
const RTC_AT: ([u8; 4], u16) = ([10, 0, 0, 2], 4_000);

impl Pair {
    fn new(leg: Leg, rtc: Rtc, mid: Option<Mid>, now: Instant) -> Self {
        Self {
            now,
            leg,
            leg_at: LEG_AT.into(),
            rtc,
            rtc_at: RTC_AT.into(),
            mid,
            to_leg: Vec::new(),
            to_rtc: Vec::new(),
            said: Vec::new(),
            leg_heard: Vec::new(),
            rtc_heard: Vec::new(),
            rtc_up: false,
            egress: None,
            ingress: None,
        }
    }

    /// The foreign peer offers, the leg answers.
    fn answering(ice: IceRole, dtls: Setup) -> Self {
        let now = Instant::now();
        let mut rtc = foreign(now, RTC_AT.into(), ice == IceRole::Full);
        let mut changes = rtc.sdp_api();
        let mid = changes.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending): (SdpOffer, SdpPendingOffer) = changes.apply().expect("an offer");
        let setup = setup(LEG_AT.into(), ice, Some(dtls));
        let (leg, answer) = Leg::answer(setup, &offer.to_sdp_string(), now).expect("an answer");
        let answer = SdpAnswer::from_sdp_string(&answer).expect("a good answer");
        rtc.sdp_api()
            .accept_answer(pending, answer)
            .expect("accepted");
        Self::new(leg, rtc, Some(mid), now)
    }

    /// The leg offers, the foreign peer answers.
    fn offering(ice: IceRole) -> Self {
        let now = Instant::now();
        let mut rtc = foreign(now, RTC_AT.into(), ice == IceRole::Full);
        let (mut leg, offer) = Leg::offer(setup(LEG_AT.into(), ice, None));
        let offer = SdpOffer::from_sdp_string(&offer).expect("a good offer");
        let answer = rtc.sdp_api().accept_offer(offer).expect("accepted");
        leg.accept_answer(&answer.to_sdp_string(), now)
            .expect("accepted");
        Self::new(leg, rtc, None, now)
    }

    /// Lets time pass in steps of 20 ms, and each side speak once in each.
    fn run(&mut self, steps: usize, talk: bool) {
        let mut due = self.now;
        for step in 0..steps {
            // The wire takes of the 20 ms what it takes.
            due += Duration::from_millis(20);
            self.now = self.now.max(due);
            let now = self.now;
            self.leg.handle_timeout(now);
            self.rtc.handle_input(Input::Timeout(now)).expect("in time");
            self.drain();
            if talk {
                self.leg
                    .speak(now, Some(AppFrame::Opus(Arc::from([1; 60]))));
                self.rtc_speak(step);
                self.drain();
            }
            self.exchange();
        }
    }

    fn rtc_speak(&mut self, step: usize) {
        if !self.rtc_up {
            return;
        }
        let (Some(mid), now) = (self.mid, self.now) else {
            return;
        };
        let seq = 65_000 + step as u64;
        let write = RtpWrite::new(111.into(), seq.into(), step as u32 * 960, now, [2; 60]);
        let mut direct = self.rtc.direct_api();
        direct
            .stream_tx_by_mid(mid, None)
            .expect("a stream")
            .write_rtp(write);
        self.rtc.handle_input(Input::Timeout(now)).expect("in time");
    }

    fn exchange(&mut self) {
        while !self.to_leg.is_empty() || !self.to_rtc.is_empty() {
            self.now += ONE_WAY;
            for bytes in std::mem::take(&mut self.to_leg) {
                self.leg
                    .handle_datagram(self.now, self.rtc_at, self.leg_at, &bytes);
                self.drain();
            }
            for bytes in std::mem::take(&mut self.to_rtc) {
                let contents = DatagramRecv::try_from(&bytes[..]).expect("a datagram of WebRTC");
                let received = Receive {
                    proto: Protocol::Udp,
                    source: self.leg_at,
                    destination: self.rtc_at,
                    contents,
                };
                self.rtc
                    .handle_input(Input::Receive(self.now, received))
                    .expect("taken");
                self.drain();
            }
        }
    }

    fn drain(&mut self) {
        loop {
            match self.leg.poll() {
                LegOutput::Transmit(transmit) => self.to_rtc.push(transmit.datagram),
                LegOutput::Event(LegEvent::Rtp(frame)) => self.leg_heard.push(frame),
                LegOutput::Event(LegEvent::PeerAddress(_)) => {}
                LegOutput::Event(event) => self.said.push(event),
                LegOutput::Timeout(_) => break,
            }
        }
        loop {
            match self.rtc.poll_output().expect("alive") {
                Output::Transmit(transmit) => self.to_leg.push(transmit.contents.into()),
                Output::Event(Event::RtpPacket(packet)) => self.rtc_heard.push(packet),
                Output::Event(Event::MediaAdded(added)) => self.mid = Some(added.mid),
                Output::Event(Event::Connected) => self.rtc_up = true,
                // The last one that says all: a second without a report of ours has no round trip.
                Output::Event(Event::MediaEgressStats(stats)) => {
                    if self.egress.is_none() || stats.rtt.is_some() {
                        self.egress = Some(stats);
                    }
                }
                Output::Event(Event::MediaIngressStats(stats)) => self.ingress = Some(stats),
                Output::Event(_) => {}
                Output::Timeout(at) if at <= self.now => {
                    self.rtc
                        .handle_input(Input::Timeout(self.now))
                        .expect("in time");
                }
                Output::Timeout(_) => break,
            }
        }
    }

    fn assert_talks(&mut self, case: &str) {
        self.run(100, false);
        assert_eq!(self.said, [LegEvent::Up], "{case}");
        assert!(self.rtc_up, "{case}");
        self.run(1_000, true);
        assert_eq!(self.said, [LegEvent::Up, LegEvent::MediaStarted], "{case}");
        // The foreign sequence numbers start at 65 000, so they roll over on the way.
        assert_eq!(self.leg_heard.len(), 1_000, "{case}");
        assert!(
            self.leg_heard
                .windows(2)
                .all(|pair| pair[1].seq == pair[0].seq + 1),
            "{case}"
        );
        assert_eq!(self.rtc_heard.len(), 1_000, "{case}");
        let stats = self.leg.stats();
        assert_eq!(
            (stats.packets_lost, stats.packets_lost_by_peer),
            (0, Some(0)),
            "{case}"
        );
        assert!(
            stats.round_trip.expect(case) < Duration::from_millis(25),
            "{case}: {stats:?}"
        );
        let egress = self.egress.take().expect(case);
        assert!(
            egress.rtt.expect(case) < Duration::from_millis(25),
            "{case}: {egress:?}"
        );
        assert_eq!(egress.remote.expect(case).packets_lost, 0, "{case}");
        let ingress = self.ingress.take().expect(case);
        assert!(
            ingress.remote.expect(case).packets > 900,
            "{case}: our sender reports count"
        );
    }
}

#[test]
fn a_foreign_offer_is_answered_in_both_roles() {
    for ice in [IceRole::Lite, IceRole::Full] {
        for dtls in [Setup::Active, Setup::Passive] {
            Pair::answering(ice, dtls).assert_talks(&format!("{ice:?} {dtls:?}"));
        }
    }
}

#[test]
fn a_foreign_peer_takes_our_offer() {
    for ice in [IceRole::Lite, IceRole::Full] {
        Pair::offering(ice).assert_talks(&format!("{ice:?}"));
    }
}

#[test]
fn our_goodbye_is_understood_and_theirs_too() {
    let mut pair = Pair::offering(IceRole::Lite);
    pair.run(100, true);
    let now = pair.now;
    pair.leg.close(now);
    pair.run(50, false);
    assert!(!pair.rtc.is_alive());

    let mut pair = Pair::offering(IceRole::Lite);
    pair.run(100, true);
    pair.rtc.close().expect("closed");
    pair.run(50, false);
    assert!(pair.leg.is_closed(), "{:?}", pair.said);
}
