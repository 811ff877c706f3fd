//! Calls: what runs and what ran, with both legs and every webhook, and hanging up from outside.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::calls::{CallFilter, CallRow};
use store::deliveries::DeliveryFilter;
use store::legs::LegRow;
use types::limits::PAGE_ROWS_MAX;
use types::{CallId, Direction, PhoneNumberId, Timestamp, WaId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named, Query};
use super::deliveries::Delivery;
use super::error::{ControlError, ErrorBody};
use super::page::{Page, PageRows};
use super::weather::Weather;
use crate::desk::{self, Refused};
use crate::media_control::{self, Side};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(hang_up))
}

/// One call.
#[derive(Debug, Serialize, ToSchema)]
struct Call {
    /// Its id.
    #[schema(value_type = String, example = "wacid.HBgLMTQwODU1NTEyMzQ…")]
    id: CallId,
    /// `USER_INITIATED` or `BUSINESS_INITIATED`.
    #[schema(value_type = String, example = "USER_INITIATED")]
    direction: Direction,
    /// The business number.
    #[schema(value_type = String, example = "106540352242922")]
    phone_number_id: PhoneNumberId,
    /// The user.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// `calling`, `ringing`, `pre_accepted`, `connecting`, `talking` or `ended`.
    #[schema(example = "talking")]
    phase: &'static str,
    /// When it was placed, in milliseconds since the Unix epoch.
    created_at_ms: u64,
    /// When it was accepted or picked up; null if it was not.
    answered_at_ms: Option<u64>,
    /// The next moment at which the platform acts by itself; null when there is none.
    deadline_at_ms: Option<u64>,
    /// How it ended; null while it lasts.
    ending: Option<Ending>,
    /// What the business asked to hear again with every webhook.
    biz_opaque_callback_data: Option<String>,
}

/// How a call ended.
#[derive(Debug, Serialize, ToSchema)]
struct Ending {
    /// Why, as one word.
    #[schema(example = "business_hung_up")]
    reason: &'static str,
    /// Why, as a sentence.
    #[schema(example = "the business hung up")]
    message: &'static str,
    /// Whose doing it was: `nobody`, `user`, `business`, `platform` or `network`.
    #[schema(example = "nobody")]
    blame: &'static str,
    /// What the business was told: `COMPLETED` or `FAILED`.
    #[schema(example = "COMPLETED")]
    status: &'static str,
    /// When, in milliseconds since the Unix epoch.
    at_ms: u64,
}

/// A call with its legs and its webhooks.
#[derive(Debug, Serialize, ToSchema)]
struct CallDetail {
    #[serde(flatten)]
    call: Call,
    /// The sides of the call that have a leg, the business's first.
    legs: Vec<Leg>,
    /// The webhooks about it, the youngest first; the last 200.
    deliveries: Vec<Delivery>,
}

/// One side of a call.
#[derive(Debug, Serialize, ToSchema)]
struct Leg {
    /// `user` or `business`.
    side: &'static str,
    /// The session description that the exchange gave.
    sdp_ours: Option<String>,
    /// The session description that the exchange was given.
    sdp_theirs: Option<String>,
    /// What went through so far, or in all; null before there is anything to say.
    stats: Option<LegStats>,
    /// The bad weather on it, made by a fault or by hand; null where it is fine. It stays here when
    /// the call is over.
    weather: Option<Weather>,
}

/// What went through one leg.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct LegStats {
    /// RTP packets that came from this side.
    packets_received: u64,
    /// Their payload, in bytes.
    bytes_received: u64,
    /// Packets of this side that never came.
    packets_lost: u64,
    /// Their jitter, in milliseconds (RFC 3550).
    jitter_ms: f64,
    /// RTP packets that went to this side.
    packets_sent: u64,
    /// Their payload, in bytes.
    bytes_sent: u64,
    /// Packets that never came there, as this side reports.
    packets_lost_by_peer: Option<u64>,
    /// Their jitter there, in milliseconds; null before the first report.
    jitter_at_peer_ms: Option<f64>,
    /// The round trip between the exchange and this side, in milliseconds; null before it is known.
    round_trip_ms: Option<f64>,
}

/// Who hangs up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HangUp {
    /// The user, unless said otherwise.
    #[serde(default)]
    side: SideWord,
}

/// One of the two sides of a call.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SideWord {
    #[default]
    User,
    Business,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only those of this business number.
    #[param(value_type = Option<String>)]
    phone_number_id: Option<PhoneNumberId>,
    /// Only those with this user.
    #[param(value_type = Option<String>)]
    wa_id: Option<WaId>,
    /// Only `USER_INITIATED` or only `BUSINESS_INITIATED`.
    #[param(value_type = Option<String>)]
    direction: Option<Direction>,
    /// Only those that are over, or only those that are not.
    is_over: Option<bool>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<CallId>,
    /// How many, 50 unless said otherwise.
    #[serde(default)]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
    rows: PageRows,
}

