//! Whom a number for tests may reach: its list of recipients, where the preset has such lists.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use types::{PhoneNumberId, WaId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::Named;
use super::error::{ControlError, ErrorBody};
use super::page::Page;
use crate::desk::consents;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(add, remove))
}

/// A user whom a number may reach.
#[derive(Debug, Serialize, ToSchema)]
struct Recipient {
    /// The user.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// Since when they are on the list, in milliseconds since the Unix epoch.
    added_at_ms: u64,
}

/// Lists whom a number may reach. Only asked by presets for tests, such as `meta-sandbox`; with the
/// others a number may reach everybody.
#[utoipa::path(get, path = "/numbers/{phone_number_id}/recipients", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id")),
    responses((status = 200, body = Page<Recipient>), (status = "4XX", body = ErrorBody)))]
async fn list(
    State(control): State<Control>,
    Named(number): Named<PhoneNumberId>,
) -> Result<Json<Page<Recipient>>, ControlError> {
    let rows = control
        .desk
        .run(move |turn| consents::list_recipients(turn, &number))
        .await?;
    let data = rows.into_iter().map(|row| Recipient {
        wa_id: row.wa_id,
        added_at_ms: row.added_at.as_millis(),
    });
    Ok(Json(Page::whole(data.collect())))
}

/// Puts a user on the list.
#[utoipa::path(put, path = "/numbers/{phone_number_id}/recipients/{wa_id}", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    responses((status = 204, description = "On the list"), (status = "4XX", body = ErrorBody)))]
async fn add(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
) -> Result<StatusCode, ControlError> {
    control
        .desk
        .run(move |turn| consents::add_recipient(turn, &number, &wa_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a user off the list.
#[utoipa::path(delete, path = "/numbers/{phone_number_id}/recipients/{wa_id}", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    responses((status = 204, description = "Off the list"), (status = "4XX", body = ErrorBody)))]
async fn remove(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
) -> Result<StatusCode, ControlError> {
    control
        .desk
        .run(move |turn| consents::remove_recipient(turn, &number, &wa_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
