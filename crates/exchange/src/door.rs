//! The public API's door, in both dialects: what comes in is read here, what goes out is dressed here.
//!
//! A handler is thin: read the request, know who asks, send one command to the desk, answer. What
//! a request may do is decided at the desk; what bytes mean, in `wire`.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use tower::Layer;
use tower::util::MapRequestLayer;
use types::Preset;
use wire::{ApiError, ErrorCode};

use crate::desk::{Desk, Refused};
use crate::media_control::MediaControl;
use crate::subscribe::Greeter;
use crate::{d360, graph};
use answer::{Refusal, dress};

pub(crate) mod actions;
pub(crate) mod answer;
pub(crate) mod ask;
mod faults;
pub(crate) mod messages;
mod multipart;
pub(crate) mod path;

/// The public API: what every handler of it has in hand.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    desk: Desk,
    media: Arc<dyn MediaControl>,
    preset: Arc<Preset>,
    greeter: Greeter,
    /// For trace ids and challenges only: what the desk decides has its own.
    chance: Mutex<ChaCha8Rng>,
}

/// What a client of either dialect is answered when the desk refuses.
#[must_use]
pub fn error_of(refused: &Refused) -> ApiError {
    graph::refusals::refused(refused)
}

/// What a client of either dialect is answered when the desk refuses a message.
#[must_use]
pub fn message_error_of(refused: &Refused) -> ApiError {
    graph::refusals::message_refused(refused)
}

impl Door {
    /// `chance` is for trace ids and challenges alone: a seed of its own, not the desk's.
    ///
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up for handshakes.
    pub fn new(
        desk: Desk,
        media: Arc<dyn MediaControl>,
        preset: Arc<Preset>,
        chance: ChaCha8Rng,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self(Arc::new(Inner {
            desk,
            media,
            preset,
            greeter: Greeter::new()?,
            chance: Mutex::new(chance),
        })))
    }

    /// The routes of both dialects. Answers every path: an unknown one with an error of the API.
    pub fn router(self) -> Router {
        let routes = Router::new()
            .merge(d360::routes())
            .merge(graph::routes())
            .fallback(unknown_path)
            .method_not_allowed_fallback(wrong_method)
            .layer(from_fn_with_state(self.clone(), faults::strike))
            .with_state(self.clone());
        // These stand around the router: paths are made plain before a route is looked for, and which
        // methods a path takes is only known once the router has answered.
        let dressed = from_fn_with_state(self, dress).layer(routes);
        Router::new().fallback_service(MapRequestLayer::new(path::make_plain).layer(dressed))
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.0.desk
    }

    pub(crate) fn media(&self) -> Arc<dyn MediaControl> {
        Arc::clone(&self.0.media)
    }

    pub(crate) fn preset(&self) -> &Preset {
        &self.0.preset
    }

    pub(crate) fn greeter(&self) -> &Greeter {
        &self.0.greeter
    }

    /// The mark of one request, `A` and 22 letters of base64, as Graph's look.
    pub(crate) fn fbtrace_id(&self) -> String {
        let mark = self.with_chance(|chance| chance.random::<[u8; 16]>());
        format!("A{}", URL_SAFE_NO_PAD.encode(mark))
    }

    /// A challenge for a handshake: ten digits, as Meta's.
    pub(crate) fn challenge(&self) -> u32 {
        self.with_chance(|chance| chance.next_u32() % 1_000_000_000 + 1_000_000_000)
    }

    fn with_chance<T>(&self, draw: impl FnOnce(&mut ChaCha8Rng) -> T) -> T {
        draw(&mut self.0.chance.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

async fn unknown_path(request: Request) -> Refusal {
    let path = wire::json::shortened(request.uri().path());
    Refusal(ApiError::new(
        ErrorCode::UnknownPath,
        format!(
            "{} {path} is no path of this API. Call actions go to POST /{{phone_number_id}}/calls, or with a \
             D360-API-KEY to POST /calling/calls.",
            request.method()
        ),
    ))
}

/// [`dress`] knows which methods the path takes, and says it.
async fn wrong_method(method: Method) -> Refusal {
    Refusal(ApiError::no_such_object(format!(
        "Unsupported {} request.",
        method.as_str().to_lowercase()
    )))
}
