//! ICE and DTLS of one leg: who the peer is, where it is, and the keys that the two agree on.
//!
//! ICE is str0m's, without its peer connection around it: a leg has one stream each way and no use for
//! the rest. DTLS is dimpl, as it is within str0m, whose door to it leaves no choice of timers.

use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use dimpl::{Dtls, Output, SrtpProfile};
use str0m::crypto::CryptoProvider;
use str0m::ice::{IceAgent, IceAgentEvent, IceCreds, StunMessage, StunPacket};
use str0m::net::Protocol;
use str0m::{Candidate, IceConnectionState};
use types::limits;

use super::{IceRole, LegError, LegFailure, LegSetup, Transmit};
use crate::sdp_shape::PeerDescription;

/// ICE and DTLS of one leg.
pub(super) struct Transport {
    ice: IceAgent,
    dtls: Dtls,
    crypto: Arc<CryptoProvider>,
    /// Whether we start the DTLS handshake; not before ICE is done.
    active: bool,
    started: bool,
    /// From which candidate to which address, once ICE has decided.
    path: Option<(SocketAddr, SocketAddr)>,
    /// Records that wait for a path.
    waiting: VecDeque<Vec<u8>>,
    addresses: Addresses,
    fingerprint: [u8; 32],
    verified: bool,
    lost_since: Option<Instant>,
    ice_at: Option<Instant>,
    dtls_at: Option<Instant>,
    dtls_over: bool,
}

/// What has come of it.
#[derive(Debug)]
pub(super) enum News {
    Transmit(Transmit),
    /// The peer can be heard from there.
    PeerAddress(SocketAddr),
    /// Both ends have agreed, and the peer is the one that was announced.
    Keys {
        profile: SrtpProfile,
        material: Vec<u8>,
    },
    Failed(LegFailure),
}

impl Transport {
    pub(super) fn new(
        setup: &LegSetup,
        peer: &PeerDescription,
        active: bool,
        now: Instant,
    ) -> Result<Self, LegError> {
        let crypto = Arc::clone(&setup.identity.crypto);
        let credentials = &setup.draw.ice_credentials;
        let ours = IceCreds {
            ufrag: credentials.ufrag.clone(),
            pass: credentials.password.clone(),
        };
        let mut ice = IceAgent::with_hmac(ours, crypto.sha1_hmac_provider);
        ice.set_ice_lite(setup.ice == IceRole::Lite);
        ice.set_controlling(setup.ice == IceRole::Full);
        ice.set_initial_stun_rto(limits::ICE_RETRY_AFTER);
        ice.set_max_stun_retransmits(limits::ICE_UNANSWERED_MAX);
        for address in &setup.candidates {
            if let Ok(candidate) = Candidate::host(*address, Protocol::Udp) {
                ice.add_local_candidate(candidate);
            }
        }
        ice.set_remote_credentials(IceCreds {
            ufrag: peer.ufrag.clone(),
            pass: peer.password.clone(),
        });
        if setup.ice == IceRole::Full {
            for address in &peer.candidates {
                if let Ok(candidate) = Candidate::host(*address, Protocol::Udp) {
                    ice.add_remote_candidate(candidate);
                }
            }
        }
        let identity = &setup.identity;
        let mut dtls = Dtls::new_12(
            Arc::clone(&identity.dtls),
            identity.certificate.clone(),
            now,
        );
        dtls.set_active(active);
        let mut transport = Self {
            ice,
            dtls,
            crypto,
            active,
            started: false,
            path: None,
            waiting: VecDeque::new(),
            addresses: Addresses::default(),
            fingerprint: peer.fingerprint,
            verified: false,
            lost_since: None,
            ice_at: Some(now),
            dtls_at: None,
            dtls_over: false,
        };
        if !active {
            transport.start_dtls(now);
        }
        Ok(transport)
    }

    /// Whether the peer has proved from this address that it knows our password.
    pub(super) fn knows(&self, address: SocketAddr) -> bool {
        self.addresses.contains(address)
    }

    /// Our address and the peer's, once ICE has decided.
    pub(super) fn path(&self) -> Option<(SocketAddr, SocketAddr)> {
        self.path
    }

