//! Message templates: `/{waba_id}/message_templates` and `/{template_id}`; 360dialog's door uses the
//! same commands.

use axum::extract::{Path, State};
use rules::template::Status;
use store::templates::{Search, TemplateFilter, TemplateRow};
use types::template::RejectReason;
use types::{TemplateId, WabaId};
use wire::reply::Cursors;
use wire::templates::{Edit, ListQuery, Page, Shown, Summary, Which};
use wire::{ApiError, json, reply, templates};

use super::refusals::{refused, waba_id};
use crate::desk::auth;
use crate::desk::templates::{self as desk_templates, TemplateChange};
use crate::desk::{Refused, Turn};
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;

/// `POST /{waba_id}/message_templates`: makes a template and submits it to review.
pub(super) async fn create(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let waba = waba(&door, &id, &ask).await?;
    let template = templates::new_template(&ask.params()?)?;
    let row = door
        .desk()
        .run(move |turn| desk_templates::create(turn, &waba, template))
        .await
        .map_err(|why| refused(&why))?;
    tracing::info!(template_id = %row.id, "template made");
    let (id, category) = (&row.id, row.template.category);
    Ok(Json(templates::created(id, status(&row), category)))
}

/// `GET /{waba_id}/message_templates`, in pages.
pub(super) async fn list(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let waba = waba(&door, &id, &ask).await?;
    let query = ListQuery::parse(&ask.params()?)?;
    let filter = TemplateFilter {
        waba: Some(waba),
        name: query.name.clone(),
        search: search(&query),
        languages: query.languages.clone(),
        categories: query.categories.clone(),
        statuses: statuses(&query)?,
        before: query.page.after,
        after: query.page.before,
        skip: 0,
    };
    let base = ask.address_without(&["after", "before"]);
    let page = door
        .desk()
        .run(move |turn| read_page(turn, &query, &filter, &base))
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(templates::page(&page, ask.query("fields"))?))
}

/// `DELETE /{waba_id}/message_templates?name=`: every language of a name; with `hsm_id` one of them;
/// with `hsm_ids` alone, several at once.
pub(super) async fn remove(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let waba = waba(&door, &id, &ask).await?;
    let which = Which::parse(&ask.params()?)?;
    let command = move |turn: &mut Turn<'_>| match which {
        Which::Name(name) => desk_templates::remove_name(turn, &waba, &name),
        Which::One { id, name } => desk_templates::remove(turn, &waba, &id, name.as_deref()),
        Which::Several(ids) => desk_templates::remove_all(turn, &waba, &ids),
    };
    door.desk()
        .run(command)
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::success()))
}

/// `DELETE /{template_id}`: one template.
pub(super) async fn remove_one(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, id) = (ask.access_token()?, template_id(&id)?);
    door.desk()
        .run(move |turn| {
            let holder = auth::token(turn, &token)?;
            desk_templates::remove(turn, &holder.waba, &id, None)
        })
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::success()))
}

/// `POST /{template_id}/unpause`: lets a paused template be sent again.
pub(super) async fn unpause(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let (token, id) = (ask.access_token()?, template_id(&id)?);
    door.desk()
        .run(move |turn| {
            let holder = auth::token(turn, &token)?;
            desk_templates::unpause(turn, &holder.waba, &id)
        })
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::success()))
}

/// `GET /{template_id}`, if the id is a template's.
pub(super) async fn read(door: &Door, id: &str, ask: &Ask) -> Result<Option<Vec<u8>>, ApiError> {
    let (token, id) = (ask.access_token()?, template_id(id)?);
    let found = door
        .desk()
        .run(move |turn| {
            let holder = auth::token(turn, &token)?;
            let row = store::templates::find(turn.tx, &id)?;
            Ok::<_, Refused>(row.filter(|row| row.waba == holder.waba))
        })
        .await
        .map_err(|why| refused(&why))?;
    let object = |row| reply::fields(&shown(&row), ask.query("fields"), &Shown::NODE);
    found.map(object).transpose()
}

/// `POST /{template_id}`, if the id is a template's: changes it and submits it to review again.
pub(super) async fn edit(door: &Door, id: &str, ask: &Ask) -> Result<Option<Vec<u8>>, ApiError> {
    let params = ask.params()?;
    if !Edit::is_meant(&params) {
        return Ok(None);
    }
    let (token, id) = (ask.access_token()?, template_id(id)?);
    let edit = Edit::parse(&params);
    let answer = door
        .desk()
        .run(move |turn| {
            let holder = auth::token(turn, &token)?;
            let row = desk_templates::find_of(turn, &holder.waba, &id)?;
            let edit = match edit {
                Ok(edit) => edit,
                Err(error) => return Ok(Err(error)),
            };
            let change = TemplateChange {
                category: edit.category,
                variables: edit.variables,
                components: edit.components,
            };
            desk_templates::edit(turn, &row.waba, &row.id, change).map(Ok)
        })
        .await
        .map_err(|why: Refused| refused(&why))?;
    answer.map(|_| Some(reply::success()))
}

