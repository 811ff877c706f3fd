//! Requests: how often, how long they can be answered, and what a newer one does to them.

use super::*;

#[test]
fn one_a_day_and_two_a_week() {
    check(
        "0 ask R1, 24h-1ms ask R2, 24h ask R2, 48h-1ms look, 48h ask R3, 7d-1ms ask R3, 7d look, \
         7d ask R3, 7d look",
        "0 requested R1
         23h59m59s999ms no request: PT24H 1/1 free at 1d
         1d requested R2
         1d23h59m59s999ms no_permission; cannot request, PT24H 1/1 free at 2d, P7D 2/2 free at 7d; \
         cannot call, PT24H 0/100
         2d no request: P7D 2/2 free at 7d
         6d23h59m59s999ms no request: P7D 2/2 free at 7d
         7d no_permission; can request, PT24H 0/1, P7D 1/2; cannot call, PT24H 0/100
         7d requested R3
         7d no_permission; cannot request, PT24H 1/1 free at 8d, P7D 2/2 free at 8d; \
         cannot call, PT24H 0/100",
    );
}

#[test]
fn of_two_limits_the_longer_one_is_told() {
    // At 6d12h, a day after R2, the day's limit would be free at 7d12h and the week's at 7d.
    check(
        "0 ask R1, 6d12h ask R2, 6d12h ask R3",
        "0 requested R1
         6d12h requested R2
         6d12h no request: PT24H 1/1 free at 7d12h",
    );
}

#[test]
fn a_call_that_is_taken_clears_the_counters() {
    check(
        "0 ask R1, 0 missed C1, 0 ask R2, 1h user_connected C2, 1h ask R2, 2h user_connected C3, \
         2h ask R3, 3h user_connected C4, 4h user_connected C5",
        "0 requested R1
         0 call_unanswered C1
         0 no request: PT24H 1/1 free at 1d
         1h call_connected C2
         1h counters_cleared: 1
         1h requested R2
         2h call_connected C3
         2h counters_cleared: 1
         2h requested R3
         3h call_connected C4
         3h counters_cleared: 1
         4h call_connected C5",
    );
}

#[test]
fn free_form_needs_an_open_window() {
    check(
        "2d ask R1 too late, 2d ask R1 in a window, 3d ask R2 by template",
        "2d no request: window closed
         2d requested R1
         3d requested R2",
    );
}

#[test]
fn nothing_is_asked_of_whoever_always_allows() {
    check(
        "0 profile for ever, 0 ask R1, 0 ask R1 too late, 0 look",
        "0 profile_grant
         0 webhook accept for ever, flat GRANTED
         0 no request: permanent
         0 no request: permanent
         0 permanent; cannot request, PT24H 0/1, P7D 0/2; can call, PT24H 0/100",
    );
}

#[test]
fn who_allows_for_a_time_can_be_asked_again() {
    check(
        "0 profile for a time, 1d ask R1, 1d always R1",
        "0 profile_grant until 7d
         0 webhook accept until 7d, flat GRANTED
         1d requested R1
         1d request_delivered R1
         1d answered_permanent R1
         1d webhook accept for ever, context wamid.R1, flat GRANTED",
    );
}

#[test]
fn a_request_that_nobody_answers_is_over_seven_days_after_its_delivery() {
    check(
        "0 ask R1, 1d deliver R1, 7d may_call, 8d-1ms allow R1, 8d-1ms operator_revoke",
        "0 requested R1
         1d request_delivered R1
         7d no call: asked at 0
         7d23h59m59s999ms answered_temporary R1 until 14d23h59m59s999ms
         7d23h59m59s999ms webhook accept until 14d23h59m59s999ms, context wamid.R1, flat GRANTED
         7d23h59m59s999ms operator_revoke",
    );
    check(
        "0 ask R1, 1d deliver R1, 1d deliver R1, 8d may_call, 9d allow R1, 9d may_call",
        "0 requested R1
         1d request_delivered R1
         1d refused: NothingNew
         8d no call: not answered at 8d
         8d request_ended R1: not_answered
         9d refused: NoSuchRequest
         9d no call: not answered at 8d",
    );
}

