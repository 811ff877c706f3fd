//! One cipher with its keys: AES in counter mode with HMAC-SHA1, or AES-GCM.

use std::fmt;

use str0m::crypto::dtls::SrtpProfile;
use str0m::crypto::{
    AeadAes128Gcm, AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80,
    Aes128CmSha1_80Cipher, CryptoProvider, Sha1HmacProvider,
};

/// The cipher of one direction, for RTP or for RTCP.
pub(super) enum Cipher {
    /// AES-128 in counter mode, HMAC-SHA1 cut to 80 bits (RFC 3711).
    Counter {
        key: [u8; 20],
        salt: [u8; 14],
        cipher: Box<dyn Aes128CmSha1_80Cipher>,
        hmac: &'static dyn Sha1HmacProvider,
    },
    /// AES in Galois/counter mode (RFC 7714).
    Galois { salt: [u8; 12], cipher: Gcm },
}

pub(super) enum Gcm {
    Aes128(Box<dyn AeadAes128GcmCipher>),
    Aes256(Box<dyn AeadAes256GcmCipher>),
}

impl Cipher {
    /// The RTP and the RTCP cipher of one direction's master key and salt (RFC 3711, 4.3).
    pub(super) fn pair(
        crypto: &CryptoProvider,
        profile: SrtpProfile,
        key: &[u8],
        salt: &[u8],
    ) -> Option<(Self, Self)> {
        let master = Master { crypto, key, salt };
        Some((
            master.cipher(profile, RTP_LABELS)?,
            master.cipher(profile, RTCP_LABELS)?,
        ))
    }

    /// How much longer sealing makes a packet.
    pub(super) fn tag_bytes(&self) -> usize {
        match self {
            Self::Counter { .. } => Aes128CmSha1_80::HMAC_TAG_LEN,
            Self::Galois { .. } => AeadAes128Gcm::TAG_LEN,
        }
    }

    /// Seals `payload` behind the header that `packet` begins with.
    pub(super) fn seal_rtp(
        &mut self,
        packet: &mut [u8],
        header_bytes: usize,
        ssrc: u32,
        index: u64,
        payload: &[u8],
    ) -> Option<()> {
        let (header, body) = packet.split_at_mut(header_bytes);
        match self {
            Self::Counter {
                key,
                salt,
                cipher,
                hmac,
            } => {
                let iv = Aes128CmSha1_80::rtp_iv(*salt, ssrc, index);
                cipher.encrypt(&iv, payload, body).ok()?;
                let end = header_bytes + payload.len();
                let sign = |key: &[u8], parts: &[&[u8]]| hmac.sha1_hmac(key, parts);
                Aes128CmSha1_80::rtp_hmac(sign, key, packet, index, end);
            }
            Self::Galois { salt, cipher } => {
                let iv = gcm_rtp_iv(*salt, ssrc, index);
                cipher.seal(&iv, header, payload, body)?;
            }
        }
        Some(())
    }

    /// Opens the packet's payload into `plain`; returns how long it is.
    pub(super) fn open_rtp(
        &mut self,
        packet: &[u8],
        header_bytes: usize,
        ssrc: u32,
        index: u64,
        plain: &mut [u8],
    ) -> Option<usize> {
        let end = packet.len().checked_sub(self.tag_bytes())?;
        let length = end.checked_sub(header_bytes)?;
        let plain = plain.get_mut(..length)?;
        match self {
            Self::Counter {
                key,
                salt,
                cipher,
                hmac,
            } => {
                let (signed, tag) = packet.split_at(end);
                let sign = |key: &[u8], parts: &[&[u8]]| hmac.sha1_hmac(key, parts);
                if !Aes128CmSha1_80::rtp_verify(sign, key, signed, index, tag) {
                    return None;
                }
                let iv = Aes128CmSha1_80::rtp_iv(*salt, ssrc, index);
                cipher.decrypt(&iv, &signed[header_bytes..], plain).ok()?;
            }
            Self::Galois { salt, cipher } => {
                let (header, body) = packet.split_at(header_bytes);
                cipher.open(&gcm_rtp_iv(*salt, ssrc, index), header, body, plain)?;
            }
        }
        Some(length)
    }

