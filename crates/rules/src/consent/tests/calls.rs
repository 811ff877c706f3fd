//! Calls: how many, and what those that are not taken do.

use types::preset::CallLimits;

use super::*;
use crate::call::{EndReason, Ending};

#[test]
fn two_in_a_row_nudge_and_four_revoke() {
    check(
        "0 profile for ever, 1h missed C1, 2h rejected C2, 3h missed C3, 4h rejected C4, 4h may_call, \
         5h missed C5",
        "0 profile_grant
         0 webhook accept for ever, flat GRANTED
         1h call_unanswered C1
         2h call_rejected C2
         2h nudged: 2 in a row
         2h user: Nudge { unanswered: 2 }
         3h call_unanswered C3
         4h call_rejected C4
         4h revoked_unanswered: 4 in a row
         4h webhook reject, automatic, flat REVOKED
         4h user: Revoked { unanswered: 4 }
         4h no call: revoked unanswered at 4h
         5h call_unanswered C5",
    );
}

#[test]
fn a_call_that_is_taken_ends_the_row_in_either_direction() {
    for taken in ["connected", "user_connected"] {
        check(
            &format!(
                "0 operator for ever, 1h missed C1, 1h missed C2, 1h missed C3, 2h {taken} C4, \
                 3h missed C5, 3h missed C6"
            ),
            "0 operator_grant
             1h call_unanswered C1
             1h call_unanswered C2
             1h nudged: 2 in a row
             1h user: Nudge { unanswered: 2 }
             1h call_unanswered C3
             2h call_connected C4
             3h call_unanswered C5
             3h call_unanswered C6
             3h nudged: 2 in a row
             3h user: Nudge { unanswered: 2 }",
        );
    }
}

#[test]
fn a_new_grant_begins_a_new_row() {
    check(
        "0 operator for a time, 1h missed C1, 1h missed C2, 1h missed C3, 2h user_calls C4, 3h missed C5",
        "0 operator_grant until 7d
         1h call_unanswered C1
         1h call_unanswered C2
         1h nudged: 2 in a row
         1h user: Nudge { unanswered: 2 }
         1h call_unanswered C3
         2h automatic_grant C4 until 7d2h
         2h webhook accept until 7d2h, context wacid.C4, automatic, flat GRANTED
         3h call_unanswered C5",
    );
}

#[test]
fn the_sandbox_is_more_patient() {
    let limits = Preset::meta_sandbox().consent;
    let missed: Vec<String> = (1..=10).map(|hour| format!("{hour}h missed C")).collect();
    let mut story = vec!["0 operator_grant".to_owned()];
    for hour in 1..=10 {
        story.push(format!("{hour}h call_unanswered C"));
        match hour {
            5 => {
                story.push("5h nudged: 5 in a row".to_owned());
                story.push("5h user: Nudge { unanswered: 5 }".to_owned());
            }
            10 => {
                story.push("10h revoked_unanswered: 10 in a row".to_owned());
                story.push("10h webhook reject, automatic, flat REVOKED".to_owned());
                story.push("10h user: Revoked { unanswered: 10 }".to_owned());
            }
            _ => {}
        }
    }
    let script = format!("0 operator for ever, {}", missed.join(", "));
    check_by(&limits, &script, &story.join("\n"));
}

#[test]
fn never_is_zero() {
    let limits = ConsentLimits {
        nudge_after_unanswered: 0,
        revoke_after_unanswered: 0,
        ..Preset::meta_2026().consent
    };
    check_by(
        &limits,
        "0 operator for ever, 0 missed C, 0 missed C, 0 missed C, 0 missed C, 0 missed C, 0 may_call",
        "0 operator_grant
         0 call_unanswered C
         0 call_unanswered C
         0 call_unanswered C
         0 call_unanswered C
         0 call_unanswered C
         0 may call",
    );
}

#[test]
fn connected_calls_of_a_day_are_bounded_and_say_when_the_next_may_be() {
    let limits = ConsentLimits {
        connected_calls_per_day: 2,
        ..Preset::meta_2026().consent
    };
    check_by(
        &limits,
        "0 operator for ever, 1h connected C1, 2h user_connected C2, 3h connected C3, 4h may_call, \
         4h look, 25h-1ms may_call, 25h may_call, 25h connected C4, 25h may_call",
        "0 operator_grant
         1h call_connected C1
         2h call_connected C2
         3h call_connected C3
         4h no call: PT24H 2/2 free at 1d1h
         4h permanent; cannot request, PT24H 0/1, P7D 0/2; cannot call, PT24H 2/2 free at 1d1h
         1d59m59s999ms no call: PT24H 2/2 free at 1d1h
         1d1h may call
         1d1h call_connected C4
         1d1h no call: PT24H 2/2 free at 1d3h",
    );
}

