//! What a call needs of a session description, beyond lines that can be read.

use types::preset::SdpRules;

use super::lines::{Line, Lines, Section};
use super::{SdpFault, SdpRule};

/// What the description is meant to be.
#[derive(Clone, Copy)]
pub(super) enum Role<'a> {
    /// An offer.
    Offer,
    /// An answer, to this offer of ours.
    Answer {
        /// None if it is not at hand.
        our_offer: Option<&'a str>,
    },
}

/// Holds `lines`, each of which can be read, to the rules of a call.
pub(super) fn check(lines: &Lines<'_>, rules: &SdpRules, role: Role<'_>) -> Result<(), SdpFault> {
    let audio = the_audio(lines)?;
    let both = Both {
        session: lines.session(),
        audio,
    };
    if let Role::Answer {
        our_offer: Some(our_offer),
    } = role
    {
        not_echoed(&both, our_offer)?;
    }
    stream(&audio.lines[0])?;
    codecs(&audio)?;
    if audio.attributes("rtcp-mux").next().is_none() {
        return Err(SdpFault::whole(SdpRule::NoRtcpMux));
    }
    ice(&both)?;
    fingerprint(&both, rules)?;
    setup(&both, role)?;
    ice_lite(&both, rules)?;
    bundle(&both)
}

/// The session's lines and the stream's: some attributes may stand at either level.
#[derive(Clone, Copy)]
struct Both<'l, 'a> {
    session: Section<'l, 'a>,
    audio: Section<'l, 'a>,
}

impl<'l, 'a> Both<'l, 'a> {
    /// The stream's lines with that attribute, or the session's if the stream has none.
    fn attributes(self, name: &str) -> Vec<(&'l Line<'a>, &'a str)> {
        let own: Vec<_> = self.audio.attributes(name).collect();
        if own.is_empty() {
            self.session.attributes(name).collect()
        } else {
            own
        }
    }

    fn attribute(self, name: &str) -> Option<(&'l Line<'a>, &'a str)> {
        self.attributes(name).first().copied()
    }
}

/// The one audio stream. Its first line is its `m=`.
fn the_audio<'l, 'a>(lines: &'l Lines<'a>) -> Result<Section<'l, 'a>, SdpFault> {
    let mut found: Option<Section<'l, 'a>> = None;
    let mut other = None;
    for stream in lines.streams() {
        let media = &stream.lines[0];
        if !kind_of(media).eq_ignore_ascii_case("audio") {
            other = other.or(Some(media));
        } else if found.is_some() {
            return Err(SdpFault::at(media, SdpRule::SeveralAudio));
        } else {
            found = Some(stream);
        }
    }
    match (found, other) {
        (Some(audio), None) => Ok(audio),
        (Some(_), Some(media)) => Err(SdpFault::at(media, SdpRule::OtherMedia)),
        (None, Some(media)) => Err(SdpFault::at(media, SdpRule::NoAudio)),
        (None, None) => Err(SdpFault::whole(SdpRule::NoAudio)),
    }
}

fn kind_of<'a>(media: &Line<'a>) -> &'a str {
    media.value.split_whitespace().next().unwrap_or_default()
}

/// Port and protocol. `RTP/SAVPF` and `RTP/SAVP` are what older stacks write for the same
/// (RFC 8829, 5.1.2); whether it is DTLS shows in the fingerprint.
fn stream(media: &Line<'_>) -> Result<(), SdpFault> {
    let mut words = media.value.split_whitespace().skip(1);
    let port = words.next().unwrap_or_default();
    if port.split('/').next().is_some_and(is_zero) {
        return Err(SdpFault::at(media, SdpRule::PortZero));
    }
    let protocol = words.next().unwrap_or_default();
    let taken = [
        "UDP/TLS/RTP/SAVPF",
        "UDP/TLS/RTP/SAVP",
        "RTP/SAVPF",
        "RTP/SAVP",
    ];
    if taken.iter().any(|it| it.eq_ignore_ascii_case(protocol)) {
        Ok(())
    } else {
        Err(SdpFault::at(media, SdpRule::Protocol))
    }
}

fn is_zero(port: &str) -> bool {
    port.parse() == Ok(0_u32)
}

/// Each payload type of the `m=` line, and Opus among them.
fn codecs(audio: &Section<'_, '_>) -> Result<(), SdpFault> {
    let media = &audio.lines[0];
    let mut opus = false;
    for word in media.value.split_whitespace().skip(3) {
        let payload_type = match word.parse::<u8>() {
            Ok(payload_type) if payload_type <= 127 => payload_type,
            Ok(_) | Err(_) => {
                let reason = format!("{word} is not");
                return Err(SdpFault::because(media, SdpRule::PayloadType, &reason));
            }
        };
        let mut maps = audio
            .attributes("rtpmap")
            .filter_map(|(line, value)| Some((line, codec_for(payload_type, value)?)));
        let codec = maps.next().map(|(_, codec)| codec);
        if let Some((line, other)) = maps.find(|(_, other)| Some(*other) != codec) {
            let reason = format!("{payload_type} is {other} as well");
            return Err(SdpFault::because(line, SdpRule::Rtpmap, &reason));
        }
        match codec {
            Some(codec) => opus |= codec.eq_ignore_ascii_case("opus/48000/2"),
            None if payload_type >= DYNAMIC_FROM => {
                let reason = format!("{payload_type} has none");
                return Err(SdpFault::because(media, SdpRule::Rtpmap, &reason));
            }
            None => {}
        }
    }
    if opus {
        Ok(())
    } else {
        Err(SdpFault::at(media, SdpRule::NoOpus))
    }
}

