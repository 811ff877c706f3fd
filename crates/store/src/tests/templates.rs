//! Templates: every part and every state comes back as it went in, listed in pages and by what is asked.

use rules::rate::Bucket;
use rules::template::{Edits, HeldName, Review, Status};
use types::template::{
    Button, Category, Component, Examples, MediaFormat, MediaHeader, RejectReason, Template,
    TemplateText, VariableNames,
};

use super::*;
use crate::held_names;
use crate::templates::{self, Search, TemplateFilter, TemplateRow};

fn row(n: u64, name: &str, language: &str) -> TemplateRow {
    TemplateRow {
        seq: 0,
        id: n.to_string().parse().expect("an id"),
        waba: waba(),
        template: Template {
            name: name.to_owned(),
            language: language.to_owned(),
            category: Category::Utility,
            variables: VariableNames::Positional,
            components: vec![Component::Footer(format!("footer {n}"))],
        },
        review: Review::Approved,
        edits: Edits(vec![at(n)]),
        created_at: at(n),
        changed_at: at(n),
    }
}

/// Adds a template; it as it is kept.
fn added(store: &mut Store, mut row: TemplateRow) -> TemplateRow {
    row.seq = in_tx(store, |tx| templates::insert(tx, &row));
    row
}

#[test]
fn every_part_comes_back() {
    let mut store = store();
    let mut whole = row(1, "whole", "en");
    let text = |text: &str, examples| TemplateText {
        text: text.to_owned(),
        examples,
    };
    whole.template.variables = VariableNames::Named;
    whole.template.components = vec![
        Component::Header(text(
            "Hi {{name}}",
            Examples::ByName(vec![("name".into(), "A".into())]),
        )),
        Component::Body(text("Order {{1}}!", Examples::ByPlace(vec!["ON-1".into()]))),
        Component::Body(text("Plain", Examples::None)),
        Component::MediaHeader(MediaHeader {
            format: MediaFormat::Image,
            handle: Some("4::aW".to_owned()),
        }),
        Component::Footer("Bye".to_owned()),
        Component::PermissionRequest,
        Component::Buttons(vec![
            Button::VoiceCall {
                text: "Call".to_owned(),
                ttl_minutes: Some(1_440),
            },
            Button::Url {
                text: "Open".to_owned(),
                url: "https://example.com/{{1}}".to_owned(),
                example: Some("x".to_owned()),
            },
            Button::PhoneNumber {
                text: "Dial".to_owned(),
                phone_number: "+4915".to_owned(),
            },
            Button::QuickReply {
                text: "No".to_owned(),
            },
        ]),
    ];
    let mut whole = added(&mut store, whole);
    for review in [
        Review::Pending { ends_at: None },
        Review::Pending {
            ends_at: Some(at(7)),
        },
        Review::Approved,
        Review::Rejected {
            reason: RejectReason::Scam,
        },
        Review::Paused,
        Review::Disabled,
    ] {
        whole.review = review;
        whole.changed_at = at(8);
        in_tx(&mut store, |tx| templates::update(tx, &whole));
        let found = in_tx(&mut store, |tx| templates::find(tx, &whole.id));
        assert_eq!(found.as_ref(), Some(&whole));
    }
    let by_name = in_tx(&mut store, |tx| {
        templates::find_by_name(tx, &waba(), "whole", "en")
    });
    assert_eq!(by_name, Some(whole));
}

#[test]
fn a_name_is_there_once_in_each_language() {
    let mut store = store();
    added(&mut store, row(1, "a", "en"));
    added(&mut store, row(2, "a", "de"));
    let twice = store.transaction(|tx| templates::insert(tx, &row(3, "a", "en")));
    assert!(twice.is_err());
    assert_eq!(in_tx(&mut store, |tx| templates::names(tx, &waba())), 1);
}

