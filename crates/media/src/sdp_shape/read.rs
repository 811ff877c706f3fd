//! Reads what a leg needs from a peer's session description. Never panics, never waits.

use std::net::SocketAddr;

use crate::leg::LegError;

/// What a leg needs to know of its peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerDescription {
    /// The peer's ICE user fragment.
    pub ufrag: String,
    /// The peer's ICE password.
    pub password: String,
    /// The SHA-256 fingerprint of the peer's certificate.
    pub fingerprint: [u8; 32],
    /// Which end of DTLS the peer wants to be.
    pub setup: Setup,
    /// Where the peer may be reached over UDP; often empty, as a full-ICE peer is found by its
    /// checks.
    pub candidates: Vec<SocketAddr>,
    /// The first `a=mid` of the audio section. Janus writes two.
    pub mid: Option<String>,
    /// Whether a session-level `a=group:BUNDLE` stands there.
    pub bundle: bool,
    /// The payload type of Opus.
    pub opus: u8,
    /// The payload types of telephone events with their clocks in Hz, 8 kHz first.
    pub events: Vec<(u8, u32)>,
    /// The sources that the peer announces; empty with libdatachannel.
    pub ssrcs: Vec<u32>,
    /// Every payload type of the audio section, in the peer's order of preference.
    pub payload_types: Vec<u8>,
}

/// The value of `a=setup` (RFC 8842).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// The peer starts the handshake.
    Active,
    /// The peer waits for ours.
    Passive,
    /// We choose; only an offer may say so.
    ActPass,
}

impl PeerDescription {
    /// Reads an offer or an answer.
    ///
    /// # Errors
    ///
    /// Names what is missing for a leg; lines that a leg does not need are not looked at.
    pub fn read(text: &str) -> Result<Self, LegError> {
        if text.len() > types::limits::SDP_BYTES_MAX {
            return Err(LegError::TooLarge);
        }
        let mut lines = Lines::default();
        for line in text.lines() {
            lines.take(line.trim_end());
        }
        lines.finish()
    }
}

/// What has been seen so far; `session` holds until the first `m=`, `audio` from the audio one on.
#[derive(Default)]
struct Lines {
    place: Place,
    session: Transport,
    audio: Transport,
    bundle: bool,
    mid: Option<String>,
    payload_types: Vec<u8>,
    maps: Vec<(u8, String)>,
    ssrcs: Vec<u32>,
    candidates: Vec<SocketAddr>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Session,
    Audio,
    Elsewhere,
}

/// The attributes that may stand at session or at media level; the media level's win.
#[derive(Default)]
struct Transport {
    ufrag: Option<String>,
    password: Option<String>,
    fingerprint: Option<[u8; 32]>,
    setup: Option<Setup>,
}

impl Lines {
    fn take(&mut self, line: &str) {
        if let Some(media) = line.strip_prefix("m=") {
            self.enter(media);
        } else if let Some(attribute) = line.strip_prefix("a=") {
            let (name, value) = attribute.split_once(':').unwrap_or((attribute, ""));
            match self.place {
                Place::Session => self.session_attribute(name, value),
                Place::Audio => self.audio_attribute(name, value),
                Place::Elsewhere => {}
            }
        }
    }