#[test]
fn one_permission_is_for_so_many_calls_where_they_are_counted() {
    let limits = ConsentLimits {
        calls_per_permission: Some(2),
        ..Preset::seeds_2025().consent
    };
    check_by(
        &limits,
        "0 profile for a time, 1h connected C1, 2h user_connected C2, 3h look, 3h missed C3, 3h may_call, \
         3h look, 4h user_calls C4, 4h may_call, 5h profile for ever, 5h connected C5, 5h connected C6, \
         5h connected C7, 5h look",
        "0 profile_grant until 7d
         0 webhook accept until 7d, flat GRANTED
         1h call_connected C1
         2h call_connected C2
         3h temporary until 7d; can request, PT24H 0/2, P7D 0/2; can call, PT24H 1/5, P7D 1/2
         3h call_unanswered C3
         3h no call: permission used up, P7D 2/2 free at 7d
         3h temporary until 7d; can request, PT24H 0/2, P7D 0/2; cannot call, PT24H 1/5, P7D 2/2 free at 7d
         4h automatic_grant C4 until 7d4h
         4h webhook accept until 7d4h, context wacid.C4, automatic, flat GRANTED
         4h may call
         5h profile_grant
         5h webhook accept for ever, flat GRANTED
         5h call_connected C5
         5h call_connected C6
         5h call_connected C7
         5h permanent; cannot request, PT24H 0/2, P7D 0/2; can call, PT24H 4/5",
    );
    let used_up = NoCall::PermissionUsedUp {
        limit: Limit {
            period: Duration::from_hours(7 * 24),
            max: 35,
            used: 35,
            free_at: None,
        },
    };
    let seeds = Preset::seeds_2025().errors;
    assert_eq!(used_up.chosen_code(&seeds), Some(138_010));
    assert!(used_up.to_string().contains("35 calls under"));
}

#[test]
fn a_refusal_tells_when_the_next_call_is_taken() {
    let refusal = NoCall::TooManyConnected {
        limit: Limit {
            period: Duration::from_hours(24),
            max: 100,
            used: 100,
            free_at: Some(Timestamp::from_millis(86_400_500)),
        },
    };
    assert_eq!(
        refusal.to_string(),
        "The user has taken 100 calls of this business number in 24 hours, and 100 is as many as \
         may be. The next call is taken at Unix time 86401."
    );
    assert_eq!(refusal.chosen_code(&Preset::seeds_2025().errors), None);
}

/// What each way for a call to end means to the ledger.
#[test]
fn an_untaken_call_of_the_business_counts_unless_something_broke() {
    let at = Timestamp::EPOCH;
    let told = |direction, reason, started| {
        let ending = Ending {
            reason,
            started,
            ended: at,
        };
        Input::of_ending(call("C"), direction, &ending)
    };
    let mut counted = Vec::new();
    for reason in EndReason::ALL {
        assert_eq!(told(Direction::UserInitiated, reason, None), None);
        assert_eq!(told(Direction::BusinessInitiated, reason, Some(at)), None);
        match told(Direction::BusinessInitiated, reason, None) {
            Some(Input::CallRejected { .. }) => counted.push(format!("rejected: {reason}")),
            Some(Input::CallUnanswered { .. }) => counted.push(format!("unanswered: {reason}")),
            Some(other) => panic!("{other:?}"),
            None => {}
        }
    }
    assert_eq!(
        counted,
        [
            "unanswered: business_cancelled",
            "rejected: user_rejected",
            "unanswered: user_did_not_answer",
            "unanswered: user_unreachable",
        ]
    );
}

/// A ledger and a call together: the proof, the call, its end, the ledger again.
#[test]
fn a_call_that_rings_out_counts() {
    use crate::call::Call;

    let preset = Preset::meta_2026();
    let (limits, calls): (&ConsentLimits, &CallLimits) = (&preset.consent, &preset.calls);
    let mut ledger = Ledger::new();
    let mut now = Timestamp::EPOCH;
    take(&mut ledger, now, limits, "operator for ever").expect("a grant");
    for _ in 0..4 {
        let permission = ledger.may_call(now, limits).expect("a permission");
        let mut ringing = Call::business_initiated(now, calls, permission);
        now = ringing.poll_timeout().expect("it rings for so long");
        let timeout = crate::call::Input::Timeout;
        ringing.handle(now, calls, timeout).expect("time passes");
        let ending = ringing.ending().expect("it rang out");
        let input = Input::of_ending(call("C"), Direction::BusinessInitiated, &ending);
        let input = input.expect("it counts");
        ledger.handle(now, limits, input).expect("a call");
    }
    let refusal = ledger.may_call(now, limits).expect_err("revoked");
    assert_eq!(
        words::no_call(&refusal),
        "no call: revoked unanswered at 4m"
    );
}
