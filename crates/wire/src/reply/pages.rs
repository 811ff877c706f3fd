//! Lists in pages, as Graph gives them: cursors, and the addresses of the pages beside.

use std::ops::Range;
use std::str::FromStr;

use serde::Serialize;
use types::limits::PAGE_ROWS_MAX;

use super::fields::{Entries, Node, picked, wishes};
use crate::ApiError;
use crate::error::to_bytes;
use crate::fields::Fields;
use crate::json::shortened;
use crate::subscriptions::Params;

/// Which page of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageQuery {
    /// How many rows a page may have: what was asked for, and never more than there may be.
    pub rows: usize,
    /// Where the page begins, as an earlier answer said.
    pub after: Option<u64>,
    /// Where the page ends, as an earlier answer said.
    pub before: Option<u64>,
}

impl PageQuery {
    /// Reads the parameters.
    ///
    /// # Errors
    ///
    /// Code 100 that names the parameter.
    pub fn parse(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields::of_body(params);
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
            rows: rows.min(PAGE_ROWS_MAX),
            after: cursor("after")?,
            before: cursor("before")?,
        })
    }

    /// Which of `len` rows are on the page, where the place of a row is its number, from 1.
    #[must_use]
    pub fn cut(&self, len: usize) -> Range<usize> {
        let place = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
        let first = self.after.map_or(0, place).min(len);
        let end = self
            .before
            .map_or(len, |it| place(it).saturating_sub(1).min(len));
        if self.before.is_some() && self.after.is_none() {
            return end.saturating_sub(self.rows)..end;
        }
        first..first.saturating_add(self.rows).min(end).max(first)
    }

    /// The ends of a page of [`PageQuery::cut`]; `base` is the address that was asked, up to a cursor.
    #[must_use]
    pub fn cursors(page: &Range<usize>, len: usize, base: &str) -> Option<Cursors> {
        let address = |there_is: bool| there_is.then(|| base.to_owned());
        (!page.is_empty()).then(|| Cursors {
            before: page.start as u64 + 1,
            after: page.end as u64,
            previous: address(page.start > 0),
            next: address(page.end < len),
        })
    }
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

/// The part `paging` of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paging {
    cursors: Ends,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Ends {
    before: String,
    after: String,
}

impl From<&Cursors> for Paging {
    fn from(ends: &Cursors) -> Self {
        let (before, after) = (Cursor(ends.before).text(), Cursor(ends.after).text());
        let address = |base: &Option<String>, key: &str, cursor: &str| {
            base.as_ref().map(|base| format!("{base}&{key}={cursor}"))
        };
        Self {
            previous: address(&ends.previous, "before", &before),
            next: address(&ends.next, "after", &after),
            cursors: Ends { before, after },
        }
    }
}

/// A page: its entries with the fields that `?fields=a,b` asks for, where it ends, and what else is to be
/// said of the list.
///
/// # Errors
///
/// As [`super::fields`].
pub fn page<T: Serialize>(
    rows: &[T],
    fields: Option<&str>,
    node: &Node,
    cursors: Option<&Cursors>,
    summary: Option<&impl Serialize>,
) -> Result<Vec<u8>, ApiError> {
    #[derive(Serialize)]
    struct Answer<'a, S> {
        data: Vec<Entries>,
        #[serde(skip_serializing_if = "Option::is_none")]
        paging: Option<Paging>,
        #[serde(skip_serializing_if = "Option::is_none")]
        summary: Option<&'a S>,
    }
    let wishes = wishes(fields)?;
    let data = rows.iter().map(|row| picked(row, wishes.as_deref(), node));
    Ok(to_bytes(&Answer {
        data: data.collect::<Result<_, _>>()?,
        paging: cursors.map(Paging::from),
        summary,
    }))
}

/// A place in a list, opaque to clients: hexadecimal digits behind a letter.
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

#[cfg(test)]
mod tests;
