//! What every refusal and every fault of the table has in common.

use serde_json::Value;
use wire::ErrorCode;

use super::ended::Ended;
use crate::customer::{Answer, Dialect};

/// Holds an answer against the line of the table, and against the envelope of its dialect.
#[track_caller]
pub(super) fn answer(code: ErrorCode, dialect: Dialect, answer: &Answer) {
    let (row, body) = (code.row(), &answer.body);
    let error = &body["error"];
    assert_eq!(error["code"], row.code, "{dialect:?}: {body}");
    assert_eq!(answer.status, row.http_status, "{dialect:?}: {body}");
    let message = error["message"].as_str().expect("a message");
    assert!(
        message.starts_with(&format!("(#{}) ", row.code)),
        "{message}"
    );
    assert!(
        message.ends_with(error["error_user_title"].as_str().expect("a title")),
        "{message}"
    );
    assert!(error["type"].is_string(), "{body}");
    assert!(error["fbtrace_id"].is_string(), "{body}");
    assert_eq!(error["is_transient"], row.transient, "{body}");
    assert_eq!(error["error_data"]["messaging_product"], "whatsapp");
    sentence(&error["error_data"]["details"]);

    let by_gateway = dialect == Dialect::D360 && row.by_gateway;
    let meta = &body["meta"];
    assert_eq!(!meta.is_null(), by_gateway, "{dialect:?}: {body}");
    if by_gateway {
        assert_eq!(meta["success"], false);
        assert_eq!(meta["http_code"], row.http_status);
        assert_eq!(meta["developer_message"], error["error_data"]["details"]);
    }
}

/// Holds the faults of a terminate webhook against the line of the table.
#[track_caller]
pub(super) fn webhook(code: ErrorCode, ended: &Ended) {
    let value = &ended.value;
    assert_eq!(value["calls"][0]["status"], "FAILED", "{value}");
    // The documents put them beside the calls, live webhooks into the call as well.
    fault(code, &value["errors"][0]);
    fault(code, &value["calls"][0]["errors"][0]);
}

/// Holds the errors of a `failed` status against the line of the table.
#[track_caller]
pub(super) fn failed(code: ErrorCode, status: &Value) {
    assert_eq!(status["status"], "failed", "{status}");
    fault(code, &status["errors"][0]);
}

#[track_caller]
fn fault(code: ErrorCode, fault: &Value) {
    let row = code.row();
    assert_eq!(fault["code"], row.code, "{fault}");
    assert_eq!(fault["title"], row.title, "{fault}");
    assert_eq!(fault["message"], row.title, "{fault}");
    sentence(&fault["error_data"]["details"]);
}

/// Holds what ails a number against the line of the table.
#[track_caller]
pub(super) fn ailing(code: ErrorCode, error: &Value) {
    assert_eq!(error["error_code"], code.code(), "{error}");
    sentence(&error["error_description"]);
    sentence(&error["possible_solution"]);
}

#[track_caller]
fn sentence(details: &Value) {
    let text = details.as_str().expect("details");
    assert!(text.ends_with('.'), "no sentence: {text:?}");
}
