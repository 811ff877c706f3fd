//! Callbacks: each shows that it is there and knows the verify token before it is kept.
//!
//! `GET callback?hub.mode=subscribe&hub.challenge=<digits>&hub.verify_token=<token>` must be answered
//! with 200 and the digits (Meta, webhooks "Getting started"). The challenge is digits because
//! receivers in the wild parse it as a number.

use std::time::Duration;

use reqwest::redirect::Policy;
use store::subscriptions::{Callback as KeptCallback, Dialect, Scope, Shape};
use types::AppId;
use types::limits::{HANDSHAKE_ANSWER_BYTES_MAX, HANDSHAKE_WITHIN};
use wire::subscriptions::Callback;
use wire::{ApiError, ErrorCode};

use crate::desk::{Refused, Turn, subscriptions};

/// Asks callbacks to show themselves.
#[derive(Debug, Clone)]
pub(crate) struct Greeter {
    http: reqwest::Client,
    within: Duration,
}

impl Greeter {
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up.
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .user_agent(USER_AGENT)
            .build()?;
        Ok(Self {
            http,
            within: HANDSHAKE_WITHIN,
        })
    }

    /// Runs the handshake with one callback.
    ///
    /// # Errors
    ///
    /// Code 2200 that says what the callback did instead.
    pub(crate) async fn greet(&self, callback: &Callback, challenge: u32) -> Result<(), ApiError> {
        let greeting = self.exchange_words(callback, challenge);
        let told = match tokio::time::timeout(self.within, greeting).await {
            Ok(told) => told,
            Err(_) => Err(format!(
                "it did not answer within {} s",
                self.within.as_secs()
            )),
        };
        told.map_err(|what| {
            ApiError::new(
                ErrorCode::CallbackVerificationFailed,
                format!(
                    "The callback was asked with hub.mode, hub.challenge and hub.verify_token, and {what}. \
                     It must answer 200 with the value of hub.challenge as its whole body. Nothing was changed."
                ),
            )
        })
    }

    async fn exchange_words(&self, callback: &Callback, challenge: u32) -> Result<(), String> {
        let challenge = challenge.to_string();
        let mut url = callback.url.clone();
        url.query_pairs_mut()
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.challenge", &challenge)
            .append_pair("hub.verify_token", &callback.verify_token);
        let mut answer = self.http.get(url).send().await.map_err(|error| {
            // The error's own text has the whole address with the verify token in it.
            let error = error.without_url();
            tracing::info!(%error, "a callback could not be reached");
            if error.is_connect() {
                "no connection could be made".to_owned()
            } else {
                "it closed the connection without a whole answer".to_owned()
            }
        })?;
        let status = answer.status();
        if status != reqwest::StatusCode::OK {
            return Err(format!("it answered HTTP status {}", status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|_| "its answer broke off".to_owned())?
        {
            body.extend_from_slice(&chunk);
            if body.len() > HANDSHAKE_ANSWER_BYTES_MAX {
                return Err("it answered far more than the challenge".to_owned());
            }
        }
        if body.trim_ascii() == challenge.as_bytes() {
            Ok(())
        } else {
            Err("it answered 200 with another body than the challenge".to_owned())
        }
    }
}

/// A callback that has shown itself, or needs not to, kept for an app. The shape of its webhooks
/// stays as it was for that scope: it is no part of the API, so the API does not change it.
///
/// # Errors
///
/// As [`subscriptions::set`].
pub(crate) fn keep(
    turn: &mut Turn<'_>,
    app: AppId,
    scope: Scope,
    callback: Callback,
    fields: Vec<String>,
    dialect: Dialect,
) -> Result<(), Refused> {
    let before = subscriptions::find_scope(turn, &app, &scope)?;
    let kept = KeptCallback {
        app,
        scope,
        url: callback.url.into(),
        verify_token: callback.verify_token,
        fields,
        shape: before.map_or(Shape::Rich, |it| it.callback.shape),
        dialect,
        headers: callback.headers,
    };
    subscriptions::set(turn, &kept).map(drop)
}

/// What Meta's own requests to callbacks say.
pub(crate) const USER_AGENT: &str = "facebookexternalua";

#[cfg(test)]
mod tests;