#[test]
fn a_request_that_finds_no_phone_waits_for_thirty_days() {
    check(
        "0 ask R1, 30d-1ms deliver R1",
        "0 requested R1
         29d23h59m59s999ms request_delivered R1",
    );
    check(
        "0 ask R1, 30d deliver R1, 30d may_call",
        "0 requested R1
         30d request_ended R1: not_delivered
         30d refused: NoSuchRequest
         30d no call: not answered at 30d",
    );
}

#[test]
fn a_request_that_cannot_be_delivered_counts_all_the_same() {
    check(
        "0 ask R1, 1s fail R1, 1s fail R1, 1s ask R2, 1s may_call, 1d ask R2, 1d deliver R2, 1d fail R2",
        "0 requested R1
         1s request_ended R1: undeliverable
         1s refused: NoSuchRequest
         1s no request: PT24H 1/1 free at 1d
         1s no call: not answered at 1s
         1d requested R2
         1d request_delivered R2
         1d refused: NothingNew",
    );
}

#[test]
fn an_answer_can_be_changed_for_seven_days_after_the_first() {
    check(
        "0 ask R1, 1d allow R1, 2d decline R1, 2d decline R1, 3d always R1, 4d allow R1, 4d allow R1, \
         8d-1ms decline R1, 8d allow R1",
        "0 requested R1
         1d request_delivered R1
         1d answered_temporary R1 until 8d
         1d webhook accept until 8d, context wamid.R1, flat GRANTED
         2d declined R1
         2d webhook reject, context wamid.R1, flat REVOKED
         2d refused: NothingNew
         3d answered_permanent R1
         3d webhook accept for ever, context wamid.R1, flat GRANTED
         4d answered_temporary R1 until 11d
         4d webhook accept until 11d, context wamid.R1, flat GRANTED
         4d refused: NothingNew
         7d23h59m59s999ms declined R1
         7d23h59m59s999ms webhook reject, context wamid.R1, flat REVOKED
         8d request_ended R1: answer_settled
         8d refused: NoSuchRequest",
    );
}

#[test]
fn the_same_answer_says_something_new_when_things_have_changed() {
    check(
        "0 ask R1, 0 allow R1, 1d profile_revoke, 1d allow R1, 2d profile for ever, 2d allow R1",
        "0 requested R1
         0 request_delivered R1
         0 answered_temporary R1 until 7d
         0 webhook accept until 7d, context wamid.R1, flat GRANTED
         1d profile_revoke
         1d webhook reject, flat REVOKED
         1d answered_temporary R1 until 8d
         1d webhook accept until 8d, context wamid.R1, flat GRANTED
         2d profile_grant
         2d webhook accept for ever, flat GRANTED
         2d answered_temporary R1 until 9d
         2d webhook accept until 9d, context wamid.R1, flat GRANTED",
    );
}

#[test]
fn a_newer_answer_ends_the_older_requests() {
    check(
        "0 ask R1, 1d ask R2, 1d deliver R1, 1d decline R2, 1d allow R1, 1d allow R2, 2d user_connected C1, \
         2d ask R3, 3d allow R2, 3d decline R3, 3d decline R2",
        "0 requested R1
         1d requested R2
         1d request_delivered R1
         1d request_delivered R2
         1d declined R2
         1d webhook reject, context wamid.R2, flat REJECTED
         1d request_ended R1: superseded
         1d refused: NoSuchRequest
         1d answered_temporary R2 until 8d
         1d webhook accept until 8d, context wamid.R2, flat GRANTED
         2d call_connected C1
         2d counters_cleared: 2
         2d requested R3
         3d refused: NothingNew
         3d request_delivered R3
         3d declined R3
         3d webhook reject, context wamid.R3, flat REVOKED
         3d request_ended R2: superseded
         3d refused: NoSuchRequest",
    );
}

