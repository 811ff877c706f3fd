//! The platform's API, as a customer calls it: Meta's, 360dialog's, or an exchange's.
//!
//! What differs between them is the configuration's business. What matters here is how sure an answer
//! is: a request to place a call is repeated only if it certainly never left the house, for a phone
//! that rings twice for one wish is worse than a call that was not placed. Everything else may be
//! repeated, because doing it twice does nothing.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use types::limits::{GATEWAY_ANSWER_BYTES_MAX, GATEWAY_CONNECT_WITHIN};
use types::{CallId, PhoneNumberId, Timestamp};
use url::Url;
use wire::client::{self, Failure};
use wire::{CallAction, Dialect};

use crate::call::Reason;
use crate::config::PlatformConfig;
use crate::observe;
use crate::pause::before_another_attempt;

mod questions;

pub(crate) use questions::Question;

/// A client of the platform for one business number.
#[derive(Clone)]
pub struct Platform {
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    client: reqwest::Client,
    base: Url,
    calls: Url,
    dialect: Dialect,
    number: PhoneNumberId,
    auth: (HeaderName, HeaderValue),
    waits: &'static [Duration],
}

/// Why something that was asked for was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDone {
    /// The platform said no.
    Refused(Reason),
    /// Nobody knows: the answer did not come, or says nothing.
    Unclear(String),
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// The base is no address that paths can be added to.
    #[error("the platform's url {0} cannot have paths")]
    Url(Url),
    /// The token has characters that no header can carry.
    #[error("the access token has characters that no header can carry")]
    Token,
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be made: {0}")]
    Client(#[from] reqwest::Error),
}

impl Platform {
    /// A client for the number in `config`; by `clock` it measures how long answers take.
    ///
    /// # Errors
    ///
    /// If the address or the token cannot be used.
    pub fn new(
        config: &PlatformConfig,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ) -> Result<Self, PlatformError> {
        let dialect = Dialect::from(config.dialect);
        let (name, value) = client::auth_header(dialect, config.access_token.expose_secret());
        let mut value = HeaderValue::from_str(&value).map_err(|_| PlatformError::Token)?;
        value.set_sensitive(true);
        let base = base(config)?;
        let mut calls = base.clone();
        let path = client::calls_path(dialect, &config.phone_number_id);
        if let Ok(mut segments) = calls.path_segments_mut() {
            segments.extend(path.trim_matches('/').split('/'));
        }
        let request = Duration::from_millis(config.request_ms_max);
        Ok(Self {
            clock,
            client: reqwest::Client::builder()
                // What the environment says is for the program to read, not for a library.
                .no_proxy()
                .user_agent(USER_AGENT)
                .timeout(request)
                .connect_timeout(GATEWAY_CONNECT_WITHIN.min(request))
                .pool_idle_timeout(IDLE_MAX)
                // A token is not for the next address.
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
            calls,
            base,
            dialect,
            number: config.phone_number_id.clone(),
            auth: (HeaderName::from_static(name), value),
            waits: &WAITS,
        })
    }

    /// Places a call: the request of `connect`, which is not repeated once it may have arrived.
    ///
    /// # Errors
    ///
    /// Says whether the platform refused, or nobody knows.
    pub async fn connect(&self, action: &CallAction) -> Result<CallId, NotDone> {
        let body = action.to_body();
        let mut waits = self.waits.iter();
        loop {
            match self.post(action.verb(), body.clone()).await {
                Ok((status, answer)) => {
                    return client::read_connected(status, &answer).map_err(|failure| {
                        if is_clear(&failure) {
                            NotDone::Refused(reason(failure))
                        } else {
                            NotDone::Unclear(failure.to_string())
                        }
                    });
                }
                Err(lost) if lost.never_left => match waits.next() {
                    Some(wait) => before_another_attempt(*wait).await,
                    None => return Err(NotDone::Refused(Reason::ours(lost.why))),
                },
                Err(lost) => return Err(NotDone::Unclear(lost.why)),
            }
        }
    }

