//! The list of an account's templates, as Meta's API gives it in pages.

use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use types::limits::PAGE_ROWS_MAX;
use types::template::Category;

use super::read::{fields, one_of};
use super::shown::Shown;
use crate::error::to_bytes;
use crate::fields::Fields;
use crate::json::{self, shortened};
use crate::subscriptions::Params;
use crate::{ApiError, reply};

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
    /// How many a page may have: what was asked for, and never more than there may be.
    pub rows: usize,
    /// Where the page begins, as an earlier answer said.
    pub after: Option<u64>,
    /// Where the page ends, as an earlier answer said.
    pub before: Option<u64>,
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
        let rows = match fields.filled_text("limit")? {
            None => ROWS_DEFAULT,
            Some(text) => match text.trim().parse() {
                Ok(rows) if rows > 0 => rows,
                _ => {
                    return Err(ApiError::parameter(format!(
                        "limit is {}. It must be a whole number from 1 on.",
                        shortened(&text)
                    )));
                }
            },
        };
        let cursor = |key: &str| match fields.filled_text(key)? {
            None => Ok(None),
            Some(text) => text.parse::<Cursor>().map(|it| Some(it.0)).map_err(|()| {
                ApiError::parameter(format!(
                    "{key} is no cursor. Send paging.cursors.{key} of an earlier answer."
                ))
            }),
        };
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
            rows: rows.min(PAGE_ROWS_MAX),
            after: cursor("after")?,
            before: cursor("before")?,
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

/// The ends of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursors {
    /// The place of its first entry.
    pub before: u64,
    /// The place of its last entry.
    pub after: u64,
    /// The address of the page before, up to the cursor, if there is one.
    pub previous: Option<String>,
    /// The address of the page behind, up to the cursor, if there is one.
    pub next: Option<String>,
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
#[must_use]
pub fn page(page: &Page, fields: Option<&str>) -> Vec<u8> {
    #[derive(Serialize)]
    struct Answer<'a> {
        data: Vec<Box<RawValue>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        paging: Option<Paging>,
        #[serde(skip_serializing_if = "Option::is_none")]
        summary: Option<&'a Summary>,
    }
    #[derive(Serialize)]
    struct Paging {
        cursors: Ends,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        next: Option<String>,
    }
    #[derive(Serialize)]
    struct Ends {
        before: String,
        after: String,
    }
    let entry = |shown: &Shown| {
        serde_json::from_slice(&reply::fields(shown, fields))
            .expect("what was just written is JSON")
    };
    let paging = page.cursors.as_ref().map(|ends| {
        let (before, after) = (Cursor(ends.before), Cursor(ends.after));
        let address =
            |base: &String, key: &str, cursor: &Cursor| format!("{base}&{key}={}", cursor.text());
        Paging {
            previous: ends
                .previous
                .as_ref()
                .map(|base| address(base, "before", &before)),
            next: ends
                .next
                .as_ref()
                .map(|base| address(base, "after", &after)),
            cursors: Ends {
                before: before.text(),
                after: after.text(),
            },
        }
    });
    to_bytes(&Answer {
        data: page.rows.iter().map(entry).collect(),
        paging,
        summary: page.summary.as_ref(),
    })
}

/// A place in the list, opaque to clients: hexadecimal digits behind a letter.
struct Cursor(u64);

impl Cursor {
    fn text(&self) -> String {
        format!("Q{:08x}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.trim().strip_prefix('Q').ok_or(())?;
        u64::from_str_radix(digits, 16).map(Self).map_err(|_| ())
    }
}

/// Graph's own page length.
const ROWS_DEFAULT: usize = 25;
