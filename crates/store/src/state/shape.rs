//! What tables there are and how they hang together, asked of the database itself.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::{StoreError, Tx};

/// A table of the schema.
pub(super) struct Table {
    pub(super) name: String,
    /// In the order of the schema.
    pub(super) columns: Vec<Column>,
    /// The columns of its primary key.
    pub(super) key: Vec<String>,
    /// The tables that its rows refer to.
    parents: BTreeSet<String>,
}

/// A column of a table.
#[derive(QueryableByName)]
pub(super) struct Column {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    /// As the schema declares it, such as `INTEGER`.
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
    /// Its place in the primary key from 1; 0 if it is none of its columns.
    #[diesel(sql_type = BigInt)]
    key: i64,
    #[diesel(sql_type = Bool)]
    pub(super) needed: bool,
}

impl Column {
    pub(super) fn is_bytes(&self) -> bool {
        self.kind == "BLOB"
    }
}

/// Every table but the database's own, by name.
pub(super) fn tables(tx: &mut Tx) -> Result<Vec<Table>, StoreError> {
    let names: Vec<Name> = sql_query(TABLES).load(&mut tx.connection)?;
    names
        .into_iter()
        .map(|Name { name }| table(tx, name))
        .collect()
}

/// The migrations that made the tables, in their order.
pub(super) fn migrations(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let names: Vec<Name> = sql_query(MIGRATIONS).load(&mut tx.connection)?;
    Ok(names.into_iter().map(|Name { name }| name).collect())
}

/// How far the tables that number their rows have come.
pub(super) fn counters(tx: &mut Tx) -> Result<BTreeMap<String, i64>, StoreError> {
    let counters: Vec<Counter> = sql_query(COUNTERS).load(&mut tx.connection)?;
    Ok(counters
        .into_iter()
        .map(|Counter { name, last }| (name, last))
        .collect())
}

/// The tables in an order in which each stands behind those that it refers to.
pub(super) fn parents_first(mut tables: Vec<Table>) -> Vec<Table> {
    let mut ordered = Vec::with_capacity(tables.len());
    let mut there = BTreeSet::new();
    while !tables.is_empty() {
        let (next, later): (Vec<_>, Vec<_>) = tables.into_iter().partition(|table| {
            let mut parents = table.parents.iter();
            parents.all(|parent| *parent == table.name || there.contains(parent))
        });
        // Tables that refer to each other in a ring have no such order: they stay as they come.
        let (next, later) = if next.is_empty() {
            (later, Vec::new())
        } else {
            (next, later)
        };
        there.extend(next.iter().map(|table| table.name.clone()));
        ordered.extend(next);
        tables = later;
    }
    ordered
}

/// A name as SQL takes it, whatever it is.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn table(tx: &mut Tx, name: String) -> Result<Table, StoreError> {
    let columns: Vec<Column> = sql_query(COLUMNS)
        .bind::<Text, _>(&name)
        .load(&mut tx.connection)?;
    let parents: Vec<Name> = sql_query(PARENTS)
        .bind::<Text, _>(&name)
        .load(&mut tx.connection)?;
    let mut key: Vec<&Column> = columns.iter().filter(|column| column.key > 0).collect();
    key.sort_by_key(|column| column.key);
    Ok(Table {
        key: key.iter().map(|column| column.name.clone()).collect(),
        name,
        columns,
        parents: parents.into_iter().map(|Name { name }| name).collect(),
    })
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Counter {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '__diesel_schema_migrations' \
    ORDER BY name";
const COLUMNS: &str = "SELECT name, type AS kind, pk AS key, \"notnull\" AS needed \
    FROM pragma_table_info(?) ORDER BY cid";
const PARENTS: &str = "SELECT DISTINCT \"table\" AS name FROM pragma_foreign_key_list(?)";
const MIGRATIONS: &str = "SELECT version AS name FROM __diesel_schema_migrations ORDER BY version";
const COUNTERS: &str = "SELECT name, seq AS last FROM sqlite_sequence ORDER BY name";