/// The codec of an `a=rtpmap` if it is for that payload type.
fn codec_for(payload_type: u8, rtpmap: &str) -> Option<&str> {
    let (number, codec) = rtpmap.split_once(char::is_whitespace)?;
    (number.parse() == Ok(payload_type)).then(|| codec.trim())
}

fn ice(both: &Both<'_, '_>) -> Result<(), SdpFault> {
    let missing = || SdpFault::whole(SdpRule::NoIceCredentials);
    let (ufrag_line, ufrag) = both.attribute("ice-ufrag").ok_or_else(missing)?;
    let (pwd_line, pwd) = both.attribute("ice-pwd").ok_or_else(missing)?;
    if !is_ice_text(ufrag, UFRAG_CHARS_MIN) {
        return Err(SdpFault::at(ufrag_line, SdpRule::IceUfrag));
    }
    if !is_ice_text(pwd, PWD_CHARS_MIN) {
        let reason = format!("it has {}", pwd.chars().count());
        return Err(SdpFault::because(pwd_line, SdpRule::IcePwd, &reason));
    }
    Ok(())
}

/// A description of a peer that is lite as we are.
fn ice_lite(both: &Both<'_, '_>, rules: &SdpRules) -> Result<(), SdpFault> {
    match both.session.attributes("ice-lite").next() {
        Some((line, _)) if !rules.ice_lite => Err(SdpFault::at(line, SdpRule::IceLite)),
        Some(_) | None => Ok(()),
    }
}

/// RFC 8839 has letters, digits, `+` and `/`; `=` `-` `_` are seen where somebody chose base64.
fn is_ice_text(text: &str, chars_min: usize) -> bool {
    (chars_min..=ICE_CHARS_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+/=-_".contains(&b))
}

fn fingerprint(both: &Both<'_, '_>, rules: &SdpRules) -> Result<(), SdpFault> {
    let lines = both.attributes("fingerprint");
    if lines.is_empty() {
        return Err(SdpFault::whole(SdpRule::NoFingerprint));
    }
    if let Some((second, _)) = lines.get(1)
        && !rules.several_fingerprints
    {
        return Err(SdpFault::at(second, SdpRule::SeveralFingerprints));
    }
    let mut of_use = false;
    for (line, value) in &lines {
        let (hash, digest) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
        if hash.eq_ignore_ascii_case("sha-256") {
            let bytes = digest_bytes(digest.trim());
            if bytes.is_none_or(|bytes| bytes == [0; 32]) {
                return Err(SdpFault::at(line, SdpRule::BadFingerprint));
            }
            of_use = true;
        }
    }
    if of_use {
        Ok(())
    } else {
        Err(SdpFault::at(lines[0].0, SdpRule::FingerprintHash))
    }
}

/// The 32 bytes of a SHA-256 fingerprint.
fn digest_bytes(digest: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let mut words = digest.split(':');
    for byte in &mut bytes {
        let word = words.next()?;
        let is_hex = word.len() == 2 && word.bytes().all(|b| b.is_ascii_hexdigit());
        *byte = is_hex.then(|| u8::from_str_radix(word, 16).ok())??;
    }
    words.next().is_none().then_some(bytes)
}

fn setup(both: &Both<'_, '_>, role: Role<'_>) -> Result<(), SdpFault> {
    let Some((line, value)) = both.attribute("setup") else {
        return Err(SdpFault::whole(SdpRule::Setup));
    };
    match (value.to_ascii_lowercase().as_str(), role) {
        ("active" | "passive", _) | ("actpass", Role::Offer) => Ok(()),
        ("actpass", Role::Answer { .. }) => Err(SdpFault::at(line, SdpRule::SetupUndecided)),
        _ => Err(SdpFault::at(line, SdpRule::Setup)),
    }
}

/// A stream that is bundled is bundled by its name. Without a bundle it needs none.
fn bundle(both: &Both<'_, '_>) -> Result<(), SdpFault> {
    for (line, value) in both.session.attributes("group") {
        let mut words = value.split_whitespace();
        if words
            .next()
            .is_some_and(|it| it.eq_ignore_ascii_case("BUNDLE"))
        {
            let named = |(_, mid)| words.clone().any(|word| word == mid);
            if !both.audio.attributes("mid").any(named) {
                return Err(SdpFault::at(line, SdpRule::Bundle));
            }
        }
    }
    Ok(())
}

/// Tells an offer that comes back as the answer: it has our credentials or our fingerprint.
fn not_echoed(answer: &Both<'_, '_>, our_offer: &str) -> Result<(), SdpFault> {
    let Ok(offer) = Lines::split(our_offer) else {
        return Ok(());
    };
    let Ok(audio) = the_audio(&offer) else {
        return Ok(());
    };
    let offer = Both {
        session: offer.session(),
        audio,
    };
    for name in ["ice-ufrag", "fingerprint"] {
        if let (Some((line, theirs)), Some((_, ours))) =
            (answer.attribute(name), offer.attribute(name))
            && theirs.eq_ignore_ascii_case(ours)
        {
            return Err(SdpFault::at(line, SdpRule::Echo));
        }
    }
    Ok(())
}

/// The payload types below have fixed meanings (RFC 3551, 6), so that they need no `a=rtpmap`.
const DYNAMIC_FROM: u8 = 35;

/// RFC 8839, 5.4.
const UFRAG_CHARS_MIN: usize = 4;
/// RFC 8839, 5.4.
const PWD_CHARS_MIN: usize = 22;
/// RFC 8839, 5.4, of both.
const ICE_CHARS_MAX: usize = 256;
