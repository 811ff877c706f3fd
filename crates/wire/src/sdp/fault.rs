//! What is wrong with a session description: the rule, the line, and a sentence that says what to do.

use std::error::Error;
use std::fmt;

use types::limits::{SDP_BYTES_MAX, SDP_LINE_BYTES_MAX, SDP_LINES_MAX};

use super::lines::Line;

/// Why a session description is refused. `Display` is a sentence for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdpFault {
    /// The number of the line at fault, from 1; none if it is the whole, or a line is missing.
    pub line: Option<u32>,
    /// The beginning of that line, at most 100 characters; never an ICE password.
    pub text: Option<String>,
    /// The rule that is broken.
    pub rule: SdpRule,
    /// What exactly is wrong, where the rule alone does not say it.
    pub reason: Option<String>,
}

/// The rules for session descriptions, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SdpRule {
    /// At most so many bytes.
    TooLarge,
    /// Not nothing.
    Empty,
    /// Not JSON, and no line ends written as `\r\n`: it was encoded once too often.
    Encoded,
    /// At most so many lines.
    TooManyLines,
    /// Lines of at most so many bytes.
    LineTooLong,
    /// No control characters, and LF or CRLF at the end of each line.
    ControlCharacter,
    /// `v=0` is the first line.
    NotSdp,
    /// Each line can be read.
    Syntax,
    /// `v=`, `o=`, `s=`, `c=`, `t=` and the attributes stand where they belong (RFC 8866, 5).
    Order,
    /// An ICE candidate can be read (RFC 8839, 5.1).
    Candidate,
    /// An answer is not the offer sent back.
    Echo,
    /// One audio stream.
    NoAudio,
    /// One audio stream only.
    SeveralAudio,
    /// No stream besides audio.
    OtherMedia,
    /// The stream is not refused by port 0.
    PortZero,
    /// DTLS-SRTP: `UDP/TLS/RTP/SAVPF`.
    Protocol,
    /// Payload types are 0 to 127.
    PayloadType,
    /// Each dynamic payload type has one `a=rtpmap`, which can be read.
    Rtpmap,
    /// Opus is among the codecs, as `opus/48000/2` (RFC 7587, 7).
    NoOpus,
    /// RTP and RTCP share a port.
    NoRtcpMux,
    /// `a=ice-ufrag` and `a=ice-pwd` are there.
    NoIceCredentials,
    /// 4 to 256 characters for the user fragment (RFC 8839, 5.4).
    IceUfrag,
    /// 22 to 256 characters for the password (RFC 8839, 5.4).
    IcePwd,
    /// A fingerprint is there.
    NoFingerprint,
    /// One fingerprint only.
    SeveralFingerprints,
    /// A fingerprint can be read, and is not all zeros.
    BadFingerprint,
    /// SHA-256 is the hash of the fingerprint.
    FingerprintHash,
    /// `a=setup` is there and says who starts DTLS.
    Setup,
    /// An answer decides who starts DTLS.
    SetupUndecided,
    /// The peer does full ICE.
    IceLite,
    /// `a=group:BUNDLE` names the stream by its `a=mid`.
    Bundle,
}

impl SdpFault {
    /// A fault of the whole, or of a line that is not there.
    pub(super) const fn whole(rule: SdpRule) -> Self {
        Self {
            line: None,
            text: None,
            rule,
            reason: None,
        }
    }

    /// A fault of one line.
    pub(super) fn at(line: &Line<'_>, rule: SdpRule) -> Self {
        let mut text: String = if line.attribute("ice-pwd").is_some() {
            "a=ice-pwd:…".to_owned()
        } else {
            line.text.chars().take(TEXT_CHARS_MAX).collect()
        };
        text.retain(|c| !c.is_control());
        Self {
            line: Some(line.number),
            text: Some(text),
            rule,
            reason: None,
        }
    }

    /// A fault of one line, with what exactly is wrong.
    pub(super) fn because(line: &Line<'_>, rule: SdpRule, reason: &str) -> Self {
        Self::at(line, rule).with_reason(reason)
    }

    pub(super) fn with_reason(self, reason: &str) -> Self {
        let reason = reason.chars().filter(|c| !c.is_control());
        Self {
            reason: Some(reason.take(TEXT_CHARS_MAX).collect()),
            ..self
        }
    }
}

impl fmt::Display for SdpFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.text) {
            (Some(line), Some(text)) => write!(f, "SDP line {line} `{text}`: ")?,
            (Some(line), None) => write!(f, "SDP line {line}: ")?,
            (None, _) => f.write_str("SDP: ")?,
        }
        self.rule.say(f)?;
        match &self.reason {
            Some(reason) => {
                let mut rest = reason.chars();
                let first: String = rest
                    .next()
                    .into_iter()
                    .flat_map(char::to_uppercase)
                    .collect();
                write!(f, " {first}{}.", rest.as_str())
            }
            None => Ok(()),
        }
    }
}

impl Error for SdpFault {}

impl SdpRule {
    /// Every rule there is, in the order of the checks.
    pub const ALL: [Self; 31] = [
        Self::TooLarge,
        Self::Empty,
        Self::Encoded,
        Self::TooManyLines,
        Self::LineTooLong,
        Self::ControlCharacter,
        Self::NotSdp,
        Self::Syntax,
        Self::Order,
        Self::Candidate,
        Self::Echo,
        Self::NoAudio,
        Self::SeveralAudio,
        Self::OtherMedia,
        Self::PortZero,
        Self::Protocol,
        Self::PayloadType,
        Self::Rtpmap,
        Self::NoOpus,
        Self::NoRtcpMux,
        Self::NoIceCredentials,
        Self::IceUfrag,
        Self::IcePwd,
        Self::NoFingerprint,
        Self::SeveralFingerprints,
        Self::BadFingerprint,
        Self::FingerprintHash,
        Self::Setup,
        Self::SetupUndecided,
        Self::IceLite,
        Self::Bundle,
    ];

