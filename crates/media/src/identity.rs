//! The DTLS certificate that all legs of a process share, and what each leg draws by chance.

use std::fmt;
use std::sync::Arc;

use dimpl::DtlsCertificate;
use str0m::DATAGRAM_MTU_TARGET;
use str0m::crypto::{CryptoProvider, from_feature_flags};
use types::limits;

use crate::leg::LegError;

/// A DTLS certificate with its key. Making one costs about 2 ms, so legs share it.
pub struct DtlsIdentity {
    pub(crate) certificate: DtlsCertificate,
    pub(crate) dtls: Arc<dimpl::Config>,
    pub(crate) crypto: Arc<CryptoProvider>,
    fingerprint: String,
}

impl DtlsIdentity {
    /// Makes a self-signed ECDSA certificate. The key comes from the operating system's chance.
    ///
    /// # Errors
    ///
    /// [`LegError::Identity`] if the crypto library cannot make a key.
    pub fn generate() -> Result<Self, LegError> {
        let crypto = from_feature_flags();
        let certificate = dimpl::certificate::generate_self_signed_certificate()
            .map_err(|_| LegError::Identity)?;
        let dtls = dtls_config().map_err(|_| LegError::Identity)?;
        let digest = crypto.sha256_provider.sha256(&certificate.certificate);
        let fingerprint = hex_with_colons(&digest);
        Ok(Self {
            certificate,
            dtls: Arc::new(dtls),
            crypto: Arc::new(crypto),
            fingerprint,
        })
    }

    /// The certificate's SHA-256 digest as `a=fingerprint` writes it, without the name of the hash.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// How the handshakes of all legs go. Built once: building it tries out every cipher.
fn dtls_config() -> Result<dimpl::Config, dimpl::Error> {
    dimpl::Config::builder()
        .mtu(DATAGRAM_MTU_TARGET)
        // ICE has shown that the peer is where it says; a cookie would only cost a round trip.
        .use_server_cookie(false)
        .flight_start_rto(limits::DTLS_RETRY_AFTER)
        .flight_retries(limits::DTLS_RETRIES_MAX)
        .handshake_timeout(limits::DTLS_HANDSHAKE_WITHIN)
        .build()
}

impl fmt::Debug for DtlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DtlsIdentity")
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

/// The user fragment and password of one end of ICE (RFC 8445, 5.3).
#[derive(Clone, PartialEq, Eq)]
pub struct IceCredentials {
    /// 16 letters and digits; also how a datagram of an unknown sender finds its leg.
    pub ufrag: String,
    /// 24 characters of base64, 144 bits.
    pub password: String,
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IceCredentials")
            .field("ufrag", &self.ufrag)
            .finish_non_exhaustive()
    }
}

/// Everything about a leg that chance decides, so that a seed makes it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegDraw {
    /// The leg's ICE credentials.
    pub ice_credentials: IceCredentials,
    /// The source of what the leg sends; never 0.
    pub ssrc: u32,
    /// The first sequence number that the leg sends, below 32 768: a start near 65 536 would let
    /// the peer's rollover counter differ from ours (RFC 3711, 3.3.1).
    pub first_seq: u16,
    /// The first RTP timestamp that the leg sends.
    pub first_timestamp: u32,
    /// The name of the media stream, in the form of a UUID.
    pub stream_id: String,
}

impl LegDraw {
    /// How many random bytes a draw takes.
    pub const BYTES: usize = 64;

    /// The draw that those random bytes make.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let four = |at: usize| {
            u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        Self {
            ice_credentials: IceCredentials {
                ufrag: bytes[..16].iter().map(|byte| letter(*byte)).collect(),
                password: bytes[16..40].iter().map(|byte| base64(*byte)).collect(),
            },
            ssrc: four(40).max(1),
            first_seq: u16::from_be_bytes([bytes[44], bytes[45]]) & 0x7fff,
            first_timestamp: four(46),
            stream_id: uuid(four(50), four(54), four(58), bytes),
        }
    }
}

fn letter(byte: u8) -> char {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char::from(LETTERS[usize::from(byte) % LETTERS.len()])
}

fn base64(byte: u8) -> char {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char::from(DIGITS[usize::from(byte) % DIGITS.len()])
}

fn uuid(a: u32, b: u32, c: u32, bytes: &[u8; LegDraw::BYTES]) -> String {
    let tail = u16::from_be_bytes([bytes[62], bytes[63]]);
    let (b_high, b_low) = (b >> 16, b & 0x0fff);
    let (c_high, c_low) = ((c >> 16) & 0x3fff | 0x8000, c & 0xffff);
    format!(
        "{a:08x}-{b_high:04x}-4{b_low:03x}-{c_high:04x}-{c_low:04x}{tail:04x}{:04x}",
        a >> 16
    )
}

fn hex_with_colons(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests;
