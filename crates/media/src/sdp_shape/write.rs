//! Writes our own session descriptions, line for line in the shape that Meta's have.

use std::fmt::{self, Write};
use std::net::SocketAddr;

use super::{PeerDescription, Setup};
use crate::identity::LegDraw;

/// The payload type of Opus in our offers.
pub const OPUS: u8 = 111;

/// The payload type of telephone events in our offers, and in answers to offers without any
/// (Meta, calling API: DTMF always proceeds at 126).
pub const EVENTS: u8 = 126;

/// Whose session descriptions ours look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Meta's: the offer of a user-initiated call as observed live in October 2025, the answer of
    /// a business-initiated one as in Meta's reference. An answer prefers `setup:passive`.
    Meta,
    /// A common WebRTC client's. An answer prefers `setup:active`.
    Plain,
}

/// Everything that goes into a session description of ours.
#[derive(Debug, Clone, Copy)]
pub struct SdpText<'a> {
    /// Whose shape it has.
    pub shape: Shape,
    /// Whether we only answer ICE checks.
    pub ice_lite: bool,
    /// The number in `o=`; Meta writes milliseconds since the epoch.
    pub session_id: u64,
    /// What chance decided.
    pub draw: &'a LegDraw,
    /// The SHA-256 fingerprint of our certificate, in hex with colons.
    pub fingerprint: &'a str,
    /// Where we can be reached, the best first.
    pub candidates: &'a [SocketAddr],
}

impl SdpText<'_> {
    /// An offer of Opus at 111 and telephone events at 126, `setup:actpass`.
    #[must_use]
    pub fn offer(&self) -> String {
        let mid = match self.shape {
            Shape::Meta => "audio",
            Shape::Plain => "0",
        };
        let codecs = [Codec::Opus(OPUS), Codec::Event(EVENTS, 8_000)];
        self.write(Some(mid), true, "actpass", &codecs)
    }

    /// The answer to what `peer` offered, with us as the `setup` end of DTLS.
    ///
    /// It names the peer's payload types, its `mid` if it has one, and `BUNDLE` if it offers that.
    #[must_use]
    pub fn answer(&self, peer: &PeerDescription, setup: Setup) -> String {
        let setup = match setup {
            Setup::Active => "active",
            Setup::Passive | Setup::ActPass => "passive",
        };
        let mut codecs = vec![Codec::Opus(peer.opus)];
        codecs.extend(
            peer.events
                .iter()
                .map(|(pt, clock)| Codec::Event(*pt, *clock)),
        );
        self.write(peer.mid.as_deref(), peer.bundle, setup, &codecs)
    }

    fn write(&self, mid: Option<&str>, bundle: bool, setup: &str, codecs: &[Codec]) -> String {
        let mut text = Text(String::with_capacity(1_024));
        let stream = &self.draw.stream_id;
        text.line(format_args!("v=0"));
        text.line(format_args!("o=- {} 2 IN IP4 127.0.0.1", self.session_id));
        text.line(format_args!("s=-"));
        text.line(format_args!("t=0 0"));
        if let (true, Some(mid)) = (bundle, mid) {
            text.line(format_args!("a=group:BUNDLE {mid}"));
        }
        text.line(format_args!("a=msid-semantic: WMS {stream}"));
        if self.ice_lite {
            text.line(format_args!("a=ice-lite"));
        }
        self.media_line(&mut text, codecs);
        self.ice_lines(&mut text, setup);
        if let Some(mid) = mid {
            text.line(format_args!("a=mid:{mid}"));
        }
        text.line(format_args!("a=sendrecv"));
        text.line(format_args!("a=msid:{stream} {}", self.track_name()));
        text.line(format_args!("a=rtcp-mux"));
        for codec in codecs {
            self.codec_lines(&mut text, *codec);
        }
        text.line(format_args!("a=maxptime:20"));
        text.line(format_args!("a=ptime:20"));
        text.line(format_args!(
            "a=ssrc:{} cname:{}",
            self.draw.ssrc,
            self.shape.cname()
        ));
        text.0
    }

    fn media_line(&self, text: &mut Text, codecs: &[Codec]) {
        let port = self.candidates.first().map_or(9, SocketAddr::port);
        let types: Vec<String> = codecs
            .iter()
            .map(|codec| codec.payload_type().to_string())
            .collect();
        text.line(format_args!(
            "m=audio {port} UDP/TLS/RTP/SAVPF {}",
            types.join(" ")
        ));
        match self.candidates.first() {
            Some(SocketAddr::V4(first)) => text.line(format_args!("c=IN IP4 {}", first.ip())),
            Some(SocketAddr::V6(first)) => text.line(format_args!("c=IN IP6 {}", first.ip())),
            None => text.line(format_args!("c=IN IP4 0.0.0.0")),
        }
        text.line(format_args!("a=rtcp:9 IN IP4 0.0.0.0"));
        let (mut fours, mut sixes) = (0, 0);
        for candidate in self.candidates {
            let (rank, local) = if candidate.is_ipv4() {
                (&mut fours, LOCAL_PREFERENCE_V4)
            } else {
                (&mut sixes, LOCAL_PREFERENCE_V6)
            };
            let priority = HOST_PREFERENCE << 24 | (local - *rank) << 8 | COMPONENT_PREFERENCE;
            *rank += 1;
            text.line(format_args!(
                "a=candidate:{} 1 udp {priority} {} {} typ host generation 0 network-cost 50",
                foundation(*candidate),
                candidate.ip(),
                candidate.port(),
            ));
        }
    }

    fn ice_lines(&self, text: &mut Text, setup: &str) {
        let credentials = &self.draw.ice_credentials;
        text.line(format_args!("a=ice-ufrag:{}", credentials.ufrag));
        text.line(format_args!("a=ice-pwd:{}", credentials.password));
        if setup != "actpass" && self.shape == Shape::Meta {
            text.line(format_args!("a=ice-options:trickle"));
        }
        text.line(format_args!("a=fingerprint:sha-256 {}", self.fingerprint));
        text.line(format_args!("a=setup:{setup}"));
    }

    fn codec_lines(&self, text: &mut Text, codec: Codec) {
        match codec {
            Codec::Opus(pt) => {
                text.line(format_args!("a=rtpmap:{pt} opus/48000/2"));
                match self.shape {
                    Shape::Meta => {
                        text.line(format_args!("a=rtcp-fb:{pt} transport-cc"));
                        text.line(format_args!("a=fmtp:{pt} {META_OPUS}"));
                    }
                    Shape::Plain => text.line(format_args!("a=fmtp:{pt} {PLAIN_OPUS}")),
                }
            }
            Codec::Event(pt, clock) => {
                text.line(format_args!("a=rtpmap:{pt} telephone-event/{clock}"));
            }
        }
    }

    fn track_name(&self) -> &'static str {
        match self.shape {
            Shape::Meta => "WhatsAppTrack1",
            Shape::Plain => "audio0",
        }
    }
}

