//! Tells the protocols on one UDP port apart (RFC 7983), and finds the leg that a check is for.

/// What a datagram is, by its first bytes. Nothing is proved by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datagram {
    /// A check of ICE, or an answer to one.
    Stun,
    /// A record of DTLS.
    Dtls,
    /// RTP, not yet decrypted.
    Rtp,
    /// RTCP, not yet decrypted.
    Rtcp,
}

/// What the datagram is; `None` for what belongs to no leg.
#[must_use]
pub fn kind(bytes: &[u8]) -> Option<Datagram> {
    match (bytes.first()?, bytes.len()) {
        (0..=3, STUN_HEADER..) => Some(Datagram::Stun),
        (20..=63, _) => Some(Datagram::Dtls),
        (128..=191, RTP_HEADER..) => {
            // RFC 5761, 4: RTCP's packet types 192 to 223, without their highest bit.
            let is_rtcp = (64..96).contains(&(bytes[1] & 0x7f));
            Some(if is_rtcp {
                Datagram::Rtcp
            } else {
                Datagram::Rtp
            })
        }
        _ => None,
    }
}

/// The header of an RTP packet, which stays in the clear. Nothing is proved by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RtpHeader {
    /// Its length, with contributing sources and extensions.
    pub bytes: usize,
    /// Whether the payload ends with padding.
    pub padded: bool,
    /// The marker bit.
    pub marker: bool,
    /// The payload type.
    pub payload_type: u8,
    /// The sequence number.
    pub seq: u16,
    /// The RTP timestamp.
    pub timestamp: u32,
    /// The source.
    pub ssrc: u32,
}

/// Reads an RTP packet's header; `None` if the packet is too short for it.
#[must_use]
pub fn rtp_header(packet: &[u8]) -> Option<RtpHeader> {
    let &[flags, kind, s1, s0, t3, t2, t1, t0, c3, c2, c1, c0] = packet.first_chunk()?;
    let mut bytes = RTP_HEADER + 4 * usize::from(flags & 0x0f);
    if flags & 0x10 != 0 {
        let extension = packet.get(bytes..)?.first_chunk::<4>()?;
        bytes += 4 + 4 * usize::from(u16::from_be_bytes([extension[2], extension[3]]));
    }
    (flags >> 6 == 2 && bytes <= packet.len()).then_some(RtpHeader {
        bytes,
        padded: flags & 0x20 != 0,
        marker: kind & 0x80 != 0,
        payload_type: kind & 0x7f,
        seq: u16::from_be_bytes([s1, s0]),
        timestamp: u32::from_be_bytes([t3, t2, t1, t0]),
        ssrc: u32::from_be_bytes([c3, c2, c1, c0]),
    })
}

/// The user fragment of the leg that a STUN binding request is for: the part of its USERNAME
/// before the colon (RFC 8445, 7.1). `None` if it is no such request.
#[must_use]
pub fn wanted_ufrag(bytes: &[u8]) -> Option<&str> {
    let header = bytes.get(..STUN_HEADER)?;
    if header[..2] != BINDING_REQUEST || header[4..8] != MAGIC_COOKIE {
        return None;
    }
    let mut rest = &bytes[STUN_HEADER..];
    while let Some((&[kind_high, kind_low, high, low], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let value = after.get(..length)?;
        if [kind_high, kind_low] == USERNAME {
            let name = std::str::from_utf8(value).ok()?;
            return name.split_once(':').map(|(ours, _)| ours);
        }
        rest = after.get(length.next_multiple_of(4)..)?;
    }
    None
}

const STUN_HEADER: usize = 20;
const RTP_HEADER: usize = 12;
const BINDING_REQUEST: [u8; 2] = [0x00, 0x01];
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const USERNAME: [u8; 2] = [0x00, 0x06];

#[cfg(test)]
mod tests;
