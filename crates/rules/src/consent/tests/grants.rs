//! Grants from elsewhere than requests, and how they end.

use super::*;

#[test]
fn the_profile_grants_and_revokes() {
    check(
        "0 profile_revoke, 0 profile for ever, 0 profile for ever, 1d profile for a time, \
         2d profile for a time, 3d profile_revoke, 3d may_call, 3d profile_revoke",
        "0 refused: NothingToRevoke
         0 profile_grant
         0 webhook accept for ever, flat GRANTED
         0 refused: NothingNew
         1d profile_grant until 8d
         1d webhook accept until 8d, flat GRANTED
         2d refused: NothingNew
         3d profile_revoke
         3d webhook reject, flat REVOKED
         3d no call: withdrawn at 3d
         3d refused: NothingToRevoke",
    );
}

#[test]
fn a_user_who_calls_may_be_called_back() {
    check(
        "0 user_calls C1, 0 may_call, 3d user_calls C2, 7d may_call, 10d may_call, 10d timeout",
        "0 automatic_grant C1 until 7d
         0 webhook accept until 7d, context wacid.C1, automatic, flat GRANTED
         0 may call
         3d automatic_grant C2 until 10d
         3d webhook accept until 10d, context wacid.C2, automatic, flat GRANTED
         7d may call
         10d no call: lapsed at 10d
         10d lapsed
         10d no webhook, automatic, flat REVOKED",
    );
}

#[test]
fn a_call_makes_nothing_less_of_what_is_held_for_ever() {
    check(
        "0 profile for ever, 1d user_calls C1, 30d may_call",
        "0 profile_grant
         0 webhook accept for ever, flat GRANTED
         30d may call",
    );
}

#[test]
fn whoever_declined_and_calls_may_be_called_back() {
    check(
        "0 ask R1, 0 decline R1, 1d user_calls C1, 2d decline R1",
        "0 requested R1
         0 request_delivered R1
         0 declined R1
         0 webhook reject, context wamid.R1, flat REJECTED
         1d automatic_grant C1 until 8d
         1d webhook accept until 8d, context wacid.C1, automatic, flat GRANTED
         2d declined R1
         2d webhook reject, context wamid.R1, flat REVOKED",
    );
}

#[test]
fn the_operator_speaks_without_a_webhook() {
    check(
        "0 operator for ever, 0 operator for ever, 0 may_call, 1d operator for a time, 1d may_call, \
         2d operator_revoke, 2d may_call, 2d operator_revoke",
        "0 operator_grant
         0 refused: NothingNew
         0 may call
         1d operator_grant until 8d
         1d may call
         2d operator_revoke
         2d no call: withdrawn at 2d
         2d refused: NothingToRevoke",
    );
}

#[test]
fn declining_one_request_withdraws_what_came_from_elsewhere() {
    check(
        "0 ask R1, 0 profile for a time, 0 decline R1, 0 may_call",
        "0 requested R1
         0 profile_grant until 7d
         0 webhook accept until 7d, flat GRANTED
         0 request_delivered R1
         0 declined R1
         0 webhook reject, context wamid.R1, flat REVOKED
         0 no call: declined at 0",
    );
}

#[test]
fn what_time_does_is_told_in_its_order_and_at_its_moment() {
    check(
        "0 ask R1, 0 deliver R1, 1d ask R2, 1d user_calls C1, 60d timeout, 60d may_call",
        "0 requested R1
         0 request_delivered R1
         1d requested R2
         1d automatic_grant C1 until 8d
         1d webhook accept until 8d, context wacid.C1, automatic, flat GRANTED
         7d request_ended R1: not_answered
         8d lapsed
         60d no webhook, automatic, flat REVOKED
         31d request_ended R2: not_delivered
         60d no call: lapsed at 8d",
    );
}

#[test]
fn the_codes_of_what_ran_out_are_the_presets() {
    let (meta, seeds) = (Preset::meta_2026().errors, Preset::seeds_2025().errors);
    let at = Timestamp::EPOCH;
    for (lack, by_meta, by_seeds) in [
        (Lack::Never, None, None),
        (Lack::Asked { at }, None, None),
        (Lack::NotAnswered { at }, Some(138_006), Some(138_010)),
        (Lack::Declined { at }, None, None),
        (Lack::Lapsed { at }, Some(138_006), Some(138_010)),
        (Lack::Withdrawn { at }, None, None),
        (Lack::RevokedUnanswered { at }, None, None),
    ] {
        let refusal = NoCall::NoPermission(lack);
        assert_eq!(refusal.chosen_code(&meta), by_meta, "{lack:?}");
        assert_eq!(refusal.chosen_code(&seeds), by_seeds, "{lack:?}");
        assert!(refusal.to_string().ends_with('.'), "{lack:?}");
    }
}
