//! WhatsApp users: who can be called, and what their phones show to take the line.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::users::User as Row;
use types::{Bsuid, Country, WaId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named, Query};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use super::page::{Page, PageRows};
use crate::desk;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, remove))
}

/// A WhatsApp user.
#[derive(Debug, Serialize, ToSchema)]
struct User {
    /// The digits of the number that they registered with.
    #[schema(value_type = String, example = "4915112345678")]
    wa_id: WaId,
    /// Their id in the eyes of businesses.
    #[schema(value_type = String, example = "DE.13491208655302741918")]
    bsuid: Bsuid,
    /// The profile name.
    #[schema(example = "Ada Lovelace")]
    name: String,
    /// Where their number is from, as ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "DE")]
    country: Country,
    /// What their phones show to take the line.
    phone_token: String,
    /// Their phone in a browser: this path on the public listener.
    #[schema(example = "/phone/?wa_id=4915112345678&token=Zm9vYmFyYmF6")]
    phone_page: String,
    /// Whether they can be called, and if not, why.
    reachability: Reachability,
    /// Whether their phones take messages, with a line open or not.
    online: bool,
    /// Phones of theirs whose line is open.
    phones_online: usize,
    /// When they were made, in milliseconds since the Unix epoch.
    created_at_ms: u64,
}

/// A user to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    /// The number that they registered with; any usual writing.
    #[schema(value_type = String, example = "+49 1511 2345678")]
    wa_id: WaId,
    /// The profile name.
    #[schema(example = "Ada Lovelace")]
    name: String,
    /// Their id in the eyes of businesses; made when left out.
    #[schema(value_type = Option<String>)]
    bsuid: Option<Bsuid>,
    /// Where their number is from; read from the number when left out.
    #[schema(value_type = Option<String>)]
    country: Option<Country>,
    /// What their phones show to take the line; made when left out.
    phone_token: Option<String>,
    /// Whether they can be called, `active` when left out.
    #[serde(default)]
    reachability: Reachability,
    /// Whether their phones take messages; they do when left out.
    online: Option<bool>,
}

/// Whether a user can be called, and if not, why.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reachability {
    /// They can.
    #[default]
    Active,
    /// They have left WhatsApp.
    #[serde(rename = "not_on_whatsapp")]
    NotOnWhatsApp,
    /// Their client is too old for calls.
    OutdatedClient,
    /// They have not accepted the terms.
    TermsNotAccepted,
}

/// What to change about a user; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserChange {
    /// The profile name.
    name: Option<String>,
    /// Where their number is from.
    #[schema(value_type = Option<String>)]
    country: Option<Country>,
    /// What their phones show to take the line. Phones that are online lose it.
    phone_token: Option<String>,
    /// Whether their phones take messages; what waited arrives when they do again.
    online: Option<bool>,
    /// Whether they can be called.
    reachability: Option<Reachability>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// The `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<WaId>,
    /// How many, 50 unless said otherwise.
    #[serde(default)]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
    rows: PageRows,
}

/// Lists users by wa_id.
#[utoipa::path(get, path = "/users", tag = "users",
    responses((status = 200, body = Page<User>), (status = "4XX", body = ErrorBody)))]
async fn list(
    State(control): State<Control>,
    Query(Filter { after, rows }): Query<Filter>,
) -> Result<Json<Page<User>>, ControlError> {
    let found = control
        .desk
        .run(move |turn| desk::users::list(turn, after.as_ref(), rows.to_read()))
        .await?;
    let data = found
        .into_iter()
        .map(|row| User::new(row, &control))
        .collect();
    Ok(Json(Page::cut(data, rows, |user: &User| {
        user.wa_id.to_string()
    })))
}

/// Makes a user.
#[utoipa::path(post, path = "/users", tag = "users", request_body = NewUser,
    responses((status = 201, body = User), (status = "4XX", body = ErrorBody)))]
async fn create(
    State(control): State<Control>,
    Body(new): Body<NewUser>,
) -> Result<(StatusCode, Json<User>), ControlError> {
    let country = match new.country {
        Some(country) => country,
        None => country_of(&new.wa_id).await?,
    };
    let new = desk::users::NewUser {
        wa_id: new.wa_id,
        bsuid: new.bsuid,
        name: new.name,
        country,
        phone_token: new.phone_token,
        reachability: new.reachability.into(),
        online: new.online.unwrap_or(true),
    };
    let row = control
        .desk
        .run(move |turn| desk::users::create(turn, new))
        .await?;
    Ok((StatusCode::CREATED, Json(User::new(row, &control))))
}

