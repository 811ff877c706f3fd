//! Tells the protocols on one UDP port apart (RFC 7983), and finds the leg that a check is for.

/// What a datagram is, by its first bytes. Nothing is proved by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datagram {
    /// A check of ICE, or an answer to one.
    Stun,
    /// A record of DTLS.
    Dtls,
    /// RTP, not yet decrypted.
    Rtp {
        /// The payload type.
        payload_type: u8,
        /// The source.
        ssrc: u32,
    },
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
            let payload_type = bytes[1] & 0x7f;
            let ssrc = u32::from_be_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]);
            // RFC 5761, 4: RTCP's packet types 192 to 223.
            if (64..96).contains(&payload_type) {
                Some(Datagram::Rtcp)
            } else {
                Some(Datagram::Rtp { payload_type, ssrc })
            }
        }
        _ => None,
    }
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