impl Shape {
    /// The canonical name of what we send, in session descriptions and in RTCP.
    pub(crate) const fn cname(self) -> &'static str {
        match self {
            Self::Meta => "WhatsAppAudioStream1",
            Self::Plain => "dialtone",
        }
    }
}

#[derive(Clone, Copy)]
enum Codec {
    Opus(u8),
    Event(u8, u32),
}

impl Codec {
    fn payload_type(self) -> u8 {
        match self {
            Self::Opus(pt) | Self::Event(pt, _) => pt,
        }
    }
}

/// Lines that end with CR LF, as SDP demands (RFC 8866, 9).
struct Text(String);

impl Text {
    fn line(&mut self, line: fmt::Arguments<'_>) {
        self.0.write_fmt(line).expect("a String takes every text");
        self.0.push_str("\r\n");
    }
}

/// A number that candidates of one address share (RFC 8445, 5.1.1.3): FNV-1a over the address.
fn foundation(candidate: SocketAddr) -> u32 {
    let text = candidate.ip().to_string();
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

const META_OPUS: &str = "maxaveragebitrate=20000;maxplaybackrate=16000;minptime=20;\
    sprop-maxcapturerate=16000;useinbandfec=1";
const PLAIN_OPUS: &str = "minptime=10;useinbandfec=1";

/// The parts of a host candidate's priority (RFC 8445, 5.1.2.1), with Meta's local preferences.
const HOST_PREFERENCE: u32 = 126;
const LOCAL_PREFERENCE_V4: u32 = 0x7f1e;
const LOCAL_PREFERENCE_V6: u32 = 0x7f28;
const COMPONENT_PREFERENCE: u32 = 255;
