//! What a scripted phone's user does in chats, by order.

use axum::Json;
use axum::extract::State;
use phone::line::{PermissionAnswer, PermissionHeld};
use serde::Deserialize;
use types::{MessageId, PhoneNumberId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ErrorBody};
use super::phones::{PhoneView, done, find};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(write))
        .routes(routes!(read))
        .routes(routes!(answer))
        .routes(routes!(set_profile))
        .routes(routes!(press))
}

/// What to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WriteOrder {
    /// The business's number or phone number id.
    #[schema(example = "15550783881")]
    to: String,
    /// The text.
    #[schema(example = "Where is my order?")]
    body: String,
}

/// What to read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadOrder {
    /// The message; the latest that is unread unless said otherwise.
    #[schema(value_type = Option<String>)]
    message_id: Option<MessageId>,
}

/// What to say to a call permission request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerOrder {
    /// `temporary`, `permanent` or `decline`.
    #[schema(value_type = String, example = "temporary")]
    answer: PermissionAnswer,
    /// The message that asked; the latest that can be answered unless said otherwise.
    #[schema(value_type = Option<String>)]
    message_id: Option<MessageId>,
}

/// What to say in a business's profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProfileOrder {
    /// The business number.
    #[schema(value_type = String, example = "436666719526789")]
    phone_number_id: PhoneNumberId,
    /// `temporary`, `permanent` or `none`.
    #[schema(value_type = String, example = "permanent")]
    permission: PermissionHeld,
}

/// Writes to a business. That the exchange refuses is told by the story.
#[utoipa::path(post, path = "/phones/{id}/write", tag = "phones",
    params(("id" = u64, Path, description = "The phone")), request_body = WriteOrder,
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn write(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Body(order): Body<WriteOrder>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    done(&phone, phone.handle.write(&order.to, &order.body).await)
}

/// Reads a message.
#[utoipa::path(post, path = "/phones/{id}/read", tag = "phones",
    params(("id" = u64, Path, description = "The phone")), request_body = ReadOrder,
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn read(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Body(order): Body<ReadOrder>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    done(&phone, phone.handle.read(order.message_id).await)
}

/// Answers a call permission request, or changes the answer.
#[utoipa::path(post, path = "/phones/{id}/permission", tag = "phones",
    params(("id" = u64, Path, description = "The phone")), request_body = AnswerOrder,
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn answer(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Body(AnswerOrder { answer, message_id }): Body<AnswerOrder>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    let answered = phone.handle.answer_permission(message_id, answer).await;
    done(&phone, answered)
}

/// Says in a business's profile what it may do.
#[utoipa::path(post, path = "/phones/{id}/profile", tag = "phones",
    params(("id" = u64, Path, description = "The phone")), request_body = ProfileOrder,
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn set_profile(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Body(order): Body<ProfileOrder>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    let set = phone
        .handle
        .set_permission(order.phone_number_id, order.permission)
        .await;
    done(&phone, set)
}

/// Presses the latest call button.
#[utoipa::path(post, path = "/phones/{id}/button", tag = "phones",
    params(("id" = u64, Path, description = "The phone")),
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn press(
    State(control): State<Control>,
    Named(id): Named<u64>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    done(&phone, phone.handle.press_button().await)
}
