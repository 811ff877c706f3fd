//! Scripted phones: "a user who answers after 3 s, says hello.wav, presses 2 and hangs up".

use std::fmt::Display;
use std::io::Cursor;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use media::audio::Tape;
use media::dtmf::Digits;
use phone::machine::Refusal;
use phone::story::StoryEvent;
use phone::{OrderError, PhoneEnd, Script, Speech};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::limits::STORY_WAIT_MAX;
use types::{CallId, WaId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named, Query};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use super::page::Page;
use crate::desk;
use crate::hosted_phones::{HostedPhone, NoPhone};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, remove))
        .routes(routes!(dial))
        .routes(routes!(answer))
        .routes(routes!(reject))
        .routes(routes!(hang_up))
        .routes(routes!(dtmf))
        .routes(routes!(play))
        .routes(routes!(recording))
}

/// A scripted phone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Phone)]
pub(super) struct PhoneView {
    /// Its id.
    id: u64,
    /// Whose phone it is.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// Whether its line is up.
    online: bool,
    /// `idle`, `dialling`, `waiting`, `ringing`, `answering`, `talking`, `hanging_up` or `gone`.
    #[schema(example = "talking")]
    state: &'static str,
    /// The call that it is in, once it knows its id.
    #[schema(value_type = Option<String>)]
    call_id: Option<CallId>,
    /// Why it is gone; null while it is there.
    gone: Option<String>,
}

/// A scripted phone and what happened on it.
#[derive(Debug, Serialize, ToSchema)]
struct PhoneStory {
    #[serde(flatten)]
    phone: PhoneView,
    /// What happened, in order.
    #[schema(value_type = Vec<Happening>)]
    story: Vec<StoryEvent>,
}

/// Something that happened on a phone; only described here, `phone` writes it.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the description of what `phone::story::StoryEvent` is written as"
)]
struct Happening {
    /// Its place in the story, from 0.
    number: u64,
    /// When, in milliseconds since the Unix epoch, by the exchange's clock.
    at_ms: u64,
    /// What, as one word.
    #[schema(example = "accepted")]
    event: String,
    /// The call, if it is about one.
    call_id: Option<String>,
    /// The message of a chat, if it is about one.
    message_id: Option<String>,
    /// The one word that says more, such as the reason of an end or the digit that was heard.
    detail: Option<String>,
    /// What, as a sentence.
    #[schema(example = "Both sides can talk now.")]
    text: String,
}

/// A phone to start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPhone {
    /// Whose phone it is.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// What it does by itself. When it rings one of `answer_after_ms`, `reject_after_ms` and `ignore`
    /// (else it rings until it is told what to do); `dial` and `dial_after_ms`; once both can talk
    /// `say` and `press`, or a list `then` of steps {"say"}, {"press"}, {"wait_ms"} and {"hang_up"};
    /// `hang_up_after_ms`; `calls` after which it goes. What is said: a file's path, `tone:440`,
    /// `echo`, `silence`, `nothing`, or `data:audio/wav;base64,…`. In chats: `on_permission` (one of
    /// `temporary`, `permanent`, `decline`, `ignore`) and `on_permission_after_ms`, `then_permission`
    /// and `then_permission_after_ms`, `read_after_ms`, `press_button_after_ms`, `write` and
    /// `write_to`, `profile`. docs/guide/phones.md has them all.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({
        "answer_after_ms": 3000, "say": "tone:440", "press": "2", "hang_up_after_ms": 8000
    }))]
    script: Option<Value>,
}

/// Whom to call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DialOrder {
    /// The business's number or phone number id.
    #[schema(example = "15550783881")]
    to: String,
    /// What the deep link that the user followed carries; the business gets it as
    /// `deeplink_payload`.
    deep_link_payload: Option<String>,
}

/// What to press.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DtmfOrder {
    /// Keys 0 to 9, *, #, A to D; `w` waits half a second.
    #[schema(example = "1w2#")]
    digits: String,
}

/// What to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlayOrder {
    /// As in a script: a file's path, `loop:` and a path, `tone:440`, `echo`, `silence`, `nothing`, or
    /// `data:audio/wav;base64,…`.
    #[schema(example = "tone:440")]
    say: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StoryFrom {
    /// The first event of the story to show; 0 unless said otherwise.
    #[serde(default)]
    from: u64,
    /// Wait so long for that event to happen, in milliseconds; at most 30000.
    #[serde(default)]
    wait_ms: u64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `heard` (the default) or `said`.
    #[serde(default)]
    #[param(inline)]
    what: Heard,
}

/// What a phone heard or said.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Heard {
    #[default]
    Heard,
    Said,
}

