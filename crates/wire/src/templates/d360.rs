//! 360dialog's own shapes: its list, its templates with a namespace and states in lower case, and its
//! answer to a deletion.

use serde::Serialize;
use serde_json::{Map, Value, json};
use types::TemplateId;
use types::limits::PAGE_ROWS_MAX;
use types::template::{Category, Template};

use super::read::{fields, word};
use super::shown::component;
use crate::ApiError;
use crate::error::to_bytes;
use crate::json::{self, shortened};
use crate::subscriptions::Params;

/// What a request for a list asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct D360Query {
    /// The filters as they were sent, to be given back.
    pub filters: Map<String, Value>,
    /// Only templates of this name.
    pub name: Option<String>,
    /// Only templates in this language.
    pub language: Option<String>,
    /// Only templates for this.
    pub category: Option<Category>,
    /// Only templates that stand so: the word as it was sent.
    pub status: Option<String>,
    /// How many to answer with.
    pub rows: usize,
    /// How many to leave out.
    pub offset: usize,
    /// Whether the last name stands first.
    pub descending: bool,
}

impl D360Query {
    /// Reads the parameters.
    ///
    /// # Errors
    ///
    /// Code 100 that names the parameter.
    pub fn parse(params: &Params) -> Result<Self, ApiError> {
        let fields_of_query = fields(params);
        let whole = |key: &str| match fields_of_query.filled_text(key)? {
            None => Ok(None),
            Some(text) => text.trim().parse::<usize>().map(Some).map_err(|_| {
                ApiError::parameter(format!(
                    "{key} is {}. It must be a whole number.",
                    shortened(&text)
                ))
            }),
        };
        let filters = match fields_of_query.filled_text("filters")? {
            None => Map::new(),
            Some(text) => json::object(text.as_bytes())
                .map_err(|error| ApiError::parameter(format!("In filters: {}", error.details)))?,
        };
        let plain: Params = filters
            .iter()
            .map(|(key, value)| (plain_name(key).to_owned(), value.clone()))
            .collect();
        let known = ["name", "language", "category", "status"];
        if let Some(other) = plain.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(ApiError::parameter(format!(
                "filters has the key {}. Send name, language, category or status.",
                shortened(other)
            )));
        }
        let sort = fields_of_query.filled_text("sort")?;
        let sort = sort.as_deref().unwrap_or(SORT);
        if plain_name(sort.trim_start_matches('-')) != "name" {
            return Err(ApiError::parameter(format!(
                "sort is {}. This exchange sorts by {SORT}, or by -{SORT} the other way.",
                shortened(sort)
            )));
        }
        let of_filters = fields(&plain);
        Ok(Self {
            name: of_filters.filled_text("name")?,
            language: of_filters.filled_text("language")?,
            category: word(&of_filters, "category")?,
            status: of_filters.filled_text("status")?,
            rows: whole("limit")?.unwrap_or(ROWS_DEFAULT).min(PAGE_ROWS_MAX),
            offset: whole("offset")?.unwrap_or(0),
            descending: sort.starts_with('-'),
            filters,
        })
    }
}

/// 360dialog writes names with the table in front.
fn plain_name(key: &str) -> &str {
    key.strip_prefix("business_templates.").unwrap_or(key)
}

/// A list as 360dialog answers it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct D360List {
    /// How many there are on this page.
    pub count: usize,
    /// The filters as they were sent.
    pub filters: Map<String, Value>,
    /// How many were asked for.
    pub limit: usize,
    /// How many were left out.
    pub offset: usize,
    /// By what they stand in order.
    pub sort: [&'static str; 1],
    /// How many there are in all.
    pub total: usize,
    /// The templates.
    pub waba_templates: Vec<Value>,
}

/// The answer to a request for a list; `templates` are those on the page, `total` those on all.
#[must_use]
pub fn d360_list(query: D360Query, templates: Vec<Value>, total: usize) -> Vec<u8> {
    to_bytes(&D360List {
        count: templates.len(),
        limit: query.rows,
        offset: query.offset,
        sort: [if query.descending {
            "-business_templates.name"
        } else {
            SORT
        }],
        filters: query.filters,
        total,
        waba_templates: templates,
    })
}

/// A template as 360dialog shows it, in its list and in answer to its making: its older reference has
/// the whole template there, a newer page Meta's `id`, `status` and `category`. Here are all of them.
#[must_use]
pub fn d360_template(
    id: &TemplateId,
    namespace: &str,
    template: &Template,
    status: &str,
    rejected: Option<&str>,
) -> Value {
    let components: Vec<Value> = template.components.iter().map(component).collect();
    json!({
        "id": id,
        "name": template.name,
        "namespace": namespace,
        "language": template.language,
        "category": template.category,
        "components": components,
        // A template under review is called so by 360dialog's reference.
        "status": match status {
            "PENDING" => "submitted".to_owned(),
            other => other.to_lowercase(),
        },
        "rejected_reason": rejected.unwrap_or("NONE"),
    })
}

/// 360dialog's answer to a template that was removed, with Graph's `success` beside it.
#[must_use]
pub fn d360_deleted(name: &str) -> Vec<u8> {
    to_bytes(&json!({
        "meta": {
            "success": true,
            "http_code": 200,
            "developer_message": format!("template name={name} was deleted"),
        },
        "success": true,
    }))
}

const SORT: &str = "business_templates.name";

/// 360dialog's own page length.
const ROWS_DEFAULT: usize = 100;
