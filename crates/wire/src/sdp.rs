//! Session descriptions of others: checked at the door, with the line and the rule that they break.
//!
//! A description that got through is one that a leg of ours can talk to: one audio stream with Opus,
//! over DTLS-SRTP, with ICE credentials and one SHA-256 fingerprint. Each line is read by Mozilla's
//! `webrtc-sdp` first, and held to our own list second, which knows what a syntax cannot say.

mod check;
mod fault;
mod lines;
mod syntax;

use sha2::{Digest, Sha256};
use types::preset::SdpRules;

use check::Role;
use lines::Lines;

pub use fault::{SdpFault, SdpRule};

/// A session description that obeys the rules.
///
/// Two descriptions are equal if they say the same, line ends and trailing spaces aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionDescription {
    text: String,
}

impl SessionDescription {
    /// Reads an offer.
    ///
    /// # Errors
    ///
    /// Names the first rule that it breaks, and the line where there is one.
    pub fn offer(text: &str, rules: &SdpRules) -> Result<Self, SdpFault> {
        Self::read(text, rules, Role::Offer)
    }

    /// Reads an answer, to `our_offer` if that is at hand: then an offer that is sent back as the
    /// answer is called that.
    ///
    /// # Errors
    ///
    /// Names the first rule that it breaks, and the line where there is one.
    pub fn answer(text: &str, rules: &SdpRules, our_offer: Option<&str>) -> Result<Self, SdpFault> {
        Self::read(text, rules, Role::Answer { our_offer })
    }

    fn read(text: &str, rules: &SdpRules, role: Role<'_>) -> Result<Self, SdpFault> {
        let lines = Lines::split(text)?;
        syntax::check(&lines)?;
        check::check(&lines, rules, role)?;
        Ok(Self {
            text: lines.normalised(),
        })
    }

    /// The whole text, each line without trailing spaces and ended by CRLF.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// SHA-256 of [`SessionDescription::as_str`], to tell whether two are the same.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.text).into()
    }
}

#[cfg(test)]
mod tests;
