//! Messages: what was written and what became of it, and what users do with it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::message::State as Stage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::deliveries::DeliveryFilter;
use store::messages::{MessageFilter, MessageRow, Writer};
use types::limits::PAGE_ROWS_MAX;
use types::{MessageId, PhoneNumberId, Timestamp, WaId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named, Query};
use super::deliveries::Delivery;
use super::error::{ControlError, ErrorBody};
use super::page::{Page, PageRows};
use crate::desk;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(write))
        .routes(routes!(read))
        .routes(routes!(press))
}

/// One message.
#[derive(Debug, Serialize, ToSchema)]
struct Message {
    /// Its id.
    #[schema(value_type = String, example = "wamid.HBgLMTQwODU1NTEyMzQVAgARGBQ…")]
    id: MessageId,
    /// The business number.
    #[schema(value_type = String, example = "106540352242922")]
    phone_number_id: PhoneNumberId,
    /// The user, or digits that nobody on WhatsApp has.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// Who wrote it: `business` or `user`.
    #[schema(example = "business")]
    from: &'static str,
    /// What it shows: an object with a `type`, such as `text` or `call_permission_request`.
    #[schema(value_type = Object, example = json!({"type": "text", "body": "Hello"}))]
    content: Value,
    /// The message that it answers.
    #[schema(value_type = Option<String>)]
    reply_to: Option<MessageId>,
    /// `sent`, `delivered`, `read`, `failed`, or `dropped` when no phone came for it in time.
    #[schema(example = "delivered")]
    status: &'static str,
    /// When it was taken, in milliseconds since the Unix epoch.
    created_at_ms: u64,
    /// When the other side got it; null if it did not.
    delivered_at_ms: Option<u64>,
    /// When the other side read it; null if it did not.
    read_at_ms: Option<u64>,
    /// When it is dropped if no phone comes for it; null where it waits for none.
    dropped_at_ms: Option<u64>,
    /// Why it failed; null if it did not.
    failure: Option<Failure>,
    /// What the business asked to hear again with every webhook.
    biz_opaque_callback_data: Option<String>,
}

/// Why a message failed.
#[derive(Debug, Serialize, ToSchema)]
struct Failure {
    /// As one word.
    #[schema(example = "window_closed")]
    reason: &'static str,
    /// As a sentence.
    message: String,
    /// When, in milliseconds since the Unix epoch.
    at_ms: u64,
}

/// A message with its webhooks.
#[derive(Debug, Serialize, ToSchema)]
struct MessageDetail {
    #[serde(flatten)]
    message: Message,
    /// The webhooks about it, the youngest first; the last 200.
    deliveries: Vec<Delivery>,
}

/// What a user writes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMessage {
    /// The business number that gets it.
    #[schema(value_type = String, example = "106540352242922")]
    phone_number_id: PhoneNumberId,
    /// What it says.
    #[schema(example = "Where is my order?")]
    text: String,
    /// The message that it answers.
    #[schema(value_type = Option<String>)]
    reply_to: Option<MessageId>,
}

/// What a call brings along that a button starts.
#[derive(Debug, Serialize, ToSchema)]
struct Pressed {
    /// The business number that the button calls.
    #[schema(value_type = String, example = "106540352242922")]
    phone_number_id: PhoneNumberId,
    /// What the business hears again as `cta_payload`; null if the button has none.
    cta_payload: Option<String>,
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
    /// Only those that the `business` or the `user` wrote.
    from: Option<WriterWord>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<MessageId>,
    /// How many, 50 unless said otherwise.
    #[serde(default)]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
    rows: PageRows,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WriterWord {
    Business,
    User,
}

/// Lists messages, the youngest first.
#[utoipa::path(get, path = "/messages", tag = "messages",
    responses((status = 200, body = Page<Message>), (status = "4XX", body = ErrorBody)))]
