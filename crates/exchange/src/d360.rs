//! 360dialog's dialect: `D360-API-KEY` names the number, so no path has an id.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{delete, get, post};
use store::subscriptions::{Callback, Dialect as SubscribedBy, Scope};
use wire::{ApiError, Dialect, reply, subscriptions};

use crate::desk::Turn;
use crate::desk::auth::{self, Acting};
use crate::desk::subscriptions as desk_subscriptions;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;
use crate::door::{Door, actions, messages};
use crate::graph::described::described;
use crate::graph::refusals::refused;
use crate::graph::{permissions, settings};
use crate::subscribe;

mod templates;

pub(crate) fn routes() -> Router<Door> {
    Router::new()
        // The API reference has the plural, the page on outbound calls the singular.
        .route("/calling/calls", post(act))
        .route("/calling/call", post(act))
        .route("/messages", post(take_message))
        .route("/calling/permissions/{user}", get(read_permissions))
        .route(
            "/calling/settings",
            get(read_settings).post(change_settings),
        )
        .route("/health_status", get(read_health))
        .route("/v1/configs/webhook", get(read_webhook).post(set_webhook))
        .route(
            "/v1/configs/templates",
            get(templates::list).post(templates::create),
        )
        .route("/v1/configs/templates/{name}", delete(templates::remove))
}

async fn act(State(door): State<Door>, ask: Ask) -> Answer {
    let key = ask.d360_key()?;
    let who = move |turn: &mut Turn<'_>| auth::number_by_d360_key(turn, &key);
    Ok(Json(actions::act(&door, who, &ask, Dialect::D360).await?))
}

async fn take_message(State(door): State<Door>, ask: Ask) -> Answer {
    let key = ask.d360_key()?;
    let who = move |turn: &mut Turn<'_>| auth::number_by_d360_key(turn, &key);
    Ok(Json(messages::take(&door, who, &ask, Dialect::D360).await?))
}

async fn read_permissions(State(door): State<Door>, Path(user): Path<String>, ask: Ask) -> Answer {
    let acting = acting(&door, &ask).await?;
    Ok(Json(permissions::of_user(&door, acting, &user).await?))
}

/// With the passwords of SIP servers: 360dialog shows them in any case.
async fn read_settings(State(door): State<Door>, ask: Ask) -> Answer {
    let acting = acting(&door, &ask).await?;
    Ok(Json(settings::shown(&door, &acting, &ask, true).await?))
}

async fn change_settings(State(door): State<Door>, ask: Ask) -> Answer {
    let acting = acting(&door, &ask).await?;
    Ok(Json(settings::set(&door, acting, &ask).await?))
}

/// `POST /v1/configs/webhook`. 360dialog asks for no handshake: the key is proof enough. What `headers`
/// names comes with every webhook.
async fn set_webhook(State(door): State<Door>, ask: Ask) -> Answer {
    let acting = acting(&door, &ask).await?;
    let callback = subscriptions::d360_webhook(&ask.params_unfolded(&["headers"])?)?;
    let answer = reply::D360Webhook {
        url: callback.url.to_string(),
        headers: callback.headers.clone(),
    };
    let app = acting.app().clone();
    let scope = Scope::Number(acting.number().id.clone());
    let waba = acting.number().waba.clone();
    door.desk()
        .run(move |turn| {
            // At 360dialog a number with a webhook gets its events; there is no second step.
            desk_subscriptions::subscribe_app(turn, &waba, &app)?;
            subscribe::keep(turn, app, scope, callback, Vec::new(), SubscribedBy::D360)
        })
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::body(&answer)))
}

/// `GET /v1/configs/webhook`: the address, or an empty one if none is set.
async fn read_webhook(State(door): State<Door>, ask: Ask) -> Answer {
    let acting = acting(&door, &ask).await?;
    let found = door
        .desk()
        .run(move |turn| {
            let scope = Scope::Number(acting.number().id.clone());
            desk_subscriptions::find_scope(turn, acting.app(), &scope)
        })
        .await
        .map_err(|why| refused(&why))?;
    let answer = match found.map(|it| it.callback) {
        Some(Callback { url, headers, .. }) => reply::D360Webhook { url, headers },
        None => reply::D360Webhook::default(),
    };
    Ok(Json(reply::body(&answer)))
}

/// `GET /health_status`: what Graph shows as a field of the number.
async fn read_health(State(door): State<Door>, ask: Ask) -> Answer {
    let acting = acting(&door, &ask).await?;
    let number = door
        .desk()
        .run(move |turn| described(turn, &acting))
        .await
        .map_err(|why| refused(&why))?;
    let (only, node) = (Some("health_status"), &reply::BusinessNumber::NODE);
    Ok(Json(reply::fields(&number, only, node)?))
}

async fn acting(door: &Door, ask: &Ask) -> Result<Acting, ApiError> {
    let key = ask.d360_key()?;
    door.desk()
        .run(move |turn| auth::number_by_d360_key(turn, &key))
        .await
        .map_err(|why| refused(&why))
}