    fn enter(&mut self, media: &str) {
        let mut words = media.split_ascii_whitespace();
        let is_audio = words
            .next()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("audio"));
        if !is_audio || !self.payload_types.is_empty() {
            self.place = Place::Elsewhere;
            return;
        }
        self.place = Place::Audio;
        self.payload_types = words
            .skip(2)
            .filter_map(|word| word.parse().ok())
            .filter(|pt| *pt < 128)
            .collect();
    }

    fn session_attribute(&mut self, name: &str, value: &str) {
        if name == "group" {
            self.bundle |= value.starts_with("BUNDLE");
        } else {
            self.session.take(name, value);
        }
    }

    fn audio_attribute(&mut self, name: &str, value: &str) {
        match name {
            "mid" => {
                self.mid.get_or_insert_with(|| value.to_owned());
            }
            "rtpmap" => {
                if let Some((pt, map)) = value.split_once(' ')
                    && let Ok(pt) = pt.parse()
                {
                    self.maps.push((pt, map.trim().to_ascii_lowercase()));
                }
            }
            "ssrc" => {
                let number = value.split(' ').next().unwrap_or_default();
                if let Ok(ssrc) = number.parse()
                    && !self.ssrcs.contains(&ssrc)
                    && self.ssrcs.len() < SSRCS_MAX
                {
                    self.ssrcs.push(ssrc);
                }
            }
            "candidate" => {
                if let Some(address) = udp_candidate(value)
                    && self.candidates.len() < CANDIDATES_MAX
                    && !self.candidates.contains(&address)
                {
                    self.candidates.push(address);
                }
            }
            _ => self.audio.take(name, value),
        }
    }

    fn finish(self) -> Result<PeerDescription, LegError> {
        if self.payload_types.is_empty() {
            return Err(LegError::NoAudio);
        }
        let opus = self
            .first_payload_type("opus/48000")
            .ok_or(LegError::NoOpus)?;
        let events = self.event_payload_types();
        let (session, audio) = (self.session, self.audio);
        let ufrag = audio
            .ufrag
            .or(session.ufrag)
            .ok_or(LegError::NoIceCredentials)?;
        let password = audio
            .password
            .or(session.password)
            .ok_or(LegError::NoIceCredentials)?;
        let fingerprint = audio
            .fingerprint
            .or(session.fingerprint)
            .ok_or(LegError::NoFingerprint)?;
        Ok(PeerDescription {
            ufrag,
            password,
            fingerprint,
            setup: audio.setup.or(session.setup).unwrap_or(Setup::Active),
            candidates: self.candidates,
            mid: self.mid,
            bundle: self.bundle,
            opus,
            events,
            ssrcs: self.ssrcs,
            payload_types: self.payload_types,
        })
    }

    fn first_payload_type(&self, codec: &str) -> Option<u8> {
        self.payload_types.iter().copied().find(|pt| {
            self.maps
                .iter()
                .any(|(mapped, map)| mapped == pt && map.starts_with(codec))
        })
    }

    fn event_payload_types(&self) -> Vec<(u8, u32)> {
        let mut events: Vec<(u8, u32)> = self
            .maps
            .iter()
            .filter(|(pt, _)| self.payload_types.contains(pt))
            .filter_map(|(pt, map)| {
                let clock = map.strip_prefix("telephone-event/")?;
                let clock: u32 = clock.split('/').next()?.parse().ok()?;
                [8_000, 48_000].contains(&clock).then_some((*pt, clock))
            })
            .collect();
        events.sort_by_key(|(_, clock)| *clock);
        events.dedup_by_key(|(_, clock)| *clock);
        events
    }
}

impl Transport {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "ice-ufrag" if !value.is_empty() => self.ufrag = Some(value.to_owned()),
            "ice-pwd" if !value.is_empty() => self.password = Some(value.to_owned()),
            "fingerprint" => {
                if let Some(digest) = sha_256(value) {
                    self.fingerprint.get_or_insert(digest);
                }
            }
            "setup" => {
                self.setup = match value {
                    "active" => Some(Setup::Active),
                    "passive" => Some(Setup::Passive),
                    "actpass" => Some(Setup::ActPass),
                    _ => self.setup,
                };
            }
            _ => {}
        }
    }
}

/// The digest of a `sha-256 AB:CD:…` value; other hashes are passed over.
fn sha_256(value: &str) -> Option<[u8; 32]> {
    let (hash, digest) = value.split_once(' ')?;
    if !hash.eq_ignore_ascii_case("sha-256") {
        return None;
    }
    let mut bytes = [0; 32];
    let mut pairs = digest.trim().split(':');
    for byte in &mut bytes {
        let pair = pairs.next().filter(|pair| pair.len() == 2)?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    pairs.next().is_none().then_some(bytes)
}

/// The address of a UDP candidate of component 1. Names such as mDNS's are passed over: the peer's
/// own checks reveal where it is.
fn udp_candidate(value: &str) -> Option<SocketAddr> {
    let mut words = value.split_ascii_whitespace();
    let component = words.nth(1)?;
    let transport = words.next()?;
    if component != "1" || !transport.eq_ignore_ascii_case("udp") {
        return None;
    }
    let address = words.nth(1)?.parse().ok()?;
    let port = words.next()?.parse().ok()?;
    Some(SocketAddr::new(address, port)).filter(|address| address.port() != 0)
}

const CANDIDATES_MAX: usize = 32;
const SSRCS_MAX: usize = 4;
