//! The list of an account's templates, as Meta's API gives it in pages.

use serde::Serialize;
use serde_json::Value;
use types::template::Category;

use super::read::{fields, one_of};
use super::shown::Shown;
use crate::ApiError;
use crate::fields::Fields;
use crate::json;
use crate::reply::{self, Cursors, PageQuery};
use crate::subscriptions::Params;

/// What a request for a list asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Only templates of this name.
    pub name: Option<String>,
    /// Only templates that have these words in their texts.
    pub content: Option<String>,
    /// Only templates that have these words in their name or texts.
    pub name_or_content: Option<String>,
    /// Only templates in one of these languages; none of them is any.
    pub languages: Vec<String>,
    /// Only templates for one of these; none of them is any.
    pub categories: Vec<Category>,
    /// Only templates that stand in one of these ways: the words as they were sent; none of them is
    /// any.
    pub statuses: Vec<String>,
    /// Only templates that users think so of: the words as they were sent; none of them is any.
    pub qualities: Vec<String>,
    /// Which page.
    pub page: PageQuery,
    /// Whether counts are asked for.
    pub summary: bool,
}

impl ListQuery {
    /// Reads the parameters.
    ///
    /// # Errors
    ///
    /// Code 100 that names the parameter.
    pub fn parse(params: &Params) -> Result<Self, ApiError> {
        let fields = fields(params);
        Ok(Self {
            name: fields.filled_text("name")?,
            content: fields.filled_text("content")?,
            name_or_content: fields.filled_text("name_or_content")?,
            languages: words(&fields, "language")?,
            categories: words(&fields, "category")?
                .iter()
                .map(|word| one_of(&fields, "category", word))
                .collect::<Result<_, _>>()?,
            statuses: words(&fields, "status")?,
            qualities: words(&fields, "quality_score")?,
            page: PageQuery::parse(params)?,
            summary: fields.filled_text("summary")?.is_some(),
        })
    }
}

/// The words of a filter: one by itself, or several as a list or as the JSON text of one.
fn words(fields: &Fields<'_>, key: &str) -> Result<Vec<String>, ApiError> {
    let list = match fields.get(key) {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) => list.clone(),
        Some(Value::String(text)) if text.trim_start().starts_with('[') => {
            match json::value(text.as_bytes()) {
                Ok(Value::Array(list)) => list,
                _ => return Err(no_words(fields, key)),
            }
        }
        Some(_) => return Ok(fields.filled_text(key)?.into_iter().collect()),
    };
    let words = list.iter().map(|it| match it {
        Value::String(word) => Ok(word.clone()),
        _ => Err(no_words(fields, key)),
    });
    words.collect()
}

fn no_words(fields: &Fields<'_>, key: &str) -> ApiError {
    ApiError::parameter(format!(
        "{} is neither a word nor a list of words such as [\"ONE\",\"TWO\"].",
        fields.name(key)
    ))
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The templates.
    pub rows: Vec<Shown>,
    /// The ends of the page, if there is anything on it.
    pub cursors: Option<Cursors>,
    /// The counts, if they were asked for.
    pub summary: Option<Summary>,
}

/// How many templates there are, and may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Templates that the filters leave, on all pages.
    pub total_count: u64,
    /// Names of templates that the account has.
    pub message_template_count: u64,
    /// Names of templates that it may have.
    pub message_template_limit: u64,
    /// Whether nothing is being translated; nothing ever is here, and clients want the key.
    pub are_translations_complete: bool,
}

/// A page, its entries with the fields that `?fields=a,b` asks for.
///
/// # Errors
///
/// As [`reply::fields`].
pub fn page(page: &Page, fields: Option<&str>) -> Result<Vec<u8>, ApiError> {
    let (cursors, summary) = (page.cursors.as_ref(), page.summary.as_ref());
    reply::page(&page.rows, fields, &Shown::NODE, cursors, summary)
}
