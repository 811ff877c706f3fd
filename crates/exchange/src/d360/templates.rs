//! 360dialog's templates: `/v1/configs/templates`, for the account of the key's number.

use axum::extract::{Path, State};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::templates::{TemplateFilter, TemplateRow};
use types::WabaId;
use types::template::RejectReason;
use wire::reply;
use wire::templates::{self, D360Query};

use super::acting;
use crate::desk::templates as desk_templates;
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;
use crate::graph::refusals::refused;
use crate::graph::templates::{status, status_word};

/// `POST /v1/configs/templates`: makes a template and submits it to review.
pub(super) async fn create(State(door): State<Door>, ask: Ask) -> Answer {
    let waba = acting(&door, &ask).await?.number().waba.clone();
    let template = templates::new_template(&ask.params()?)?;
    let row = door
        .desk()
        .run(move |turn| desk_templates::create(turn, &waba, template))
        .await
        .map_err(|why| refused(&why))?;
    tracing::info!(template_id = %row.id, "template made");
    Ok(Json(reply::body(&shown(&row))))
}

/// `GET /v1/configs/templates`.
pub(super) async fn list(State(door): State<Door>, ask: Ask) -> Answer {
    let waba = acting(&door, &ask).await?.number().waba.clone();
    let query = D360Query::parse(&ask.params()?)?;
    let filter = TemplateFilter {
        waba: Some(waba),
        name: query.name.clone(),
        languages: query.language.iter().cloned().collect(),
        categories: query.category.into_iter().collect(),
        statuses: query
            .status
            .as_deref()
            .map(|word| status_word(word).map(|it| it.into_iter().collect()))
            .transpose()?,
        ..TemplateFilter::default()
    };
    let mut rows = door
        .desk()
        .run(move |turn| desk_templates::list(turn, &filter, usize::MAX))
        .await
        .map_err(|why| refused(&why))?;
    rows.sort_by(|a, b| {
        let names = a.template.name.cmp(&b.template.name);
        let names = if query.descending {
            names.reverse()
        } else {
            names
        };
        names.then_with(|| a.template.language.cmp(&b.template.language))
    });
    let total = rows.len();
    let page = rows.iter().skip(query.offset).take(query.rows);
    let page = page.map(shown).collect();
    Ok(Json(templates::d360_list(query, page, total)))
}

/// `DELETE /v1/configs/templates/{name}`: every language of a name.
pub(super) async fn remove(State(door): State<Door>, Path(name): Path<String>, ask: Ask) -> Answer {
    let waba = acting(&door, &ask).await?.number().waba.clone();
    let answer = templates::d360_deleted(&name);
    door.desk()
        .run(move |turn| desk_templates::remove_name(turn, &waba, &name))
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(answer))
}

fn shown(row: &TemplateRow) -> Value {
    templates::d360_template(
        &row.id,
        &namespace(&row.waba),
        &row.template,
        status(row),
        row.review.rejected().map(RejectReason::as_str),
    )
}

/// The namespace of an account's templates: always the same one, and in the form of a UUID with
/// underscores, as the documents show them.
fn namespace(waba: &WabaId) -> String {
    let hex = hex::encode(&Sha256::digest(waba.as_str().as_bytes())[..16]);
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("_")
}
