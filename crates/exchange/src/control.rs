//! The control API: everything that a test or a person does to the exchange from behind its back.
//!
//! Served on a listener of its own, which is on the loopback interface unless the configuration says
//! otherwise: whoever reaches it is the operator, there are no tokens.

mod accounts;
mod body;
mod calls;
mod clock;
mod consents;
mod deliveries;
mod error;
mod events;
mod faults;
mod messages;
mod numbers;
mod origin;
mod page;
mod phone_chats;
mod phones;
mod recipients;
mod restrictions;
mod state;
mod subscriptions;
mod templates;
mod users;
mod weather;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Uri};
use axum::routing::get;
use axum::{Router, middleware};
use tokio_util::sync::CancellationToken;
use types::limits::REQUEST_BODY_BYTES_MAX;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use self::error::{ControlError, ControlErrorCode as Code};
use crate::clock::Clock;
use crate::desk::Desk;
use crate::hosted_phones::HostedPhones;
use crate::media_control::MediaControl;
use crate::phone_line::OpenLines;
use crate::ticker::Ticker;
use crate::world::World;

/// What the control API works on.
#[derive(Clone)]
pub struct Control {
    /// The desk.
    pub desk: Desk,
    /// The exchange's clock.
    pub clock: Clock,
    /// Meets deadlines when the clock is turned.
    pub ticker: Ticker,
    /// The legs of calls, for their statistics.
    pub media: Arc<dyn MediaControl>,
    /// The phones that are online.
    pub lines: OpenLines,
    /// The scripted phones of this process.
    pub phones: HostedPhones,
    /// What a reset brings back.
    pub beginning: Beginning,
    /// Cancelled when the exchange shuts down: streams end.
    pub closing: CancellationToken,
}

/// How the exchange began.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// Who was there.
    pub world: World,
    /// What ids were drawn from, if somebody chose it: they are drawn again then.
    pub seed: Option<u64>,
}

/// The control API under `/control/v1`, and its description at `/openapi.json` as well.
pub fn router(control: Control) -> Router {
    let (api, document) = resources().split_for_parts();
    let document = Bytes::from(document.to_pretty_json().unwrap_or_default());
    let describe = get(async move || ([(CONTENT_TYPE, "application/json")], document));
    let description = Router::new().route("/openapi.json", describe);
    let api = api
        .fallback(unknown_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(REQUEST_BODY_BYTES_MAX))
        .layer(middleware::from_fn(origin::refuse_foreign))
        .with_state(control);
    Router::new()
        .nest(BASE, api.merge(description.clone()))
        .merge(description)
}

/// The description of the control API.
#[must_use]
pub fn openapi() -> Document {
    resources().split_for_parts().1
}

fn resources() -> OpenApiRouter<Control> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(users::router())
        .merge(phones::router())
        .merge(phone_chats::router())
        .merge(accounts::router())
        .merge(numbers::router())
        .merge(recipients::router())
        .merge(restrictions::router())
        .merge(consents::router())
        .merge(calls::router())
        .merge(weather::router())
        .merge(messages::router())
        .merge(deliveries::router())
        .merge(subscriptions::router())
        .merge(templates::router())
        .merge(events::router())
        .merge(faults::router())
        .merge(clock::router())
        .merge(state::router())
}

async fn unknown_path(uri: Uri) -> ControlError {
    let path = uri.path();
    ControlError::new(
        Code::UnknownPath,
        format!("There is no {BASE}{path}. {BASE}/openapi.json describes what there is."),
    )
}

async fn method_not_allowed(method: Method, uri: Uri) -> ControlError {
    let path = uri.path();
    ControlError::new(
        Code::MethodNotAllowed,
        format!("{method} is not for {BASE}{path}. {BASE}/openapi.json says what is."),
    )
}

const BASE: &str = "/control/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Dialtone control API",
        description = "Makes users and phones, watches calls and webhooks, turns the clock. For tests and \
            operators: it asks for no token and is kept off the public listener.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/control/v1")),
    tags(
        (name = "users", description = "WhatsApp users."),
        (name = "phones", description = "Scripted phones of users."),
        (name = "accounts", description = "Accounts, and what the platform holds against them."),
        (name = "numbers", description = "Business numbers."),
        (name = "consents", description = "What users have allowed business numbers to do."),
        (name = "calls", description = "Calls, with both legs and every webhook."),
        (name = "messages", description = "Messages between business numbers and users."),
        (name = "deliveries", description = "Webhooks and the attempts to deliver them."),
        (name = "subscriptions", description = "Who gets which webhooks."),
        (name = "templates", description = "Message templates and what their reviews come to."),
        (name = "faults", description = "What is to go wrong, where, for whom, and how often."),
        (name = "events", description = "Everything that was decided, as it happens."),
        (name = "clock", description = "The exchange's clock."),
        (name = "state", description = "All records as one document, and the way back to the beginning."),
    ),
)]
struct Description;
