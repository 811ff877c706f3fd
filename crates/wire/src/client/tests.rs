//! What the business's side writes, whole, and the shapes of answers that it reads.

use testkit::json::pretty;

use super::*;

fn call_id() -> CallId {
    "wacid.A".parse().expect("a call id")
}

#[test]
fn bodies() {
    let actions = [
        CallAction::Connect {
            to: Recipient::WaId("14085551234".parse().expect("a number")),
            offer: "v=0\r\n".to_owned(),
            callback_data: Some("0fS5cePMok".to_owned()),
        },
        CallAction::Connect {
            to: Recipient::Bsuid("US.13491208655302741918".parse().expect("an id")),
            offer: "v=0\r\n".to_owned(),
            callback_data: None,
        },
        CallAction::PreAccept {
            call_id: call_id(),
            answer: "v=0\r\n".to_owned(),
        },
        CallAction::Accept {
            call_id: call_id(),
            answer: "v=0\r\n".to_owned(),
            callback_data: None,
        },
        CallAction::Reject { call_id: call_id() },
        CallAction::Terminate { call_id: call_id() },
    ];
    let bodies: Vec<String> = actions.iter().map(|it| pretty(&it.to_body())).collect();
    insta::assert_snapshot!("bodies", bodies.join("\n\n"));
}

#[test]
fn where_and_as_whom() {
    let number: PhoneNumberId = "436666719526789".parse().expect("an id");
    assert_eq!(
        calls_path(Dialect::Graph, &number),
        "/436666719526789/calls"
    );
    assert_eq!(calls_path(Dialect::D360, &number), "/calling/calls");
    assert_eq!(
        auth_header(Dialect::Graph, "EAAx"),
        ("authorization", "Bearer EAAx".to_owned())
    );
    assert_eq!(
        auth_header(Dialect::D360, "k"),
        ("d360-api-key", "k".to_owned())
    );
}

#[test]
fn good_answers() {
    let ours = crate::reply::connected(&call_id());
    assert_eq!(read_connected(200, &ours), Ok(call_id()));
    assert_eq!(read_done(200, &crate::reply::call_action_done()), Ok(()));
    assert_eq!(read_done(200, br#"{"success":true}"#), Ok(()));
    assert!(read_done(200, br#"{"success":false}"#).is_err());
    assert!(read_connected(200, br#"{"success":true}"#).is_err());
}

#[test]
fn four_shapes_of_failure() {
    let told = |status, body: &str| {
        let failure = read_done(status, body.as_bytes()).expect_err(body);
        format!("{failure} retryable={}", failure.retryable())
    };
    let graph = r#"{"error":{"message":"(#138006) No approved call permission found","type":"OAuthException","code":138006,"error_data":{"messaging_product":"whatsapp","details":"Ask first."},"fbtrace_id":"A1"}}"#;
    let stories = [
        told(401, graph),
        told(
            429,
            r#"{"error":{"message":"m","type":"T","code":"138002"}}"#,
        ),
        told(
            401,
            r#"{"meta":{"success":false,"http_code":404,"developer_message":"bad key"}}"#,
        ),
        told(
            403,
            r#"{"meta":{"httpCode":403,"developerMessage":"blocked","success":false}}"#,
        ),
        told(400, r#"{"error":"upstream said no"}"#),
        told(502, "<html>Bad Gateway</html>"),
        told(200, "OK"),
        told(500, "{}"),
    ];
    insta::assert_snapshot!("failures", stories.join("\n"));
}

#[test]
fn our_own_refusals_are_read_back() {
    for code in ErrorCode::ALL {
        let error = crate::ApiError::new(*code, "details");
        let row = code.row();
        for body in [error.graph_body("A1"), error.d360_body("A1")] {
            let failure = read_done(row.http_status, &body).expect_err("a refusal");
            assert_eq!(failure.code, Some(row.code));
            assert_eq!(failure.details.as_deref(), Some("details"));
            assert_eq!(failure.fbtrace_id.as_deref(), Some("A1"));
            assert_eq!(failure.retryable(), row.retryable, "{code}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_answer_panics(status in 0..1000_u16, bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = read_connected(status, &bytes);
        let _ = read_done(status, &bytes);
    }
}