/// Shows one user.
#[utoipa::path(get, path = "/users/{wa_id}", tag = "users",
    params(("wa_id" = String, Path, description = "The user")),
    responses((status = 200, body = User), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(wa_id): Named<WaId>,
) -> Result<Json<User>, ControlError> {
    let row = control
        .desk
        .run(move |turn| desk::users::find(turn, &wa_id))
        .await?;
    Ok(Json(User::new(row, &control)))
}

/// Changes a user.
#[utoipa::path(patch, path = "/users/{wa_id}", tag = "users",
    params(("wa_id" = String, Path, description = "The user")),
    request_body = UserChange,
    responses((status = 200, body = User), (status = "4XX", body = ErrorBody)))]
async fn change(
    State(control): State<Control>,
    Named(wa_id): Named<WaId>,
    Body(change): Body<UserChange>,
) -> Result<Json<User>, ControlError> {
    let new_token = change.phone_token.is_some();
    let change = desk::users::UserChange {
        name: change.name,
        country: change.country,
        phone_token: change.phone_token,
        reachability: change.reachability.map(Into::into),
        online: change.online,
    };
    let row = control
        .desk
        .run(move |turn| desk::users::change(turn, &wa_id, change))
        .await?;
    if new_token {
        control.lines.close_all(&row.wa_id);
    }
    Ok(Json(User::new(row, &control)))
}

/// Removes a user who is in no call, with what they have consented to. Their phones lose their lines.
#[utoipa::path(delete, path = "/users/{wa_id}", tag = "users",
    params(("wa_id" = String, Path, description = "The user")),
    responses((status = 204, description = "Removed"), (status = "4XX", body = ErrorBody)))]
async fn remove(
    State(control): State<Control>,
    Named(wa_id): Named<WaId>,
) -> Result<StatusCode, ControlError> {
    let gone = wa_id.clone();
    control
        .desk
        .run(move |turn| desk::users::remove(turn, &wa_id))
        .await?;
    control.lines.close_all(&gone);
    Ok(StatusCode::NO_CONTENT)
}

/// Reads the country from a number. Off the async threads: the first number of a process makes the
/// plans of all countries be read, which takes a second in a debug build.
async fn country_of(wa_id: &WaId) -> Result<Country, ControlError> {
    let international = format!("+{wa_id}");
    tokio::task::spawn_blocking(move || {
        let number = phonenumber::parse(None, international).ok()?;
        number.country().id()?.as_ref().parse().ok()
    })
    .await
    .ok()
    .flatten()
    .ok_or_else(|| ControlError::new(Code::BadBody, "Say `country`: the number does not tell it."))
}

impl User {
    fn new(row: Row, control: &Control) -> Self {
        let token: String =
            url::form_urlencoded::byte_serialize(row.phone_token.as_bytes()).collect();
        Self {
            phone_page: format!("/phone/?wa_id={}&token={token}", row.wa_id),
            online: row.online,
            phones_online: control.lines.online(&row.wa_id),
            wa_id: row.wa_id,
            bsuid: row.bsuid,
            name: row.name,
            country: row.country,
            phone_token: row.phone_token,
            reachability: row.reachability.into(),
            created_at_ms: row.created_at.as_millis(),
        }
    }
}

impl From<Reachability> for store::users::Reachability {
    fn from(said: Reachability) -> Self {
        match said {
            Reachability::Active => Self::Active,
            Reachability::NotOnWhatsApp => Self::NotOnWhatsApp,
            Reachability::OutdatedClient => Self::OutdatedClient,
            Reachability::TermsNotAccepted => Self::TermsNotAccepted,
        }
    }
}

impl From<store::users::Reachability> for Reachability {
    fn from(kept: store::users::Reachability) -> Self {
        use store::users::Reachability as Kept;
        match kept {
            Kept::Active => Self::Active,
            Kept::NotOnWhatsApp => Self::NotOnWhatsApp,
            Kept::OutdatedClient => Self::OutdatedClient,
            Kept::TermsNotAccepted => Self::TermsNotAccepted,
        }
    }
}
