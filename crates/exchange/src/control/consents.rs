//! What users have allowed business numbers to do.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::consents::ConsentRow;
use types::{PhoneNumberId, WaId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ErrorBody};
use crate::desk;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(show, set, forget))
}

/// What one user has allowed one business number to do.
#[derive(Debug, Serialize, ToSchema)]
struct Consent {
    /// The business number.
    #[schema(value_type = String, example = "106540352242922")]
    phone_number_id: PhoneNumberId,
    /// The user.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// Whether the number may call the user.
    granted: bool,
    /// When that was last changed, in milliseconds since the Unix epoch; null if never.
    changed_at_ms: Option<u64>,
}

/// What a user allows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConsent {
    /// Whether the number may call the user.
    granted: bool,
}

/// Shows what a user has allowed a number to do; nothing, if never asked.
#[utoipa::path(get, path = "/consents/{phone_number_id}/{wa_id}", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    responses((status = 200, body = Consent), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
) -> Result<Json<Consent>, ControlError> {
    let (of, by) = (number.clone(), wa_id.clone());
    let row = control
        .desk
        .run(move |turn| desk::consents::find(turn, &of, &by))
        .await?;
    Ok(Json(Consent::new(number, wa_id, row.as_ref())))
}

/// Grants or takes back a user's permission to be called.
#[utoipa::path(put, path = "/consents/{phone_number_id}/{wa_id}", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    request_body = NewConsent,
    responses((status = 200, body = Consent), (status = "4XX", body = ErrorBody)))]
async fn set(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
    Body(consent): Body<NewConsent>,
) -> Result<Json<Consent>, ControlError> {
    let (of, by) = (number.clone(), wa_id.clone());
    let row = control
        .desk
        .run(move |turn| desk::consents::set(turn, &of, &by, consent.granted))
        .await?;
    Ok(Json(Consent::new(number, wa_id, Some(&row))))
}

/// Forgets that a user was ever asked.
#[utoipa::path(delete, path = "/consents/{phone_number_id}/{wa_id}", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    responses((status = 204, description = "Forgotten"), (status = "4XX", body = ErrorBody)))]
async fn forget(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
) -> Result<StatusCode, ControlError> {
    control
        .desk
        .run(move |turn| desk::consents::forget(turn, &number, &wa_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Consent {
    fn new(number: PhoneNumberId, wa_id: WaId, row: Option<&ConsentRow>) -> Self {
        Self {
            phone_number_id: number,
            wa_id,
            granted: row.is_some_and(|row| row.granted),
            changed_at_ms: row.map(|row| row.changed_at.as_millis()),
        }
    }
}
