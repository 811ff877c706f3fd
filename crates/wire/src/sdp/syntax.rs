//! Whether each line can be read: asks Mozilla's `webrtc-sdp`, and says what it found in our words.

use webrtc_sdp::error::{SdpParserError, SdpParserInternalError};
use webrtc_sdp::{parse_sdp, parse_sdp_line};

use super::lines::{Line, Lines};
use super::{SdpFault, SdpRule};

/// Reads line by line, then the whole for the order of things. Bounded by what [`Lines`] takes: the
/// parser needs quadratic time for many lines.
pub(super) fn check(lines: &Lines<'_>) -> Result<(), SdpFault> {
    let mut known = String::new();
    for line in &lines.all {
        if is_for_us(line) {
            match parse_sdp_line(line.text, 0) {
                Ok(_) => known.push_str(line.text),
                Err(error) => look_at(line, error)?,
            }
        }
        known.push('\n');
    }

    match parse_sdp(&known, false) {
        Ok(_) => Ok(()),
        Err(error) => Err(order(lines, error)),
    }
}

/// Whether the parser is to see the line. It refuses what the standards want ignored: contact lines,
/// and ICE candidates of a kind it does not know (RFC 8839, 5.1).
fn is_for_us(line: &Line<'_>) -> bool {
    match line.kind {
        b'e' | b'p' | b'r' | b'u' | b'z' => false,
        b'a' => line.attribute("candidate").is_none_or(is_usual_candidate),
        _ => true,
    }
}

/// A candidate that is too short is one, so that the parser says what is missing.
fn is_usual_candidate(value: &str) -> bool {
    let is_one_of = |index: usize, known: &[&str]| {
        let word = value.split_whitespace().nth(index);
        word.is_none_or(|word| known.iter().any(|it| it.eq_ignore_ascii_case(word)))
    };
    is_one_of(2, &["udp", "tcp"]) && is_one_of(7, &["host", "srflx", "prflx", "relay"])
}

/// An attribute that the parser does not support is one that we ignore; a stream is not.
fn look_at(line: &Line<'_>, error: SdpParserError) -> Result<(), SdpFault> {
    let reason = match error {
        SdpParserError::Line { error, .. } => reason(&error),
        SdpParserError::Sequence { message, .. } => message,
        SdpParserError::Unsupported { .. } if line.kind == b'm' => {
            return Err(SdpFault::at(line, SdpRule::Protocol));
        }
        SdpParserError::Unsupported { .. } => return Ok(()),
    };
    Err(SdpFault::because(line, rule(line), &reason))
}

/// The rule that a line which cannot be read breaks.
fn rule(line: &Line<'_>) -> SdpRule {
    if line.attribute("fingerprint").is_some() {
        SdpRule::BadFingerprint
    } else if line.attribute("setup").is_some() {
        SdpRule::Setup
    } else if line.attribute("rtpmap").is_some() {
        SdpRule::Rtpmap
    } else if line.attribute("candidate").is_some() {
        SdpRule::Candidate
    } else {
        SdpRule::Syntax
    }
}

/// What is wrong with the order of the lines, or missing among them.
fn order(lines: &Lines<'_>, error: SdpParserError) -> SdpFault {
    let (reason, index) = match error {
        SdpParserError::Sequence {
            message,
            line_number,
        } => (message, line_number),
        SdpParserError::Line {
            error, line_number, ..
        }
        | SdpParserError::Unsupported {
            error, line_number, ..
        } => (reason(&error), line_number),
    };
    let reason = reason.trim_start_matches("Parsing error: ");
    // The first line is `v=0`, so that 0 stands for no line at all.
    match lines.all.get(index) {
        Some(line) if index > 0 => SdpFault::because(line, SdpRule::Order, reason),
        Some(_) | None => SdpFault::whole(SdpRule::Order).with_reason(reason),
    }
}

fn reason(error: &SdpParserInternalError) -> String {
    let reason = match error {
        SdpParserInternalError::UnknownAddressType(_) => {
            "the address type has to be IP4 or IP6".to_owned()
        }
        SdpParserInternalError::AddressTypeMismatch { .. } => {
            "the address is not of the type that stands before it".to_owned()
        }
        SdpParserInternalError::Generic(reason) | SdpParserInternalError::Unsupported(reason) => {
            reason.clone()
        }
        SdpParserInternalError::Integer(error) => format!("not a number that fits: {error}"),
        SdpParserInternalError::Float(error) => format!("not a number that fits: {error}"),
        SdpParserInternalError::Domain(_) | SdpParserInternalError::IpAddress(_) => {
            "not an address".to_owned()
        }
    };
    SLIPS
        .iter()
        .fold(reason, |reason, (slip, word)| reason.replace(slip, word))
}

/// Slips of the pen in the parser's messages.
const SLIPS: [(&str, &str); 5] = [
    ("Unknonw", "unknown"),
    ("Unknow ", "unknown "),
    ("eigth", "eight"),
    ("fingerpint", "fingerprint"),
    ("neeeds", "needs"),
];
