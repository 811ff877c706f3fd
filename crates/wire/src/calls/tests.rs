//! What clients send, and what comes of it.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

const OFFER: &str = "v=0\\r\\no=- 1 1 IN IP4 0.0.0.0\\r\\n";

fn read(body: &str) -> String {
    told(CallAction::parse(body.as_bytes(), Dialect::Graph))
}

fn told(result: Result<CallAction, ApiError>) -> String {
    match result {
        Ok(action) => format!("{action:?}"),
        Err(error) => format!("#{} {}", error.code.code(), error.details),
    }
}

/// What is known to be sent, each with who sends it or why.
fn sent() -> Vec<(&'static str, String)> {
    let session = |kind: &str| format!(r#""session":{{"sdp_type":"{kind}","sdp":"{OFFER}"}}"#);
    let product = r#""messaging_product":"whatsapp""#;
    vec![
        (
            "as documented",
            format!(
                r#"{{{product},"to":"14085551234","action":"connect",{},"biz_opaque_callback_data":"0fS5cePMok"}}"#,
                session("offer")
            ),
        ),
        (
            "pywa and Kapso call a business-scoped id",
            format!(
                r#"{{{product},"recipient":"US.13491208655302741918","action":"connect",{}}}"#,
                session("offer")
            ),
        ),
        (
            "to wins over recipient",
            format!(
                r#"{{{product},"to":"+1 408-555-1234","recipient":"US.1","action":"connect",{}}}"#,
                session("offer")
            ),
        ),
        (
            "an empty to is no to",
            format!(
                r#"{{{product},"to":"","recipient":"US.1","action":"connect",{}}}"#,
                session("offer")
            ),
        ),
        (
            "digits as an integer",
            format!(
                r#"{{{product},"to":14085551234,"action":"connect",{},"biz_opaque_callback_data":7}}"#,
                session("offer")
            ),
        ),
        (
            "Chatwoot: type audio, no action",
            format!(
                r#"{{{product},"to":"14085551234","type":"audio",{}}}"#,
                session("offer")
            ),
        ),
        (
            "upper case",
            format!(
                r#"{{"messaging_product":"WHATSAPP","call_id":"wacid.A","action":"PRE_ACCEPT",{}}}"#,
                session("ANSWER")
            ),
        ),
        (
            "pipecat: an extra to",
            format!(
                r#"{{{product},"to":"14085551234","call_id":"wacid.A","action":"accept",{}}}"#,
                session("answer")
            ),
        ),
        (
            "null is absent",
            format!(
                r#"{{{product},"call_id":"wacid.A","action":"accept","biz_opaque_callback_data":null,"connection":null,{}}}"#,
                session("answer")
            ),
        ),
        (
            "reject",
            format!(r#"{{{product},"call_id":"wacid.A","action":"reject"}}"#),
        ),
        (
            "terminate, with keys that we do not know",
            format!(
                r#"{{{product},"call_id":"wacid.A","action":"terminate","recording":{{"status":"ENABLED"}},"x":[1]}}"#
            ),
        ),
        (
            "legacy connection, JSON in JSON",
            format!(
                r#"{{{product},"to":"14085551234","action":"connect","connection":{{"webrtc":{{"sdp":"{{\"type\":\"offer\",\"sdp\":\"v=0\"}}"}}}}}}"#
            ),
        ),
        (
            "legacy connection, plain",
            format!(
                r#"{{{product},"call_id":"wacid.A","action":"accept","connection":{{"webrtc":{{"sdp":"v=0"}}}}}}"#
            ),
        ),
        (
            "both places, one description",
            format!(
                r#"{{{product},"call_id":"wacid.A","action":"accept","session":{{"sdp_type":"answer","sdp":"v=0"}},"connection":{{"webrtc":{{"sdp":"v=0"}}}}}}"#
            ),
        ),
    ]
}

#[test]
fn what_clients_send_is_taken() {
    let mut story = String::new();
    for (why, body) in &sent() {
        writeln!(story, "{why}\n  {body}\n  = {}\n", read(body)).expect("a string takes text");
    }
    insta::assert_snapshot!("taken", story);
}

#[test]
fn what_could_mean_two_things_or_nothing_is_refused() {
    let product = r#""messaging_product":"whatsapp""#;
    let answer = r#""session":{"sdp_type":"answer","sdp":"v=0"}"#;
    let long = "x".repeat(513);
    let bodies = [
        String::new(),
        "  \n".to_owned(),
        "{".to_owned(),
        "{\n  \"action\": connect\n}".to_owned(),
        "{'".to_owned(),
        "[]".to_owned(),
        "\"connect\"".to_owned(),
        format!("{{{product}}} trailing"),
        "[".repeat(200),
        format!(r#"{{{product},"action":"accept","action":"reject","call_id":"wacid.A"}}"#),
        format!(
            r#"{{{product},"call_id":"wacid.A","action":"accept","session":{{"sdp":"a","sdp":"b","sdp_type":"answer"}}}}"#
        ),
        format!(r#"{{"call_id":"wacid.A","action":"accept",{answer}}}"#),
        format!(
            r#"{{"messaging_product":"instagram","call_id":"wacid.A","action":"accept",{answer}}}"#
        ),
        format!(r#"{{{product}}}"#),
        format!(r#"{{{product},"action":"dial","call_id":"wacid.A"}}"#),
        format!(r#"{{{product},"action":["accept"],"call_id":"wacid.A"}}"#),
        format!(r#"{{{product},"call_id":"wacid.A",{answer}}}"#),
        format!(r#"{{{product},"action":"reject"}}"#),
        format!(r#"{{{product},"action":"reject","call_id":12345678901234567890123456789}}"#),
        format!(r#"{{{product},"action":"reject","call_id":"12345"}}"#),
        format!(r#"{{{product},"action":"reject","call_id":true}}"#),
        format!(r#"{{{product},"action":"connect","session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#),
        format!(
            r#"{{{product},"action":"connect","to":"0044123456","session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"connect","to":1e400,"session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"connect","to":1.5,"session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"connect","to":-14085551234,"session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"connect","to":"US.13491208655302741918","session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"connect","recipient":"14085551234","session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"connect","recipient":"nobody","session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(r#"{{{product},"action":"connect","to":"14085551234"}}"#),
        format!(
            r#"{{{product},"action":"connect","to":"14085551234","session":"{{\"sdp\":\"v=0\"}}"}}"#
        ),
        format!(r#"{{{product},"action":"connect","to":"14085551234","session":[]}}"#),
        format!(r#"{{{product},"action":"connect","to":"14085551234","session":{{"sdp":"v=0"}}}}"#),
        format!(r#"{{{product},"action":"connect","to":"14085551234",{answer}}}"#),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A","session":{{"sdp_type":"offer","sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A","session":{{"sdp_type":1,"sdp":"v=0"}}}}"#
        ),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A","session":{{"sdp_type":"answer","sdp":" "}}}}"#
        ),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A","session":{{"sdp_type":"answer","sdp":{{}}}}}}"#
        ),
        format!(r#"{{{product},"action":"accept","call_id":"wacid.A","connection":{{}}}}"#),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A","connection":{{"webrtc":{{"sdp":"{{oops"}}}}}}"#
        ),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A",{answer},"connection":{{"webrtc":{{"sdp":"v=1"}}}}}}"#
        ),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A",{answer},"biz_opaque_callback_data":"{long}"}}"#
        ),
        format!(
            r#"{{{product},"action":"accept","call_id":"wacid.A",{answer},"biz_opaque_callback_data":{{}}}}"#
        ),
    ];
    let mut story = String::new();
    for body in &bodies {
        let shown: String = body.chars().take(160).collect();
        let told = read(body);
        assert!(told.starts_with("#100 "), "{body} = {told}");
        writeln!(story, "{shown}\n  = {told}\n").expect("a string takes text");
    }
    insta::assert_snapshot!("refused", story);
}

#[test]
fn d360_asks_for_no_product() {
    let body = br#"{"action":"reject","call_id":"wacid.A"}"#;
    assert!(CallAction::parse(body, Dialect::D360).is_ok());
    assert!(CallAction::parse(body, Dialect::Graph).is_err());
    let wrong = br#"{"messaging_product":"sms","action":"reject","call_id":"wacid.A"}"#;
    assert!(CallAction::parse(wrong, Dialect::D360).is_err());
}

fn any_action() -> impl Strategy<Value = CallAction> {
    let call_id = "wacid\\.[!-~]{1,60}".prop_map(|it| it.parse().expect("a call id"));
    let sdp = "v=0[ -~\r\n\u{e9}\u{1F4DE}]{0,80}";
    let data = proptest::option::of(".{0,60}");
    let to = prop_oneof![
        "[1-9][0-9]{4,14}".prop_map(|it| Recipient::WaId(it.parse().expect("a number"))),
        "[A-Z]{2}\\.[0-9A-Za-z]{1,30}".prop_map(|it| Recipient::Bsuid(it.parse().expect("an id"))),
    ];
    (0..5, call_id, sdp, data, to).prop_map(|(verb, call_id, sdp, callback_data, to)| match verb {
        0 => CallAction::Connect {
            to,
            offer: sdp,
            callback_data,
        },
        1 => CallAction::PreAccept {
            call_id,
            answer: sdp,
        },
        2 => CallAction::Accept {
            call_id,
            answer: sdp,
            callback_data,
        },
        3 => CallAction::Reject { call_id },
        _ => CallAction::Terminate { call_id },
    })
}

/// Bodies that look right from afar: our keys, anything behind them.
fn near_bodies() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(whatsapp|connect|accept|pre_accept|reject|offer|answer|wacid\\.A|v=0|1408[0-9]{7}|.{0,8})".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 8, |inner| {
        let key = prop_oneof![
            Just("messaging_product"),
            Just("action"),
            Just("to"),
            Just("recipient"),
            Just("call_id"),
            Just("session"),
            Just("sdp_type"),
            Just("sdp"),
            Just("connection"),
            Just("webrtc"),
            Just("type"),
            Just("biz_opaque_callback_data"),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..8)
                .prop_map(|it| it.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_the_client_writes_the_platform_reads(action in any_action()) {
        for dialect in [Dialect::Graph, Dialect::D360] {
            prop_assert_eq!(CallAction::parse(&action.to_body(), dialect), Ok(action.clone()));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = CallAction::parse(&bytes, Dialect::Graph);
    }

    #[test]
    fn no_json_panics(body in near_bodies()) {
        let _ = CallAction::parse(body.to_string().as_bytes(), Dialect::D360);
    }

    #[test]
    fn no_cut_panics(action in any_action(), at in 0.0..1.0) {
        let body = action.to_body();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place inside a short body")]
        let cut = (body.len() as f64 * at) as usize;
        prop_assert!(CallAction::parse(&body[..cut], Dialect::Graph).is_err());
    }
}
