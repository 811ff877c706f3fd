//! What is asked to be made of a call, and what of that cannot be.

use crate::{CallAction, Dialect};

/// Nothing, or what is wrong with a call that is accepted so.
fn told(wishes: &str) -> Option<String> {
    let body = format!(
        r#"{{"messaging_product":"whatsapp","call_id":"wacid.A","action":"accept",
            "session":{{"sdp_type":"answer","sdp":"v=0"}},{wishes}}}"#
    );
    let read = CallAction::parse(body.as_bytes(), Dialect::Graph);
    read.err().map(|error| error.details)
}

#[test]
fn wishes_that_can_be() {
    for wishes in [
        r#""recording":null"#,
        r#""recording":{"status":"enabled","purpose":"training","announcement_language":"es_ES"}"#,
        r#""recording":{"status":"DISABLED"},"transcription":{"status":"ENABLED","purpose":"notes"}"#,
    ] {
        assert_eq!(told(wishes), None, "{wishes}");
    }
}

#[test]
fn wishes_that_cannot_be() {
    let long = format!(
        r#""transcription":{{"status":"DISABLED","purpose":"{}"}}"#,
        "p".repeat(251)
    );
    for (wishes, said) in [
        (
            r#""recording":true"#,
            "recording is a boolean. It must be an object.",
        ),
        (
            r#""recording":{}"#,
            "The parameter recording.status is missing.",
        ),
        (
            r#""transcription":{"status":"ON"}"#,
            "transcription.status is \"ON\". It must be one of ENABLED, DISABLED.",
        ),
        (
            r#""recording":{"status":"ENABLED"}"#,
            "The parameter recording.purpose is missing.",
        ),
        (
            &long,
            "transcription.purpose has 251 characters. At most 250 are allowed.",
        ),
        (
            r#""recording":{"status":"ENABLED","purpose":"x","announcement_language":"en-US"}"#,
            "recording.announcement_language is \"en-US\". It must be one of en, en_US,",
        ),
    ] {
        let told = told(wishes).expect(wishes);
        assert!(told.starts_with(said), "{wishes}: {told}");
    }
}