fn search(query: &ListQuery) -> Option<Search> {
    let either = query.name_or_content.clone().map(Search::NameOrContent);
    either.or_else(|| query.content.clone().map(Search::Content))
}

/// The ways to stand that are asked for; all if none is named.
fn statuses(query: &ListQuery) -> Result<Option<Vec<Status>>, ApiError> {
    if !query.qualities.is_empty() {
        let known = |word: &String| QUALITIES.iter().any(|it| it.eq_ignore_ascii_case(word));
        if let Some(other) = query.qualities.iter().find(|it| !known(it)) {
            return Err(ApiError::parameter(format!(
                "quality_score is {}. It must be one of {}.",
                json::shortened(other),
                QUALITIES.join(", ")
            )));
        }
        // Nobody has told yet what users think: no template has another quality than that.
        if !query
            .qualities
            .iter()
            .any(|it| it.eq_ignore_ascii_case("UNKNOWN"))
        {
            return Ok(Some(Vec::new()));
        }
    }
    if query.statuses.is_empty() {
        return Ok(None);
    }
    let named = query.statuses.iter().map(|word| status_word(word));
    let named: Vec<Option<Status>> = named.collect::<Result<_, _>>()?;
    Ok(Some(named.into_iter().flatten().collect()))
}

/// The word of Meta's API for where a template stands.
pub(crate) fn status(row: &TemplateRow) -> &'static str {
    row.review.status().as_str()
}

/// Where a template stands, by its word in either dialect; none for a word of Meta's for where no
/// template ever stands here.
///
/// # Errors
///
/// Code 100 for a word that is none.
pub(crate) fn status_word(word: &str) -> Result<Option<Status>, ApiError> {
    let is = |other: &str| other.eq_ignore_ascii_case(word.trim());
    if is("submitted") {
        return Ok(Some(Status::Pending));
    }
    if OTHER_STATUSES.into_iter().any(is) {
        return Ok(None);
    }
    let found = Status::ALL.into_iter().find(|it| is(it.as_str()));
    found.map(Some).ok_or_else(|| {
        ApiError::parameter(format!(
            "status is {}. It must be one of APPROVED, DISABLED, PAUSED, PENDING, REJECTED, {}.",
            json::shortened(word),
            OTHER_STATUSES.join(", ")
        ))
    })
}

fn shown(row: &TemplateRow) -> Shown {
    templates::shown(
        row.id.clone(),
        &row.template,
        status(row),
        row.review.rejected().map(RejectReason::as_str),
        row.changed_at,
    )
}

fn read_page(
    turn: &mut Turn<'_>,
    query: &ListQuery,
    filter: &TemplateFilter,
    base: &str,
) -> Result<Page, Refused> {
    let mut rows = desk_templates::list(turn, filter, query.page.rows + 1)?;
    let more = rows.len() > query.page.rows;
    // The page that ends at a cursor has its surplus at the young end.
    let backwards = query.page.before.is_some();
    if more && backwards {
        rows.remove(0);
    }
    rows.truncate(query.page.rows);
    let address = |there_is: bool| there_is.then(|| base.to_owned());
    let cursors = rows.first().zip(rows.last()).map(|(first, last)| Cursors {
        before: first.seq,
        after: last.seq,
        previous: address(if backwards {
            more
        } else {
            query.page.after.is_some()
        }),
        next: address(if backwards { true } else { more }),
    });
    let summary = match (query.summary, &filter.waba) {
        (true, Some(waba)) => Some(Summary {
            total_count: store::templates::count(turn.tx, filter)?,
            message_template_count: store::templates::names(turn.tx, waba)?,
            message_template_limit: u64::from(turn.preset.templates.names_max),
            are_translations_complete: true,
        }),
        (true, None) | (false, _) => None,
    };
    Ok(Page {
        rows: rows.iter().map(shown).collect(),
        cursors,
        summary,
    })
}

async fn waba(door: &Door, id: &str, ask: &Ask) -> Result<WabaId, ApiError> {
    let (token, id) = (ask.access_token()?, waba_id(id)?);
    let holder = door
        .desk()
        .run(move |turn| auth::waba_by_token(turn, &token, &id))
        .await
        .map_err(|why| refused(&why))?;
    Ok(holder.waba)
}

fn template_id(text: &str) -> Result<TemplateId, ApiError> {
    text.parse()
        .map_err(|error| ApiError::no_such_object(format!("The id in the path is {error}.")))
}

/// Words of Meta's for how a template can stand that none ever gets here.
const OTHER_STATUSES: [&str; 5] = [
    "ARCHIVED",
    "DELETED",
    "IN_APPEAL",
    "LIMIT_EXCEEDED",
    "PENDING_DELETION",
];

/// Meta's words for what users think of a template.
const QUALITIES: [&str; 4] = ["GREEN", "YELLOW", "RED", "UNKNOWN"];
