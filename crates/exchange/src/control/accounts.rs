//! Accounts, and what the platform holds against them: the operator plays its policy team and its
//! billing.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use rules::account::{BanState, Standing as Held};
use serde::{Deserialize, Serialize};
use store::wabas::Waba;
use types::limits::VIOLATION_CHARS_MAX;
use types::{Timestamp, WabaId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use super::page::Page;
use crate::desk::accounts::{self, Order};
use crate::desk::{Refused, Turn};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, set))
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
struct Account {
    /// Its id.
    #[schema(value_type = String, example = "102290129340398")]
    waba_id: WabaId,
    /// What its owner calls it.
    #[schema(example = "Acme")]
    name: String,
    /// What the platform holds against it.
    standing: Standing,
}

/// What the platform holds against an account.
#[derive(Debug, Serialize, ToSchema)]
struct Standing {
    /// Whether it has no valid payment method.
    payment_missing: bool,
    /// Until when it may not begin conversations with users, in Unix milliseconds; null if it may.
    business_initiated_until_ms: Option<u64>,
    /// Until when it may not answer its users, in Unix milliseconds; null if it may.
    customer_initiated_until_ms: Option<u64>,
    /// `scheduled` if it will be disabled, `disabled` if it is; null without a ban.
    ban: Option<BanWord>,
    /// When the ban was told, in Unix milliseconds; null without one.
    banned_at_ms: Option<u64>,
}

/// What the platform is to hold against an account, in place of all that it held against it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStanding {
    /// That it has no valid payment method.
    #[serde(default)]
    payment_missing: bool,
    /// That it may not begin conversations with users.
    #[serde(default)]
    business_initiated: bool,
    /// That it may not answer its users.
    #[serde(default)]
    customer_initiated: bool,
    /// How long these two last; the preset's time when not said.
    for_ms: Option<u64>,
    /// That it will be disabled, or is.
    ban: Option<BanWord>,
    /// What breach of policy it is told of besides, in Meta's word.
    #[schema(example = "SCAM")]
    violation: Option<String>,
}

/// How far a ban has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BanWord {
    /// The account will be disabled; until then it works.
    Scheduled,
    /// The account is disabled.
    Disabled,
}

/// Lists the accounts, by id.
#[utoipa::path(get, path = "/wabas", tag = "accounts",
    responses((status = 200, body = Page<Account>)))]
async fn list(State(control): State<Control>) -> Result<Json<Page<Account>>, ControlError> {
    let found = control.desk.run(accounts::list).await?;
    let account = |(waba, held): (Waba, Held)| Account {
        waba_id: waba.id,
        name: waba.name,
        standing: held.into(),
    };
    Ok(Json(Page::whole(found.into_iter().map(account).collect())))
}

/// Shows what the platform holds against an account.
#[utoipa::path(get, path = "/wabas/{waba_id}/standing", tag = "accounts",
    params(("waba_id" = String, Path, description = "The account's id")),
    responses((status = 200, body = Standing), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<WabaId>,
) -> Result<Json<Standing>, ControlError> {
    let held = control
        .desk
        .run(move |turn| accounts::standing(turn, &id))
        .await?;
    Ok(Json(held.into()))
}

/// Warns an account, restricts its messages, bans it, takes its payment method away, or lets it go
/// again. Its business is told of all but the payment by webhooks of the field account_update.
#[utoipa::path(put, path = "/wabas/{waba_id}/standing", tag = "accounts",
    params(("waba_id" = String, Path, description = "The account's id")),
    request_body = NewStanding,
    responses((status = 200, body = Standing), (status = "4XX", body = ErrorBody)))]
async fn set(
    State(control): State<Control>,
    Named(id): Named<WabaId>,
    Body(new): Body<NewStanding>,
) -> Result<Json<Standing>, ControlError> {
    if let Some(word) = &new.violation
        && !is_word(word)
    {
        let message = format!(
            "The body does not fit at `violation`: it is one of Meta's words of 1 to \
             {VIOLATION_CHARS_MAX} capitals and underscores, such as SCAM."
        );
        return Err(ControlError::new(Code::BadBody, message));
    }
    let order = Order {
        payment_missing: new.payment_missing,
        business_initiated: new.business_initiated,
        customer_initiated: new.customer_initiated,
        lasts: new.for_ms.map(Duration::from_millis),
        ban: new.ban.map(|word| match word {
            BanWord::Scheduled => BanState::Scheduled,
            BanWord::Disabled => BanState::Disabled,
        }),
        violation: new.violation,
    };
    let command = move |turn: &mut Turn<'_>| accounts::set(turn, &id, order);
    let held = control
        .desk
        .run(command)
        .await
        .map_err(|why: Refused| why)?;
    Ok(Json(held.into()))
}

fn is_word(word: &str) -> bool {
    let fits = |b: u8| b.is_ascii_uppercase() || b == b'_';
    (1..=VIOLATION_CHARS_MAX).contains(&word.len()) && word.bytes().all(fits)
}

impl From<Held> for Standing {
    fn from(held: Held) -> Self {
        Self {
            payment_missing: held.payment_missing,
            business_initiated_until_ms: held.business_initiated_until.map(Timestamp::as_millis),
            customer_initiated_until_ms: held.customer_initiated_until.map(Timestamp::as_millis),
            ban: held.ban.map(|ban| match ban.state {
                BanState::Scheduled => BanWord::Scheduled,
                BanState::Disabled => BanWord::Disabled,
            }),
            banned_at_ms: held.ban.map(|ban| ban.since.as_millis()),
        }
    }
}
