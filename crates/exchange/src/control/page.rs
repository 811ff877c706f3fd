//! Listings in pages: the youngest or smallest first, `after` names the last row of the page before.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use types::limits::PAGE_ROWS_MAX;
use utoipa::ToSchema;

/// One page of a listing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// The rows.
    data: Vec<T>,
    /// What to ask for as `after` to get the next page; null when this is the last one.
    next: Option<String>,
}

/// How many rows a page may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageRows(usize);

impl<T> Page<T> {
    /// A page of at most `rows` of what was read, which is one more if there is a next page.
    pub(super) fn cut(mut data: Vec<T>, rows: PageRows, key: impl Fn(&T) -> String) -> Self {
        let more = data.len() > rows.0;
        data.truncate(rows.0);
        let next = if more { data.last().map(key) } else { None };
        Self { data, next }
    }

    /// A listing that is always whole.
    pub(super) const fn whole(data: Vec<T>) -> Self {
        Self { data, next: None }
    }
}

impl PageRows {
    /// The rows to read, one more than the page shows, to know whether there is a next one.
    pub(super) const fn to_read(self) -> usize {
        self.0 + 1
    }
}

impl Default for PageRows {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl<'de> Deserialize<'de> for PageRows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = usize::deserialize(deserializer)?;
        if (1..=PAGE_ROWS_MAX).contains(&rows) {
            Ok(Self(rows))
        } else {
            Err(D::Error::custom(format_args!(
                "`rows` is a number from 1 to {PAGE_ROWS_MAX}"
            )))
        }
    }
}

const DEFAULT: usize = 50;
