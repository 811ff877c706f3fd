//! Business numbers: which there are, and what is set about their calls.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use types::calling::MessagingLimit;
use types::{Country, PhoneNumber, PhoneNumberId, WabaId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::settings::Settings;

use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use super::page::Page;
use crate::desk::{self, Refused, Turn};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, change))
}

/// A business number.
#[derive(Debug, Serialize, ToSchema)]
struct Number {
    /// Its id in paths and webhooks.
    #[schema(value_type = String, example = "106540352242922")]
    phone_number_id: PhoneNumberId,
    /// The account that owns it.
    #[schema(value_type = String, example = "102290129340398")]
    waba_id: WabaId,
    /// The number that people dial, as digits.
    #[schema(value_type = String, example = "15550783881")]
    display_phone_number: PhoneNumber,
    /// The name that people see.
    #[schema(example = "Acme Repairs")]
    verified_name: String,
    /// Where it is from, as ISO 3166-1 alpha-2; null if that cannot be told.
    #[schema(value_type = Option<String>, example = "BR")]
    country: Option<Country>,
    /// Whether it may call and be called.
    calling_enabled: bool,
    /// How many users its business may write to first.
    #[schema(value_type = String, example = "TIER_10K")]
    messaging_limit: MessagingLimit,
    /// What is set about its calls, as the API shows it, with the passwords of SIP servers.
    #[schema(value_type = Object)]
    calling: Value,
}

/// What to change about a number; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NumberChange {
    /// Whether it may call and be called. Calls that run go on.
    calling_enabled: Option<bool>,
    /// Where it is from. Numbers of some countries may not call users.
    #[schema(value_type = Option<String>)]
    country: Option<Country>,
    /// How many users its business may write to first.
    #[schema(value_type = Option<String>, example = "TIER_250")]
    messaging_limit: Option<MessagingLimit>,
    /// What to set about its calls, in the keys and words of the API, but without its bars: calls can
    /// be switched on for a number that could not switch them on itself.
    #[schema(value_type = Option<Object>)]
    calling: Option<Map<String, Value>>,
}

/// Lists the business numbers.
#[utoipa::path(get, path = "/numbers", tag = "numbers",
    responses((status = 200, body = Page<Number>)))]
async fn list(State(control): State<Control>) -> Result<Json<Page<Number>>, ControlError> {
    let numbers = control.desk.run(|turn| {
        let rows = desk::numbers::list(turn)?;
        Ok::<_, Refused>(rows.into_iter().map(|row| shown(turn, row)).collect())
    });
    Ok(Json(Page::whole(numbers.await?)))
}

/// Shows one business number.
#[utoipa::path(get, path = "/numbers/{phone_number_id}", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id")),
    responses((status = 200, body = Number), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<PhoneNumberId>,
) -> Result<Json<Number>, ControlError> {
    let number = control.desk.run(move |turn| {
        let row = desk::numbers::find(turn, &id)?;
        Ok::<_, Refused>(shown(turn, row))
    });
    Ok(Json(number.await?))
}

/// Changes what a business number may do.
#[utoipa::path(patch, path = "/numbers/{phone_number_id}", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id")),
    request_body = NumberChange,
    responses((status = 200, body = Number), (status = "4XX", body = ErrorBody)))]
async fn change(
    State(control): State<Control>,
    Named(id): Named<PhoneNumberId>,
    Body(change): Body<NumberChange>,
) -> Result<Json<Number>, ControlError> {
    let calling = change
        .calling
        .map(|settings| wire::settings::calling(&settings))
        .transpose()
        .map_err(|error| ControlError::new(Code::BadBody, error.details))?;
    let number = control.desk.run(move |turn| {
        if let Some(country) = change.country {
            desk::numbers::set_country(turn, &id, country)?;
        }
        if let Some(limit) = change.messaging_limit {
            desk::numbers::set_messaging_limit(turn, &id, limit)?;
        }
        if let Some(calling) = calling {
            desk::settings::change_by_operator(turn, &id, calling)?;
        }
        if let Some(enabled) = change.calling_enabled {
            desk::numbers::set_calling(turn, &id, enabled)?;
        }
        let row = desk::numbers::find(turn, &id)?;
        Ok::<_, Refused>(shown(turn, row))
    });
    Ok(Json(number.await?))
}

fn shown(turn: &Turn<'_>, row: store::numbers::Number) -> Number {
    let kinds = turn.preset.eligibility.restrictions;
    let restrictions = desk::settings::restrictions(&row, turn.now, kinds);
    Number {
        phone_number_id: row.id,
        waba_id: row.waba,
        display_phone_number: row.display,
        verified_name: row.verified_name,
        country: row.country,
        calling_enabled: row.settings.enabled,
        messaging_limit: row.messaging_limit,
        calling: Settings::new(&row.settings, &restrictions, &[], true).calling(),
    }
}