    /// Any other action; repeated a few times while the platform cannot be heard or says "later".
    ///
    /// # Errors
    ///
    /// Says whether the platform refused, or nobody knows. A refusal after an attempt whose fate is
    /// unknown is unknown as well: it may be the earlier attempt that did it.
    pub async fn act(&self, action: &CallAction) -> Result<(), NotDone> {
        let body = action.to_body();
        let mut waits = self.waits.iter();
        let mut unclear = None;
        loop {
            let later = match self.post(action.verb(), body.clone()).await {
                Ok((status, answer)) => match client::read_done(status, &answer) {
                    Ok(()) => return Ok(()),
                    Err(failure) if failure.retryable() => {
                        if failure.http_status >= 500 {
                            unclear = Some(failure.to_string());
                        }
                        NotDone::Refused(reason(failure))
                    }
                    Err(failure) => {
                        return Err(unclear
                            .map_or_else(|| NotDone::Refused(reason(failure)), NotDone::Unclear));
                    }
                },
                Err(lost) => {
                    if !lost.never_left {
                        unclear = Some(lost.why.clone());
                    }
                    NotDone::Unclear(lost.why)
                }
            };
            match waits.next() {
                Some(wait) => before_another_attempt(*wait).await,
                None => return Err(unclear.map_or(later, NotDone::Unclear)),
            }
        }
    }

    /// Reads something of this number's: the status and the JSON, or why there is no answer.
    pub(crate) async fn look(&self, what: Question) -> Result<(u16, serde_json::Value), String> {
        let (path, query) = what.place(self.dialect, &self.number);
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path.trim_matches('/').split('/'));
        }
        url.set_query(query);
        let (name, value) = self.auth.clone();
        let request = self.client.get(url).header(name, value);
        let (status, body) = answer(request).await.map_err(|lost| lost.why)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    async fn post(&self, verb: &'static str, body: Vec<u8>) -> Result<(u16, Vec<u8>), Lost> {
        let asked = (self.clock)();
        let answer = self.exchange(body).await;
        let outcome = match &answer {
            Ok((200..=299, _)) => "done",
            Ok(_) => "refused",
            Err(_) => "lost",
        };
        observe::request(verb, outcome, (self.clock)().since(asked));
        answer
    }

    async fn exchange(&self, body: Vec<u8>) -> Result<(u16, Vec<u8>), Lost> {
        let (name, value) = self.auth.clone();
        let request = self
            .client
            .post(self.calls.clone())
            .header(name, value)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(body);
        answer(request).await
    }
}

/// Sends a request and reads its answer, which is not read beyond a bound.
async fn answer(request: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), Lost> {
    let mut answer = request.send().await.map_err(Lost::from)?;
    let status = answer.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(Lost::from)? {
        if bytes.len() + chunk.len() > GATEWAY_ANSWER_BYTES_MAX {
            break;
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, bytes))
}

/// Whether an answer that is no success can be believed to mean that no phone rings: an error of the
/// API itself does, a proxy's "bad gateway" or a success without a call id does not.
fn is_clear(failure: &Failure) -> bool {
    failure.code.is_some() || (400..500).contains(&failure.http_status)
}

fn reason(failure: Failure) -> Reason {
    let sentence = failure.details.filter(|details| !details.is_empty());
    let message = Some(failure.message).filter(|message| !message.is_empty());
    let status = failure.http_status;
    Reason {
        code: failure.code,
        text: sentence
            .or(message)
            .unwrap_or_else(|| format!("HTTP {status} without a reason")),
    }
}

/// The configured base with its version.
fn base(config: &PlatformConfig) -> Result<Url, PlatformError> {
    let mut url = config.url.clone();
    let version = match Dialect::from(config.dialect) {
        Dialect::Graph => config.version.as_deref(),
        Dialect::D360 => None,
    };
    url.path_segments_mut()
        .map_err(|()| PlatformError::Url(config.url.clone()))?
        .pop_if_empty()
        .extend(version.map(|version| version.trim_matches('/')));
    Ok(url)
}

/// An answer that did not come.
#[derive(Debug)]
struct Lost {
    /// The connection could not be made, so nothing was sent.
    never_left: bool,
    why: String,
}

impl From<reqwest::Error> for Lost {
    fn from(error: reqwest::Error) -> Self {
        let never_left = error.is_connect();
        let why = if error.is_timeout() {
            "the platform did not answer in time"
        } else if never_left {
            "the platform could not be reached"
        } else {
            "the connection to the platform broke"
        };
        // The address would be in the error's own text, and with it what it carries.
        tracing::debug!(error = %error.without_url(), "a request to the platform was lost");
        Self {
            never_left,
            why: why.to_owned(),
        }
    }
}

const USER_AGENT: &str = concat!("dialtone-gateway/", env!("CARGO_PKG_VERSION"));
/// Shorter than servers keep idle connections, so that a request seldom meets one that is closing.
const IDLE_MAX: Duration = Duration::from_secs(20);
/// Before each further attempt.
const WAITS: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(1)];

#[cfg(test)]
mod tests;
