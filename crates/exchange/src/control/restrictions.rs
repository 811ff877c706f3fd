//! Suspensions of business numbers: the operator plays the bad marks that users give.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use types::PhoneNumberId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use crate::desk::restrictions::{self, Order};
use crate::desk::{self, Refused, Turn};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(show, set))
}

/// What a business number is suspended from.
#[derive(Debug, Serialize, ToSchema)]
struct Restrictions {
    /// Until when it may not call users, in Unix milliseconds; null if it may.
    business_initiated_until_ms: Option<u64>,
    /// Until when users may not call it, in Unix milliseconds; null if they may.
    user_initiated_until_ms: Option<u64>,
    /// Until when users see no call button, in Unix milliseconds; null if they do.
    call_button_hidden_until_ms: Option<u64>,
}

/// What a business number is to be suspended from, in place of all that it was suspended from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRestrictions {
    /// From calling users and asking them.
    #[serde(default)]
    business_initiated: bool,
    /// From being called by users; its call button goes with it.
    #[serde(default)]
    user_initiated: bool,
    /// From showing a call button.
    #[serde(default)]
    call_button_hidden: bool,
    /// How long; the preset's time when not said.
    for_ms: Option<u64>,
    /// What it is warned of besides, in the word of the webhook.
    #[schema(example = "LOW_BUSINESS_INITIATED_CALLING_QUALITY")]
    violation: Option<String>,
}

/// Shows what a business number is suspended from.
#[utoipa::path(get, path = "/numbers/{phone_number_id}/restrictions", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id")),
    responses((status = 200, body = Restrictions), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<PhoneNumberId>,
) -> Result<Json<Restrictions>, ControlError> {
    let restrictions = control.desk.run(move |turn| {
        let number = desk::numbers::find(turn, &id)?;
        Ok::<_, Refused>(shown(turn, &number))
    });
    Ok(Json(restrictions.await?))
}

/// Warns a business number of low quality, suspends it, or lets it go again. Its business is told by
/// webhooks of the field account_update.
#[utoipa::path(put, path = "/numbers/{phone_number_id}/restrictions", tag = "numbers",
    params(("phone_number_id" = String, Path, description = "The number's id")),
    request_body = NewRestrictions,
    responses((status = 200, body = Restrictions), (status = "4XX", body = ErrorBody)))]
async fn set(
    State(control): State<Control>,
    Named(id): Named<PhoneNumberId>,
    Body(new): Body<NewRestrictions>,
) -> Result<Json<Restrictions>, ControlError> {
    let violation = new.violation.map(|word| word.parse()).transpose();
    let violation = violation.map_err(|error: types::ParseError| {
        let message = format!("The body does not fit at `violation`: {error}.");
        ControlError::new(Code::BadBody, message)
    })?;
    let order = Order {
        business_initiated: new.business_initiated,
        user_initiated: new.user_initiated,
        call_button_hidden: new.call_button_hidden,
        lasts: new.for_ms.map(Duration::from_millis),
        violation,
    };
    let restrictions = control.desk.run(move |turn| {
        let number = restrictions::set(turn, &id, order)?;
        Ok::<_, Refused>(shown(turn, &number))
    });
    Ok(Json(restrictions.await?))
}

fn shown(turn: &Turn<'_>, number: &store::numbers::Number) -> Restrictions {
    let running = number.restrictions.without_past(turn.now);
    let millis = |until: Option<types::Timestamp>| until.map(types::Timestamp::as_millis);
    Restrictions {
        business_initiated_until_ms: millis(running.business_initiated_until),
        user_initiated_until_ms: millis(running.user_initiated_until),
        call_button_hidden_until_ms: millis(running.call_button_hidden_until),
    }
}
