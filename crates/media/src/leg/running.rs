//! A leg whose two session descriptions are known.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use std::sync::Arc;
use str0m::crypto::CryptoProvider;

use types::limits;

use super::peer::Codecs;
use super::receiver::Receiver;
use super::transport::{News, Transport};
use super::{LegError, LegEvent, LegFailure, LegOutput, LegSetup, Transmit};
use crate::audio_app::AppFrame;
use crate::datagram::{self, Datagram};
use crate::dtmf::DtmfReceiver;
use crate::relay::{OutFrame, Track};
use crate::rtcp::{self, Heard, ReportTime, SentSoFar};
use crate::rtp::{FrameKind, RtpFrame};
use crate::sdp_shape::PeerDescription;
use crate::srtp::{self, Sealer};
use crate::stats::{LegStats, Meter};

/// The outputs of one leg, in order.
type Outputs = VecDeque<LegOutput>;

/// A leg that has its peer.
#[derive(Debug)]
pub(super) struct Running {
    transport: Transport,
    news: Vec<News>,
    crypto: Arc<CryptoProvider>,
    /// Whether we are the client of the DTLS handshake.
    active: bool,
    stream: Option<Stream>,
    ssrc: u32,
    cname: &'static str,
    pub(super) track: Track,
    codecs: Codecs,
    digits: DtmfReceiver,
    meter: Meter,
    start: Instant,
    failed: bool,
    heard_at: Option<Instant>,
    report_at: Option<Instant>,
    last_sent: Option<(Instant, u32)>,
}

/// The media of a leg that is up.
#[derive(Debug)]
struct Stream {
    sealer: Sealer,
    receiver: Receiver,
}

impl Running {
    pub(super) fn new(
        setup: &LegSetup,
        peer: &PeerDescription,
        active: bool,
        now: Instant,
    ) -> Result<Self, LegError> {
        Ok(Self {
            transport: Transport::new(setup, peer, active, now)?,
            news: Vec::new(),
            crypto: Arc::clone(&setup.identity.crypto),
            active,
            stream: None,
            ssrc: setup.draw.ssrc,
            cname: setup.shape.cname(),
            track: Track::new(&setup.draw),
            codecs: Codecs::of(peer),
            digits: DtmfReceiver::new(),
            meter: Meter::default(),
            start: now,
            failed: false,
            heard_at: None,
            report_at: None,
            last_sent: None,
        })
    }

    pub(super) fn is_up(&self) -> bool {
        self.stream.is_some()
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
        [self.transport.timeout(), silent_at, self.report_at]
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
        match datagram::kind(bytes) {
            Some(Datagram::Stun) => {
                self.transport
                    .handle_stun(now, source, destination, bytes, &mut self.news);
                self.take_news(now, outputs);
            }
            // Everything else must come from where the peer has proved to be.
            Some(_) if !self.transport.knows(source) => {}
            Some(Datagram::Dtls) => {
                self.transport.handle_dtls(now, bytes, &mut self.news);
                self.take_news(now, outputs);
            }
            Some(Datagram::Rtp) => self.take_rtp(now, bytes, outputs),
            Some(Datagram::Rtcp) => self.take_rtcp(now, bytes),
            None => {}
        }
    }

    pub(super) fn handle_timeout(&mut self, now: Instant, outputs: &mut Outputs) {
        if self.transport.timeout().is_some_and(|at| at <= now) {
            self.transport.handle_timeout(now, &mut self.news);
            self.take_news(now, outputs);
        }
        if self
            .heard_at
            .is_some_and(|at| at + limits::MEDIA_SILENCE_MAX <= now)
        {
            self.heard_at = None;
            outputs.push_back(LegOutput::Event(LegEvent::MediaStopped));
        }
        if self.report_at.is_some_and(|at| at <= now) {
            self.report_at = Some(now + REPORT_EVERY);
            self.send_report(now, outputs);
        }
    }

    pub(super) fn relay(&mut self, now: Instant, frame: &RtpFrame, outputs: &mut Outputs) -> bool {
        if !self.is_up() {
            return false;
        }
        let out = self.track.relay(now, frame, Some(self.codecs.event.1));
        out.is_some_and(|out| self.send(now, &out, outputs))
    }

    pub(super) fn speak(&mut self, now: Instant, frame: Option<AppFrame>, outputs: &mut Outputs) {
        if self.is_up()
            && let Some(out) = self.track.speak(now, frame, Some(self.codecs.event.1))
        {
            self.send(now, &out, outputs);
        }
    }

    pub(super) fn close(&mut self, now: Instant, outputs: &mut Outputs) {
        let goodbye = rtcp::goodbye(self.ssrc, self.cname);
        self.send_rtcp(&goodbye, outputs);
        self.transport.close(&mut self.news);
        self.take_news(now, outputs);
        outputs.retain(|output| matches!(output, LegOutput::Transmit(_)));
    }

