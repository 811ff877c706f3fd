//! The sentences for typing mistakes.

use insta::assert_snapshot;
use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    #[expect(dead_code, reason = "only the reading is tested")]
    granted: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nested {
    #[expect(dead_code, reason = "only the reading is tested")]
    consents: Vec<Consent>,
}

#[test]
fn typing_mistakes_are_named() {
    let story = [
        refusal::<Consent>(r#"{"gratned":true}"#),
        refusal::<Consent>("{}"),
        refusal::<Consent>(r#"{"granted":"yes"}"#),
        refusal::<Nested>(r#"{"consents":[{"granted":true},{"granted":1}]}"#),
        refusal::<Consent>(r#"{"granted":true"#),
        refusal::<Consent>(r#"{"granted":true} {}"#),
        refusal::<Consent>(""),
    ];
    assert_snapshot!(story.join("\n"));
}

fn refusal<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> String {
    format!("{:?}", read_json::<T>(body.as_bytes()).expect_err(body))
}
