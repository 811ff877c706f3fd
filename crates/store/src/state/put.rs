//! Reads a document into the tables, row by row, and says which row does not fit.

use std::collections::BTreeMap;

use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Binary, Double, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{RunQueryDsl, sql_query};
use serde_json::{Map, Value};

use super::shape::{self, Column, Table, quoted};
use super::{Document, FORM, Fault, PutError};
use crate::{StoreError, Tx};

/// Whether the document is one of this schema.
pub(super) fn check(tx: &mut Tx, document: &Document) -> Result<(), PutError> {
    let fault = |fault| Err(PutError::Fault(fault));
    if document.dialtone_state != FORM {
        let form = document.dialtone_state;
        return fault(Fault::Form { form });
    }
    let ours = shape::migrations(tx)?;
    if ours != document.migrations {
        let last = |names: &[String]| names.last().cloned().unwrap_or_else(|| "none".to_owned());
        return fault(Fault::Migrations {
            ours: last(&ours),
            theirs: last(&document.migrations),
        });
    }
    let tables = shape::tables(tx)?;
    let known = |name: &String| tables.iter().any(|table| table.name == *name);
    if let Some(unknown) = document.tables.keys().find(|name| !known(name)) {
        return fault(Fault::UnknownTable(unknown.clone()));
    }
    if let Some(unknown) = document.counters.keys().find(|name| !known(name)) {
        return fault(Fault::UnknownTable(unknown.clone()));
    }
    let missing = tables
        .iter()
        .find(|table| !document.tables.contains_key(&table.name));
    match missing {
        Some(table) => fault(Fault::MissingTable(table.name.clone())),
        None => Ok(()),
    }
}

/// Fills the tables, which are empty.
pub(super) fn rows(tx: &mut Tx, document: &Document) -> Result<(), PutError> {
    for table in shape::parents_first(shape::tables(tx)?) {
        let rows = document.tables.get(&table.name);
        for (index, row) in rows.into_iter().flatten().enumerate() {
            insert(tx, &table, row).map_err(|wrong| match wrong {
                Wrong::Row(reason) => PutError::Fault(Fault::Row {
                    table: table.name.clone(),
                    row: index + 1,
                    reason,
                }),
                Wrong::Store(error) => PutError::Store(error),
            })?;
        }
    }
    Ok(())
}

/// Lets the tables that number their rows go on from where they had come.
pub(super) fn counters(tx: &mut Tx, counters: &BTreeMap<String, i64>) -> Result<(), StoreError> {
    sql_query("DELETE FROM sqlite_sequence").execute(&mut tx.connection)?;
    for (table, last) in counters {
        sql_query("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)")
            .bind::<Text, _>(table)
            .bind::<BigInt, _>(last)
            .execute(&mut tx.connection)?;
    }
    Ok(())
}

/// Why a row is not in its table.
enum Wrong {
    Row(String),
    Store(StoreError),
}

/// A value on its way into a column.
enum Cell<'a> {
    Null,
    Whole(i64),
    Real(f64),
    Text(&'a str),
    Bytes(Vec<u8>),
}

fn insert(tx: &mut Tx, table: &Table, row: &Map<String, Value>) -> Result<(), Wrong> {
    let mut cells = Vec::with_capacity(row.len());
    for (name, value) in row {
        let column = table.columns.iter().find(|column| column.name == *name);
        let column = column.ok_or_else(|| Wrong::Row(format!("there is no column `{name}`")))?;
        cells.push((column, cell(column, value).map_err(Wrong::Row)?));
    }
    let given = |column: &Column| row.contains_key(&column.name);
    if let Some(missing) = table.columns.iter().find(|it| it.needed && !given(it)) {
        return Err(Wrong::Row(format!("`{}` is missing", missing.name)));
    }
    let names: Vec<String> = cells.iter().map(|(it, _)| quoted(&it.name)).collect();
    let places = vec!["?"; cells.len()];
    let query = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quoted(&table.name),
        names.join(", "),
        places.join(", "),
    );
    let mut query = sql_query(query).into_boxed::<Sqlite>();
    for (_, cell) in cells {
        query = match cell {
            Cell::Null => query.bind::<Nullable<Text>, _>(None::<String>),
            Cell::Whole(number) => query.bind::<BigInt, _>(number),
            Cell::Real(number) => query.bind::<Double, _>(number),
            Cell::Text(text) => query.bind::<Text, _>(text.to_owned()),
            Cell::Bytes(bytes) => query.bind::<Binary, _>(bytes),
        };
    }
    match query.execute(&mut tx.connection) {
        Ok(_) => Ok(()),
        Err(DieselError::DatabaseError(_, info)) => Err(Wrong::Row(reason(info.message()))),
        Err(error) => Err(Wrong::Store(error.into())),
    }
}

fn cell<'a>(column: &Column, value: &'a Value) -> Result<Cell<'a>, String> {
    let name = &column.name;
    match (column.kind.as_str(), value) {
        (_, Value::Null) if column.needed => Err(format!("`{name}` cannot be null")),
        (_, Value::Null) => Ok(Cell::Null),
        ("INTEGER" | "INT", Value::Number(number)) => number
            .as_i64()
            .map(Cell::Whole)
            .ok_or_else(|| format!("`{name}` takes a whole number of 64 bits")),
        ("INTEGER" | "INT", _) => Err(format!("`{name}` takes a whole number")),
        ("REAL", Value::Number(number)) => number
            .as_f64()
            .map(Cell::Real)
            .ok_or_else(|| format!("`{name}` takes a number")),
        ("REAL", _) => Err(format!("`{name}` takes a number")),
        ("BLOB", Value::String(digits)) => bytes(digits)
            .map(Cell::Bytes)
            .ok_or_else(|| format!("`{name}` takes bytes as hexadecimal digits")),
        ("BLOB", _) => Err(format!("`{name}` takes bytes as hexadecimal digits")),
        (_, Value::String(text)) => Ok(Cell::Text(text)),
        _ => Err(format!("`{name}` takes a text")),
    }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match *pair {
            [high, low] => u8::try_from(nibble(high)? * 16 + nibble(low)?).ok(),
            _ => None,
        })
        .collect()
}

/// What the database said, for somebody who sees rows and not statements.
fn reason(message: &str) -> String {
    if message.contains("FOREIGN KEY") {
        "it names a row of another table that is not there".to_owned()
    } else if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        format!("another row has the same {columns}")
    } else {
        message.to_owned()
    }
}
