//! Webhooks on their way: what was sent to whom, every attempt, and sending again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::attempts::Attempt;
use store::deliveries::{DeliveryFilter, DeliveryRow, StateWord};
use types::{AppId, CallId, DeliveryId, MessageId, PhoneNumberId, SubscriptionId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Named, Query};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use super::page::{Page, PageRows};
use crate::desk;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(redeliver))
}

/// One webhook to one subscriber.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Delivery {
    /// Its id.
    #[schema(value_type = u64)]
    id: DeliveryId,
    /// The subscription that it is for.
    #[schema(value_type = u64)]
    subscription_id: SubscriptionId,
    /// The app whose secret signs it.
    #[schema(value_type = String)]
    app_id: AppId,
    /// The business number that it is about.
    #[schema(value_type = String)]
    phone_number_id: PhoneNumberId,
    /// The call that it is about, if any.
    #[schema(value_type = Option<String>)]
    call_id: Option<CallId>,
    /// The message that it is about, if any.
    #[schema(value_type = Option<String>)]
    message_id: Option<MessageId>,
    /// What it tells, such as `connect` or `status.RINGING`.
    #[schema(example = "connect")]
    event: String,
    /// `due`, `leased` (under way), `delivered` or `given_up`.
    #[schema(example = "delivered")]
    state: &'static str,
    /// Attempts so far.
    attempts: u32,
    /// When it was decided, in milliseconds since the Unix epoch.
    created_at_ms: u64,
    /// When it is tried next; null unless it is due.
    next_attempt_at_ms: Option<u64>,
    /// When it was taken or given up; null before.
    ended_at_ms: Option<u64>,
}

/// A delivery with its body and its attempts.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryDetail {
    #[serde(flatten)]
    delivery: Delivery,
    /// The exact text that is signed and sent.
    body: String,
    /// Every attempt, the oldest first.
    attempts_made: Vec<AttemptView>,
}

/// One attempt to deliver a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempt)]
struct AttemptView {
    /// Where it went.
    url: String,
    /// When it was sent, in milliseconds since the Unix epoch.
    started_at_ms: u64,
    /// How long it took, in milliseconds.
    took_ms: u64,
    /// The receiver's HTTP status; null if it did not answer.
    status: Option<u16>,
    /// Why there is no answer; null if there is one.
    error: Option<String>,
    /// The beginning of the receiver's answer.
    answer: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only those of this call.
    #[param(value_type = Option<String>)]
    call_id: Option<CallId>,
    /// Only those of this message.
    #[param(value_type = Option<String>)]
    message_id: Option<MessageId>,
    /// Only those of this business number.
    #[param(value_type = Option<String>)]
    phone_number_id: Option<PhoneNumberId>,
    /// Only those to this subscriber.
    #[param(value_type = Option<u64>)]
    subscription_id: Option<u64>,
    /// Only those that stand so: `due`, `leased`, `delivered` or `given_up`.
    state: Option<String>,
    /// The `next` of the page before.
    #[param(value_type = Option<u64>)]
    after: Option<u64>,
    /// How many, 50 unless said otherwise.
    #[serde(default)]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
    rows: PageRows,
}

/// Lists deliveries, the youngest first.
#[utoipa::path(get, path = "/deliveries", tag = "deliveries",
    responses((status = 200, body = Page<Delivery>), (status = "4XX", body = ErrorBody)))]
async fn list(
    State(control): State<Control>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Delivery>>, ControlError> {
    let rows = filter.rows;
    let filter = filter.read()?;
    let found = control
        .desk
        .run(move |turn| desk::deliveries::list(turn, &filter, rows.to_read()))
        .await?;
    let data = found.iter().map(Delivery::from).collect();
    Ok(Json(Page::cut(data, rows, |delivery: &Delivery| {
        delivery.id.to_string()
    })))
}

/// Shows one delivery with its body and every attempt.
#[utoipa::path(get, path = "/deliveries/{id}", tag = "deliveries",
    params(("id" = u64, Path, description = "The delivery")),
    responses((status = 200, body = DeliveryDetail), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<DeliveryId>,
) -> Result<Json<DeliveryDetail>, ControlError> {
    let story = control
        .desk
        .run(move |turn| desk::deliveries::find(turn, id))
        .await?;
    Ok(Json(DeliveryDetail {
        delivery: Delivery::from(&story.row),
        body: String::from_utf8_lossy(&story.body).into_owned(),
        attempts_made: story.attempts.into_iter().map(AttemptView::from).collect(),
    }))
}

/// Sends a delivery again, whatever came of it: the same bytes, signed anew.
#[utoipa::path(post, path = "/deliveries/{id}/redeliver", tag = "deliveries",
    params(("id" = u64, Path, description = "The delivery")),
    responses((status = 202, body = Delivery), (status = "4XX", body = ErrorBody)))]
async fn redeliver(
    State(control): State<Control>,
    Named(id): Named<DeliveryId>,
) -> Result<(StatusCode, Json<Delivery>), ControlError> {
    let row = control
        .desk
        .run(move |turn| desk::deliveries::redeliver(turn, id))
        .await?;
    Ok((StatusCode::ACCEPTED, Json(Delivery::from(&row))))
}

impl Filter {
    fn read(self) -> Result<DeliveryFilter, ControlError> {
        let state = self
            .state
            .map(|word| word.parse::<StateWord>())
            .transpose()
            .map_err(|_| {
                let rule = "`state` is due, leased, delivered or given_up.";
                ControlError::new(Code::BadQuery, rule)
            })?;
        Ok(DeliveryFilter {
            call: self.call_id,
            message: self.message_id,
            number: self.phone_number_id,
            subscription: self.subscription_id.map(SubscriptionId),
            state,
            before: self.after.map(DeliveryId),
        })
    }
}

impl From<&DeliveryRow> for Delivery {
    fn from(row: &DeliveryRow) -> Self {
        use rules::delivery::DeliveryState as At;
        let (next, ended) = match row.machine.state {
            At::Due { at } => (Some(at), None),
            At::Leased { .. } => (None, None),
            At::Delivered { at } | At::GivenUp { at } => (None, Some(at)),
        };
        Self {
            id: row.id,
            subscription_id: row.notice.subscription,
            app_id: row.notice.app.clone(),
            phone_number_id: row.notice.number.clone(),
            call_id: row.notice.call.clone(),
            message_id: row.notice.message.clone(),
            event: row.notice.event.clone(),
            state: StateWord::from(row.machine.state).as_str(),
            attempts: row.machine.attempts,
            created_at_ms: row.created_at.as_millis(),
            next_attempt_at_ms: next.map(Timestamp::as_millis),
            ended_at_ms: ended.map(Timestamp::as_millis),
        }
    }
}

impl From<Attempt> for AttemptView {
    fn from(row: Attempt) -> Self {
        Self {
            url: row.url,
            started_at_ms: row.started_at.as_millis(),
            took_ms: row.took_ms,
            status: row.status,
            error: row.error,
            answer: row.answer,
        }
    }
}
