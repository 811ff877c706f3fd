//! Whether a body has the shape that a document prints: every printed key is there, with a value of the
//! printed kind. What is there besides does not matter.

use serde_json::Value;

/// Holds `actual` against what is printed, but for the keys in `missing`, by their dotted paths: these
/// must differ.
#[track_caller]
pub(super) fn holds(printed: &Value, actual: &Value, missing: &[&str]) {
    let mut problems = Vec::new();
    compare("", printed, actual, &mut problems);
    for path in missing {
        assert!(
            problems.iter().any(|(problem, _)| problem == path),
            "{path} is as printed\nin {actual:#}"
        );
    }
    problems.retain(|(path, _)| !missing.contains(&path.as_str()));
    assert!(problems.is_empty(), "{problems:#?}\nin {actual:#}");
}

fn compare(path: &str, printed: &Value, actual: &Value, problems: &mut Vec<(String, String)>) {
    match (printed, actual) {
        (Value::Object(printed), Value::Object(actual)) => {
            for (key, value) in printed {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                match actual.get(key) {
                    Some(found) => compare(&path, value, found, problems),
                    None => problems.push((path, "is missing".to_owned())),
                }
            }
        }
        (Value::Array(printed), Value::Array(actual)) => {
            for (at, value) in printed.iter().enumerate() {
                match actual.get(at) {
                    Some(found) => compare(path, value, found, problems),
                    None => problems.push((path.to_owned(), format!("has no entry {at}"))),
                }
            }
        }
        _ if kind(printed) == kind(actual) => {}
        _ => problems.push((
            path.to_owned(),
            format!("is {}, not {}", kind(actual), kind(printed)),
        )),
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[test]
fn what_is_missing_or_of_another_kind_is_found() {
    let printed = serde_json::json!({"a": [{"b": "x", "c": 1}], "d": true});
    let actual = serde_json::json!({"a": [{"b": 7, "e": 1}], "d": false});
    let mut problems = Vec::new();
    compare("", &printed, &actual, &mut problems);
    let paths: Vec<&str> = problems.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["a.b", "a.c"]);
}
