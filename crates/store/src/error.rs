//! Why the records could not be read or written.

use types::{ParseError, Pii};

/// Why the records could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be opened.
    #[error("cannot open the database {place}: {reason}")]
    Open {
        /// Which database.
        place: String,
        /// What the database said.
        reason: String,
    },
    /// Another process works on this database.
    #[error(
        "the database {place} is in use by another process; stop that one or choose another --data"
    )]
    InUse {
        /// Which database.
        place: String,
    },
    /// The schema could not be brought up to date.
    #[error("cannot bring the database up to date: {0}")]
    Migration(String),
    /// A query failed.
    #[error("the database refused: {0}")]
    Database(#[from] diesel::result::Error),
    /// A row holds a text that is not what its column should hold.
    #[error("the database holds a bad row: {0}")]
    Row(#[from] ParseError),
    /// A row holds the state of a machine that this version cannot read.
    #[error("the database holds a state that this version cannot read ({column}): {reason}")]
    State {
        /// Which column.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl StoreError {
    /// A state that cannot be read. The text is shortened: it may name a user.
    pub(crate) fn state(column: &'static str, text: &str) -> Self {
        Self::State {
            column,
            reason: format!("unknown value {}", Pii::new(text)),
        }
    }
}