/// Lists the scripted phones, the oldest first.
#[utoipa::path(get, path = "/phones", tag = "phones",
    responses((status = 200, body = Page<PhoneView>)))]
async fn list(State(control): State<Control>) -> Json<Page<PhoneView>> {
    Json(Page::whole(
        control.phones.list().iter().map(PhoneView::from).collect(),
    ))
}

/// Starts a scripted phone of a user. It is a phone like any other, in this process; its waits count in
/// the exchange's time, so that a clock that is turned shortens them too.
#[utoipa::path(post, path = "/phones", tag = "phones", request_body = NewPhone,
    responses((status = 201, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn create(
    State(control): State<Control>,
    Body(new): Body<NewPhone>,
) -> Result<(StatusCode, Json<PhoneView>), ControlError> {
    let script = match &new.script {
        None => Script::default(),
        Some(json) => Script::from_json(json).map_err(|error| {
            ControlError::new(Code::BadBody, sentence("The script does not fit", &error))
        })?,
    };
    let wa_id = new.wa_id.clone();
    let user = control
        .desk
        .run(move |turn| desk::users::find(turn, &wa_id))
        .await?;
    let phone = control
        .phones
        .start(new.wa_id, user.phone_token, script)
        .await?;
    Ok((StatusCode::CREATED, Json(PhoneView::from(&phone))))
}

/// Shows a phone and its story; waits for the story to go on, if asked to.
#[utoipa::path(get, path = "/phones/{id}", tag = "phones",
    params(("id" = u64, Path, description = "The phone")),
    responses((status = 200, body = PhoneStory), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Query(StoryFrom { from, wait_ms }): Query<StoryFrom>,
) -> Result<Json<PhoneStory>, ControlError> {
    let phone = find(&control, id)?;
    let story = if wait_ms == 0 {
        phone.handle.story_from(from)
    } else {
        let wait = Duration::from_millis(wait_ms).min(STORY_WAIT_MAX);
        let next = tokio::time::timeout(wait, phone.handle.story_after(from));
        next.await.unwrap_or_default()
    };
    Ok(Json(PhoneStory {
        phone: PhoneView::from(&phone),
        story,
    }))
}

/// Lets a phone hang up and go.
#[utoipa::path(delete, path = "/phones/{id}", tag = "phones",
    params(("id" = u64, Path, description = "The phone")),
    responses((status = 204, description = "Gone"), (status = "4XX", body = ErrorBody)))]
async fn remove(
    State(control): State<Control>,
    Named(id): Named<u64>,
) -> Result<StatusCode, ControlError> {
    if control.phones.remove(id).await {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown(id))
    }
}

/// Calls a business. That the exchange refuses is told by the story.
#[utoipa::path(post, path = "/phones/{id}/dial", tag = "phones",
    params(("id" = u64, Path, description = "The phone")), request_body = DialOrder,
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn dial(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Body(order): Body<DialOrder>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    let dialled = match &order.deep_link_payload {
        None => phone.handle.dial(&order.to).await,
        Some(payload) => phone.handle.follow_link(&order.to, payload).await,
    };
    done(&phone, dialled)
}

/// Takes the call that rings.
#[utoipa::path(post, path = "/phones/{id}/answer", tag = "phones",
    params(("id" = u64, Path, description = "The phone")),
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn answer(
    State(control): State<Control>,
    Named(id): Named<u64>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    done(&phone, phone.handle.answer().await)
}

/// Declines the call that rings.
#[utoipa::path(post, path = "/phones/{id}/reject", tag = "phones",
    params(("id" = u64, Path, description = "The phone")),
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn reject(
    State(control): State<Control>,
    Named(id): Named<u64>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    done(&phone, phone.handle.reject().await)
}

/// Ends the call, gives up dialling, or declines the call that rings.
#[utoipa::path(post, path = "/phones/{id}/hangup", tag = "phones",
    params(("id" = u64, Path, description = "The phone")),
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn hang_up(
    State(control): State<Control>,
    Named(id): Named<u64>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    done(&phone, phone.handle.hang_up().await)
}

/// Presses keys in the call.
#[utoipa::path(post, path = "/phones/{id}/dtmf", tag = "phones",
    params(("id" = u64, Path, description = "The phone")), request_body = DtmfOrder,
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn dtmf(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Body(order): Body<DtmfOrder>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    let digits: Digits = order.digits.parse().map_err(|error| {
        ControlError::new(Code::BadBody, sentence("`digits` does not fit", &error))
    })?;
    done(&phone, phone.handle.press(digits).await)
}

