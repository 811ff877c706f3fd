//! Documents that name tests as their evidence: each named test is there.

use crate::{hold, source};

/// How a document names a test: the file from the project's root, two colons, the function.
const EXAMPLE: &str = "`crates/wire/src/error/tests.rs::codes_rise_and_are_found`";

#[test]
fn every_test_that_a_document_names_is_there() {
    let mut problems = Vec::new();
    let mut named = 0;
    for document in source::all(&[".md"]) {
        for (line, file, function) in tests_named(&document.text) {
            named += 1;
            if !is_test(file, function) {
                problems.push(format!(
                    "{}:{line}: there is no test `{file}::{function}`; name one that is there, as in \
                     {EXAMPLE}, because a statement without evidence is a wish",
                    document.path
                ));
            }
        }
    }
    hold(&problems);
    assert!(named > 0, "docs/guide/seeds.md names its tests");
}

#[test]
fn every_statement_of_the_seeds_has_its_evidence() {
    let path = "docs/guide/seeds.md";
    let problems: Vec<String> = rows_without_evidence(&source::read(path))
        .into_iter()
        .map(|line| {
            format!(
                "{path}:{line}: a statement has a test that holds it, as in {EXAMPLE}, or says `no \
                 test:` and why"
            )
        })
        .collect();
    hold(&problems);
}

#[test]
fn a_missing_test_is_caught() {
    let text = "| a | `crates/wire/src/error/tests.rs::codes_rise_and_are_found` |\n\
                | b | `crates/wire/src/error/tests.rs::codes_fall` |\n";
    let named = tests_named(text);
    assert_eq!(named.len(), 2);
    assert!(is_test(named[0].1, named[0].2));
    assert_eq!(named[1].0, 2);
    assert!(!is_test(named[1].1, named[1].2));
    let table =
        "| says | test |\n|---|---|\n| a | `x.rs::y` |\n| b | none |\n| c | no test: a picture |\n";
    assert_eq!(rows_without_evidence(table), [4]);
}

/// The tests that a text names: line, file and function of each.
fn tests_named(text: &str) -> Vec<(usize, &str, &str)> {
    let mut named = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for quoted in line.split('`').skip(1).step_by(2) {
            if let Some((file, function)) = quoted.split_once(".rs::") {
                named.push((number + 1, &quoted[..file.len() + 3], function));
            }
        }
    }
    named
}

fn is_test(file: &str, function: &str) -> bool {
    let Ok(text) = std::fs::read_to_string(source::root().join(file)) else {
        return false;
    };
    text.split("fn ").skip(1).any(|after| {
        after
            .strip_prefix(function)
            .is_some_and(|rest| rest.starts_with('('))
    })
}

/// The lines of tables' rows that name neither a test nor why there is none.
fn rows_without_evidence(text: &str) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let is_row = |at: usize| lines.get(at).is_some_and(|it| it.starts_with('|'));
    let is_rule = |at: usize| lines.get(at).is_some_and(|it| it.starts_with("|---"));
    (0..lines.len())
        .filter(|at| is_row(*at) && !is_rule(*at) && !is_rule(at + 1))
        .filter(|at| !lines[*at].contains(".rs::") && !lines[*at].contains("no test:"))
        .map(|at| at + 1)
        .collect()
}
