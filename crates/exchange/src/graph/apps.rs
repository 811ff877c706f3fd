//! Apps: their callback, their own token, and what a token is.

use axum::extract::{Path, State};
use serde_json::Value;
use store::apps::App;
use store::subscriptions::{Dialect, Scope};
use types::AppId;
use wire::subscriptions::{AppSubscription, OBJECT, Params, unsubscribed_fields};
use wire::{ApiError, ErrorCode, reply};

use super::refusals::{app_id, refused};
use crate::desk::subscriptions as desk_subscriptions;
use crate::desk::{Refused, Turn, auth};
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;
use crate::subscribe;

/// `GET /{app_id}`, if the id is that of the app whose token asks.
pub(super) async fn read(door: &Door, id: &str, ask: &Ask) -> Result<Option<Vec<u8>>, ApiError> {
    let (token, id) = (ask.access_token()?, app_id(id)?);
    let found = door
        .desk()
        .run(move |turn| match auth::app_by_token(turn, &token, &id) {
            Ok(app) => Ok(Some(app)),
            Err(Refused::UnknownApp) => Ok(None),
            Err(other) => Err(other),
        })
        .await
        .map_err(|why| refused(&why))?;
    let object = |app: App| {
        let facts = reply::AppFacts::new(app.id, app.name);
        reply::fields(&facts, ask.query("fields"), &reply::AppFacts::NODE)
    };
    found.map(object).transpose()
}

/// `GET /{app_id}/subscriptions`.
pub(super) async fn list(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let (token, id) = (ask.access_token()?, app_id(&id)?);
    let found = door
        .desk()
        .run(move |turn| {
            auth::app_by_token(turn, &token, &id)?;
            desk_subscriptions::find_scope(turn, &id, &Scope::App)
        })
        .await
        .map_err(|why| refused(&why))?;
    let version = ask.came_by.version.unwrap_or_else(|| VERSION.to_owned());
    let field = |name| reply::SubscribedField {
        name,
        version: version.clone(),
    };
    let listed: Vec<_> = found
        .into_iter()
        .map(|it| reply::AppSubscription {
            object: OBJECT,
            callback_url: it.callback.url,
            active: true,
            fields: it.callback.fields.into_iter().map(field).collect(),
        })
        .collect();
    Ok(Json(reply::list(&listed)))
}

/// `POST /{app_id}/subscriptions`: the app's callback, after its handshake.
pub(super) async fn subscribe(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, id) = (ask.access_token()?, app_id(&id)?);
    let app = door
        .desk()
        .run(move |turn| auth::app_by_token(turn, &token, &id))
        .await
        .map_err(|why| refused(&why))?;
    let AppSubscription { callback, fields } = AppSubscription::parse(&ask.params()?)?;
    door.greeter().greet(&callback, door.challenge()).await?;
    door.desk()
        .run(move |turn| {
            subscribe::keep(turn, app.id, Scope::App, callback, fields, Dialect::Graph)
        })
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::success()))
}

/// `DELETE /{app_id}/subscriptions`: with `fields` only those.
pub(super) async fn unsubscribe(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, id) = (ask.access_token()?, app_id(&id)?);
    let app = id.clone();
    door.desk()
        .run(move |turn| auth::app_by_token(turn, &token, &app))
        .await
        .map_err(|why| refused(&why))?;
    let fields = unsubscribed_fields(&ask.params()?)?;
    door.desk()
        .run(move |turn| desk_subscriptions::unsubscribe_fields(turn, &id, &fields))
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::success()))
}

/// `GET /oauth/access_token` with `grant_type=client_credentials`: an app's own token. It is the id
/// and the secret joined by `|`, a form that Graph takes as well.
pub(super) async fn access_token(State(door): State<Door>, ask: Ask) -> Answer {
    let params = ask.params()?;
    let id: AppId = required(&params, "client_id")?
        .parse()
        .map_err(|_| ApiError::parameter("client_id must be the id of an app: 1 to 32 digits."))?;
    let secret = required(&params, "client_secret")?;
    if text(&params, "grant_type").as_deref() != Some("client_credentials") {
        return Err(ApiError::parameter(
            "grant_type must be \"client_credentials\": an app's own token is the only one that \
             is given out here.",
        )
        .into());
    }
    let token = format!("{id}|{secret}");
    door.desk()
        .run(move |turn| auth::app_by_secret(turn, &id, &secret))
        .await
        .map_err(|why| match why {
            Refused::WrongToken => ApiError::new(
                ErrorCode::InvalidAccessToken,
                "client_id and client_secret do not belong together. Send those of one app.",
            ),
            other => refused(&other),
        })?;
    Ok(Json(reply::body(&reply::AccessToken {
        access_token: token,
        token_type: "bearer",
    })))
}

/// `GET /debug_token?input_token=`: what a token is and opens. Who asks must hold a good one.
pub(super) async fn debug_token(State(door): State<Door>, ask: Ask) -> Answer {
    let asker = ask.access_token()?;
    let input = ask.query("input_token").map(str::to_owned).ok_or_else(|| {
        ApiError::parameter(
            "The parameter input_token is missing. Send the token that is to be looked at.",
        )
    })?;
    let data = door
        .desk()
        .run(move |turn| {
            token_facts(turn, &asker)?;
            match token_facts(turn, &input) {
                Err(Refused::WrongToken) => Ok(reply::TokenFacts {
                    error: Some(reply::TokenFault {
                        code: ErrorCode::InvalidAccessToken.code(),
                        message: "This token is not known.",
                    }),
                    ..reply::TokenFacts::default()
                }),
                other => other,
            }
        })
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::body(&reply::DebugToken { data })))
}

fn token_facts(turn: &mut Turn<'_>, token: &str) -> Result<reply::TokenFacts, Refused> {
    if let Some((id, secret)) = token.split_once('|') {
        let id = id.parse().map_err(|_| Refused::WrongToken)?;
        let app = auth::app_by_secret(turn, &id, secret)?;
        return Ok(reply::TokenFacts {
            app_id: Some(app.id),
            kind: Some("APP"),
            application: Some(app.name),
            expires_at: Some(0),
            data_access_expires_at: Some(0),
            is_valid: true,
            ..reply::TokenFacts::default()
        });
    }
    let holder = auth::token(turn, token)?;
    let app = store::apps::find(turn.tx, &holder.app)?;
    let granular = |scope| reply::GranularScope {
        scope,
        target_ids: vec![holder.waba.clone()],
    };
    Ok(reply::TokenFacts {
        app_id: Some(holder.app.clone()),
        kind: Some("SYSTEM_USER"),
        application: app.map(|it| it.name),
        expires_at: Some(0),
        data_access_expires_at: Some(0),
        error: None,
        is_valid: true,
        scopes: SCOPES.to_vec(),
        granular_scopes: SCOPES.into_iter().map(granular).collect(),
    })
}

fn required(params: &Params, key: &str) -> Result<String, ApiError> {
    text(params, key).ok_or_else(|| ApiError::parameter(format!("The parameter {key} is missing.")))
}

fn text(params: &Params, key: &str) -> Option<String> {
    match params.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What every access token here is good for.
const SCOPES: [&str; 2] = [
    "whatsapp_business_management",
    "whatsapp_business_messaging",
];

/// The version that fields are listed with when the path names none.
const VERSION: &str = "v24.0";
