//! Business numbers: which there are, and whether they take and place calls.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use types::{Country, PhoneNumber, PhoneNumberId, WabaId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ErrorBody};
use super::page::Page;
use crate::desk;

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
}

/// Lists the business numbers.
#[utoipa::path(get, path = "/numbers", tag = "numbers",
    responses((status = 200, body = Page<Number>)))]
async fn list(State(control): State<Control>) -> Result<Json<Page<Number>>, ControlError> {
    let rows = control.desk.run(desk::numbers::list).await?;
    Ok(Json(Page::whole(
        rows.into_iter().map(Number::from).collect(),
    )))
}

/// Shows one business number.
#[utoipa::path(get, path = "/numbers/{phone_number_id}", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id")),
    responses((status = 200, body = Number), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<PhoneNumberId>,
) -> Result<Json<Number>, ControlError> {
    let row = control
        .desk
        .run(move |turn| desk::numbers::find(turn, &id))
        .await?;
    Ok(Json(Number::from(row)))
}

/// Lets a business number call and be called, or not.
#[utoipa::path(patch, path = "/numbers/{phone_number_id}", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id")),
    request_body = NumberChange,
    responses((status = 200, body = Number), (status = "4XX", body = ErrorBody)))]
async fn change(
    State(control): State<Control>,
    Named(id): Named<PhoneNumberId>,
    Body(change): Body<NumberChange>,
) -> Result<Json<Number>, ControlError> {
    let row = control
        .desk
        .run(move |turn| {
            if let Some(country) = change.country {
                desk::numbers::set_country(turn, &id, country)?;
            }
            match change.calling_enabled {
                Some(enabled) => desk::numbers::set_calling(turn, &id, enabled),
                None => desk::numbers::find(turn, &id),
            }
        })
        .await?;
    Ok(Json(Number::from(row)))
}

impl From<store::numbers::Number> for Number {
    fn from(row: store::numbers::Number) -> Self {
        Self {
            phone_number_id: row.id,
            waba_id: row.waba,
            display_phone_number: row.display,
            verified_name: row.verified_name,
            country: row.country,
            calling_enabled: row.calling_enabled,
        }
    }
}