#[test]
fn an_older_request_can_be_answered_while_a_newer_one_waits() {
    check(
        "0 ask R1, 1d ask R2, 2d decline R1, 2d may_call, 3d allow R2",
        "0 requested R1
         1d requested R2
         2d request_delivered R1
         2d declined R1
         2d webhook reject, context wamid.R1, flat REJECTED
         2d no call: declined at 2d
         3d request_delivered R2
         3d answered_temporary R2 until 10d
         3d webhook accept until 10d, context wamid.R2, flat GRANTED
         3d request_ended R1: superseded",
    );
}

#[test]
fn a_pass_is_good_for_one_request_at_one_moment() {
    let limits = Preset::meta_2026().consent;
    let mut ledger = Ledger::new();
    let now = moment("1d");
    let pass = |ledger: &Ledger| ledger.may_request(now, &limits, How::Template);
    let (first, second, third) = (pass(&ledger), pass(&ledger), pass(&ledger));
    let mut ask = |at: &str, pass: Result<RequestPass, NoRequest>, name: &str| {
        let (pass, request) = (pass.expect("a pass"), request(name));
        ledger.handle(moment(at), &limits, Input::Requested { pass, request })
    };
    assert_eq!(ask("2d", first, "R1"), Err(Refusal::StalePass));
    assert_eq!(ask("1d", second, "R1"), Ok(()));
    assert_eq!(ask("1d", third, "R2"), Err(Refusal::StalePass));
    assert_eq!(ledger.state().asked.len(), 1);
}

#[test]
fn an_id_is_good_for_one_request() {
    check(
        "0 ask R1, 1d ask R1",
        "0 requested R1
         1d refused: KnownRequest",
    );
}

#[test]
fn more_open_requests_than_are_kept_crowd_out_the_oldest() {
    let limits = Preset::meta_2026().consent;
    let mut ledger = Ledger::new();
    let mut ended = Vec::new();
    for hour in 0..40 {
        let now = moment(&format!("{hour}h"));
        take(&mut ledger, now, &limits, "user_connected C").expect("a call");
        take(&mut ledger, now, &limits, &format!("ask R{hour}")).expect("cleared");
        tell(&mut ledger, now, &mut ended);
    }
    ended.retain(|line| line.contains("ended"));
    assert_eq!(ledger.state().requests.len(), 32);
    assert_eq!(ended.len(), 8);
    assert_eq!(ended[7], "1d15h request_ended R7: crowded_out");
}

#[test]
fn a_clock_that_is_set_back_frees_nothing() {
    check(
        "2d ask R1, 1d ask R2, 1d look, 3d-1ms ask R2, 3d ask R2",
        "2d requested R1
         1d no request: PT24H 1/1 free at 3d
         1d no_permission; cannot request, PT24H 1/1 free at 3d, P7D 1/2; cannot call, PT24H 0/100
         2d23h59m59s999ms no request: PT24H 1/1 free at 3d
         3d requested R2",
    );
}

#[test]
fn refusals_say_what_to_do() {
    let told = |refusal: NoRequest| refusal.to_string();
    let limit = Limit {
        period: Duration::from_hours(7 * 24),
        max: 2,
        used: 2,
        free_at: Some(Timestamp::from_millis(604_800_001)),
    };
    assert_eq!(
        told(NoRequest::TooMany { limit }),
        "This user was sent 2 call permission requests in 7 days, and 2 is as many as may be. A \
         call that is taken clears the count. The next request is taken at Unix time 604801."
    );
    assert!(told(NoRequest::Permanent).contains("nothing to ask"));
    assert!(told(NoRequest::WindowClosed).contains("as a template"));

    let (meta, seeds) = (Preset::meta_2026().errors, Preset::seeds_2025().errors);
    let too_many = NoRequest::TooMany { limit };
    assert_eq!(too_many.chosen_code(&meta), Some(138_009));
    assert_eq!(too_many.chosen_code(&seeds), Some(138_011));
    assert_eq!(NoRequest::WindowClosed.chosen_code(&meta), Some(138_011));
    assert_eq!(NoRequest::Permanent.chosen_code(&meta), None);
}
