//! SRTP and SRTCP (RFC 3711, RFC 7714) with the keys of one DTLS handshake.
//!
//! Ciphers come from str0m's crypto provider; the key derivation, the indices and the replay
//! windows are here. There is one [`Sealer`] and one [`Opener`] per leg: a leg has one source of
//! its own, and its peer few.

mod cipher;
mod window;

use str0m::crypto::CryptoProvider;
use str0m::crypto::dtls::SrtpProfile;

use cipher::Cipher;
pub(crate) use window::ReplayWindow;

/// Protects what we send.
#[derive(Debug)]
pub(crate) struct Sealer {
    rtp: Cipher,
    rtcp: Cipher,
    /// The number of the next SRTCP packet; 31 bits, far more than any call has.
    next_rtcp: u32,
}

/// Opens what the peer sends.
#[derive(Debug)]
pub(crate) struct Opener {
    rtp: Cipher,
    rtcp: Cipher,
    rtcp_seen: ReplayWindow,
}

/// Derives both directions' keys. `active` is whether we were the client of the handshake. `None`
/// if the handshake agreed on something else than the three profiles that we offer.
pub(crate) fn from_handshake(
    crypto: &CryptoProvider,
    profile: SrtpProfile,
    material: &[u8],
    active: bool,
) -> Option<(Sealer, Opener)> {
    let (key, salt) = match profile {
        SrtpProfile::AES128_CM_SHA1_80 => (16, 14),
        SrtpProfile::AEAD_AES_128_GCM => (16, 12),
        SrtpProfile::AEAD_AES_256_GCM => (32, 12),
        _ => return None,
    };
    if material.len() != 2 * (key + salt) {
        return None;
    }
    // RFC 5764, 4.2: client's key, server's key, client's salt, server's salt.
    let (keys, salts) = material.split_at(2 * key);
    let (client_key, server_key) = keys.split_at(key);
    let (client_salt, server_salt) = salts.split_at(salt);
    let client = || Cipher::pair(crypto, profile, client_key, client_salt);
    let server = || Cipher::pair(crypto, profile, server_key, server_salt);
    let ((rtp, rtcp), (peer_rtp, peer_rtcp)) = if active {
        (client()?, server()?)
    } else {
        (server()?, client()?)
    };
    let sealer = Sealer {
        rtp,
        rtcp,
        next_rtcp: 0,
    };
    let opener = Opener {
        rtp: peer_rtp,
        rtcp: peer_rtcp,
        rtcp_seen: ReplayWindow::default(),
    };
    Some((sealer, opener))
}

impl Sealer {
    /// The SRTP packet of a header and a payload. `index` is the extended sequence number, whose
    /// low 16 bits the header carries. `None` only if the crypto library refuses to work.
    pub(crate) fn rtp(&mut self, header: &[u8; 12], index: u64, payload: &[u8]) -> Option<Vec<u8>> {
        let ssrc = u32::from_be_bytes([header[8], header[9], header[10], header[11]]);
        let overhead = self.rtp.tag_bytes();
        let mut packet = vec![0; header.len() + payload.len() + overhead];
        packet[..header.len()].copy_from_slice(header);
        self.rtp
            .seal_rtp(&mut packet, header.len(), ssrc, index, payload)?;
        Some(packet)
    }

    /// The SRTCP packet of a compound RTCP packet, which must be whole. `None` only if the crypto
    /// library refuses to work.
    pub(crate) fn rtcp(&mut self, packet: &[u8]) -> Option<Vec<u8>> {
        let index = self.next_rtcp;
        self.next_rtcp = (index + 1) & RTCP_INDEX_MASK;
        self.rtcp.seal_rtcp(packet, index)
    }
}

impl Opener {
    /// Opens an SRTP packet whose header has `header_bytes` into `plain`, by its extended sequence
    /// number. The number of bytes of the payload; `None` if the packet is not genuine.
    pub(crate) fn rtp(
        &mut self,
        packet: &[u8],
        header_bytes: usize,
        ssrc: u32,
        index: u64,
        plain: &mut [u8],
    ) -> Option<usize> {
        self.rtp.open_rtp(packet, header_bytes, ssrc, index, plain)
    }

    /// The compound RTCP packet in an SRTCP packet; `None` if it is not genuine or not new.
    pub(crate) fn rtcp(&mut self, packet: &[u8]) -> Option<Vec<u8>> {
        let (plain, index) = self.rtcp.open_rtcp(packet)?;
        self.rtcp_seen.take(u64::from(index)).then_some(plain)
    }
}

const RTCP_INDEX_MASK: u32 = 0x7fff_ffff;

#[cfg(test)]
mod tests;
