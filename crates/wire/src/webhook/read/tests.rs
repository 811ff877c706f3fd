//! Webhooks as they are documented, captured and mangled.

use proptest::prelude::*;

use super::*;

fn told(body: &str) -> String {
    match read(body.as_bytes()) {
        Ok(changes) => changes
            .iter()
            .map(|it| format!("{:#?}\n", it.notice))
            .collect(),
        Err(error) => format!("{error}\n"),
    }
}

fn envelope(value: &str) -> String {
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"366634483210360","changes":[{{"field":"calls","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"436666719526789","display_phone_number":"13175551399"}},{value}}}}}]}}]}}"#
    )
}

#[test]
fn a_users_call_as_360dialog_prints_it() {
    // From and to are the wrong way round there, and the direction is missing: the offer tells.
    insta::assert_snapshot!(
        "d360_user_connect",
        told(&envelope(
            r#""calls":[{"id":"wacid.A","to":"16315553601","from":"13175551399","event":"connect","timestamp":"1671644824","session":{"sdp_type":"offer","sdp":"v=0"}}]"#
        ))
    );
}

#[test]
fn the_answer_to_our_call_in_the_legacy_place() {
    insta::assert_snapshot!(
        "legacy_connection",
        told(&envelope(
            r#""calls":[{"id":"wacid.A","from":"13175551399","to":"12185552828","event":"connect","timestamp":1749196895,"direction":"BUSINESS_INITIATED","biz_opaque_callback_data":"x","connection":{"webrtc":{"sdp":"{\"sdp\":\"v=0\",\"type\":\"answer\"}"}}}]"#
        ))
    );
}

#[test]
fn errors_in_both_places_count_once() {
    let body = envelope(
        r#""calls":[{"id":"wacid.A","from":"12185552828","to":"13175551399","event":"terminate","timestamp":"1760681533","direction":"USER_INITIATED","status":"FAILED","start_time":"1760681513","end_time":"1760681533","duration":20,"errors":[{"code":138021,"title":"t","message":"t","error_data":{"details":"d"}}]}],"errors":[{"code":138021,"message":"t","href":"h","error_data":{"details":"d"}}]"#,
    );
    insta::assert_snapshot!("terminate_both_errors", told(&body));
}

#[test]
fn a_terminate_without_direction_or_contacts() {
    let body = envelope(
        r#""calls":[{"id":"wacid.A","from":"13175551399","to":"12185552828","event":"terminate","timestamp":"1","status":"Completed","duration":"7"}]"#,
    );
    insta::assert_snapshot!("terminate_bare", told(&body));
}

#[test]
fn a_user_without_a_number() {
    let body = envelope(
        r#""statuses":[{"id":"wacid.A","type":"call","status":"accepted","timestamp":"1","recipient_id":"US.134"}]"#,
    );
    insta::assert_snapshot!("status_bsuid", told(&body));
}

#[test]
fn what_is_no_call_is_named_and_left() {
    let bodies = [
        envelope(r#""calls":[{"id":"wacid.A","event":"call_recording_available"},{"event":"connect"},{"id":"wacid.B","event":"connect","timestamp":"1"}]"#),
        envelope(r#""statuses":[{"id":"wacid.A","status":"TERMINATE"},{"status":"RINGING"}]"#),
        envelope(r#""errors":[]"#),
        envelope(r#""calls":{}"#),
        r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{}}]},{"changes":null},7]}"#.to_owned(),
        r#"{"event":"call_permission_status","status":"GRANTED","waba_id":"1","recipient":"12185552828"}"#.to_owned(),
        r#"{"entry":[]}"#.to_owned(),
        r#"{"entry":7}"#.to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "{".to_owned(),
        String::new(),
    ];
    let story: String = bodies
        .iter()
        .map(|it| format!("{it}\n{}\n", told(it)))
        .collect();
    insta::assert_snapshot!("unread", story);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(calls|connect|terminate|RINGING|wacid\\.A|offer|[0-9]{0,30}|.{0,8})"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 60, 6, |inner| {
        let key = prop_oneof![
            Just("entry"),
            Just("changes"),
            Just("value"),
            Just("field"),
            Just("calls"),
            Just("statuses"),
            Just("errors"),
            Just("contacts"),
            Just("metadata"),
            Just("id"),
            Just("event"),
            Just("session"),
            Just("timestamp"),
            Just("duration"),
            Just("start_time"),
            Just("connection"),
            Just("status"),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..6)
                .prop_map(|it| it.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_json_panics(entry in any_json(), value in any_json()) {
        let _ = read(serde_json::json!({ "entry": entry }).to_string().as_bytes());
        let whole = serde_json::json!({ "entry": [{ "changes": [{ "field": "calls", "value": value }] }] });
        let _ = read(whole.to_string().as_bytes());
    }
}
