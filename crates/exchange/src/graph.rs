//! Meta's dialect: ids in the path, a Bearer token.
//!
//! `GET /{id}` may mean a business number or an account; the other paths say by their second part
//! what the id is.

use axum::Router;
use axum::routing::{get, post};

use crate::door::Door;

mod accounts;
mod apps;
mod calls;
pub(crate) mod described;
mod messages;
pub(crate) mod numbers;
pub(crate) mod permissions;
pub(crate) mod refusals;
pub(crate) mod settings;
pub(crate) mod templates;

pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route(
            "/{id}",
            get(numbers::read_object)
                .post(numbers::change)
                .delete(templates::remove_one),
        )
        .route(
            "/{id}/message_templates",
            get(templates::list)
                .post(templates::create)
                .delete(templates::remove),
        )
        .route("/{id}/unpause", post(templates::unpause))
        .route("/{id}/calls", post(calls::act))
        .route("/{id}/messages", post(messages::take))
        .route("/{id}/call_permissions", get(permissions::read))
        .route("/{id}/settings", get(settings::read).post(settings::change))
        .route("/{id}/phone_numbers", get(accounts::list_numbers))
        .route(
            "/{id}/subscribed_apps",
            get(accounts::list_apps)
                .post(accounts::subscribe)
                .delete(accounts::unsubscribe),
        )
        .route(
            "/{id}/subscriptions",
            get(apps::list)
                .post(apps::subscribe)
                .delete(apps::unsubscribe),
        )
        .route(
            "/oauth/access_token",
            get(apps::access_token).post(apps::access_token),
        )
        .route("/debug_token", get(apps::debug_token))
}
