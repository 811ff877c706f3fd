//! What users have allowed business numbers to do, how it came to that, and what users say to it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use types::{MessageId, PhoneNumberId, WaId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named, Query};
use super::error::{ControlError, ErrorBody};
use super::page::{Page, PageRows};
use crate::desk::consents;
use crate::desk::{Refused, Turn};

mod shown;

use shown::{Consent, Line};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(show, set, forget))
        .routes(routes!(history))
        .routes(routes!(profile))
        .routes(routes!(answer))
}

/// What the operator allows in the user's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConsent {
    /// Whether the number may call the user.
    granted: bool,
    /// For how long, where it is granted; `permanent` when left out.
    #[serde(default)]
    term: Term,
}

/// For how long a permission is given.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Term {
    /// For as long as the preset says: 7 days.
    Temporary,
    /// For ever.
    #[default]
    Permanent,
}

/// What the user sets in the business's profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProfileChange {
    /// What is allowed from now on.
    permission: ProfilePermission,
}

/// What a user allows in a business's profile.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ProfilePermission {
    /// Calls for a time.
    Temporary,
    /// Calls for ever.
    Permanent,
    /// No calls.
    None,
}

/// What the user says to a call permission request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAnswer {
    /// The answer.
    answer: Answer,
}

/// An answer to a call permission request.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// Calls are allowed for a time.
    Temporary,
    /// Calls are allowed for ever.
    Permanent,
    /// They are not.
    Decline,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Lines {
    /// The `next` of the page before.
    after: Option<u64>,
    /// How many, 50 unless said otherwise.
    #[serde(default)]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
    rows: PageRows,
}

/// Shows what a user has allowed a number to do, what the number may do now, and why not more.
#[utoipa::path(get, path = "/consents/{phone_number_id}/{wa_id}", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    responses((status = 200, body = Consent), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
) -> Result<Json<Consent>, ControlError> {
    then_show(&control, number, wa_id, |_, _, _| Ok(())).await
}

/// Grants or takes back, as the operator: the business hears nothing of it.
#[utoipa::path(put, path = "/consents/{phone_number_id}/{wa_id}", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    request_body = NewConsent,
    responses((status = 200, body = Consent), (status = "4XX", body = ErrorBody)))]
async fn set(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
    Body(consent): Body<NewConsent>,
) -> Result<Json<Consent>, ControlError> {
    let term = consent.granted.then(|| consent.term.into());
    then_show(&control, number, wa_id, move |turn, number, wa_id| {
        consents::set(turn, number, wa_id, term)
    })
    .await
}

/// Forgets all that there is between a number and a user, as if they had never heard of each other.
#[utoipa::path(delete, path = "/consents/{phone_number_id}/{wa_id}", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    responses((status = 204, description = "Forgotten"), (status = "4XX", body = ErrorBody)))]
async fn forget(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
) -> Result<StatusCode, ControlError> {
    control
        .desk
        .run(move |turn| consents::forget(turn, &number, &wa_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists how it came to that, line by line from the first.
#[utoipa::path(get, path = "/consents/{phone_number_id}/{wa_id}/history", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    responses((status = 200, body = Page<Line>), (status = "4XX", body = ErrorBody)))]
async fn history(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
    Query(Lines { after, rows }): Query<Lines>,
) -> Result<Json<Page<Line>>, ControlError> {
    let entries = control
        .desk
        .run(move |turn| consents::history(turn, &number, &wa_id, after, rows.to_read()))
        .await?;
    let data = entries.iter().map(Line::from).collect();
    Ok(Json(Page::cut(data, rows, |line: &Line| {
        line.number.to_string()
    })))
}

/// Lets the user allow calls in the business's profile, or take the permission back there. The
/// business hears of it by webhook.
#[utoipa::path(post, path = "/consents/{phone_number_id}/{wa_id}/profile", tag = "consents",
    params(("phone_number_id" = String, Path, description = "The number's id"),
        ("wa_id" = String, Path, description = "The user")),
    request_body = ProfileChange,
    responses((status = 200, body = Consent), (status = "4XX", body = ErrorBody)))]
async fn profile(
    State(control): State<Control>,
    Named((number, wa_id)): Named<(PhoneNumberId, WaId)>,
    Body(change): Body<ProfileChange>,
) -> Result<Json<Consent>, ControlError> {
    let term = match change.permission {
        ProfilePermission::Temporary => Some(rules::consent::Term::Temporary),
        ProfilePermission::Permanent => Some(rules::consent::Term::Permanent),
        ProfilePermission::None => None,
    };
    then_show(&control, number, wa_id, move |turn, number, wa_id| {
        consents::profile(turn, wa_id, number, term)
    })
    .await
}

/// Lets the user answer a call permission request, or change the answer. The business hears of it by
/// webhook.
#[utoipa::path(post, path = "/messages/{id}/answer", tag = "consents",
    params(("id" = String, Path, description = "The request, its `/` and `+` percent-encoded")),
    request_body = NewAnswer,
    responses((status = 200, body = Consent), (status = "4XX", body = ErrorBody)))]
async fn answer(
    State(control): State<Control>,
    Named(request): Named<MessageId>,
    Body(said): Body<NewAnswer>,
) -> Result<Json<Consent>, ControlError> {
    let answer = said.answer.into();
    let consent = control.desk.run(move |turn| {
        let (number, wa_id) = consents::of_request(turn, &request)?;
        consents::answer(turn, &wa_id, &request, answer)?;
        Consent::read(turn, &number, &wa_id)
    });
    Ok(Json(consent.await?))
}

/// Does something between a number and a user, and shows how it then stands.
async fn then_show(
    control: &Control,
    number: PhoneNumberId,
    wa_id: WaId,
    what: impl FnOnce(&mut Turn<'_>, &PhoneNumberId, &WaId) -> Result<(), Refused> + Send + 'static,
) -> Result<Json<Consent>, ControlError> {
    let consent = control.desk.run(move |turn| {
        what(turn, &number, &wa_id)?;
        Consent::read(turn, &number, &wa_id)
    });
    Ok(Json(consent.await?))
}

impl From<Term> for rules::consent::Term {
    fn from(term: Term) -> Self {
        match term {
            Term::Temporary => Self::Temporary,
            Term::Permanent => Self::Permanent,
        }
    }
}

impl From<Answer> for rules::consent::Answer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Temporary => Self::Temporary,
            Answer::Permanent => Self::Permanent,
            Answer::Decline => Self::Decline,
        }
    }
}

impl From<rules::consent::Answer> for Answer {
    fn from(answer: rules::consent::Answer) -> Self {
        match answer {
            rules::consent::Answer::Temporary => Self::Temporary,
            rules::consent::Answer::Permanent => Self::Permanent,
            rules::consent::Answer::Decline => Self::Decline,
        }
    }
}
