//! The exchange's clock, to be stopped and turned: a minute of ringing passes in a millisecond.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use types::Timestamp;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::Body;
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(show, turn))
}

/// What the clock shows.
#[derive(Debug, Serialize, ToSchema)]
struct Clock {
    /// Milliseconds since the Unix epoch.
    now_ms: u64,
    /// Whether it stands still.
    frozen: bool,
}

/// What to do with the clock: exactly one of these.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Turning {
    /// `true`: let it stand where it is.
    freeze: Option<bool>,
    /// Move it forward by so many milliseconds, meeting every deadline on the way in its order. It
    /// runs or stands afterwards as it did before.
    #[schema(example = 60_000)]
    advance_ms: Option<u64>,
    /// Put it to this moment, in milliseconds since the Unix epoch; forward as `advance_ms` does, or
    /// back, which meets no deadline.
    set_ms: Option<u64>,
    /// `true`: let it run on from where it is.
    resume: Option<bool>,
}

/// Reads the clock.
#[utoipa::path(get, path = "/clock", tag = "clock", responses((status = 200, body = Clock)))]
async fn show(State(control): State<Control>) -> Json<Clock> {
    Json(read(&control))
}

/// Stops, turns or starts the clock. It answers when everything that was due on the way has been
/// decided; webhooks may still be on their way.
#[utoipa::path(post, path = "/clock", tag = "clock", request_body = Turning,
    responses((status = 200, body = Clock), (status = "4XX", body = ErrorBody)))]
async fn turn(
    State(control): State<Control>,
    Body(turning): Body<Turning>,
) -> Result<Json<Clock>, ControlError> {
    match turning {
        Turning {
            freeze: Some(true),
            advance_ms: None,
            set_ms: None,
            resume: None,
        } => {
            control.clock.freeze();
        }
        Turning {
            freeze: None,
            advance_ms: Some(ms),
            set_ms: None,
            resume: None,
        } => {
            let to = control.clock.now() + std::time::Duration::from_millis(ms);
            control.ticker.advance(to).await?;
        }
        Turning {
            freeze: None,
            advance_ms: None,
            set_ms: Some(ms),
            resume: None,
        } => {
            let to = Timestamp::from_millis(ms);
            if to < control.clock.now() {
                control.clock.set(to);
            } else {
                control.ticker.advance(to).await?;
            }
        }
        Turning {
            freeze: None,
            advance_ms: None,
            set_ms: None,
            resume: Some(true),
        } => {
            control.clock.resume();
        }
        Turning { .. } => return Err(ControlError::new(Code::BadBody, ONE_OF)),
    }
    Ok(Json(read(&control)))
}

fn read(control: &Control) -> Clock {
    Clock {
        now_ms: control.clock.now().as_millis(),
        frozen: control.clock.is_frozen(),
    }
}

const ONE_OF: &str = "Say exactly one of {\"freeze\":true}, {\"advance_ms\":60000}, \
     {\"set_ms\":1780000000000} and {\"resume\":true}.";
