//! One WebRTC peer of a call: ICE, DTLS and SRTP around one audio stream each way.
//!
//! A [`Leg`] holds no socket and reads no clock. Its driver passes datagrams and the time in and
//! carries its outputs out:
//!
//! - [`Leg::answer`] or [`Leg::offer`] makes it, [`Leg::accept_answer`] completes an offering one;
//! - [`Leg::handle_datagram`], [`Leg::handle_timeout`], [`Leg::relay`], [`Leg::speak`] and
//!   [`Leg::close`] change it;
//! - [`Leg::poll`] says what is to be done, until it returns [`LegOutput::Timeout`].
//!
//! Drain `poll` after each change. Nothing that a peer sends makes a leg panic or end, except what
//! only the true peer can say: a close, or a certificate that is not the announced one.

mod peer;
mod receiver;
mod running;
mod transport;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use crate::audio_app::AppFrame;
use crate::identity::{DtlsIdentity, LegDraw};
use crate::rtp::RtpFrame;
use crate::sdp_shape::{PeerDescription, SdpText, Setup, Shape};
use crate::stats::LegStats;
use running::Running;

/// What a leg is made of.
#[derive(Debug, Clone)]
pub struct LegSetup {
    /// Where the peer can reach us: the addresses that the session description names, the best
    /// first. Datagrams are handed in with one of them as their destination.
    pub candidates: Vec<SocketAddr>,
    /// Whether we start ICE checks.
    pub ice: IceRole,
    /// The shared certificate.
    pub identity: Arc<DtlsIdentity>,
    /// What chance decided.
    pub draw: LegDraw,
    /// Whose session descriptions ours look like.
    pub shape: Shape,
    /// The end of DTLS that an answer takes when the offer leaves the choice; `None` is the
    /// shape's custom.
    pub setup: Option<Setup>,
    /// The number in `o=`; Meta writes milliseconds since the epoch.
    pub session_id: u64,
}

/// Our part in ICE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IceRole {
    /// Controlled; answers checks and starts none (RFC 8445, 2.5). The exchange.
    Lite,
    /// Controlling; starts the checks. Phones and gateways.
    Full,
}

/// One WebRTC peer of a call.
#[derive(Debug)]
pub struct Leg {
    stage: Stage,
    setup: LegSetup,
    /// Whether relayed packets may pass; the answer may come later than the permission.
    open: bool,
    outputs: VecDeque<LegOutput>,
    stats: LegStats,
}

#[derive(Debug)]
enum Stage {
    /// Our offer is out. Checks that come before the answer are kept, so that ICE is done the
    /// moment the answer is here.
    Offered { early: Vec<EarlyDatagram> },
    /// Both descriptions are known.
    Running(Box<Running>),
    /// Over, and silent.
    Closed,
}

#[derive(Debug)]
struct EarlyDatagram {
    source: SocketAddr,
    destination: SocketAddr,
    bytes: Vec<u8>,
}

/// What a leg's driver has to do.
#[derive(Debug)]
pub enum LegOutput {
    /// Send a datagram.
    Transmit(Transmit),
    /// Something has happened.
    Event(LegEvent),
    /// Nothing more for now: come back with [`Leg::handle_timeout`] at this moment. `None` if
    /// nothing is due before the next input.
    Timeout(Option<Instant>),
}

/// A datagram to be sent.
#[derive(Debug)]
pub struct Transmit {
    /// One of the leg's candidates: the socket to send from.
    pub source: SocketAddr,
    /// Where to.
    pub destination: SocketAddr,
    /// The datagram.
    pub datagram: Vec<u8>,
}

/// What has happened on a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegEvent {
    /// The peer can be heard from this address: it has proved that it knows our ICE password.
    PeerAddress(SocketAddr),
    /// ICE and DTLS are up; RTP may flow.
    Up,
    /// The first audio packet has come, or the first after [`LegEvent::MediaStopped`].
    MediaStarted,
    /// No audio packet has come for [`types::limits::MEDIA_SILENCE_MAX`].
    MediaStopped,
    /// The peer has pressed a key.
    Digit(char),
    /// A packet for the relay or the app.
    Rtp(RtpFrame),
    /// The leg is over, not by our doing; nothing follows.
    Failed(LegFailure),
}