async fn list(
    State(control): State<Control>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Message>>, ControlError> {
    let rows = filter.rows;
    let filter = MessageFilter {
        number: filter.phone_number_id,
        wa_id: filter.wa_id,
        from: filter.from.map(|from| match from {
            WriterWord::Business => Writer::Business,
            WriterWord::User => Writer::User,
        }),
        before: filter.after,
    };
    let found = control
        .desk
        .run(move |turn| desk::messages::list(turn, &filter, rows.to_read()))
        .await?;
    let data = found.into_iter().map(Message::from).collect();
    Ok(Json(Page::cut(data, rows, |message: &Message| {
        message.id.to_string()
    })))
}

/// Shows one message with its webhooks.
#[utoipa::path(get, path = "/messages/{id}", tag = "messages",
    params(("id" = String, Path, description = "The message, its `/` and `+` percent-encoded")),
    responses((status = 200, body = MessageDetail), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<MessageId>,
) -> Result<Json<MessageDetail>, ControlError> {
    let (row, deliveries) = control
        .desk
        .run(move |turn| {
            let row = desk::messages::find(turn, &id)?;
            let filter = DeliveryFilter {
                message: Some(id),
                ..DeliveryFilter::default()
            };
            let deliveries = desk::deliveries::list(turn, &filter, PAGE_ROWS_MAX)?;
            Ok::<_, desk::Refused>((row, deliveries))
        })
        .await?;
    Ok(Json(MessageDetail {
        message: row.into(),
        deliveries: deliveries.iter().map(Delivery::from).collect(),
    }))
}

/// Lets a user write to a business number. That opens the customer-service window of the two.
#[utoipa::path(post, path = "/users/{wa_id}/messages", tag = "messages",
    params(("wa_id" = String, Path, description = "The user")),
    request_body = NewMessage,
    responses((status = 201, body = Message), (status = "4XX", body = ErrorBody)))]
async fn write(
    State(control): State<Control>,
    Named(wa_id): Named<WaId>,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<Message>), ControlError> {
    let row = control
        .desk
        .run(move |turn| {
            let number = new.phone_number_id;
            let id = desk::messages::user_writes(turn, &wa_id, &number, new.text, new.reply_to)?;
            desk::messages::find(turn, &id)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// Lets the user see a message of a business; twice is as good as once.
#[utoipa::path(post, path = "/messages/{id}/read", tag = "messages",
    params(("id" = String, Path, description = "The message, its `/` and `+` percent-encoded")),
    responses((status = 200, body = Message), (status = "4XX", body = ErrorBody)))]
async fn read(
    State(control): State<Control>,
    Named(id): Named<MessageId>,
) -> Result<Json<Message>, ControlError> {
    let row = control
        .desk
        .run(move |turn| {
            let wa_id = desk::messages::find(turn, &id)?.wa_id;
            desk::messages::user_reads(turn, &wa_id, &id)?;
            desk::messages::find(turn, &id)
        })
        .await?;
    Ok(Json(row.into()))
}

/// Presses the button of a message that calls the business, and says what the call would bring along.
/// The call itself needs a phone: one that dials with this message as its `button`.
#[utoipa::path(post, path = "/messages/{id}/press", tag = "messages",
    params(("id" = String, Path, description = "The message, its `/` and `+` percent-encoded")),
    responses((status = 200, body = Pressed), (status = "4XX", body = ErrorBody)))]
async fn press(
    State(control): State<Control>,
    Named(id): Named<MessageId>,
) -> Result<Json<Pressed>, ControlError> {
    let pressed = control
        .desk
        .run(move |turn| {
            let wa_id = desk::messages::find(turn, &id)?.wa_id;
            desk::messages::button(turn, &wa_id, &id)
        })
        .await?;
    Ok(Json(Pressed {
        phone_number_id: pressed.number,
        cta_payload: pressed.origin.cta_payload,
    }))
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let millis = Timestamp::as_millis;
        let (delivered_at_ms, read_at_ms, dropped_at_ms, failure) = match row.state {
            Stage::Sent { keep_until } => (None, None, Some(millis(keep_until)), None),
            Stage::Delivered { at } => (Some(millis(at)), None, None, None),
            Stage::Read { delivered, at } => {
                (Some(millis(delivered)), Some(millis(at)), None, None)
            }
            Stage::Dropped { at } => (None, None, Some(millis(at)), None),
            Stage::Failed { at, failure } => {
                let failure = Failure {
                    reason: failure.as_str(),
                    message: failure.to_string(),
                    at_ms: millis(at),
                };
                (None, None, None, Some(failure))
            }
        };
        Self {
            id: row.id,
            phone_number_id: row.number,
            wa_id: row.wa_id,
            from: row.from.as_str(),
            content: serde_json::from_str(&row.body).unwrap_or_default(),
            reply_to: row.reply_to,
            status: row.state.as_str(),
            created_at_ms: millis(row.created_at),
            delivered_at_ms,
            read_at_ms,
            dropped_at_ms,
            failure,
            biz_opaque_callback_data: row.callback_data,
        }
    }
}
