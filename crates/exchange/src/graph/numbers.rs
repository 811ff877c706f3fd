//! Business numbers: `/{phone_number_id}`, its settings, and what its users allow it.

use axum::extract::{Path, State};
use serde_json::Value;
use store::numbers::Number;
use store::subscriptions::{Dialect, Scope};
use wire::{ApiError, reply, subscriptions};

use super::accounts;
use super::refusals::{number_id, refused};
use crate::desk::auth::{self, Acting};
use crate::desk::subscriptions as desk_subscriptions;
use crate::desk::{Refused, Turn, numbers};
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;
use crate::subscribe;

/// `GET /{id}`: a business number, or else an account.
pub(super) async fn read_object(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, number) = (ask.access_token()?, number_id(&id)?);
    let found = door
        .desk()
        .run(
            move |turn| match auth::number_by_token(turn, &token, &number) {
                Ok(acting) => described(turn, &acting).map(Some),
                Err(Refused::UnknownNumber) => Ok(None),
                Err(other) => Err(other),
            },
        )
        .await
        .map_err(|why| refused(&why))?;
    match found {
        Some(number) => Ok(Json(reply::fields(&number, ask.query("fields")))),
        None => accounts::read(&door, &id, &ask).await,
    }
}

/// `POST /{phone_number_id}` with `webhook_configuration`: where this number's webhooks go.
pub(super) async fn change(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let acting = acting(&door, &id, &ask).await?;
    let scope = Scope::Number(acting.number().id.clone());
    let app = acting.app().clone();
    match subscriptions::number_override(&ask.params()?)? {
        Some(callback) => {
            door.greeter().greet(&callback, door.challenge()).await?;
            let set = move |turn: &mut Turn<'_>| {
                subscribe::keep(turn, app, scope, callback, Vec::new(), Dialect::Graph)
            };
            door.desk().run(set).await.map_err(|why| refused(&why))?;
        }
        None => {
            let remove =
                move |turn: &mut Turn<'_>| desk_subscriptions::remove_scope(turn, &app, &scope);
            door.desk().run(remove).await.map_err(|why| refused(&why))?;
        }
    }
    Ok(Json(reply::success()))
}

/// `GET /{phone_number_id}/settings`.
pub(super) async fn read_settings(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let acting = acting(&door, &id, &ask).await?;
    Ok(Json(settings(&acting)))
}

/// `POST /{phone_number_id}/settings`: switches calling on or off.
pub(super) async fn change_settings(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let acting = acting(&door, &id, &ask).await?;
    Ok(Json(set_settings(&door, &acting, &ask).await?))
}

/// A number's settings, in either dialect.
pub(crate) fn settings(acting: &Acting) -> Vec<u8> {
    reply::body(&reply::Settings::new(acting.number().calling_enabled))
}

/// Changes a number's settings, in either dialect.
///
/// # Errors
///
/// Code 100 for a setting that this exchange does not keep: to say yes and forget it would be worse.
pub(crate) async fn set_settings(
    door: &Door,
    acting: &Acting,
    ask: &Ask,
) -> Result<Vec<u8>, ApiError> {
    let params = ask.params()?;
    let Some(Value::Object(calling)) = params.get("calling") else {
        return Err(ApiError::parameter(
            "The parameter calling is missing. Send {\"calling\": {\"status\": \"ENABLED\"}}.",
        ));
    };
    if let Some(other) = calling.keys().find(|it| *it != "status") {
        return Err(ApiError::parameter(format!(
            "This exchange does not keep the setting calling.{}. Send calling.status alone.",
            other.escape_default()
        )));
    }
    let enabled = match calling.get("status").and_then(Value::as_str) {
        Some(word) if word.eq_ignore_ascii_case("ENABLED") => true,
        Some(word) if word.eq_ignore_ascii_case("DISABLED") => false,
        _ => {
            return Err(ApiError::parameter(
                "calling.status must be \"ENABLED\" or \"DISABLED\".",
            ));
        }
    };
    let id = acting.number().id.clone();
    door.desk()
        .run(move |turn| numbers::set_calling(turn, &id, enabled))
        .await
        .map_err(|why| refused(&why))?;
    Ok(reply::success())
}

/// A number as Graph shows it to the app that asks.
pub(super) fn described(
    turn: &mut Turn<'_>,
    acting: &Acting,
) -> Result<reply::BusinessNumber, Refused> {
    let Number {
        id,
        waba,
        display,
        verified_name,
        ..
    } = acting.number().clone();
    let mut url_of = |scope| {
        let found = desk_subscriptions::find_scope(turn, acting.app(), &scope)?;
        Ok::<_, Refused>(found.map(|it| it.callback.url))
    };
    Ok(reply::BusinessNumber {
        verified_name,
        code_verification_status: "VERIFIED",
        display_phone_number: format!("+{display}"),
        quality_rating: "GREEN",
        platform_type: "CLOUD_API",
        throughput: reply::Throughput { level: "STANDARD" },
        status: "CONNECTED",
        whatsapp_business_manager_messaging_limit: "TIER_10K",
        webhook_configuration: reply::WebhookConfiguration {
            phone_number: url_of(Scope::Number(id.clone()))?,
            whatsapp_business_account: url_of(Scope::Waba(waba))?,
            application: url_of(Scope::App)?,
        },
        id,
    })
}

pub(super) async fn acting(door: &Door, id: &str, ask: &Ask) -> Result<Acting, ApiError> {
    let (token, id) = (ask.access_token()?, number_id(id)?);
    door.desk()
        .run(move |turn| auth::number_by_token(turn, &token, &id))
        .await
        .map_err(|why| refused(&why))
}
