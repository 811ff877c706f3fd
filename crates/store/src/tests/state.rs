//! All records as one document: nothing is left out, it comes back as it went, and a bad one is
//! refused by table and row.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::state::{self, Document, PutError};

use super::*;

/// Of two with one number the second would be taken as done, without a word.
#[test]
fn every_migration_has_a_number_of_its_own() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for database in ["exchange", "gateway"] {
        let mut numbers = BTreeSet::new();
        for migration in fs::read_dir(folder.join(database)).expect("migrations") {
            let name = migration.expect("a folder").file_name();
            let name = name.to_str().expect("letters");
            let number = name.split('_').next().map(str::to_owned);
            assert!(numbers.insert(number), "{database}/{name} has another's");
        }
    }
}

#[test]
fn every_table_that_a_migration_makes_is_in_it() {
    let mut store = store();
    let document = read(&in_tx(&mut store, state::export));
    let there: BTreeSet<String> = document.tables.into_keys().collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/exchange");
    let mut made = BTreeSet::new();
    let migrations = fs::read_dir(folder).expect("migrations");
    let in_order: BTreeSet<_> = migrations
        .map(|migration| migration.expect("a folder").path().join("up.sql"))
        .collect();
    for up in in_order {
        let text = fs::read_to_string(up).expect("a migration");
        for line in text.lines() {
            let words: Vec<&str> = line.split([' ', '(', ';', '"']).collect();
            match words[..] {
                ["CREATE", "TABLE", name, ..] => drop(made.insert(name.to_owned())),
                ["DROP", "TABLE", name, ..] => drop(made.remove(name)),
                ["ALTER", "TABLE", from, "RENAME", "TO", to, ..] => {
                    made.remove(from);
                    made.insert(to.to_owned());
                }
                _ => {}
            }
        }
    }
    assert_eq!(there, made);
    let checked: BTreeSet<String> = include_str!("../schema.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.strip_suffix(") {"))
        .filter_map(|line| line.split_once(" (").map(|(name, _)| name.to_owned()))
        .collect();
    assert_eq!(there, checked, "what queries are checked against");
}

#[test]
fn a_document_is_written_as_people_compare_it() {
    let mut store = store();
    let text = in_tx(&mut store, state::export);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&r#""app": ["#), "{text}");
    let app = r#"  {"id":"67000001","name":"app 1","secret":"secret 1"}"#;
    assert!(lines.contains(&app), "{text}");
    assert!(lines.contains(&r#""call": [],"#), "{text}");
}

#[test]
fn it_comes_back_as_it_went() {
    let mut from = store();
    in_tx(&mut from, |tx| {
        let notice = outbox::outgoing(1);
        crate::deliveries::insert(tx, &notice, b"\x00bytes\xff", at(7))?;
        crate::deliveries::insert(tx, &notice, b"", at(8)).map(drop)
    });
    let text = in_tx(&mut from, state::export);

    let mut to = Store::open(&Place::Memory).expect("a store");
    to.transaction(|tx| state::put(tx, &read(&text)))
        .expect("a document that fits");
    assert_eq!(in_tx(&mut to, state::export), text);
    // It goes on from where it had come.
    let next = in_tx(&mut to, |tx| {
        crate::deliveries::insert(tx, &outbox::outgoing(1), b"", at(9))
    });
    assert_eq!(next.0, 3);
    // And over records that are there, as well as over none.
    to.transaction(|tx| state::put(tx, &read(&text)))
        .expect("a document that fits");
    assert_eq!(in_tx(&mut to, state::export), text);
}

#[test]
fn all_can_be_forgotten() {
    let mut store = store();
    in_tx(&mut store, state::clear);
    assert_eq!(in_tx(&mut store, state::row_count), 0);
    in_tx(&mut store, furnish);
}

#[test]
fn a_bad_document_is_refused_by_table_and_row_and_changes_nothing() {
    let mut store = store();
    let text = in_tx(&mut store, state::export);
    let said: Vec<String> = [
        ("\"dialtone_state\": 1", "\"dialtone_state\": 2"),
        ("\"user\": [", "\"users\": ["),
        ("\"call\": [],\n", ""),
        ("\"name\":\"Pablo\"", "\"nick\":\"Pablo\""),
        ("\"name\":\"Pablo\",", ""),
        ("\"name\":\"Pablo\"", "\"name\":null"),
        ("\"name\":\"Pablo\"", "\"name\":5"),
        ("\"created_at\":0", "\"created_at\":\"now\""),
        ("\"created_at\":0", "\"created_at\":1.5"),
        ("{\"waba_id\":\"102290129340398\"", "{\"waba_id\":\"1\""),
        (
            "{\"id\":\"67000001\"",
            "{\"id\":\"67000001\",\"name\":\"\",\"secret\":\"\"},\n{\"id\":\"67000001\"",
        ),
    ]
    .into_iter()
    .map(|(good, bad)| {
        assert!(text.contains(good), "{good}");
        let refused = store.transaction(|tx| state::put(tx, &read(&text.replacen(good, bad, 1))));
        match refused {
            Err(PutError::Fault(fault)) => fault.to_string(),
            other => panic!("{bad}: {other:?}"),
        }
    })
    .collect();
    insta::assert_snapshot!(said.join("\n"));
    assert_eq!(in_tx(&mut store, state::export), text);
}

fn read(text: &str) -> Document {
    serde_json::from_str(text).expect("a document")
}