/// Lists calls, the youngest first.
#[utoipa::path(get, path = "/calls", tag = "calls",
    responses((status = 200, body = Page<Call>), (status = "4XX", body = ErrorBody)))]
async fn list(
    State(control): State<Control>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Call>>, ControlError> {
    let rows = filter.rows;
    let filter = CallFilter {
        number: filter.phone_number_id,
        wa_id: filter.wa_id,
        direction: filter.direction,
        is_over: filter.is_over,
        before: filter.after,
    };
    let found = control
        .desk
        .run(move |turn| desk::calls::list(turn, &filter, rows.to_read()))
        .await?;
    let data = found.iter().map(Call::from).collect();
    Ok(Json(Page::cut(data, rows, |call: &Call| {
        call.id.to_string()
    })))
}

/// Shows one call with both legs and its webhooks.
#[utoipa::path(get, path = "/calls/{id}", tag = "calls",
    params(("id" = String, Path, description = "The call")),
    responses((status = 200, body = CallDetail), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<CallId>,
) -> Result<Json<CallDetail>, ControlError> {
    let (row, legs, deliveries) = control
        .desk
        .run(move |turn| {
            let (row, legs) = desk::calls::find(turn, &id)?;
            let filter = DeliveryFilter {
                call: Some(id),
                ..DeliveryFilter::default()
            };
            let deliveries = desk::deliveries::list(turn, &filter, PAGE_ROWS_MAX)?;
            Ok::<_, Refused>((row, legs, deliveries))
        })
        .await?;
    let mut sides = Vec::with_capacity(legs.len());
    for leg in legs {
        // A leg on the network knows more than what was last noted about it.
        let live = match leg.media {
            Some(id) => media_control::stats(&*control.media, id).await,
            None => None,
        };
        sides.push(Leg::new(leg, live));
    }
    let deliveries = deliveries.iter().map(Delivery::from).collect();
    Ok(Json(CallDetail {
        call: Call::from(&row),
        legs: sides,
        deliveries,
    }))
}

/// Ends a call in the name of one side, as if it had hung up.
#[utoipa::path(post, path = "/calls/{id}/hangup", tag = "calls",
    params(("id" = String, Path, description = "The call")),
    request_body = Option<HangUp>,
    responses((status = 200, body = Call), (status = "4XX", body = ErrorBody)))]
async fn hang_up(
    State(control): State<Control>,
    Named(id): Named<CallId>,
    body: Option<Body<HangUp>>,
) -> Result<Json<Call>, ControlError> {
    let side = body.map_or(SideWord::User, |Body(hang_up)| hang_up.side);
    let row = control
        .desk
        .run(move |turn| {
            desk::calls::hang_up(turn, &id, side.into())?;
            Ok::<_, Refused>(desk::calls::find(turn, &id)?.0)
        })
        .await?;
    Ok(Json(Call::from(&row)))
}

impl From<&CallRow> for Call {
    fn from(row: &CallRow) -> Self {
        let machine = row.machine();
        Self {
            id: row.id.clone(),
            direction: machine.direction(),
            phone_number_id: row.number.clone(),
            wa_id: row.wa_id.clone(),
            phase: machine.phase().as_str(),
            created_at_ms: row.created_at.as_millis(),
            answered_at_ms: machine.accepted_at().map(Timestamp::as_millis),
            deadline_at_ms: machine.poll_timeout().map(Timestamp::as_millis),
            ending: machine.ending().map(|ending| Ending {
                reason: ending.reason.as_str(),
                message: ending.reason.sentence(),
                blame: ending.blame().as_str(),
                status: ending.status().as_str(),
                at_ms: ending.ended.as_millis(),
            }),
            biz_opaque_callback_data: row.callback_data.clone(),
        }
    }
}

impl From<SideWord> for Side {
    fn from(word: SideWord) -> Self {
        match word {
            SideWord::User => Self::User,
            SideWord::Business => Self::Business,
        }
    }
}

impl Leg {
    fn new(row: LegRow, live: Option<Value>) -> Self {
        let weather = row.weather.as_deref().and_then(Weather::read);
        let noted = || serde_json::from_str(&row.stats?).ok();
        Self {
            side: row.side.as_str(),
            sdp_ours: row.sdp_ours,
            sdp_theirs: row.sdp_theirs,
            stats: live
                .or_else(noted)
                .and_then(|stats| serde_json::from_value(stats).ok()),
            weather,
        }
    }
}
