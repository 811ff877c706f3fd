//! Message templates of accounts, and where their reviews stand.

use diesel::dsl::min;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use rules::template::{Edits, Review, Status};
use types::template::{Category, Component, RejectReason, Template};
use types::{TemplateId, Timestamp, WabaId};

use crate::schema::template;
use crate::text::{millis, moment, number, parse, parse_optional, whole};
use crate::{StoreError, Tx};

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRow {
    /// Its place in the order of making.
    pub seq: u64,
    /// Its id.
    pub id: TemplateId,
    /// The account that it belongs to.
    pub waba: WabaId,
    /// What it is.
    pub template: Template,
    /// Where its review stands.
    pub review: Review,
    /// When it was edited while it was approved.
    pub edits: Edits,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last edited, or its review came to something.
    pub changed_at: Timestamp,
}

/// Which templates a listing shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateFilter {
    /// Only those of this account.
    pub waba: Option<WabaId>,
    /// Only those of this name.
    pub name: Option<String>,
    /// Only those that have this in their name or in a text, in whatever case; see [`Search`].
    pub search: Option<Search>,
    /// Only those in one of these languages; none of them is any.
    pub languages: Vec<String>,
    /// Only those for one of these; none of them is any.
    pub categories: Vec<Category>,
    /// Only those that stand in one of these ways.
    pub statuses: Option<Vec<Status>>,
    /// Only those made before this one: the last of the page before.
    pub before: Option<u64>,
    /// Only those made after this one: the first of the page behind. The page is then the one that
    /// ends at it.
    pub after: Option<u64>,
    /// How many of the youngest to leave out.
    pub skip: usize,
}

/// Words that are looked for in templates, in whatever case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// In the texts of the components.
    Content(String),
    /// In the texts or in the name.
    NameOrContent(String),
}

/// Adds a template; its place in the order of making.
pub fn insert(tx: &mut Tx, row: &TemplateRow) -> Result<u64, StoreError> {
    let seq = diesel::insert_into(template::table)
        .values((
            template::id.eq(row.id.as_str()),
            template::waba_id.eq(row.waba.as_str()),
            template::name.eq(&row.template.name),
            template::language.eq(&row.template.language),
            template::created_at.eq(millis(row.created_at)),
            Changeable::of(row)?,
        ))
        .returning(template::seq)
        .get_result::<i64>(&mut tx.connection)?;
    Ok(whole(seq))
}

/// Saves what can change of a template: all but its id, account, name and language.
pub fn update(tx: &mut Tx, row: &TemplateRow) -> Result<(), StoreError> {
    diesel::update(template::table.filter(template::id.eq(row.id.as_str())))
        .set(Changeable::of(row)?)
        .execute(&mut tx.connection)?;
    Ok(())
}

