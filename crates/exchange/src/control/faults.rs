//! Armed faults: what is to go wrong, where, for whom, and how often.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use store::faults::FaultRow;
use types::FaultId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::wish::NewFault;
pub(super) use self::wish::Way;
use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ErrorBody};
use crate::desk;

mod read;
mod show;
mod wish;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list, arm, disarm_all))
        .routes(routes!(find, disarm))
}

/// A fault that is armed, with what it has met so far.
#[derive(Debug, Serialize, ToSchema)]
struct Fault {
    /// Its id.
    #[schema(value_type = u64)]
    id: FaultId,
    /// What was armed.
    #[serde(flatten)]
    armed: NewFault,
    /// Occasions that it was for.
    met: u64,
    /// Occasions at which it fired.
    fired: u64,
    /// How often it will still fire; null where that is not known beforehand.
    left: Option<u64>,
    /// When it was armed, in milliseconds since the Unix epoch.
    armed_at_ms: u64,
}

/// All faults that are armed.
#[derive(Debug, Serialize, ToSchema)]
struct Faults {
    /// In the order in which they were armed; spent ones too, until they are disarmed.
    data: Vec<Fault>,
}

/// How many faults were disarmed.
#[derive(Debug, Serialize, ToSchema)]
struct Disarmed {
    /// How many.
    disarmed: usize,
}

/// Lists armed faults, with the firings that are left.
#[utoipa::path(get, path = "/faults", tag = "faults",
    responses((status = 200, body = Faults), (status = "4XX", body = ErrorBody)))]
async fn list(State(control): State<Control>) -> Result<Json<Faults>, ControlError> {
    let rows = control.desk.run(desk::faults::list).await?;
    let data = rows.iter().map(Fault::from).collect();
    Ok(Json(Faults { data }))
}

/// Arms a fault. It fires at the occasions that it is for, from now on, in the order in which faults
/// were armed.
#[utoipa::path(post, path = "/faults", tag = "faults", request_body = NewFault,
    responses((status = 201, body = Fault), (status = "4XX", body = ErrorBody)))]
async fn arm(
    State(control): State<Control>,
    Body(wish): Body<NewFault>,
) -> Result<(StatusCode, Json<Fault>), ControlError> {
    let read::Wanted {
        fault,
        filter,
        times,
        seed,
    } = read::read(&wish)?;
    let row = control
        .desk
        .run(move |turn| desk::faults::arm(turn, fault, filter, times, seed))
        .await?;
    Ok((StatusCode::CREATED, Json(Fault::from(&row))))
}

/// Shows an armed fault.
#[utoipa::path(get, path = "/faults/{id}", tag = "faults",
    params(("id" = u64, Path, description = "The fault")),
    responses((status = 200, body = Fault), (status = "4XX", body = ErrorBody)))]
async fn find(
    State(control): State<Control>,
    Named(id): Named<FaultId>,
) -> Result<Json<Fault>, ControlError> {
    let row = control
        .desk
        .run(move |turn| desk::faults::find(turn, id))
        .await?;
    Ok(Json(Fault::from(&row)))
}

/// Disarms a fault. What it has done stays done: bad weather on a call lasts as long as the call.
#[utoipa::path(delete, path = "/faults/{id}", tag = "faults",
    params(("id" = u64, Path, description = "The fault")),
    responses((status = 204, description = "Disarmed"), (status = "4XX", body = ErrorBody)))]
async fn disarm(
    State(control): State<Control>,
    Named(id): Named<FaultId>,
) -> Result<StatusCode, ControlError> {
    control
        .desk
        .run(move |turn| desk::faults::disarm(turn, id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Disarms all faults.
#[utoipa::path(delete, path = "/faults", tag = "faults",
    responses((status = 200, body = Disarmed), (status = "4XX", body = ErrorBody)))]
async fn disarm_all(State(control): State<Control>) -> Result<Json<Disarmed>, ControlError> {
    let disarmed = control.desk.run(desk::faults::disarm_all).await?;
    Ok(Json(Disarmed { disarmed }))
}

impl From<&FaultRow> for Fault {
    fn from(row: &FaultRow) -> Self {
        Self {
            id: row.id,
            armed: NewFault::from(&row.armed),
            met: row.armed.met,
            fired: row.armed.fired,
            left: row.armed.left(),
            armed_at_ms: row.armed_at.as_millis(),
        }
    }
}
