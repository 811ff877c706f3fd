//! `X-Hub-Signature-256`: HMAC-SHA256 over the exact bytes of a webhook, keyed with the app's
//! secret (Meta, webhooks "Getting started").

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header's name, in lower case.
pub const HEADER: &str = "x-hub-signature-256";

/// The header's value for these bytes: `sha256=` and 64 hexadecimal digits.
#[must_use]
pub fn sign(secret: &[u8], body: &[u8]) -> String {
    let digest = keyed(secret, body).finalize().into_bytes();
    format!("{PREFIX}{}", hex::encode(digest))
}

/// Holds a header's value against the bytes; takes the same time wherever the two differ.
///
/// # Errors
///
/// [`BadSignature`] if the value has not the form `sha256=<hex>` or is not that of these bytes.
pub fn verify(secret: &[u8], body: &[u8], header: &str) -> Result<(), BadSignature> {
    let digits = header
        .trim()
        .strip_prefix(PREFIX)
        .ok_or(BadSignature::Form)?;
    let given = hex::decode(digits).map_err(|_| BadSignature::Form)?;
    keyed(secret, body)
        .verify_slice(&given)
        .map_err(|_| BadSignature::Mismatch)
}

/// Why a signature was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// The header has not the form it should have.
    #[error("the signature header is not sha256= and hexadecimal digits")]
    Form,
    /// The header is that of other bytes or of another secret.
    #[error(
        "the signature does not match the body: another secret, or the body was changed on the way"
    )]
    Mismatch,
}

fn keyed(secret: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(body);
    mac
}

const PREFIX: &str = "sha256=";

#[cfg(test)]
mod tests;
