//! Hostile JSON.

use super::*;

fn refusal(body: &str) -> String {
    object(body.as_bytes()).expect_err(body).details
}

#[test]
fn says_where() {
    assert_eq!(
        refusal("{\n \"a\": }"),
        "The body is not valid JSON at line 2, column 7: expected value."
    );
    assert_eq!(
        refusal("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}"),
        "The body is not valid JSON at line 1, column 26: the key \"c\" stands twice."
    );
}

#[test]
fn depth_is_bounded() {
    let deep = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(refusal(&deep).contains("recursion limit"));
    let brackets = "[".repeat(1_000_000);
    assert!(refusal(&brackets).contains("recursion limit"));
}

#[test]
fn a_key_is_compared_as_it_is_meant() {
    assert!(refusal(r#"{"a":1,"\u0061":2}"#).contains("stands twice"));
}

#[test]
fn not_utf_8() {
    let details = object(b"{\"a\":\"\xff\"}").expect_err("not UTF-8").details;
    assert!(
        details.starts_with("The body is not valid JSON at line 1"),
        "{details}"
    );
    let mark = object(b"\xef\xbb\xbf{}")
        .expect_err("a byte order mark")
        .details;
    assert!(
        mark.starts_with("The body is not valid JSON at line 1"),
        "{mark}"
    );
}

#[test]
fn what_is_quoted_is_bounded() {
    let quoted = shortened(&"é".repeat(1_000));
    assert_eq!(quoted.chars().count(), QUOTED_CHARS_MAX + 3);
    assert_eq!(shortened("a\r\nb"), r#""a\r\nb""#);
}