/// The template of that id, if there is one.
pub fn find(tx: &mut Tx, id: &TemplateId) -> Result<Option<TemplateRow>, StoreError> {
    template::table
        .filter(template::id.eq(id.as_str()))
        .select(Raw::as_select())
        .first(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// An account's template of that name in that language, if there is one.
pub fn find_by_name(
    tx: &mut Tx,
    waba: &WabaId,
    name: &str,
    language: &str,
) -> Result<Option<TemplateRow>, StoreError> {
    template::table
        .filter(template::waba_id.eq(waba.as_str()))
        .filter(template::name.eq(name))
        .filter(template::language.eq(language))
        .select(Raw::as_select())
        .first(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Up to `rows` templates, the youngest first.
pub fn list(
    tx: &mut Tx,
    filter: &TemplateFilter,
    rows: usize,
) -> Result<Vec<TemplateRow>, StoreError> {
    let mut query = filtered(filter).select(Raw::as_select());
    // Texts are looked through here, so that until then no row may be left out.
    if filter.search.is_none() {
        query = query
            .limit(number(rows as u64))
            .offset(number(filter.skip as u64));
    }
    // Towards younger ones a page begins at the oldest that belongs to it.
    let backwards = filter.after.is_some();
    let query = if backwards {
        query.order(template::seq.asc())
    } else {
        query.order(template::seq.desc())
    };
    let mut found = query
        .load(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(search) = &filter.search {
        found.retain(|row| search.meets(&row.template));
        found.drain(..filter.skip.min(found.len()));
        found.truncate(rows);
    }
    if backwards {
        found.reverse();
    }
    Ok(found)
}

/// How many templates there are, without regard to pages.
pub fn count(tx: &mut Tx, filter: &TemplateFilter) -> Result<u64, StoreError> {
    let all = TemplateFilter {
        before: None,
        after: None,
        ..filter.clone()
    };
    if all.search.is_some() {
        return Ok(list(tx, &all, usize::MAX)?.len() as u64);
    }
    let rows = filtered(&all)
        .count()
        .get_result::<i64>(&mut tx.connection)?;
    Ok(whole(rows))
}

/// How many names an account's templates have.
pub fn names(tx: &mut Tx, waba: &WabaId) -> Result<u64, StoreError> {
    let names = template::table
        .filter(template::waba_id.eq(waba.as_str()))
        .select(template::name)
        .distinct()
        .load::<String>(&mut tx.connection)?;
    Ok(names.len() as u64)
}

/// Removes a template; says whether there was one.
pub fn remove(tx: &mut Tx, id: &TemplateId) -> Result<bool, StoreError> {
    let rows = diesel::delete(template::table.filter(template::id.eq(id.as_str())))
        .execute(&mut tx.connection)?;
    Ok(rows > 0)
}

/// The earliest moment at which a review ends by itself.
pub fn next_deadline(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let at = template::table
        .filter(template::review_ends_at.is_not_null())
        .select(min(template::review_ends_at))
        .first::<Option<i64>>(&mut tx.connection)?;
    Ok(at.map(moment))
}

/// Up to `rows` templates whose review ends by itself and is at its end, the earliest first.
pub fn due(tx: &mut Tx, now: Timestamp, rows: usize) -> Result<Vec<TemplateRow>, StoreError> {
    template::table
        .filter(template::review_ends_at.le(millis(now)))
        .order((template::review_ends_at, template::seq))
        .limit(number(rows as u64))
        .select(Raw::as_select())
        .load(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

fn filtered(filter: &TemplateFilter) -> template::BoxedQuery<'static, Sqlite> {
    let mut query = template::table.into_boxed::<Sqlite>();
    if let Some(waba) = &filter.waba {
        query = query.filter(template::waba_id.eq(waba.as_str().to_owned()));
    }
    if let Some(name) = &filter.name {
        query = query.filter(template::name.eq(name.clone()));
    }
    if !filter.languages.is_empty() {
        query = query.filter(template::language.eq_any(filter.languages.clone()));
    }
    if !filter.categories.is_empty() {
        let words = filter.categories.iter().map(|it| it.as_str());
        query = query.filter(template::category.eq_any(words.collect::<Vec<_>>()));
    }
    if let Some(statuses) = &filter.statuses {
        let words = statuses.iter().map(|it| it.as_str());
        query = query.filter(template::status.eq_any(words.collect::<Vec<_>>()));
    }
    if let Some(seq) = filter.before {
        query = query.filter(template::seq.lt(number(seq)));
    }
    if let Some(seq) = filter.after {
        query = query.filter(template::seq.gt(number(seq)));
    }
    query
}

impl Search {
    fn meets(&self, template: &Template) -> bool {
        let (words, of_name) = match self {
            Self::Content(words) => (words, false),
            Self::NameOrContent(words) => (words, true),
        };
        let words = words.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&words);
        let in_texts = template.components.iter().any(|component| match component {
            Component::Header(text) | Component::Body(text) => has(&text.text),
            Component::Footer(text) => has(text),
            Component::Buttons(buttons) => buttons.iter().any(|button| has(button.text())),
            Component::MediaHeader(_) | Component::PermissionRequest => false,
        });
        in_texts || of_name && has(&template.name)
    }
}

/// The columns that can change.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = template, treat_none_as_null = true)]
struct Changeable {
    category: &'static str,
    variables: &'static str,
    components: String,
    status: &'static str,
    reason: Option<&'static str>,
    review_ends_at: Option<i64>,
    changed_at: i64,
    edits: String,
}

impl Changeable {
    fn of(row: &TemplateRow) -> Result<Self, StoreError> {
        let Template {
            category,
            variables,
            components,
            ..
        } = &row.template;
        Ok(Self {
            category: category.as_str(),
            variables: variables.as_str(),
            components: serde_json::to_string(components).map_err(unreadable)?,
            status: row.review.status().as_str(),
            reason: row.review.rejected().map(RejectReason::as_str),
            review_ends_at: row.review.deadline().map(millis),
            changed_at: millis(row.changed_at),
            edits: write_edits(&row.edits)?,
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = template, check_for_backend(Sqlite))]
struct Raw {
    seq: i64,
    id: String,
    waba_id: String,
    name: String,
    language: String,
    category: String,
    variables: String,
    components: String,
    status: String,
    reason: Option<String>,
    review_ends_at: Option<i64>,
    created_at: i64,
    changed_at: i64,
    edits: String,
}

fn read(raw: Raw) -> Result<TemplateRow, StoreError> {
    let components: Vec<Component> = serde_json::from_str(&raw.components).map_err(unreadable)?;
    Ok(TemplateRow {
        seq: whole(raw.seq),
        id: parse(&raw.id)?,
        waba: parse(&raw.waba_id)?,
        template: Template {
            name: raw.name,
            language: raw.language,
            category: parse(&raw.category)?,
            variables: parse(&raw.variables)?,
            components,
        },
        review: review(
            &raw.status,
            parse_optional(raw.reason.as_deref())?,
            raw.review_ends_at.map(moment),
        )?,
        edits: read_edits(&raw.edits)?,
        created_at: moment(raw.created_at),
        changed_at: moment(raw.changed_at),
    })
}

fn review(
    status: &str,
    reason: Option<RejectReason>,
    ends_at: Option<Timestamp>,
) -> Result<Review, StoreError> {
    let status = Status::ALL.into_iter().find(|it| it.as_str() == status);
    match (status, reason) {
        (Some(Status::Pending), None) => Ok(Review::Pending { ends_at }),
        (Some(Status::Approved), None) => Ok(Review::Approved),
        (Some(Status::Rejected), Some(reason)) => Ok(Review::Rejected { reason }),
        (Some(Status::Paused), None) => Ok(Review::Paused),
        (Some(Status::Disabled), None) => Ok(Review::Disabled),
        (status, _) => Err(StoreError::state(
            "template.status",
            status.map_or("none that is known", Status::as_str),
        )),
    }
}

fn write_edits(edits: &Edits) -> Result<String, StoreError> {
    let moments: Vec<u64> = edits.0.iter().map(|at| at.as_millis()).collect();
    serde_json::to_string(&moments).map_err(unreadable_edits)
}

fn read_edits(text: &str) -> Result<Edits, StoreError> {
    let moments: Vec<u64> = serde_json::from_str(text).map_err(unreadable_edits)?;
    let moments = moments.into_iter().map(Timestamp::from_millis);
    Ok(Edits(moments.collect()))
}

fn unreadable_edits(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "template.edits",
        reason: error.to_string(),
    }
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "template.components",
        reason: error.to_string(),
    }
}