    fn send(&mut self, now: Instant, out: &OutFrame, outputs: &mut Outputs) -> bool {
        let (Some(stream), Some((source, destination))) = (&mut self.stream, self.transport.path())
        else {
            return false;
        };
        let payload_type = if out.is_event {
            self.codecs.event.0
        } else {
            self.codecs.opus
        };
        let mut header = [0; 12];
        header[0] = 0x80;
        header[1] = u8::from(out.marker) << 7 | payload_type;
        header[2..4].copy_from_slice(&((out.seq & 0xffff) as u16).to_be_bytes());
        header[4..8].copy_from_slice(&out.timestamp.to_be_bytes());
        header[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        let Some(datagram) = stream.sealer.rtp(&header, out.seq, &out.payload) else {
            return false;
        };
        self.meter.sent(out.payload.len());
        if !out.is_event {
            self.last_sent = Some((now, out.timestamp));
        }
        outputs.push_back(LegOutput::Transmit(Transmit {
            source,
            destination,
            datagram,
        }));
        true
    }

    fn take_rtp(&mut self, now: Instant, bytes: &[u8], outputs: &mut Outputs) {
        let Some(stream) = &mut self.stream else {
            return;
        };
        let header = datagram::rtp_header(bytes);
        let kind = header.and_then(|header| self.codecs.kind(header.payload_type));
        let (Some(header), Some(kind)) = (header, kind) else {
            return;
        };
        let Some(frame) = stream.receiver.rtp(&header, kind, bytes) else {
            return;
        };
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

    fn take_rtcp(&mut self, now: Instant, bytes: &[u8]) {
        let Some(compound) = self
            .stream
            .as_mut()
            .and_then(|stream| stream.receiver.rtcp(bytes))
        else {
            return;
        };
        let time = ReportTime::at(self.start, now);
        let (ssrc, meter) = (self.ssrc, &mut self.meter);
        rtcp::read(&compound, |heard| match heard {
            Heard::SenderTime { ssrc, middle } => meter.heard_sender(now, ssrc, middle),
            Heard::Block(block) if block.ssrc == ssrc => meter.heard_block(time, &block),
            Heard::Block(_) => {}
        });
    }

    fn send_report(&mut self, now: Instant, outputs: &mut Outputs) {
        let stats = self.meter.stats;
        let sent = self.last_sent.map(|(at, timestamp)| SentSoFar {
            timestamp: timestamp.wrapping_add(ticks_since(at, now)),
            packets: (stats.packets_sent & u64::from(u32::MAX)) as u32,
            bytes: (stats.bytes_sent & u64::from(u32::MAX)) as u32,
        });
        let time = ReportTime::at(self.start, now);
        let block = self.meter.report(now);
        let report = rtcp::report(self.ssrc, self.cname, time, sent, block);
        self.send_rtcp(&report, outputs);
    }

    fn send_rtcp(&mut self, packet: &[u8], outputs: &mut Outputs) {
        if let (Some(stream), Some((source, destination))) =
            (&mut self.stream, self.transport.path())
            && let Some(datagram) = stream.sealer.rtcp(packet)
        {
            outputs.push_back(LegOutput::Transmit(Transmit {
                source,
                destination,
                datagram,
            }));
        }
    }

    fn take_news(&mut self, now: Instant, outputs: &mut Outputs) {
        for news in std::mem::take(&mut self.news) {
            match news {
                News::Transmit(transmit) => outputs.push_back(LegOutput::Transmit(transmit)),
                News::PeerAddress(address) => {
                    outputs.push_back(LegOutput::Event(LegEvent::PeerAddress(address)));
                }
                News::Keys { profile, material } => {
                    let keys = srtp::from_handshake(&self.crypto, profile, &material, self.active);
                    let Some((sealer, opener)) = keys else {
                        self.fail(LegFailure::Handshake, outputs);
                        continue;
                    };
                    self.stream = Some(Stream {
                        sealer,
                        receiver: Receiver::new(opener),
                    });
                    self.report_at = Some(now + FIRST_REPORT_AFTER);
                    outputs.push_back(LegOutput::Event(LegEvent::Up));
                }
                News::Failed(failure) => self.fail(failure, outputs),
            }
        }
    }

    fn fail(&mut self, failure: LegFailure, outputs: &mut Outputs) {
        if !self.failed {
            self.failed = true;
            outputs.push_back(LegOutput::Event(LegEvent::Failed(failure)));
        }
    }
}

/// Ticks of the 48 kHz clock from `at` to `now`.
fn ticks_since(at: Instant, now: Instant) -> u32 {
    let millis = now.saturating_duration_since(at).as_millis();
    u32::try_from((millis * 48) & u128::from(u32::MAX)).unwrap_or(0)
}

/// How often we report to the peer by RTCP: so often that a call of a few seconds has a round trip
/// to show.
const REPORT_EVERY: Duration = Duration::from_secs(2);
const FIRST_REPORT_AFTER: Duration = Duration::from_millis(500);
