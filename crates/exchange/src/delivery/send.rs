//! One attempt: signs the exact bytes, posts them, and hears what the receiver says.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use types::limits::{
    ATTEMPT_ANSWER_BYTES_MAX, DELIVERIES_PER_SUBSCRIBER_MAX, DELIVERY_STAGGER_MAX,
};
use wire::signature;

use crate::clock::Clock;
use crate::desk::deliveries::{Errand, ReceiverAnswer, Report};

/// Sends webhooks over kept connections.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    client: Client,
    clock: Clock,
    answer_within: Duration,
}

impl Sender {
    pub(super) fn new(clock: Clock, answer_within: Duration) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .no_proxy()
            .tcp_nodelay(true)
            .pool_max_idle_per_host(DELIVERIES_PER_SUBSCRIBER_MAX)
            .build()?;
        Ok(Self {
            client,
            clock,
            answer_within,
        })
    }

    /// Makes one attempt. `ahead` is the attempt for an earlier event of the same call to the same
    /// receiver: it may go first, as long as it is quick.
    pub(super) async fn attempt(self, errand: Errand, ahead: Option<CancellationToken>) -> Report {
        if let Some(ahead) = ahead {
            tokio::time::timeout(DELIVERY_STAGGER_MAX, ahead.cancelled())
                .await
                .ok();
        }
        let started_at = self.clock.now();
        let patience = self.clock.sleep_until(started_at + self.answer_within);
        let headers = own_headers(&errand.headers);
        let secret = errand.secret.expose_secret();
        let post = self.post(&errand.url, secret, headers, errand.body);
        let answer = tokio::select! {
            biased;
            answer = post => answer,
            () = patience => Err(format!("no answer within {} s", self.answer_within.as_secs())),
        };
        let took = self.clock.now().since(started_at);
        log(errand.id.0, errand.attempt, &answer);
        Report {
            id: errand.id,
            attempt: errand.attempt,
            records: errand.records,
            url: errand.url,
            started_at,
            took,
            answer,
        }
    }

    async fn post(
        &self,
        url: &str,
        secret: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<ReceiverAnswer, String> {
        let signature = signature::sign(secret.as_bytes(), &body);
        let response = self
            .client
            .post(url)
            .headers(headers)
            .header(CONTENT_TYPE, "application/json")
            .header(HeaderName::from_static(signature::HEADER), signature)
            .body(Bytes::from(body))
            .send()
            .await
            .map_err(|error| chain(&error))?;
        let status = response.status().as_u16();
        Ok(ReceiverAnswer {
            status,
            body: beginning(response).await,
        })
    }
}

/// Headers that a subscriber wants; they were looked at when it subscribed.
fn own_headers(headers: &BTreeMap<String, String>) -> HeaderMap {
    let header = |(name, value): (&String, &String)| {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
    };
    headers.iter().filter_map(header).collect()
}

/// The beginning of a receiver's answer. A receiver that breaks off has answered all the same.
async fn beginning(mut response: Response) -> String {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = ATTEMPT_ANSWER_BYTES_MAX - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == ATTEMPT_ANSWER_BYTES_MAX {
            break;
        }
    }
    String::from_utf8_lossy(&body).into_owned()
}

/// What failed and why, from the outermost cause to the innermost, without the address.
fn chain(error: &reqwest::Error) -> String {
    let mut text = if error.is_connect() {
        "no connection"
    } else {
        "no answer"
    }
    .to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn log(delivery_id: u64, attempt: u32, answer: &Result<ReceiverAnswer, String>) {
    match answer {
        Ok(answer) => {
            let status = answer.status;
            tracing::debug!(
                delivery_id,
                attempt,
                status,
                "a receiver answered a webhook"
            );
        }
        Err(error) => {
            tracing::debug!(delivery_id, attempt, error, "a webhook found no answer");
        }
    }
}

/// What Meta's own deliveries call themselves.
const USER_AGENT: &str = "facebookexternalua";