/// Why a leg ended, not by our doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LegFailure {
    /// The peer said so, by DTLS.
    #[error("the peer closed the connection")]
    PeerClosed,
    /// The peer no longer proves that it is there (RFC 7675).
    #[error("the peer's connectivity checks have stopped")]
    PeerLost,
    /// The handshake failed; above all, the certificate is not the one of the session description.
    #[error("the DTLS handshake failed")]
    Handshake,
}

/// Why a leg could not be made, or could not take an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LegError {
    /// There is no audio stream.
    #[error("the session description has no m=audio line with payload types")]
    NoAudio,
    /// The audio stream lacks Opus.
    #[error("the session description has no rtpmap for opus/48000")]
    NoOpus,
    /// No usable fingerprint.
    #[error("the session description has no a=fingerprint with sha-256")]
    NoFingerprint,
    /// No ICE credentials.
    #[error("the session description has no a=ice-ufrag or no a=ice-pwd")]
    NoIceCredentials,
    /// An answer that leaves the DTLS roles open.
    #[error("the answer says a=setup:actpass; it must say active or passive")]
    OpenSetup,
    /// The text is longer than any session description.
    #[error("the session description is too large")]
    TooLarge,
    /// The leg has its answer, or never made an offer.
    #[error("the leg does not wait for an answer")]
    NotOffered,
    /// No certificate could be made.
    #[error("the crypto library could not make a certificate")]
    Identity,
}

impl Leg {
    /// A leg that answers `offer`, and the answer.
    ///
    /// # Errors
    ///
    /// Names what the offer lacks.
    pub fn answer(setup: LegSetup, offer: &str, now: Instant) -> Result<(Self, String), LegError> {
        let peer = PeerDescription::read(offer)?;
        let ours = match (peer.setup, setup.setup, setup.shape) {
            (Setup::Active, _, _) => Setup::Passive,
            (Setup::Passive, _, _) => Setup::Active,
            (Setup::ActPass, Some(Setup::Active), _) => Setup::Active,
            (Setup::ActPass, Some(Setup::Passive), _) => Setup::Passive,
            (Setup::ActPass, Some(Setup::ActPass) | None, Shape::Meta) => Setup::Passive,
            (Setup::ActPass, Some(Setup::ActPass) | None, Shape::Plain) => Setup::Active,
        };
        let text = setup.text().answer(&peer, ours);
        let running = Running::new(&setup, &peer, ours == Setup::Active, now)?;
        Ok((Self::at(setup, Stage::Running(Box::new(running))), text))
    }

    /// A leg that makes an offer, and the offer.
    #[must_use]
    pub fn offer(setup: LegSetup) -> (Self, String) {
        let text = setup.text().offer();
        (Self::at(setup, Stage::Offered { early: Vec::new() }), text)
    }

    fn at(setup: LegSetup, stage: Stage) -> Self {
        Self {
            stage,
            setup,
            open: false,
            outputs: VecDeque::new(),
            stats: LegStats::default(),
        }
    }

    /// Takes the peer's answer to our offer.
    ///
    /// # Errors
    ///
    /// Names what the answer lacks; the leg then still waits for one.
    pub fn accept_answer(&mut self, answer: &str, now: Instant) -> Result<(), LegError> {
        let Stage::Offered { early } = &mut self.stage else {
            return Err(LegError::NotOffered);
        };
        let peer = PeerDescription::read(answer)?;
        let active = match peer.setup {
            Setup::Active => false,
            Setup::Passive => true,
            Setup::ActPass => return Err(LegError::OpenSetup),
        };
        let mut running = Running::new(&self.setup, &peer, active, now)?;
        let early = std::mem::take(early);
        running.track.pass(self.open);
        self.stage = Stage::Running(Box::new(running));
        for datagram in early {
            self.handle_datagram(now, datagram.source, datagram.destination, &datagram.bytes);
        }
        Ok(())
    }

