//! Which handlers can be made ready.

use super::*;

#[test]
fn a_key_of_another_kind_is_named() {
    let error = |spec: serde_json::Value| {
        let spec: HandlerSpec = serde_json::from_value(spec).expect("a description");
        spec.ready(Files::Nowhere)
            .expect_err("it is wrong")
            .to_string()
    };
    assert_eq!(
        error(serde_json::json!({"kind": "echo", "hz": 440})),
        "hz: only the handler tone has it"
    );
    assert_eq!(
        error(serde_json::json!({"kind": "tone", "hz": 7})),
        "hz: must be 20 to 20000"
    );
    assert_eq!(
        error(serde_json::json!({"kind": "play"})),
        "file: the handler play needs one"
    );
    assert_eq!(
        error(serde_json::json!({"kind": "play", "file": "a.wav"})),
        "file: this gateway has no data folder, so it keeps no sounds"
    );
}

#[test]
fn a_sound_stays_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["../etc/passwd", "/etc/passwd", ".hidden", "a b", ""] {
        let spec = HandlerSpec {
            kind: HandlerKind::Play,
            file: Some(name.to_owned()),
            ..HandlerSpec::default()
        };
        let error = spec.ready(Files::In(folder.path())).unwrap_err();
        assert_eq!(error, HandlerError::NotAName, "{name}");
    }
}

#[test]
fn record_records_and_others_may() {
    let records = |kind, record| {
        let spec = HandlerSpec {
            kind,
            record,
            ..HandlerSpec::default()
        };
        spec.ready(Files::Nowhere).unwrap().records()
    };
    assert!(records(HandlerKind::Record, false));
    assert!(records(HandlerKind::Echo, true));
    assert!(!records(HandlerKind::Echo, false));
}
