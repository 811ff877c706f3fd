//! The gateway's own API: place calls, watch them, end them, fetch their recordings.
//!
//! It is meant for the machine it runs on. Without a token it takes only requests that are addressed
//! to `localhost` and came through no proxy: the webhook endpoint beside it is often reached through a
//! tunnel, which must not open this door as well, and a page in a browser cannot talk to it under
//! another name either.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, header};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use types::limits::REQUEST_BODY_BYTES_MAX;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;
use crate::doctor::Doctor;
use crate::handlers::Handler;

mod answer;
mod calls;
mod doctor;
mod events;
mod recordings;
mod sounds;

pub use answer::{ErrorBody, ErrorDetail};
pub use calls::{CallList, PlaceCall};
pub use doctor::Findings;
pub use recordings::RecordedSide;
pub use sounds::{Sound, SoundList};

/// What the endpoints share.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) desk: Desk,
    /// What deals with calls that are placed without a handler of their own.
    pub(crate) handler: Arc<Handler>,
    pub(crate) folders: Option<Folders>,
    pub(crate) doctor: Doctor,
}

/// Where files are kept.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    pub(crate) recordings: PathBuf,
    pub(crate) sounds: PathBuf,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Dialtone gateway",
        description = "The business's side of WhatsApp calls: place them, watch them, end them.",
        license(name = "Apache-2.0")
    ),
    servers((url = "/gateway/v1"))
)]
struct Document;

/// The API under `/gateway/v1`.
pub(crate) fn router(api: Api, token: Option<SecretString>) -> Router {
    let (router, document) = endpoints().with_state(api).split_for_parts();
    let document = Bytes::from(serde_json::to_vec(&document).unwrap_or_default());
    let kind = [(header::CONTENT_TYPE, "application/json")];
    let router = router
        .route(
            "/openapi.json",
            get(move || std::future::ready((kind, document.clone()))),
        )
        .fallback(|| std::future::ready(answer::Problem::no_such_path()))
        .layer(from_fn_with_state(Arc::new(token), door));
    Router::new().nest("/gateway/v1", router)
}

/// The API's description, as it is served.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    endpoints().into_openapi()
}

fn endpoints() -> OpenApiRouter<Api> {
    let files = OpenApiRouter::new()
        .routes(routes!(sounds::upload))
        .layer(sounds::body_limit());
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(calls::place, calls::list))
        .routes(routes!(calls::one))
        .routes(routes!(calls::hang_up))
        .routes(routes!(events::follow))
        .routes(routes!(events::follow_all))
        .routes(routes!(recordings::fetch))
        .routes(routes!(doctor::examine))
        .routes(routes!(sounds::list))
        .layer(DefaultBodyLimit::max(REQUEST_BODY_BYTES_MAX))
        .merge(files)
}

async fn door(
    State(token): State<Arc<Option<SecretString>>>,
    request: Request,
    next: Next,
) -> Response {
    match admit(token.as_ref().as_ref(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(why) => answer::Problem::not_admitted(why).into_response(),
    }
}

fn admit(token: Option<&SecretString>, headers: &HeaderMap) -> Result<(), &'static str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(token) = token {
        let shown = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let ours = token.expose_secret().as_bytes();
        let fits = shown.is_some_and(|shown| bool::from(ours.ct_eq(shown.trim().as_bytes())));
        return if fits {
            Ok(())
        } else {
            Err("show the gateway's API token: Authorization: Bearer ...")
        };
    }
    let proxied = PROXY_HEADERS.iter().any(|name| headers.contains_key(*name));
    let host = text(header::HOST).unwrap_or_default();
    if proxied || !is_local(host) {
        return Err(
            "without a token the API serves only this machine: ask it at \
                    http://localhost, or set a token in the gateway's configuration",
        );
    }
    Ok(())
}

fn is_local(host: &str) -> bool {
    let port = |rest: &str| {
        rest.is_empty()
            || rest
                .strip_prefix(':')
                .is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()))
    };
    let host = host.to_ascii_lowercase();
    LOCAL_NAMES
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(port))
}

const PROXY_HEADERS: [&str; 4] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
];
const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

#[cfg(test)]
mod tests;
