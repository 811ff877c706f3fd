//! The whole of the exchange as one document: taken out, put in, or brought back to how it began.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use types::Timestamp;
use types::limits::STATE_BYTES_MAX;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, read_json};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use crate::desk;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(export, import))
        .layer(DefaultBodyLimit::max(STATE_BYTES_MAX))
        .merge(OpenApiRouter::new().routes(routes!(reset)))
}

/// All records, secrets included. The form may change with the version: a document is read by the
/// version that wrote it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is described here and written by the store")]
struct Document {
    /// The version of this form.
    #[schema(example = 1)]
    dialtone_state: u32,
    /// The migrations that made the tables.
    migrations: Vec<String>,
    /// How far the tables that number their rows have come.
    #[schema(value_type = Object)]
    counters: (),
    /// For each table its rows, with a value for each column. Moments are milliseconds since the Unix
    /// epoch, bytes are hexadecimal digits.
    #[schema(value_type = Object)]
    tables: (),
}

/// What was found in an imported document.
#[derive(Debug, Serialize, ToSchema)]
struct Imported {
    /// Calls that ran in it. They have lost their media and are over.
    calls_ended: usize,
    /// Webhooks that were under way in it. They are due again.
    deliveries_due: usize,
}

/// How to begin again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Resetting {
    /// What ids are drawn from from now on. Without it, an exchange that was started with `--seed`
    /// draws again what it drew after its start, and another one draws on.
    #[schema(example = 7)]
    seed: Option<u64>,
    /// Where the clock is put, in milliseconds since the Unix epoch; it runs or stands as before.
    /// Without it, it stays where it is.
    clock_ms: Option<u64>,
}

/// Takes all records out as one document. It holds every secret that the exchange knows: app secrets,
/// phone tokens, verify tokens, and what users and businesses said. Keep it as you keep these.
#[utoipa::path(get, path = "/state", tag = "state", responses((status = 200, body = Document)))]
async fn export(State(control): State<Control>) -> Result<impl IntoResponse, ControlError> {
    let document = control.desk.run_patiently(desk::state::export).await?;
    Ok(([(CONTENT_TYPE, "application/json")], document))
}

/// Puts the records of a document in the place of all that there are, in one transaction: a document
/// that does not fit changes nothing. For phones and businesses it is a restart: calls that run, here
/// and in the document, end, and lines are opened anew.
#[utoipa::path(put, path = "/state", tag = "state", request_body = Document,
    responses((status = 200, body = Imported), (status = "4XX", body = ErrorBody)))]
async fn import(
    State(control): State<Control>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Imported>, ControlError> {
    let body = body.map_err(|_| {
        ControlError::new(
            Code::BodyTooLarge,
            format!("The document is cut off, or has more than {STATE_BYTES_MAX} bytes."),
        )
    })?;
    let document: store::state::Document = read_json(&body)?;
    drop(body);
    let found = control
        .desk
        .run_patiently(move |turn| desk::state::import(turn, &document))
        .await?;
    control.lines.close_every();
    Ok(Json(Imported {
        calls_ended: found.calls,
        deliveries_due: found.deliveries,
    }))
}

/// Brings the exchange back to how it began: all records are emptied and the configured world is
/// brought in anew; scripted phones hang up and go.
#[utoipa::path(post, path = "/reset", tag = "state", request_body = Option<Resetting>,
    responses((status = 204), (status = "4XX", body = ErrorBody)))]
async fn reset(
    State(control): State<Control>,
    body: Option<Body<Resetting>>,
) -> Result<StatusCode, ControlError> {
    let resetting = body.map(|Body(resetting)| resetting).unwrap_or_default();
    for phone in control.phones.list() {
        control.phones.remove(phone.id).await;
    }
    if let Some(ms) = resetting.clock_ms {
        control.clock.set(Timestamp::from_millis(ms));
    }
    let beginning = control.beginning.clone();
    let seed = resetting.seed.or(beginning.seed);
    control
        .desk
        .run_patiently(move |turn| desk::state::reset(turn, beginning.world, seed))
        .await?;
    control.lines.close_every();
    Ok(StatusCode::NO_CONTENT)
}