    /// The sentences: what is wrong, and what to do about it.
    fn say(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "More than {SDP_BYTES_MAX} bytes. Send audio only."),
            Self::TooManyLines => write!(f, "More than {SDP_LINES_MAX} lines. Send audio only."),
            Self::LineTooLong => write!(f, "More than {SDP_LINE_BYTES_MAX} bytes in one line."),
            other => f.write_str(other.sentence()),
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::TooLarge => "Too many bytes.",
            Self::TooManyLines => "Too many lines.",
            Self::LineTooLong => "Too many bytes in one line.",
            Self::Empty => "Nothing there. Send the text of your local description.",
            Self::Encoded => {
                "Encoded twice. Send the description itself as a JSON string, not JSON in a string; \
                 its line ends are CRLF, not the characters \\r\\n."
            }
            Self::ControlCharacter => "A control character. End each line with CRLF.",
            Self::NotSdp => "Not a session description: its first line is v=0 (RFC 8866).",
            Self::Syntax => "Cannot be read.",
            Self::Order => "A line is missing or stands in the wrong place (RFC 8866, 5).",
            Self::Candidate => "Not an ICE candidate (RFC 8839, 5.1).",
            Self::Echo => {
                "This is the offer that you were sent. Give it to your WebRTC stack as the remote \
                 description, and send the answer that the stack makes."
            }
            Self::NoAudio => "No audio stream. A call has one m=audio.",
            Self::SeveralAudio => "A second audio stream. A call has one m=audio.",
            Self::OtherMedia => "A stream that is not audio. A call has one m=audio and no other.",
            Self::PortZero => "Port 0 refuses the stream. Use port 9 where none is known yet.",
            Self::Protocol => "Media is DTLS-SRTP: the protocol is UDP/TLS/RTP/SAVPF.",
            Self::PayloadType => "A payload type is a number from 0 to 127.",
            Self::Rtpmap => "Each dynamic payload type has one a=rtpmap, such as 111 opus/48000/2.",
            Self::NoOpus => "No Opus among the codecs. Add a=rtpmap:111 opus/48000/2.",
            Self::NoRtcpMux => "No a=rtcp-mux. RTP and RTCP share one port.",
            Self::NoIceCredentials => "No a=ice-ufrag or no a=ice-pwd. ICE needs both.",
            Self::IceUfrag => {
                "An ICE user fragment has 4 to 256 letters, digits, + or / (RFC 8839, 5.4)."
            }
            Self::IcePwd => {
                "An ICE password has 22 to 256 letters, digits, + or / (RFC 8839, 5.4)."
            }
            Self::IceLite => {
                "Both sides are ICE-lite, and nobody would start the checks. Use full ICE, in the \
                 controlling role."
            }
            Self::NoFingerprint => {
                "No fingerprint found in SDP. Add one a=fingerprint:sha-256 with the hash of your \
                 DTLS certificate."
            }
            Self::SeveralFingerprints => {
                "A second fingerprint. Keep one a=fingerprint:sha-256 and remove the others."
            }
            Self::BadFingerprint => "Not a fingerprint: sha-256 and 32 bytes as AB:CD:….",
            Self::FingerprintHash => "The hash of the fingerprint has to be sha-256.",
            Self::Setup => {
                "The attribute a=setup says who starts DTLS: actpass in an offer, active \
                 (recommended) or passive in an answer."
            }
            Self::SetupUndecided => {
                "An answer decides who starts DTLS: a=setup:active (recommended) or \
                 a=setup:passive, never actpass."
            }
            Self::Bundle => "The line a=group:BUNDLE names no a=mid of the audio stream.",
        }
    }

    /// A few lower-case words joined by `_`, for metric labels and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
            Self::Encoded => "encoded",
            Self::TooManyLines => "too_many_lines",
            Self::LineTooLong => "line_too_long",
            Self::ControlCharacter => "control_character",
            Self::NotSdp => "not_sdp",
            Self::Syntax => "syntax",
            Self::Order => "order",
            Self::Candidate => "candidate",
            Self::Echo => "echo",
            Self::NoAudio => "no_audio",
            Self::SeveralAudio => "several_audio",
            Self::OtherMedia => "other_media",
            Self::PortZero => "port_zero",
            Self::Protocol => "protocol",
            Self::PayloadType => "payload_type",
            Self::Rtpmap => "rtpmap",
            Self::NoOpus => "no_opus",
            Self::NoRtcpMux => "no_rtcp_mux",
            Self::NoIceCredentials => "no_ice_credentials",
            Self::IceUfrag => "ice_ufrag",
            Self::IcePwd => "ice_pwd",
            Self::IceLite => "ice_lite",
            Self::NoFingerprint => "no_fingerprint",
            Self::SeveralFingerprints => "several_fingerprints",
            Self::BadFingerprint => "bad_fingerprint",
            Self::FingerprintHash => "fingerprint_hash",
            Self::Setup => "setup",
            Self::SetupUndecided => "setup_undecided",
            Self::Bundle => "bundle",
        }
    }
}

impl fmt::Display for SdpRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much of a line is shown. A fingerprint line has 116 characters; its beginning tells enough.
const TEXT_CHARS_MAX: usize = 100;
