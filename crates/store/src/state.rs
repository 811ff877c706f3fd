//! All records as one document, and back: every table that the schema has, without a list of them
//! that could be forgotten when a migration adds one.
//!
//! The document is JSON. Tables stand in the order of their names, rows in that of their primary
//! keys, columns as the schema names them, each row on a line of its own: two documents of the same
//! records are equal byte for byte. Bytes stand as hexadecimal digits.

use std::collections::BTreeMap;
use std::fmt;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde::Deserialize;
use serde_json::{Map, Value};

use self::shape::{Table, quoted};
use crate::calls::CallFilter;
use crate::deliveries::DeliveryFilter;
use crate::{StoreError, Tx};

mod put;
mod shape;

/// The version of the document's form.
pub const FORM: u32 = 1;

/// All records, as they are written down in a document.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of the form, [`FORM`].
    pub dialtone_state: u32,
    /// The migrations that made the tables.
    pub migrations: Vec<String>,
    /// How far the tables that number their rows have come.
    pub counters: BTreeMap<String, i64>,
    /// The rows of each table.
    pub tables: BTreeMap<String, Vec<Map<String, Value>>>,
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It has another form than this program writes.
    Form {
        /// Its form.
        form: u32,
    },
    /// Its tables were made by other migrations.
    Migrations {
        /// The last one here.
        ours: String,
        /// The last one of the document.
        theirs: String,
    },
    /// A table of the schema is not in it.
    MissingTable(String),
    /// It has a table that the schema has not.
    UnknownTable(String),
    /// A row does not fit.
    Row {
        /// Of which table.
        table: String,
        /// Which, counted from 1.
        row: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The rows of a table fit, and one of them holds what nobody can read.
    Unreadable {
        /// Which table.
        table: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Why records could not be replaced by those of a document.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// The document is not one of this exchange.
    #[error("{0}")]
    Fault(Fault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All records as one document, secrets included.
pub fn export(tx: &mut Tx) -> Result<String, StoreError> {
    let mut text = format!("{{\n\"dialtone_state\": {FORM},\n\"migrations\": ");
    text.push_str(&Value::from(shape::migrations(tx)?).to_string());
    text.push_str(",\n\"counters\": ");
    let counters = Map::from_iter(
        shape::counters(tx)?
            .into_iter()
            .map(|(table, last)| (table, last.into())),
    );
    text.push_str(&Value::Object(counters).to_string());
    text.push_str(",\n\"tables\": {");
    let mut first = true;
    for table in shape::tables(tx)? {
        text.push_str(if first { "\n" } else { ",\n" });
        first = false;
        text.push_str(&format!("{}: [", Value::from(table.name.as_str())));
        let rows = rows(tx, &table)?;
        for (number, row) in rows.iter().enumerate() {
            text.push_str(if number == 0 { "\n  " } else { ",\n  " });
            text.push_str(&row.row);
        }
        text.push_str(if rows.is_empty() { "]" } else { "\n]" });
    }
    text.push_str("\n}\n}\n");
    Ok(text)
}

/// Puts the records of a document in the place of all that there are. If it fails, the transaction
/// around it must be given up.
///
/// # Errors
///
/// [`PutError::Fault`] when the document does not fit this schema.
pub fn put(tx: &mut Tx, document: &Document) -> Result<(), PutError> {
    put::check(tx, document)?;
    clear(tx)?;
    put::rows(tx, document)?;
    put::counters(tx, &document.counters)?;
    read_back(tx)
}

/// Empties every table; rows are numbered from 1 again.
pub fn clear(tx: &mut Tx) -> Result<(), StoreError> {
    // Those that refer to others first, so that nothing is ever referred to and not there.
    for table in shape::parents_first(shape::tables(tx)?).iter().rev() {
        sql_query(format!("DELETE FROM {}", quoted(&table.name))).execute(&mut tx.connection)?;
    }
    put::counters(tx, &BTreeMap::new())
}

/// How many rows all tables have together.
pub fn row_count(tx: &mut Tx) -> Result<u64, StoreError> {
    let mut rows = 0;
    for table in shape::tables(tx)? {
        let count = format!("SELECT count(*) AS rows FROM {}", quoted(&table.name));
        let count: Count = sql_query(count).get_result(&mut tx.connection)?;
        rows += u64::try_from(count.rows).unwrap_or(0);
    }
    Ok(rows)
}

/// Reads the rows that everything else leans on as what they are: the tables take texts that nobody
/// can read.
fn read_back(tx: &mut Tx) -> Result<(), PutError> {
    let users = crate::users::list(tx, None, usize::MAX).map(drop);
    readable("user", users)?;
    let numbers = crate::numbers::list(tx).map(drop);
    readable("number", numbers)?;
    let calls = crate::calls::list(tx, &CallFilter::default(), usize::MAX).map(drop);
    readable("call", calls)?;
    let deliveries = crate::deliveries::list(tx, &DeliveryFilter::default(), usize::MAX).map(drop);
    readable("delivery", deliveries)
}

fn readable(table: &'static str, read: Result<(), StoreError>) -> Result<(), PutError> {
    read.map_err(|error| match error {
        StoreError::Row(_) | StoreError::State { .. } => PutError::Fault(Fault::Unreadable {
            table,
            reason: error.to_string(),
        }),
        other => PutError::Store(other),
    })
}

fn rows(tx: &mut Tx, table: &Table) -> Result<Vec<Row>, StoreError> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let (name, value) = (column.name.replace('\'', "''"), quoted(&column.name));
            let value = if column.is_bytes() {
                format!("lower(hex({value}))")
            } else {
                value
            };
            format!("'{name}', {value}")
        })
        .collect();
    let key: Vec<String> = table.key.iter().map(|column| quoted(column)).collect();
    let query = format!(
        "SELECT json_object({}) AS row FROM {} ORDER BY {}",
        columns.join(", "),
        quoted(&table.name),
        key.join(", "),
    );
    Ok(sql_query(query).load(&mut tx.connection)?)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form { form } => write!(
                f,
                "The document has form {form}, and this program reads form {FORM} only."
            ),
            Self::Migrations { ours, theirs } => write!(
                f,
                "The document was written by another version: its last migration is {theirs}, here \
                 it is {ours}. Import it with the version that wrote it."
            ),
            Self::MissingTable(table) => write!(
                f,
                "The document has no table `{table}`. Every table is needed; an empty one is []."
            ),
            Self::UnknownTable(table) => write!(f, "There is no table `{table}`."),
            Self::Row { table, row, reason } => {
                write!(f, "Table `{table}`, row {row}: {reason}.")
            }
            Self::Unreadable { table, reason } => {
                write!(f, "Table `{table}` cannot be read: {reason}.")
            }
        }
    }
}