    /// The user fragment that finds this leg in a check from an unknown address.
    #[must_use]
    pub fn ufrag(&self) -> &str {
        &self.setup.draw.ice_credentials.ufrag
    }

    /// Whether the leg is over: nothing more will come out of it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.stage, Stage::Closed)
    }

    /// The counts so far; they stay when the leg is over.
    #[must_use]
    pub fn stats(&self) -> LegStats {
        match &self.stage {
            Stage::Running(running) => running.stats(),
            Stage::Offered { .. } | Stage::Closed => self.stats,
        }
    }

    /// Takes a datagram that came from `source` to `destination`, which is one of our candidates.
    ///
    /// What is not STUN, DTLS or SRTP of this peer is dropped without a word.
    pub fn handle_datagram(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
        datagram: &[u8],
    ) {
        match &mut self.stage {
            Stage::Offered { early } => {
                if early.len() < EARLY_MAX && datagram.len() <= EARLY_BYTES_MAX {
                    early.push(EarlyDatagram {
                        source,
                        destination,
                        bytes: datagram.to_vec(),
                    });
                }
            }
            Stage::Running(running) => {
                running.handle_datagram(now, source, destination, datagram, &mut self.outputs);
                self.settle();
            }
            Stage::Closed => {}
        }
    }

    /// Takes note that time has come to `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Stage::Running(running) = &mut self.stage {
            running.handle_timeout(now, &mut self.outputs);
            self.settle();
        }
    }

    /// Lets relayed packets pass to the peer, or stops them. Closed at first.
    pub fn pass(&mut self, on: bool) {
        self.open = on;
        if let Stage::Running(running) = &mut self.stage {
            running.track.pass(on);
        }
    }

    /// Sends a packet of another leg to the peer, if the gate is open and the leg is up. True if
    /// it went out.
    pub fn relay(&mut self, now: Instant, frame: &RtpFrame) -> bool {
        let Stage::Running(running) = &mut self.stage else {
            return false;
        };
        let sent = running.relay(now, frame, &mut self.outputs);
        self.settle();
        sent
    }

    /// Sends an app's next 20 ms to the peer; call it once per tick, also with `None`.
    pub fn speak(&mut self, now: Instant, frame: Option<AppFrame>) {
        if let Stage::Running(running) = &mut self.stage {
            running.speak(now, frame, &mut self.outputs);
            self.settle();
        }
    }

    /// Whether ICE and DTLS are up.
    #[must_use]
    pub fn is_up(&self) -> bool {
        matches!(&self.stage, Stage::Running(running) if running.is_up())
    }

    /// Says goodbye to the peer; what [`Leg::poll`] then returns is the last.
    pub fn close(&mut self, now: Instant) {
        if let Stage::Running(running) = &mut self.stage {
            running.close(now, &mut self.outputs);
            self.stats = running.stats();
        }
        self.stage = Stage::Closed;
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> LegOutput {
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        match &self.stage {
            Stage::Running(running) => LegOutput::Timeout(running.timeout()),
            Stage::Offered { .. } | Stage::Closed => LegOutput::Timeout(None),
        }
    }

    /// Ends the leg if it has failed.
    fn settle(&mut self) {
        if let Stage::Running(running) = &self.stage
            && running.has_failed()
        {
            self.stats = running.stats();
            self.stage = Stage::Closed;
        }
    }
}

impl LegSetup {
    fn text(&self) -> SdpText<'_> {
        SdpText {
            shape: self.shape,
            ice_lite: self.ice == IceRole::Lite,
            session_id: self.session_id,
            draw: &self.draw,
            fingerprint: self.identity.fingerprint(),
            candidates: &self.candidates,
        }
    }
}

/// Checks that are kept until the answer is here. A peer repeats its own.
const EARLY_MAX: usize = 4;
const EARLY_BYTES_MAX: usize = 256;