/// Says something in the call, in place of what the phone says now.
#[utoipa::path(post, path = "/phones/{id}/play", tag = "phones",
    params(("id" = u64, Path, description = "The phone")), request_body = PlayOrder,
    responses((status = 200, body = PhoneView), (status = "4XX", body = ErrorBody)))]
async fn play(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Body(order): Body<PlayOrder>,
) -> Result<Json<PhoneView>, ControlError> {
    let phone = find(&control, id)?;
    let speech: Speech = order.say.parse().map_err(|error| {
        ControlError::new(Code::BadBody, sentence("`say` does not fit", &error))
    })?;
    done(&phone, phone.handle.play(speech).await)
}

/// What the phone heard or said in its call, or in the last one: WAV, 48 kHz, mono, 16 bits. It may be
/// asked for while the call runs.
#[utoipa::path(get, path = "/phones/{id}/recording", tag = "phones",
    params(("id" = u64, Path, description = "The phone")),
    responses((status = 200, body = Vec<u8>, content_type = "audio/wav"),
        (status = "4XX", body = ErrorBody)))]
async fn recording(
    State(control): State<Control>,
    Named(id): Named<u64>,
    Query(Which { what }): Query<Which>,
) -> Result<([(HeaderName, &'static str); 1], Vec<u8>), ControlError> {
    let recording = find(&control, id)?.handle.recording();
    let tape = match what {
        Heard::Heard => recording.heard,
        Heard::Said => recording.said,
    };
    // Decoding an hour takes seconds.
    let wav = tokio::task::spawn_blocking(move || to_wav(&tape))
        .await
        .ok()
        .flatten();
    let wav = wav
        .ok_or_else(|| ControlError::new(Code::Internal, "The recording could not be decoded."))?;
    Ok(([(CONTENT_TYPE, "audio/wav")], wav))
}

fn to_wav(tape: &Tape) -> Option<Vec<u8>> {
    let mut wav = Cursor::new(Vec::new());
    tape.write_wav(&mut wav).ok()?;
    Some(wav.into_inner())
}

pub(super) fn find(control: &Control, id: u64) -> Result<HostedPhone, ControlError> {
    control.phones.find(id).ok_or_else(|| unknown(id))
}

/// A cause as the end of a sentence, which may be a question.
fn sentence(what: &str, why: &impl Display) -> String {
    let text = format!("{what}: {why}");
    if text.ends_with(['.', '?', '!']) {
        text
    } else {
        text + "."
    }
}

fn unknown(id: u64) -> ControlError {
    ControlError::new(
        Code::UnknownPhone,
        format!(
            "There is no scripted phone {id}. GET /phones lists them, POST /phones starts one."
        ),
    )
}

pub(super) fn done(
    phone: &HostedPhone,
    order: Result<(), OrderError>,
) -> Result<Json<PhoneView>, ControlError> {
    let (code, why) = match order {
        Ok(()) => return Ok(Json(PhoneView::from(phone))),
        Err(OrderError::Speech(error)) => (Code::BadBody, error.to_string()),
        Err(OrderError::Refused(
            refusal @ (Refusal::Offline
            | Refusal::Busy
            | Refusal::NothingRings
            | Refusal::NoCall
            | Refusal::NotTalking
            | Refusal::NothingUnread
            | Refusal::NothingAsked
            | Refusal::NoButton),
        )) => (Code::PhoneNotReady, refusal.to_string()),
        Err(OrderError::Gone) => (Code::PhoneNotReady, OrderError::Gone.to_string()),
    };
    let id = phone.id;
    Err(ControlError::new(
        code,
        format!("It cannot be done: {why}. GET /phones/{id} tells its story."),
    ))
}

impl From<&HostedPhone> for PhoneView {
    fn from(phone: &HostedPhone) -> Self {
        let doing = phone.handle.doing();
        let gone = phone.end().map(|end| match end {
            PhoneEnd::Left => "It has had all its calls, or was told to go.".to_owned(),
            PhoneEnd::Refused { why } => format!("The exchange does not want it: {why}."),
        });
        Self {
            id: phone.id,
            wa_id: phone.wa_id.clone(),
            online: doing.online && gone.is_none(),
            state: if gone.is_some() { "gone" } else { doing.state },
            call_id: doing.call_id.filter(|_| gone.is_none()),
            gone,
        }
    }
}

impl From<NoPhone> for ControlError {
    fn from(reason: NoPhone) -> Self {
        let code = match reason {
            NoPhone::TooMany => Code::TooManyPhones,
            NoPhone::Speech(_) => Code::BadBody,
            NoPhone::Address(_) => Code::Internal,
        };
        Self::new(code, sentence("There is no phone", &reason))
    }
}
