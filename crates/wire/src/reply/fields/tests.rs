//! What clients ask for, and what they get.

use serde_json::{Value, json};

use super::*;

const SHOP: Node = Node {
    kind: "Shop",
    unset: &["currency"],
    edges: &["orders"],
};

fn told(asked: &str) -> String {
    let shop: Value = json!({
        "id": "1", "name": "Bakery", "owner": {"name": "Ada", "town": {"name": "Ulm", "zip": 89}},
        "numbers": {"data": [{"id": "2", "digits": "15"}, {"digits": "16"}], "paging": {}},
        "tags": [{"a": 1, "b": 2}, 3],
    });
    match fields(&shop, Some(asked), &SHOP) {
        Ok(bytes) => String::from_utf8(bytes).expect("UTF-8"),
        Err(error) => error.details,
    }
}

#[test]
fn parts_and_parts_of_parts() {
    for (asked, wanted) in [
        ("", r#"{"id":"1"}"#),
        (" name , ", r#"{"id":"1","name":"Bakery"}"#),
        ("name,currency", r#"{"id":"1","name":"Bakery"}"#),
        ("owner{name}", r#"{"id":"1","owner":{"name":"Ada"}}"#),
        (
            "owner { town { zip , mayor } } , name",
            r#"{"id":"1","name":"Bakery","owner":{"town":{"zip":89}}}"#,
        ),
        (
            "numbers.limit(2).after(x,y){digits}",
            r#"{"id":"1","numbers":{"data":[{"digits":"15","id":"2"},{"digits":"16"}],"paging":{}}}"#,
        ),
        (
            "tags{b},name{x}",
            r#"{"id":"1","name":"Bakery","tags":[{"b":2},3]}"#,
        ),
    ] {
        assert_eq!(told(asked), wanted, "{asked}");
    }
}

#[test]
fn what_cannot_be_asked_for_is_said() {
    let deep = "name{".repeat(9);
    for (asked, said) in [
        (
            "id,nmae",
            "Tried accessing nonexisting field (nmae) on node type (Shop). Its fields here are id, name,",
        ),
        ("orders{id}", "Ask for it by itself: GET /{id}/orders."),
        (
            "owner{name",
            "has the end, and a brace is open at character 10",
        ),
        ("name}", "has a brace that closes nothing"),
        ("name.limit(1", "has a parenthesis that nothing closes"),
        ("name;id", "has no name, comma or brace at character 5"),
        (&deep, "has one brace too many"),
    ] {
        let told = told(asked);
        assert!(told.contains(said), "{asked}: {told}");
    }
}

#[test]
fn how_a_field_is_asked_for() {
    let asked = |text| asked_for(text, "numbers").expect("readable");
    assert_eq!(asked(None), Asked::Not);
    assert_eq!(asked(Some("id,owner{numbers}")), Asked::Not);
    assert_eq!(asked(Some("id,numbers.limit(1)")), Asked::Whole);
    assert_eq!(asked(Some("numbers{id}")), Asked::InParts);
}
