//! A secret in the configuration: read, handed on, never shown.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A token, a key or a password. Its `Debug` and its written form show no part of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    /// Keeps `text` secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself: for a header, a signature or a row, never for a log.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// The same secret, for a part that keeps secrets in its own way.
    #[must_use]
    pub fn share(&self) -> SecretString {
        self.0.clone()
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(HIDDEN)
    }
}

/// What stands in place of a secret.
pub(crate) const HIDDEN: &str = "(hidden)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_shown() {
        let secret = Secret::new("EAAG1234567890");
        assert!(!format!("{secret:?}").contains("EAAG"));
        let written = serde_json::to_string(&secret).expect("a text");
        assert_eq!(written, format!("\"{HIDDEN}\""));
        assert_eq!(secret.reveal(), "EAAG1234567890");
    }
}
