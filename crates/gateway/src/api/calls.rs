//! Calls: place one, list them, look at one, end one.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro qualifies what it is given"
)]

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use types::limits::{CALLBACK_DATA_CHARS_MAX, PAGE_ROWS_MAX};
use types::{Bsuid, Timestamp, WaId};
use utoipa::{IntoParams, ToSchema};
use wire::Recipient;

use super::answer::{ErrorBody, Problem};
use super::events::Follow;
use super::{Api, Folders};
use crate::desk::Wish;
use crate::handlers::{Files, Handler, HandlerSpec};
use crate::story::{CallView, StoryEvent};

/// A call to be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceCall {
    /// The user: a number in international form, or a business-scoped user id.
    #[schema(example = "14085551234")]
    pub to: String,
    /// What deals with the audio; the configured handler if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<HandlerSpec>,
    /// A text of your own, kept with the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_data: Option<String>,
}

/// Calls, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallList {
    /// The calls.
    pub calls: Vec<CallView>,
    /// Give this as `before_ms` to get the next page; none if this was the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_before_ms: Option<u64>,
}

/// Which calls.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Only calls that started before this moment, in milliseconds since the Unix epoch.
    before_ms: Option<u64>,
    /// At most so many; 50 if it is not given.
    limit: Option<u32>,
}

/// Places a call. Answers when the platform has it, or has refused it; the pickup comes later.
#[utoipa::path(
    post, path = "/calls", tag = "calls",
    request_body = PlaceCall,
    responses(
        (status = 201, description = "The platform has the call", body = CallView),
        (status = 400, description = "The request is wrong", body = ErrorBody),
        (status = 403, description = "The user has not allowed this business to call", body = ErrorBody),
        (status = 422, description = "The platform refused", body = ErrorBody),
        (status = 429, description = "There is no room for one more call", body = ErrorBody),
        (status = 504, description = "Nobody knows whether the platform has the call", body = ErrorBody),
    )
)]
pub(crate) async fn place(
    State(api): State<Api>,
    body: Result<Json<PlaceCall>, JsonRejection>,
) -> Result<(StatusCode, Json<CallView>), Problem> {
    let Json(asked) = body.map_err(|error| Problem::bad_request(error.body_text()))?;
    let to = recipient(&asked.to)?;
    let data = asked.callback_data.as_deref().unwrap_or_default();
    if data.chars().count() > DATA_CHARS_MAX {
        return Err(Problem::bad_request(format!(
            "callback_data: at most {DATA_CHARS_MAX} characters"
        )));
    }
    let handler = match asked.handler {
        Some(spec) => ready(spec, api.folders.clone()).await?,
        None => api.handler.clone(),
    };
    // Interest is registered before the call is begun, so that none of its story is missed.
    let live = api.desk.listen();
    let call = api
        .desk
        .place(Wish {
            to,
            handler,
            callback_data: asked.callback_data,
        })
        .await?;
    let mut story = Follow::one(api.desk.clone(), call, 0, live).await?;
    while let Some(line) = story.next().await? {
        match line.event {
            StoryEvent::Placed { .. } => {
                let view = view(&api, call.to_string()).await?;
                return Ok((StatusCode::CREATED, Json(view)));
            }
            ended @ StoryEvent::Ended { .. } => {
                return Err(Problem::not_placed(call.to_string(), ended));
            }
            StoryEvent::Began { .. }
            | StoryEvent::Connected
            | StoryEvent::Ringing
            | StoryEvent::Answered
            | StoryEvent::Digit { .. } => {}
        }
    }
    Err(Problem::unknown_call())
}

/// Calls, the newest first.
#[utoipa::path(
    get, path = "/calls", tag = "calls", params(Page),
    responses(
        (status = 200, description = "A page of calls", body = CallList),
        (status = 400, description = "The request is wrong", body = ErrorBody),
    )
)]
pub(crate) async fn list(
    State(api): State<Api>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<CallList>, Problem> {
    let Query(page) = page.map_err(|error| Problem::bad_request(error.body_text()))?;
    let rows_max = u32::try_from(PAGE_ROWS_MAX).unwrap_or(u32::MAX);
    let limit = page.limit.unwrap_or(50).clamp(1, rows_max);
    let before = page.before_ms.map(Timestamp::from_millis);
    let rows = api
        .desk
        .read(move |inbox| inbox.calls(before, limit))
        .await??;
    let full = rows.len() >= limit as usize;
    let calls: Vec<CallView> = rows.into_iter().map(CallView::from).collect();
    let next_before_ms = calls.last().filter(|_| full).map(|call| call.started_ms);
    Ok(Json(CallList {
        calls,
        next_before_ms,
    }))
}

/// One call, by the gateway's reference or the platform's id.
#[utoipa::path(
    get, path = "/calls/{call}", tag = "calls",
    params(("call" = String, Path, description = "The gateway's reference, or the platform's id")),
    responses(
        (status = 200, description = "The call", body = CallView),
        (status = 404, description = "There is no such call", body = ErrorBody),
    )
)]
pub(crate) async fn one(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<Json<CallView>, Problem> {
    view(&api, name).await.map(Json)
}

/// Ends a call: an unanswered call of a user is declined, any other is hung up.
#[utoipa::path(
    post, path = "/calls/{call}/hangup", tag = "calls",
    params(("call" = String, Path, description = "The gateway's reference, or the platform's id")),
    responses(
        (status = 202, description = "The call is being ended", body = CallView),
        (status = 404, description = "There is no such call", body = ErrorBody),
        (status = 409, description = "The call is over", body = ErrorBody),
    )
)]
pub(crate) async fn hang_up(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<CallView>), Problem> {
    api.desk.hang_up(name.clone()).await?;
    let view = view(&api, name).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// The call of that name.
pub(super) async fn view(api: &Api, name: String) -> Result<CallView, Problem> {
    let row = api.desk.read(move |inbox| inbox.call(&name)).await??;
    row.map(CallView::from).ok_or_else(Problem::unknown_call)
}

async fn ready(spec: HandlerSpec, folders: Option<Folders>) -> Result<Arc<Handler>, Problem> {
    let made = tokio::task::spawn_blocking(move || {
        let files = folders
            .as_ref()
            .map_or(Files::Nowhere, |folders| Files::In(&folders.sounds));
        spec.ready(files)
    });
    let handler = made
        .await
        .map_err(|_| Problem::bad_request("handler: it could not be made ready"))??;
    Ok(Arc::new(handler))
}

fn recipient(to: &str) -> Result<Recipient, Problem> {
    match (to.parse::<WaId>(), to.parse::<Bsuid>()) {
        (Ok(number), _) => Ok(Recipient::WaId(number)),
        (_, Ok(id)) => Ok(Recipient::Bsuid(id)),
        (Err(error), Err(_)) => Err(Problem::bad_request(format!("to: {error}"))),
    }
}

/// Room for the gateway's own reference before it.
const DATA_CHARS_MAX: usize = CALLBACK_DATA_CHARS_MAX - 32;
