//! The table holds together, and its envelopes are what clients read.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use testkit::json::pretty;

use super::*;

#[test]
fn the_whole_table() {
    let mut table = String::new();
    for row in ErrorCode::ALL.iter().map(|it| it.row()) {
        let mut words = Vec::new();
        for (word, holds) in [
            ("retry", row.retryable),
            ("transient", row.transient),
            ("gateway", row.by_gateway),
            ("provokable", row.provokable),
        ] {
            if holds {
                words.push(word);
            }
        }
        writeln!(
            table,
            "{:>6} {} {} [{}]",
            row.code,
            row.http_status,
            row.title,
            words.join(" ")
        )
        .expect("a string takes text");
        assert!(
            row.retryable || !row.transient,
            "{}: transient but not to be retried",
            row.code
        );
        assert!((400..=599).contains(&row.http_status), "{}", row.code);
    }
    insta::assert_snapshot!("table", table);
}

#[test]
fn codes_rise_and_are_found() {
    for pair in ErrorCode::ALL.windows(2) {
        assert!(pair[0].code() < pair[1].code(), "{pair:?}");
    }
    for code in ErrorCode::ALL {
        assert_eq!(ErrorCode::from_code(code.code()), Some(*code));
    }
    assert_eq!(ErrorCode::from_code(138_016), None);
}

#[test]
fn graph_envelope() {
    let error = ApiError::new(
        ErrorCode::NoCallPermission,
        "The user has not allowed calls.",
    );
    insta::assert_snapshot!("graph", pretty(&error.graph_body("AbC123")));
}

#[test]
fn graph_envelope_for_a_path_that_names_nothing() {
    let error = ApiError::no_such_object("There is no phone number id 1.");
    insta::assert_snapshot!("graph_no_such_object", pretty(&error.graph_body("AbC123")));
}

#[test]
fn d360_envelope_of_the_platform() {
    let error = ApiError::parameter("call_id is missing.");
    assert_eq!(error.d360_body("AbC123"), error.graph_body("AbC123"));
}

#[test]
fn d360_envelope_of_the_gateway() {
    let error = ApiError::new(ErrorCode::InvalidAccessToken, "The key is not known.");
    insta::assert_snapshot!("d360_gateway", pretty(&error.d360_body("AbC123")));
}

/// A page for every code that can be met here, and no page for any other.
#[test]
fn every_code_that_can_be_met_has_its_page() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    let rows = || ErrorCode::ALL.iter().map(|it| it.row());
    let wanted: BTreeSet<String> = rows().filter_map(Row::page).collect();
    let there: BTreeSet<String> = std::fs::read_dir(&pages)
        .expect("docs/errors is there")
        .map(|it| {
            it.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|it| it != "README.md")
        .collect();
    assert_eq!(
        there, wanted,
        "left: pages in docs/errors, right: provokable codes"
    );

    let index = std::fs::read_to_string(pages.join("README.md")).expect("docs/errors/README.md");
    for row in rows() {
        let text = row.page().map_or_else(
            || format!("| {} |", row.code),
            |page| format!("| [{}]({page}) |", row.code),
        );
        assert!(
            index.contains(&text),
            "docs/errors/README.md has no row that starts with {text}"
        );
        let Some(page) = row.page() else { continue };
        let page_text = std::fs::read_to_string(pages.join(&page)).expect("the page is readable");
        let heading = format!("# {}: {}\n", row.code, row.title);
        assert!(
            page_text.starts_with(&heading),
            "{page} must start with {heading:?}"
        );
        let status = format!("HTTP {}", row.http_status);
        assert!(page_text.contains(&status), "{page} does not name {status}");
        for section in ["## What happened", "## What to do"] {
            assert!(
                page_text.contains(section),
                "{page} has no section {section:?}"
            );
        }
    }
}
