//! Finds out why calls would not work before anybody calls: token, number, settings, webhooks, media.
//!
//! Each finding says what was looked at, how it is, and what to do. What cannot be known is said too.

use std::net::IpAddr;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;
use wire::client::read_done;

use crate::platform::{Platform, Question};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// What was looked at: `token`, `calling`, `webhooks`, `callback` or `media`.
    pub check: String,
    /// How it is.
    pub verdict: Verdict,
    /// What was found and what to do.
    pub message: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// It may work.
    Doubtful,
    /// Calls will fail.
    Wrong,
    /// It could not be found out.
    Unknown,
}

/// What a doctor needs to look.
#[derive(Clone)]
pub(crate) struct Doctor {
    pub(crate) platform: Platform,
    pub(crate) verify_token: SecretString,
    /// What peers are told as our addresses.
    pub(crate) addresses: Vec<IpAddr>,
}

impl Doctor {
    /// Looks at everything. `callback` is the address under which the platform should reach the
    /// webhook endpoint, if the caller knows it.
    pub(crate) async fn examine(&self, callback: Option<&Url>) -> Vec<Finding> {
        let (settings, webhooks) = tokio::join!(
            self.platform.look(Question::Settings),
            self.platform.look(Question::Webhooks)
        );
        let mut findings = of_settings(&settings);
        // Without a token that works the rest would say the same again.
        if findings
            .iter()
            .all(|it| it.check != "token" || it.verdict == Verdict::Fine)
        {
            findings.push(of_webhooks(&webhooks, callback));
        }
        if let Some(callback) = callback {
            findings.push(self.of_callback(callback).await);
        }
        findings.push(of_addresses(&self.addresses));
        findings
    }

    /// Does with the callback what the platform does when it is subscribed.
    async fn of_callback(&self, callback: &Url) -> Finding {
        let mut url = callback.clone();
        url.query_pairs_mut()
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.challenge", CHALLENGE)
            .append_pair("hub.verify_token", self.verify_token.expose_secret());
        let asked = async {
            let client = reqwest::Client::builder().no_proxy().build()?;
            client.get(url).send().await?.text().await
        };
        match tokio::time::timeout(CALLBACK_WITHIN, asked).await {
            Ok(Ok(answer)) if answer.trim() == CHALLENGE => finding(
                "callback",
                Verdict::Fine,
                "the webhook endpoint answers the handshake under its outer address",
            ),
            Ok(Ok(_)) => finding(
                "callback",
                Verdict::Wrong,
                "something answers there, but not this gateway's handshake: does the address end in \
                 /webhook, and does the tunnel or proxy lead here?",
            ),
            Ok(Err(_)) | Err(_) => finding(
                "callback",
                Verdict::Wrong,
                "nothing answers under the outer address, seen from this machine: check the tunnel or \
                 proxy, DNS and TLS",
            ),
        }
    }
}

/// Token, number and calling, by what the platform says of the number's settings.
fn of_settings(looked: &Result<(u16, Value), String>) -> Vec<Finding> {
    let (status, body) = match looked {
        Ok(answer) => answer,
        Err(why) => return vec![finding("token", Verdict::Unknown, why.clone())],
    };
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    if let Err(failure) = read_done(*status, &bytes) {
        let advice = match (status, failure.code) {
            (401 | 403, _) | (_, Some(190)) => {
                "the platform does not take the access token: make a new one for this number, with \
                 the permissions whatsapp_business_messaging and whatsapp_business_management"
            }
            (404, _) | (_, Some(100)) => {
                "the platform does not know the number by this token: check phone_number_id, and that \
                 the token is of the account that owns it"
            }
            _ => "the platform refuses to tell the number's settings",
        };
        return vec![finding(
            "token",
            Verdict::Wrong,
            format!("{advice} ({failure})"),
        )];
    }
    let token = finding(
        "token",
        Verdict::Fine,
        "the platform takes the access token",
    );
    let calling = match body.pointer("/calling/status").and_then(Value::as_str) {
        Some("ENABLED") => finding("calling", Verdict::Fine, "calling is switched on"),
        Some(_) => finding(
            "calling",
            Verdict::Wrong,
            "calling is switched off for this number: POST {\"calling\":{\"status\":\"ENABLED\"}} to \
             its settings",
        ),
        None => finding(
            "calling",
            Verdict::Unknown,
            "the platform does not say whether calling is switched on",
        ),
    };
    vec![token, calling]
}

/// Whether webhooks of the number go to `callback`.
fn of_webhooks(looked: &Result<(u16, Value), String>, callback: Option<&Url>) -> Finding {
    let unknown = |why: &str| finding("webhooks", Verdict::Unknown, why);
    let body = match looked {
        Ok((200..=299, body)) => body,
        Ok(_) => return unknown("the platform does not say where the number's webhooks go"),
        Err(why) => return unknown(why),
    };
    // The most specific address wins (Meta, webhooks "override").
    let address = ["phone_number", "whatsapp_business_account", "application"]
        .iter()
        .find_map(|level| body.pointer(&format!("/webhook_configuration/{level}")))
        .or_else(|| body.get("url"))
        .and_then(Value::as_str)
        .filter(|address| !address.is_empty());
    match (address, callback) {
        (None, _) => finding(
            "webhooks",
            Verdict::Wrong,
            "the number's webhooks go nowhere: subscribe the app to the account with this gateway's \
             address as callback, and to the field `calls`",
        ),
        (Some(address), Some(callback)) if address == callback.as_str() => finding(
            "webhooks",
            Verdict::Fine,
            "the number's webhooks come here; that the field `calls` is subscribed shows with the \
             first call",
        ),
        (Some(address), Some(_)) => finding(
            "webhooks",
            Verdict::Wrong,
            format!("the number's webhooks go to {address}, which is another address"),
        ),
        (Some(address), None) => finding(
            "webhooks",
            Verdict::Doubtful,
            format!("the number's webhooks go to {address}: is that this gateway?"),
        ),
    }
}

/// Whether anybody outside could reach the addresses that peers are told.
fn of_addresses(addresses: &[IpAddr]) -> Finding {
    if addresses.is_empty() {
        return finding(
            "media",
            Verdict::Wrong,
            "there is no address that media can be spoken on",
        );
    }
    if addresses.iter().all(IpAddr::is_loopback) {
        return finding(
            "media",
            Verdict::Doubtful,
            "media is spoken on this machine only: enough for an exchange beside it, not for Meta",
        );
    }
    if addresses.iter().copied().all(is_private) {
        return finding(
            "media",
            Verdict::Doubtful,
            "every address that peers are told is private: calls work if UDP may leave this network, \
             because the gateway starts the connectivity checks; else give an outer address as \
             `advertise`",
        );
    }
    finding(
        "media",
        Verdict::Fine,
        "peers are told an address that can be reached from outside",
    )
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [first, second, ..] = four.octets();
            let shared = first == 100 && (64..128).contains(&second);
            four.is_private() || four.is_loopback() || four.is_link_local() || shared
        }
        IpAddr::V6(six) => {
            six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local()
        }
    }
}

fn finding(check: &str, verdict: Verdict, message: impl Into<String>) -> Finding {
    Finding {
        check: check.to_owned(),
        verdict,
        message: message.into(),
    }
}

/// Digits, as the platform sends them.
const CHALLENGE: &str = "1158201444";
const CALLBACK_WITHIN: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