    /// The SRTCP packet of a whole compound packet.
    pub(super) fn seal_rtcp(&mut self, packet: &[u8], index: u32) -> Option<Vec<u8>> {
        let (header, body) = packet.split_at_checked(RTCP_HEADER)?;
        let ssrc = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
        let flagged = (ENCRYPTED | index).to_be_bytes();
        let mut sealed = vec![0; packet.len() + self.tag_bytes() + flagged.len()];
        sealed[..RTCP_HEADER].copy_from_slice(header);
        match self {
            Self::Counter {
                key,
                salt,
                cipher,
                hmac,
            } => {
                let iv = Aes128CmSha1_80::rtp_iv(*salt, ssrc, u64::from(index));
                cipher.encrypt(&iv, body, &mut sealed[RTCP_HEADER..]).ok()?;
                let end = packet.len() + flagged.len();
                sealed[packet.len()..end].copy_from_slice(&flagged);
                let sign = |key: &[u8], parts: &[&[u8]]| hmac.sha1_hmac(key, parts);
                Aes128CmSha1_80::rtcp_hmac(sign, key, &mut sealed, end);
            }
            Self::Galois { salt, cipher } => {
                let aad = rtcp_aad(header, flagged);
                let end = sealed.len() - flagged.len();
                let iv = AeadAes128Gcm::rtcp_iv(*salt, ssrc, index);
                cipher.seal(&iv, &aad, body, &mut sealed[RTCP_HEADER..end])?;
                sealed[end..].copy_from_slice(&flagged);
            }
        }
        Some(sealed)
    }

    /// The compound packet in an SRTCP packet, and its index. Only encrypted ones are taken.
    pub(super) fn open_rtcp(&mut self, packet: &[u8]) -> Option<(Vec<u8>, u32)> {
        let (tag, flag) = (self.tag_bytes(), size_of::<u32>());
        if packet.len() < RTCP_HEADER + tag + flag {
            return None;
        }
        let flag_at = match self {
            Self::Counter { .. } => packet.len() - tag - flag,
            Self::Galois { .. } => packet.len() - flag,
        };
        let flagged: [u8; 4] = packet[flag_at..].first_chunk().copied()?;
        let number = u32::from_be_bytes(flagged);
        if number & ENCRYPTED == 0 {
            return None;
        }
        let index = number & !ENCRYPTED;
        let header = &packet[..RTCP_HEADER];
        let ssrc = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
        let mut plain = vec![0; packet.len() - tag - flag];
        plain[..RTCP_HEADER].copy_from_slice(header);
        match self {
            Self::Counter {
                key,
                salt,
                cipher,
                hmac,
            } => {
                let (signed, theirs) = packet.split_at(packet.len() - tag);
                let sign = |key: &[u8], parts: &[&[u8]]| hmac.sha1_hmac(key, parts);
                if !Aes128CmSha1_80::rtcp_verify(sign, key, signed, theirs) {
                    return None;
                }
                let iv = Aes128CmSha1_80::rtp_iv(*salt, ssrc, u64::from(index));
                let body = &packet[RTCP_HEADER..flag_at];
                cipher.decrypt(&iv, body, &mut plain[RTCP_HEADER..]).ok()?;
            }
            Self::Galois { salt, cipher } => {
                let aad = rtcp_aad(header, flagged);
                let iv = AeadAes128Gcm::rtcp_iv(*salt, ssrc, index);
                let body = &packet[RTCP_HEADER..flag_at];
                cipher.open(&iv, &aad, body, &mut plain[RTCP_HEADER..])?;
            }
        }
        Some((plain, index))
    }
}

impl Gcm {
    fn seal(&mut self, iv: &[u8; 12], aad: &[u8], plain: &[u8], out: &mut [u8]) -> Option<()> {
        match self {
            Self::Aes128(cipher) => cipher.encrypt(iv, aad, plain, out).ok(),
            Self::Aes256(cipher) => cipher.encrypt(iv, aad, plain, out).ok(),
        }
    }

