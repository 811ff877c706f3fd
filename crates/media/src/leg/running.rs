//! A leg whose two session descriptions are known: str0m inside, in RTP mode.

use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::DirectApi;
use str0m::config::Fingerprint;
use str0m::format::{Codec, FormatParams};
use str0m::ice::IceCreds;
use str0m::media::{Frequency, MediaKind, Mid};
use str0m::net::{DatagramRecv, Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite, Ssrc};
use str0m::stats::MediaEgressStats;
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcConfig};
use types::limits;

use super::peer::{Addresses, Codecs, SourceChange, Sources};
use super::{IceRole, LegEvent, LegFailure, LegOutput, LegSetup, Transmit};
use crate::audio_app::AppFrame;
use crate::datagram::{self, Datagram};
use crate::dtmf::DtmfReceiver;
use crate::relay::{OutFrame, Track};
use crate::rtp::{FrameKind, RtpFrame};
use crate::sdp_shape::PeerDescription;
use crate::stats::{LegStats, Meter};

/// The outputs of one leg, in order.
type Outputs = VecDeque<LegOutput>;

/// A leg that has its peer.
pub(super) struct Running {
    rtc: Rtc,
    mid: Mid,
    ssrc: Ssrc,
    /// Whether we start the DTLS handshake; not before ICE is done.
    dtls_active: bool,
    pub(super) track: Track,
    codecs: Codecs,
    addresses: Addresses,
    sources: Sources,
    digits: DtmfReceiver,
    meter: Meter,
    up: bool,
    failed: bool,
    lost_since: Option<Instant>,
    heard_at: Option<Instant>,
    next_at: Option<Instant>,
    now: Instant,
}

impl Running {
    pub(super) fn new(
        setup: &LegSetup,
        peer: &PeerDescription,
        active: bool,
        now: Instant,
    ) -> Self {
        let codecs = Codecs::of(peer);
        let mut rtc = config(setup, &codecs).build(now);
        for address in &setup.candidates {
            if let Ok(candidate) = Candidate::host(*address, Protocol::Udp) {
                rtc.add_local_candidate(candidate);
            }
        }
        if setup.ice == IceRole::Full {
            for address in &peer.candidates {
                if let Ok(candidate) = Candidate::host(*address, Protocol::Udp) {
                    rtc.add_remote_candidate(candidate);
                }
            }
        }
        let mid = Mid::from(MID);
        let ssrc = Ssrc::from(setup.draw.ssrc);
        let sources = Sources::of(&peer.ssrcs);
        let mut direct = rtc.direct_api();
        direct.set_ice_controlling(setup.ice == IceRole::Full);
        direct.set_remote_ice_credentials(IceCreds {
            ufrag: peer.ufrag.clone(),
            pass: peer.password.clone(),
        });
        direct.set_remote_fingerprint(Fingerprint {
            hash_func: "sha-256".to_owned(),
            bytes: peer.fingerprint.to_vec(),
        });
        direct.declare_media(mid, MediaKind::Audio);
        let stream = direct.declare_stream_tx(ssrc, None, mid, None);
        stream.set_unpaced(true);
        stream.set_rtx_cache(1, Duration::ZERO, None);
        for known in sources.known() {
            expect(&mut direct, mid, *known);
        }
        let mut running = Self {
            rtc,
            mid,
            ssrc,
            dtls_active: active,
            track: Track::new(&setup.draw),
            codecs,
            addresses: Addresses::default(),
            sources,
            digits: DtmfReceiver::new(),
            meter: Meter::default(),
            up: false,
            failed: false,
            lost_since: None,
            heard_at: None,
            next_at: Some(now),
            now,
        };
        if !active {
            running.start_dtls();
        }
        running
    }

