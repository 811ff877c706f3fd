//! Whose phone it is and which exchange it belongs to.

use types::{Pii, WaId};
use url::Url;

use crate::line::LINE_PATH;

/// Whose phone it is and which exchange it belongs to.
#[derive(Debug, Clone)]
pub struct PhoneConfig {
    /// The exchange's public address, such as `http://127.0.0.1:7080`.
    exchange: Url,
    /// The user.
    pub(crate) wa_id: WaId,
    /// What the exchange knows the user's phones by.
    token: Pii<String>,
}

/// Why an address is not one of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an exchange's address begins with http:// or https://")]
pub struct NotAnExchange;

impl PhoneConfig {
    /// The phone of user `wa_id` at `exchange`.
    ///
    /// # Errors
    ///
    /// Refuses addresses that are not of HTTP.
    pub fn new(exchange: Url, wa_id: WaId, token: String) -> Result<Self, NotAnExchange> {
        if !matches!(exchange.scheme(), "http" | "https") || !exchange.has_host() {
            return Err(NotAnExchange);
        }
        Ok(Self {
            exchange,
            wa_id,
            token: Pii::new(token),
        })
    }

    /// Where the phone's line is. It has the token in it: not for logs.
    pub(crate) fn line_url(&self) -> Url {
        let mut url = self.exchange.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        url.set_scheme(scheme)
            .expect("from one web scheme to another");
        let path = format!("{}{LINE_PATH}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.set_fragment(None);
        url.query_pairs_mut()
            .clear()
            .append_pair("wa_id", self.wa_id.digits())
            .append_pair("token", self.token.reveal());
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_beside_the_api() {
        for (exchange, line) in [
            (
                "http://127.0.0.1:7080",
                "ws://127.0.0.1:7080/phone/v1/line?wa_id=14085551234&token=s%2Fe%26c",
            ),
            (
                "https://calls.example/dialtone/?a=b#c",
                "wss://calls.example/dialtone/phone/v1/line?wa_id=14085551234&token=s%2Fe%26c",
            ),
        ] {
            let config = config(exchange).expect("an exchange");
            assert_eq!(config.line_url().as_str(), line);
            assert!(!format!("{config:?}").contains("s/e&c"));
        }
        assert_eq!(config("ftp://x").err(), Some(NotAnExchange));
        assert_eq!(config("data:x").err(), Some(NotAnExchange));
    }

    fn config(exchange: &str) -> Result<PhoneConfig, NotAnExchange> {
        PhoneConfig::new(
            exchange.parse().expect("a URL"),
            "14085551234".parse().expect("a number"),
            "s/e&c".to_owned(),
        )
    }
}
