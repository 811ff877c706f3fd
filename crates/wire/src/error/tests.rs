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

/// What a preset chose is titled by what happened, whatever the code stands for elsewhere.
#[test]
fn titles_of_what_presets_choose() {
    let mut told = String::new();
    for name in Preset::NAMES {
        let preset = Preset::by_name(name).expect("a preset");
        for situation in Situation::ALL {
            let error = ApiError::chosen(situation, &preset, "");
            writeln!(told, "{name} {situation:?}: {error}{}", error.title).expect("text");
        }
    }
    insta::assert_snapshot!("titles_of_choices", told);

    let mut odd = Preset::meta_2026();
    odd.sdp.error_code = 7;
    let code = Situation::SdpFault.code(&odd);
    assert_eq!(code, ErrorCode::InvalidParameter, "the table has no 7");
    let code = ErrorCode::SdpValidation;
    assert_eq!(Situation::SdpFault.title(code), code.row().title);
    let code = ErrorCode::ReEngagement;
    assert_eq!(
        Situation::RequestOutsideWindow.title(code),
        code.row().title
    );
}

/// A page for every code, and no page for anything else.
#[test]
fn every_code_has_its_page() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    let rows = || ErrorCode::ALL.iter().map(|it| it.row());
    let wanted: BTreeSet<String> = rows().map(Row::page).collect();
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
    assert_eq!(there, wanted, "left: pages in docs/errors, right: codes");

    for row in rows() {
        let page = row.page();
        let text = std::fs::read_to_string(pages.join(&page)).expect("the page is readable");
        let mut lines = text.lines();
        let heading = format!("# {}: {}", row.code, row.title);
        assert_eq!(lines.next(), Some(heading.as_str()), "{page}");
        let facts = lines.nth(1).unwrap_or_default();
        let (first, last) = (format!("HTTP {} · ", row.http_status), again(row));
        assert!(
            facts.starts_with(&first) && facts.ends_with(last),
            "{page}: line 3 must say `{first}` .. `{last}`"
        );
        let mut rest = text.as_str();
        for section in ["## What happened", "## What to do", "## How to provoke it"] {
            let (_, after) = rest
                .split_once(section)
                .unwrap_or_else(|| panic!("{page} has no section {section:?} here"));
            rest = after;
        }
    }
}

const fn again(row: &Row) -> &'static str {
    if row.retryable {
        "unchanged: yes"
    } else {
        "unchanged: no"
    }
}