    pub(super) fn is_up(&self) -> bool {
        self.up
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn stats(&self) -> LegStats {
        self.meter.stats
    }

    /// When [`Running::handle_timeout`] is due.
    pub(super) fn timeout(&self) -> Option<Instant> {
        let silent_at = self.heard_at.map(|at| at + limits::MEDIA_SILENCE_MAX);
        let lost_at = self.lost_since.map(|at| at + limits::PEER_LOST_AFTER);
        [self.next_at, silent_at, lost_at]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn handle_datagram(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
        bytes: &[u8],
        outputs: &mut Outputs,
    ) {
        let kind = datagram::kind(bytes);
        let known = self.addresses.contains(source);
        match kind {
            Some(Datagram::Stun) => {}
            Some(Datagram::Dtls | Datagram::Rtcp) if known => {}
            Some(Datagram::Rtp { payload_type, ssrc }) if known => {
                // 0 is the probe of a bandwidth estimator, which we never asked for.
                if ssrc == 0 || self.codecs.kind(payload_type).is_none() {
                    return;
                }
                self.expect_source(ssrc);
            }
            Some(Datagram::Dtls | Datagram::Rtcp | Datagram::Rtp { .. }) | None => return,
        }
        let Ok(contents) = DatagramRecv::try_from(bytes) else {
            return;
        };
        let received = Receive {
            proto: Protocol::Udp,
            source,
            destination,
            contents,
        };
        let input = Input::Receive(now, received);
        if kind == Some(Datagram::Stun) && !known && self.rtc.accepts(&input) {
            self.addresses.add(source);
            outputs.push_back(LegOutput::Event(LegEvent::PeerAddress(source)));
        }
        // What str0m refuses, it has not taken in: a broken or forged datagram harms nobody.
        let _refused = self.rtc.handle_input(input);
        self.drain(now, outputs);
    }

    pub(super) fn handle_timeout(&mut self, now: Instant, outputs: &mut Outputs) {
        if self.next_at.is_some_and(|at| at <= now) {
            self.advance(now, outputs);
        }
        if self
            .heard_at
            .is_some_and(|at| at + limits::MEDIA_SILENCE_MAX <= now)
        {
            self.heard_at = None;
            outputs.push_back(LegOutput::Event(LegEvent::MediaStopped));
        }
        if self
            .lost_since
            .is_some_and(|at| at + limits::PEER_LOST_AFTER <= now)
        {
            self.fail(LegFailure::PeerLost, outputs);
        }
    }

    pub(super) fn relay(&mut self, now: Instant, frame: &RtpFrame, outputs: &mut Outputs) -> bool {
        if !self.up {
            return false;
        }
        let Some(out) = self.track.relay(now, frame, Some(self.codecs.event.1)) else {
            return false;
        };
        self.send(now, out, outputs);
        true
    }

    pub(super) fn speak(&mut self, now: Instant, frame: Option<AppFrame>, outputs: &mut Outputs) {
        if !self.up {
            return;
        }
        if let Some(out) = self.track.speak(now, frame, Some(self.codecs.event.1)) {
            self.send(now, out, outputs);
        }
    }

    pub(super) fn close(&mut self, now: Instant, outputs: &mut Outputs) {
        if self.rtc.close().is_ok() {
            self.advance(now, outputs);
        }
        outputs.retain(|output| matches!(output, LegOutput::Transmit(_)));
    }

    fn send(&mut self, now: Instant, out: OutFrame, outputs: &mut Outputs) {
        let payload_type = if out.is_event {
            self.codecs.event.0
        } else {
            self.codecs.opus
        };
        self.meter.sent(out.payload.len());
        let write = RtpWrite::new(
            payload_type.into(),
            out.seq.into(),
            out.timestamp,
            now,
            out.payload,
        )
        .marker(out.marker);
        if let Some(stream) = self.rtc.direct_api().stream_tx(&self.ssrc) {
            stream.write_rtp(write);
        }
        // str0m sends what was written only once it has been told the time again.
        self.advance(now, outputs);
    }

    fn start_dtls(&mut self) {
        // It fails only for a configuration that str0m's crypto library cannot use, and then the
        // handshake never ends: the rules' time-out ends the call.
        let _unusable = self.rtc.direct_api().start_dtls(self.dtls_active);
    }

    fn advance(&mut self, now: Instant, outputs: &mut Outputs) {
        if self.rtc.handle_input(Input::Timeout(now)).is_err() {
            self.fail(LegFailure::Handshake, outputs);
            return;
        }
        self.drain(now, outputs);
    }

    /// Takes everything out of str0m, which must happen after each change.
    fn drain(&mut self, now: Instant, outputs: &mut Outputs) {
        self.now = now;
        for _ in 0..DRAIN_MAX {
            match self.rtc.poll_output() {
                Ok(Output::Transmit(transmit)) => {
                    outputs.push_back(LegOutput::Transmit(Transmit {
                        source: transmit.source,
                        destination: transmit.destination,
                        datagram: transmit.contents.into(),
                    }));
                }
                Ok(Output::Event(event)) => self.take_event(now, event, outputs),
                Ok(Output::Timeout(at)) if at <= now => {
                    if self.rtc.handle_input(Input::Timeout(now)).is_err() {
                        self.fail(LegFailure::Handshake, outputs);
                        return;
                    }
                }
                Ok(Output::Timeout(at)) => {
                    self.next_at = Some(at);
                    return;
                }
                Err(_) => {
                    self.fail(LegFailure::Handshake, outputs);
                    return;
                }
            }
        }
        // Work that never ends would hold up every other leg of the thread.
        self.next_at = Some(now + Duration::from_millis(1));
    }

    fn take_event(&mut self, now: Instant, event: Event, outputs: &mut Outputs) {
        match event {
            Event::RtpPacket(packet) => self.take_packet(now, packet, outputs),
            Event::IceConnectionStateChange(state) => self.take_ice_state(now, state),
            Event::Connected if !self.up => {
                self.up = true;
                outputs.push_back(LegOutput::Event(LegEvent::Up));
            }
            Event::Closed => self.fail(LegFailure::PeerClosed, outputs),
            Event::MediaEgressStats(report) => self.take_report(&report),
            _ => {}
        }
    }

    fn take_ice_state(&mut self, now: Instant, state: IceConnectionState) {
        match state {
            IceConnectionState::Connected | IceConnectionState::Completed => {
                self.lost_since = None;
                if self.dtls_active {
                    self.start_dtls();
                }
            }
            IceConnectionState::Disconnected => {
                self.lost_since.get_or_insert(now);
            }
            IceConnectionState::New | IceConnectionState::Checking => {}
        }
    }

    fn take_packet(&mut self, now: Instant, packet: RtpPacket, outputs: &mut Outputs) {
        let Some(kind) = self.codecs.kind(*packet.header.payload_type) else {
            return;
        };
        let frame = RtpFrame {
            kind,
            ssrc: *packet.header.ssrc,
            seq: *packet.seq_no,
            timestamp: packet.header.timestamp,
            marker: packet.header.marker,
            payload: packet.payload,
        };
        if let Some(old) = self.sources.proved(frame.ssrc) {
            self.rtc.direct_api().remove_stream_rx(old.into());
        }
        self.meter.received(now, &frame);
        match kind {
            FrameKind::Audio => {
                if self.heard_at.replace(now).is_none() {
                    outputs.push_back(LegOutput::Event(LegEvent::MediaStarted));
                }
            }
            FrameKind::Event { .. } => {
                if let Some(digit) = self.digits.receive(frame.timestamp, &frame.payload) {
                    outputs.push_back(LegOutput::Event(LegEvent::Digit(digit.as_char())));
                }
            }
        }
        outputs.push_back(LegOutput::Event(LegEvent::Rtp(frame)));
    }

    fn take_report(&mut self, report: &MediaEgressStats) {
        let stats = &mut self.meter.stats;
        if report.rtt.is_some() {
            stats.round_trip = report.rtt;
        }
        if let Some(remote) = &report.remote {
            stats.packets_lost_by_peer = Some(remote.packets_lost);
            let jitter = Duration::from_secs(1) * remote.jitter / 48_000;
            stats.jitter_at_peer = Some(jitter);
        }
    }

    fn expect_source(&mut self, ssrc: u32) {
        if let SourceChange::Expect { ssrc, forget } = self.sources.look_at(ssrc) {
            let mut direct = self.rtc.direct_api();
            if let Some(old) = forget {
                direct.remove_stream_rx(old.into());
            }
            expect(&mut direct, self.mid, ssrc);
        }
    }

    fn fail(&mut self, failure: LegFailure, outputs: &mut Outputs) {
        if !self.failed {
            self.failed = true;
            outputs.push_back(LegOutput::Event(LegEvent::Failed(failure)));
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("up", &self.up)
            .field("stats", &self.meter.stats)
            .finish_non_exhaustive()
    }
}

fn config(setup: &LegSetup, codecs: &Codecs) -> RtcConfig {
    let mut config = RtcConfig::new()
        .clear_codecs()
        .clear_extension_map()
        .set_rtp_mode(true)
        .set_ice_lite(setup.ice == IceRole::Lite)
        .set_crypto_provider(setup.identity.crypto.clone())
        .set_dtls_cert(setup.identity.certificate.clone())
        .set_local_ice_credentials(IceCreds {
            ufrag: setup.draw.ice_credentials.ufrag.clone(),
            pass: setup.draw.ice_credentials.password.clone(),
        })
        .set_pause_threshold(PAUSE_NEVER)
        .set_rtcp_report_interval_audio(REPORT_EVERY)
        .set_stats_interval(Some(REPORT_EVERY));
    for (pt, kind) in &codecs.received {
        let (codec, clock, channels) = match kind {
            FrameKind::Audio => (Codec::Opus, Frequency::FORTY_EIGHT_KHZ, Some(2)),
            FrameKind::Event { clock_hz: 8_000 } => (Codec::Tele, Frequency::EIGHT_KHZ, None),
            FrameKind::Event { .. } => (Codec::Tele, Frequency::FORTY_EIGHT_KHZ, None),
        };
        let format = FormatParams::default();
        config
            .codec_config()
            .add_config((*pt).into(), None, codec, clock, channels, format);
    }
    config
}

fn expect(direct: &mut DirectApi<'_>, mid: Mid, ssrc: u32) {
    direct
        .expect_stream_rx(ssrc.into(), None, mid, None)
        .suppress_nack(true);
}

/// The name of the only media section; it never leaves the process, as no extension carries it.
const MID: &str = "audio";

/// How often we report to the peer by RTCP, and look at its reports.
const REPORT_EVERY: Duration = Duration::from_secs(2);

/// str0m's own notion of a pause is not used; ours is `MEDIA_SILENCE_MAX`.
const PAUSE_NEVER: Duration = Duration::from_secs(24 * 3_600);

/// More outputs than any one input can cause.
const DRAIN_MAX: usize = 256;
