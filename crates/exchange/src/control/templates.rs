//! Message templates: which there are, and what their reviews come to.

use axum::Json;
use axum::extract::State;
use rules::template::{ReviewInput, Status};
use serde::{Deserialize, Serialize};
use store::templates::{TemplateFilter, TemplateRow};
use types::template::{Category, RejectReason};
use types::{TemplateId, WabaId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named, Query};
use super::error::{ControlError, ErrorBody};
use super::page::{Page, PageRows};
use crate::desk::templates as desk_templates;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(review))
}

/// A message template in one language.
#[derive(Debug, Serialize, ToSchema)]
struct Template {
    /// Its id.
    #[schema(value_type = String, example = "594425479261596")]
    template_id: TemplateId,
    /// The account that it belongs to.
    #[schema(value_type = String, example = "102290129340398")]
    waba_id: WabaId,
    /// Its name.
    #[schema(example = "order_update")]
    name: String,
    /// Its language.
    #[schema(example = "en_US")]
    language: String,
    /// What it is for: `AUTHENTICATION`, `MARKETING` or `UTILITY`.
    #[schema(value_type = String, example = "UTILITY")]
    category: Category,
    /// Whether it asks the user to let the business call.
    asks_permission: bool,
    /// Where it stands: `PENDING`, `APPROVED`, `REJECTED`, `PAUSED` or `DISABLED`.
    #[schema(example = "APPROVED")]
    status: &'static str,
    /// Why it was rejected; null unless it was.
    #[schema(value_type = Option<String>, example = "INVALID_FORMAT")]
    rejected_reason: Option<RejectReason>,
    /// When its review ends by itself, in milliseconds since the Unix epoch; null if it does not.
    review_ends_at_ms: Option<u64>,
    /// When it was made, in milliseconds since the Unix epoch.
    created_at_ms: u64,
    /// When it was last edited, or its review came to something, in milliseconds since the Unix epoch.
    changed_at_ms: u64,
}

/// Which templates to list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    waba_id: Option<WabaId>,
    name: Option<String>,
    #[serde(default)]
    rows: PageRows,
    after: Option<TemplateId>,
}

/// What happens to a template.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReview {
    /// `approve` one that is pending or rejected, `reject` one that is pending, `pause` one that is
    /// approved, `disable` one that is approved or paused, `reinstate` one that is paused or disabled.
    outcome: Outcome,
    /// Why it is rejected: one of Meta's words, such as `PROMOTIONAL`; `INVALID_FORMAT` when not said.
    #[schema(value_type = Option<String>, example = "PROMOTIONAL")]
    reason: Option<RejectReason>,
}

/// What happens to a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Approve,
    Reject,
    Pause,
    Disable,
    Reinstate,
}

/// Lists the templates, the youngest first.
#[utoipa::path(get, path = "/templates", tag = "templates",
    params(("waba_id" = Option<String>, Query, description = "Only those of this account"),
        ("name" = Option<String>, Query, description = "Only those of this name"),
        ("rows" = Option<u64>, Query, description = "Rows of a page, up to 200"),
        ("after" = Option<String>, Query, description = "The last template of the page before")),
    responses((status = 200, body = Page<Template>), (status = "4XX", body = ErrorBody)))]
async fn list(
    State(control): State<Control>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<Template>>, ControlError> {
    let rows = query.rows;
    let found = control
        .desk
        .run(move |turn| {
            let before = match &query.after {
                None => None,
                Some(id) => Some(desk_templates::find(turn, id)?.seq),
            };
            let filter = TemplateFilter {
                waba: query.waba_id,
                name: query.name,
                before,
                ..TemplateFilter::default()
            };
            desk_templates::list(turn, &filter, rows.to_read())
        })
        .await?;
    let found = found.into_iter().map(Template::from).collect();
    Ok(Json(Page::cut(found, rows, |it: &Template| {
        it.template_id.to_string()
    })))
}

/// Shows one template.
#[utoipa::path(get, path = "/templates/{template_id}", tag = "templates",
    params(("template_id" = String, Path, description = "The template's id")),
    responses((status = 200, body = Template), (status = "4XX", body = ErrorBody)))]
async fn show(
    State(control): State<Control>,
    Named(id): Named<TemplateId>,
) -> Result<Json<Template>, ControlError> {
    let row = control
        .desk
        .run(move |turn| desk_templates::find(turn, &id))
        .await?;
    Ok(Json(row.into()))
}

/// Decides on a template in Meta's name; the account's subscribers hear of it.
#[utoipa::path(post, path = "/templates/{template_id}/review", tag = "templates",
    params(("template_id" = String, Path, description = "The template's id")),
    request_body = NewReview,
    responses((status = 200, body = Template), (status = "4XX", body = ErrorBody)))]
async fn review(
    State(control): State<Control>,
    Named(id): Named<TemplateId>,
    Body(review): Body<NewReview>,
) -> Result<Json<Template>, ControlError> {
    let input = match review.outcome {
        Outcome::Approve => ReviewInput::Approve,
        Outcome::Reject => ReviewInput::Reject {
            reason: review.reason.unwrap_or(RejectReason::InvalidFormat),
        },
        Outcome::Pause => ReviewInput::Pause,
        Outcome::Disable => ReviewInput::Disable,
        Outcome::Reinstate => ReviewInput::Reinstate,
    };
    let row = control
        .desk
        .run(move |turn| desk_templates::review(turn, &id, input))
        .await?;
    Ok(Json(row.into()))
}

impl From<TemplateRow> for Template {
    fn from(row: TemplateRow) -> Self {
        let status: Status = row.review.status();
        Self {
            template_id: row.id,
            waba_id: row.waba,
            category: row.template.category,
            asks_permission: row
                .template
                .components
                .iter()
                .any(|it| matches!(it, types::template::Component::PermissionRequest)),
            name: row.template.name,
            language: row.template.language,
            status: status.as_str(),
            rejected_reason: row.review.rejected(),
            review_ends_at_ms: row.review.deadline().map(|at| at.as_millis()),
            created_at_ms: row.created_at.as_millis(),
            changed_at_ms: row.changed_at.as_millis(),
        }
    }
}