    fn open(&mut self, iv: &[u8; 12], aad: &[u8], sealed: &[u8], out: &mut [u8]) -> Option<()> {
        match self {
            Self::Aes128(cipher) => cipher.decrypt(iv, &[aad], sealed, out).ok(),
            Self::Aes256(cipher) => cipher.decrypt(iv, &[aad], sealed, out).ok(),
        }?;
        Some(())
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Counter { .. } => "Counter",
            Self::Galois { .. } => "Galois",
        })
    }
}

/// A master key and salt.
struct Master<'a> {
    crypto: &'a CryptoProvider,
    key: &'a [u8],
    salt: &'a [u8],
}

/// The labels of key, authentication key and salt (RFC 3711, 4.3.2).
const RTP_LABELS: [u8; 3] = [0, 1, 2];
const RTCP_LABELS: [u8; 3] = [3, 4, 5];

impl Master<'_> {
    fn cipher(&self, profile: SrtpProfile, [key, authentication, salt]: [u8; 3]) -> Option<Cipher> {
        let srtp = self.crypto.srtp_provider;
        Some(match profile {
            SrtpProfile::AES128_CM_SHA1_80 => Cipher::Counter {
                key: self.derive(authentication),
                salt: self.derive(salt),
                cipher: srtp
                    .aes_128_cm_sha1_80()
                    .create_cipher(self.derive(key), true),
                hmac: self.crypto.sha1_hmac_provider,
            },
            SrtpProfile::AEAD_AES_128_GCM => Cipher::Galois {
                salt: self.derive(salt),
                cipher: Gcm::Aes128(
                    srtp.aead_aes_128_gcm()
                        .create_cipher(self.derive(key), true),
                ),
            },
            SrtpProfile::AEAD_AES_256_GCM => Cipher::Galois {
                salt: self.derive(salt),
                cipher: Gcm::Aes256(
                    srtp.aead_aes_256_gcm()
                        .create_cipher(self.derive(key), true),
                ),
            },
            _ => return None,
        })
    }

    /// AES-CM as a pseudo-random function, with a key derivation rate of zero (RFC 3711, 4.3.3).
    fn derive<const N: usize>(&self, label: u8) -> [u8; N] {
        let mut input = [0; 16];
        input[..self.salt.len()].copy_from_slice(self.salt);
        input[7] ^= label;
        let mut derived = [0; N];
        for (round, chunk) in derived.chunks_mut(16).enumerate() {
            input[15] = u8::try_from(round).unwrap_or(u8::MAX);
            // The provider's cipher wants room for a block of padding, which is not used.
            let mut block = [0; 32];
            let srtp = self.crypto.srtp_provider;
            if self.key.len() == 32 {
                srtp.srtp_aes_256_ecb_round(self.key, &input, &mut block);
            } else {
                srtp.srtp_aes_128_ecb_round(self.key, &input, &mut block);
            }
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        derived
    }
}

fn gcm_rtp_iv(salt: [u8; 12], ssrc: u32, index: u64) -> [u8; 12] {
    let [.., a, b, c, d, high, low] = index.to_be_bytes();
    let rollovers = u32::from_be_bytes([a, b, c, d]);
    AeadAes128Gcm::rtp_iv(salt, ssrc, rollovers, u16::from_be_bytes([high, low]))
}

fn rtcp_aad(header: &[u8], flagged: [u8; 4]) -> [u8; 12] {
    let mut aad = [0; 12];
    aad[..RTCP_HEADER].copy_from_slice(&header[..RTCP_HEADER]);
    aad[RTCP_HEADER..].copy_from_slice(&flagged);
    aad
}

/// The part of an RTCP packet that stays in the clear: type, length and source.
const RTCP_HEADER: usize = 8;

/// The flag beside the SRTCP index (RFC 3711, 3.4).
const ENCRYPTED: u32 = 0x8000_0000;
