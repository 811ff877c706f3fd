//! The words of the wire.

use super::*;

#[test]
fn periods_are_written_as_meta_writes_them() {
    let iso = |secs| {
        let limit = Limit {
            period: Duration::from_secs(secs),
            max: 0,
            used: 0,
            free_at: None,
        };
        limit.period_iso()
    };
    assert_eq!(iso(24 * 3_600), "PT24H");
    assert_eq!(iso(7 * 24 * 3_600), "P7D");
    assert_eq!(iso(36 * 3_600), "PT36H");
    assert_eq!(iso(90 * 60), "PT90M");
    assert_eq!(iso(90), "PT90S");
}

#[test]
fn a_limit_of_nothing_is_never_free() {
    let limits = ConsentLimits {
        requests_per_day: 0,
        connected_calls_per_day: 0,
        ..Preset::meta_2026().consent
    };
    check_by(
        &limits,
        "0 operator for a time, 0 look, 0 ask R1, 0 may_call",
        "0 operator_grant until 7d
         0 temporary until 7d; cannot request, PT24H 0/0, P7D 0/2; cannot call, PT24H 0/0
         0 no request: PT24H 0/0
         0 no call: PT24H 0/0",
    );
}

#[test]
fn looking_changes_nothing() {
    let limits = Preset::meta_2026().consent;
    let mut ledger = Ledger::new();
    take(&mut ledger, Timestamp::EPOCH, &limits, "user_calls C1").expect("a grant");
    let before = ledger.clone();
    for at in ["0", "6d", "7d", "40d"] {
        let at = moment(at);
        let _ = ledger.standing(at, &limits);
        let _ = ledger.may_call(at, &limits);
        let _ = ledger.may_request(at, &limits, How::Template);
    }
    assert_eq!(ledger, before);
}

/// Every line of the ledger has a word of its own and a whole sentence.
#[test]
fn every_reason_can_be_read() {
    let (request, call, until) = (request("R"), call("C"), Timestamp::EPOCH);
    let direction = Direction::UserInitiated;
    let reasons = [
        Reason::Requested {
            request: request.clone(),
            form: Form::Template,
        },
        Reason::RequestDelivered {
            request: request.clone(),
        },
        Reason::RequestEnded {
            request: request.clone(),
            end: RequestEnd::Superseded,
        },
        Reason::AnsweredTemporary {
            request: request.clone(),
            until,
        },
        Reason::AnsweredPermanent {
            request: request.clone(),
        },
        Reason::Declined { request },
        Reason::AutomaticGrant {
            call: call.clone(),
            until,
        },
        Reason::ProfileGrant { until: None },
        Reason::ProfileRevoke,
        Reason::OperatorGrant { until: Some(until) },
        Reason::OperatorRevoke,
        Reason::Lapsed,
        Reason::Nudged { unanswered: 2 },
        Reason::RevokedUnanswered { unanswered: 4 },
        Reason::CallConnected {
            call: call.clone(),
            direction,
        },
        Reason::CallUnanswered { call: call.clone() },
        Reason::CallRejected { call },
        Reason::CountersCleared { requests: 1 },
    ];
    let words: std::collections::BTreeSet<&str> = reasons.iter().map(Reason::as_str).collect();
    assert_eq!(words.len(), reasons.len());
    for reason in &reasons {
        let sentence = reason.to_string();
        assert!(
            sentence.starts_with("The ") || sentence.starts_with("A "),
            "{sentence}"
        );
        assert!(sentence.ends_with('.'), "{sentence}");
    }
}