#[test]
fn listed_in_pages_and_by_what_is_asked() {
    let mut store = store();
    for (n, name, language) in [
        (1, "a", "en"),
        (2, "a", "de"),
        (3, "b", "en"),
        (4, "c", "en"),
    ] {
        added(&mut store, row(n, name, language));
    }
    let mut ids = |filter: TemplateFilter, rows: usize| {
        let found = in_tx(&mut store, |tx| templates::list(tx, &filter, rows));
        let ids: Vec<String> = found.iter().map(|row| row.id.to_string()).collect();
        ids.join(" ")
    };
    let all = TemplateFilter::default;
    assert_eq!(ids(all(), 9), "4 3 2 1");
    assert_eq!(ids(all(), 2), "4 3");
    let before = Some(3);
    assert_eq!(ids(TemplateFilter { before, ..all() }, 2), "2 1");
    let after = Some(1);
    assert_eq!(ids(TemplateFilter { after, ..all() }, 2), "3 2");
    assert_eq!(ids(TemplateFilter { skip: 3, ..all() }, 9), "1");
    let name = Some("a".to_owned());
    assert_eq!(ids(TemplateFilter { name, ..all() }, 9), "2 1");
    let languages = vec!["de".to_owned(), "fr".to_owned()];
    assert_eq!(ids(TemplateFilter { languages, ..all() }, 9), "2");
    for (statuses, wanted) in [
        (vec![Status::Paused], ""),
        (vec![], ""),
        (vec![Status::Paused, Status::Approved], "4 3 2 1"),
    ] {
        let statuses = Some(statuses);
        assert_eq!(ids(TemplateFilter { statuses, ..all() }, 9), wanted);
    }
    let categories = vec![Category::Marketing];
    assert_eq!(
        ids(
            TemplateFilter {
                categories,
                ..all()
            },
            9
        ),
        ""
    );
    let content = |words: &str| TemplateFilter {
        search: Some(Search::Content(words.to_owned())),
        ..all()
    };
    assert_eq!(ids(content("FOOTER"), 2), "4 3");
    assert_eq!(ids(content("footer 3"), 9), "3");
    assert_eq!(ids(content("a"), 9), "");
    let skipped = TemplateFilter {
        skip: 3,
        ..content("footer")
    };
    assert_eq!(ids(skipped, 9), "1");
    let search = Some(Search::NameOrContent("A".to_owned()));
    assert_eq!(ids(TemplateFilter { search, ..all() }, 9), "2 1");
    let count = in_tx(&mut store, |tx| {
        templates::count(
            tx,
            &TemplateFilter {
                before: Some(2),
                waba: Some(waba()),
                ..all()
            },
        )
    });
    assert_eq!(count, 4, "pages do not count");
    let found = in_tx(&mut store, |tx| templates::count(tx, &content("footer 3")));
    assert_eq!(found, 1);
    let id = "2".parse().expect("an id");
    assert!(in_tx(&mut store, |tx| templates::remove(tx, &id)));
    assert!(!in_tx(&mut store, |tx| templates::remove(tx, &id)));
}

#[test]
fn reviews_are_due_in_their_order() {
    let mut store = store();
    for (n, ends_at) in [(1, Some(50)), (2, Some(30)), (3, None), (4, Some(90))] {
        let mut pending = row(n, &format!("t{n}"), "en");
        pending.review = Review::Pending {
            ends_at: ends_at.map(at),
        };
        added(&mut store, pending);
    }
    let next = in_tx(&mut store, templates::next_deadline);
    assert_eq!(next, Some(at(30)));
    let due = in_tx(&mut store, |tx| templates::due(tx, at(50), 9));
    let due: Vec<String> = due.iter().map(|row| row.id.to_string()).collect();
    assert_eq!(due, ["2", "1"]);
}

#[test]
fn names_are_held_until_their_time_is_over() {
    let mut store = store();
    let held = |language: &str, until| HeldName {
        language: language.to_owned(),
        until: at(until),
    };
    in_tx(&mut store, |tx| {
        held_names::hold(tx, &waba(), "a", &held("en", 10))?;
        held_names::hold(tx, &waba(), "a", &held("de", 20))?;
        held_names::hold(tx, &waba(), "b", &held("en", 30))?;
        // Removed once more: the later time counts.
        held_names::hold(tx, &waba(), "a", &held("en", 15))
    });
    let mut of_a = || in_tx(&mut store, |tx| held_names::find(tx, &waba(), "a"));
    assert_eq!(of_a(), [held("de", 20), held("en", 15)]);
    in_tx(&mut store, |tx| held_names::release(tx, at(15)));
    let left = in_tx(&mut store, |tx| held_names::find(tx, &waba(), "a"));
    assert_eq!(left, [held("de", 20)]);
}

#[test]
fn the_templates_that_an_account_makes_are_counted() {
    let mut store = store();
    let count = |store: &mut Store| in_tx(store, |tx| wabas::new_templates(tx, &waba()));
    assert_eq!(count(&mut store), Bucket::default());
    let used = Bucket {
        owed: 36_000,
        at: Some(at(7)),
    };
    in_tx(&mut store, |tx| {
        wabas::save_new_templates(tx, &waba(), used)
    });
    assert_eq!(count(&mut store), used);
}