    /// When [`Transport::handle_timeout`] is due.
    pub(super) fn timeout(&self) -> Option<Instant> {
        let lost_at = self.lost_since.map(|at| at + limits::PEER_LOST_AFTER);
        [self.ice_at, self.dtls_at, lost_at]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn handle_timeout(&mut self, now: Instant, news: &mut Vec<News>) {
        if self.ice_at.is_some_and(|at| at <= now) {
            self.run_ice(now, news);
        }
        if self.dtls_at.is_some_and(|at| at <= now) {
            self.dtls_at = None;
            if self.dtls.handle_timeout(now).is_err() {
                self.fail(news);
            } else {
                self.run_dtls(news);
            }
        }
        if self
            .lost_since
            .is_some_and(|at| at + limits::PEER_LOST_AFTER <= now)
        {
            self.lost_since = None;
            news.push(News::Failed(LegFailure::PeerLost));
        }
    }

    pub(super) fn handle_stun(
        &mut self,
        now: Instant,
        source: SocketAddr,
        destination: SocketAddr,
        bytes: &[u8],
        news: &mut Vec<News>,
    ) {
        let Ok(message) = StunMessage::parse(bytes) else {
            return;
        };
        let packet = StunPacket {
            proto: Protocol::Udp,
            source,
            destination,
            message,
        };
        if !self.ice.handle_packet(now, packet) {
            return;
        }
        if !self.addresses.contains(source) {
            self.addresses.add(source);
            news.push(News::PeerAddress(source));
        }
        self.run_ice(now, news);
    }

    /// Takes a DTLS record of a known address.
    pub(super) fn handle_dtls(&mut self, now: Instant, bytes: &[u8], news: &mut Vec<News>) {
        // The library counts its time-outs from the last time it was told: a call may have rung
        // for a minute before its first record comes.
        if self.dtls_over || self.dtls.handle_timeout(now).is_err() {
            self.fail(news);
            return;
        }
        // What the library refuses it has not taken in: a broken or forged record harms nobody.
        let _refused = self.dtls.handle_packet(bytes);
        self.run_dtls(news);
    }

    /// Tells the peer that this is the end.
    pub(super) fn close(&mut self, news: &mut Vec<News>) {
        // A handshake that is not over has nobody to tell.
        if self.dtls.close().is_ok() {
            self.run_dtls(news);
        }
    }

    fn run_ice(&mut self, now: Instant, news: &mut Vec<News>) {
        self.ice.handle_timeout(now);
        while let Some(event) = self.ice.poll_event() {
            match event {
                IceAgentEvent::NominatedSend {
                    source,
                    destination,
                    ..
                } => {
                    self.path = Some((source, destination));
                }
                IceAgentEvent::IceConnectionStateChange(state) => self.take_state(now, state),
                IceAgentEvent::IceRestart(_) | IceAgentEvent::DiscoveredRecv { .. } => {}
            }
        }
        while let Some(transmit) = self.ice.poll_transmit() {
            news.push(News::Transmit(Transmit {
                source: transmit.source,
                destination: transmit.destination,
                datagram: transmit.contents.into(),
            }));
        }
        self.ice_at = self.ice.poll_timeout();
        if self.active && self.path.is_some() && !self.started {
            self.start_dtls(now);
            self.run_dtls(news);
        }
        self.send_waiting(news);
    }

    fn take_state(&mut self, now: Instant, state: IceConnectionState) {
        match state {
            IceConnectionState::Connected | IceConnectionState::Completed => {
                self.lost_since = None;
            }
            IceConnectionState::Disconnected => {
                self.lost_since.get_or_insert(now);
            }
            IceConnectionState::New | IceConnectionState::Checking => {}
        }
    }

    fn start_dtls(&mut self, now: Instant) {
        self.started = true;
        // The first look at the time sets the library up; an empty packet makes a client begin.
        // Neither can be refused: nothing has come from outside yet.
        let _begun = self.dtls.handle_timeout(now);
        if self.active {
            let _begun = self.dtls.handle_packet(&[]);
        }
    }

    fn run_dtls(&mut self, news: &mut Vec<News>) {
        if !self.started || self.dtls_over {
            return;
        }
        let mut buffer = [0; RECORD_BYTES_MAX];
        loop {
            match self.dtls.poll_output(&mut buffer) {
                Output::Packet(record) => self.waiting.push_back(record.to_vec()),
                Output::PeerCert(certificate) => {
                    let digest = self.crypto.sha256_provider.sha256(certificate);
                    if !same(digest, self.fingerprint) {
                        self.fail(news);
                        return;
                    }
                    self.verified = true;
                }
                Output::KeyingMaterial(material, profile) => {
                    if !self.verified {
                        self.fail(news);
                        return;
                    }
                    news.push(News::Keys {
                        profile,
                        material: material.to_vec(),
                    });
                }
                Output::CloseNotify => {
                    news.push(News::Failed(LegFailure::PeerClosed));
                }
                Output::Timeout(at) => {
                    self.dtls_at = Some(at);
                    break;
                }
                // The keys say that the handshake is over, and data is nothing we asked for. An
                // unknown output would be a new version's, which does not loop on it either.
                Output::Connected | Output::ApplicationData(_) => {}
                _ => break,
            }
        }
        self.send_waiting(news);
    }

    fn send_waiting(&mut self, news: &mut Vec<News>) {
        if let Some((source, destination)) = self.path {
            news.extend(self.waiting.drain(..).map(|datagram| {
                News::Transmit(Transmit {
                    source,
                    destination,
                    datagram,
                })
            }));
        }
        // Nobody waits for a path that long: each handshake repeats what it needs.
        while self.waiting.len() > WAITING_MAX {
            self.waiting.pop_front();
        }
    }

    fn fail(&mut self, news: &mut Vec<News>) {
        self.dtls_at = None;
        if !self.dtls_over {
            self.dtls_over = true;
            news.push(News::Failed(LegFailure::Handshake));
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("active", &self.active)
            .field("verified", &self.verified)
            .finish_non_exhaustive()
    }
}

/// The addresses from which the peer has proved that it knows our password.
#[derive(Debug, Default)]
struct Addresses(Vec<SocketAddr>);

impl Addresses {
    fn contains(&self, address: SocketAddr) -> bool {
        self.0.contains(&address)
    }

    /// Adds an address; the oldest gives way to the newest.
    fn add(&mut self, address: SocketAddr) {
        if self.0.len() == ADDRESSES_MAX {
            self.0.remove(0);
        }
        self.0.push(address);
    }
}

/// Compares without telling by the time it takes where two digests differ.
fn same(one: [u8; 32], other: [u8; 32]) -> bool {
    one.iter()
        .zip(other)
        .fold(0, |differ, (one, other)| differ | (one ^ other))
        == 0
}

const ADDRESSES_MAX: usize = 8;
const WAITING_MAX: usize = 16;
const RECORD_BYTES_MAX: usize = 2_048;
