//! A business calls a user.

use super::business_calls;

#[test]
fn rung_picked_up_and_hung_up() {
    business_calls(
        "300 b_up, 700 rings, 750 rings, 4000 pickup, 4100 u_up, 4120 b_media, 64000 terminate",
        "0ms webhook connect
         0ms ring phone
         700ms webhook RINGING
         4000ms apply user answer
         4000ms pass media
         4000ms phone: accepted
         4000ms webhook ACCEPTED
         64000ms close media
         64000ms phone: ended business_hung_up
         64000ms webhook terminate COMPLETED: business_hung_up by nobody, 4000ms to 64000ms",
    );
}

#[test]
fn the_user_hangs_up() {
    business_calls(
        "700 rings, 4000 pickup, 4100 u_up, 4120 b_media, 5000 hangup",
        "0ms webhook connect
         0ms ring phone
         700ms webhook RINGING
         4000ms apply user answer
         4000ms pass media
         4000ms phone: accepted
         4000ms webhook ACCEPTED
         5000ms close media
         5000ms phone: ended user_hung_up
         5000ms webhook terminate COMPLETED: user_hung_up by nobody, 4000ms to 5000ms",
    );
}

#[test]
fn the_user_declines() {
    for word in ["declines", "hangup"] {
        business_calls(
            &format!("700 rings, 4000 {word}"),
            "0ms webhook connect
             0ms ring phone
             700ms webhook RINGING
             4000ms webhook REJECTED
             4000ms close media
             4000ms phone: ended user_rejected
             4000ms webhook terminate COMPLETED: user_rejected by user, never taken, at 4000ms",
        );
    }
}

#[test]
fn the_user_lets_it_ring() {
    business_calls(
        "700 rings, 45000 pickup",
        "0ms webhook connect
         0ms ring phone
         700ms webhook RINGING
         45000ms close media
         45000ms phone: ended user_did_not_answer
         45000ms webhook terminate COMPLETED: user_did_not_answer by user, never taken, at 45000ms
         45000ms refused: Ended { reason: UserDidNotAnswer, at: 45000ms }",
    );
}

#[test]
fn no_phone_ever_rings() {
    business_calls(
        "10 unreachable, 45000 timeout",
        "0ms webhook connect
         0ms ring phone
         45000ms close media
         45000ms phone: ended user_unreachable
         45000ms webhook terminate COMPLETED: user_unreachable by user, never taken, at 45000ms",
    );
}

#[test]
fn a_phone_that_comes_late_still_rings() {
    business_calls(
        "10 unreachable, 30000 rings, 31000 pickup",
        "0ms webhook connect
         0ms ring phone
         30000ms webhook RINGING
         31000ms apply user answer
         31000ms pass media
         31000ms phone: accepted
         31000ms webhook ACCEPTED",
    );
}

#[test]
fn a_pickup_needs_no_ringing_first() {
    business_calls(
        "100 pickup",
        "0ms webhook connect
         0ms ring phone
         100ms apply user answer
         100ms pass media
         100ms phone: accepted
         100ms webhook ACCEPTED",
    );
}

#[test]
fn terminated_before_pickup() {
    business_calls(
        "700 rings, 4000 terminate, 4001 pickup",
        "0ms webhook connect
         0ms ring phone
         700ms webhook RINGING
         4000ms close media
         4000ms phone: ended business_cancelled
         4000ms webhook terminate COMPLETED: business_cancelled by business, never taken, at 4000ms
         4001ms refused: Ended { reason: BusinessCancelled, at: 4000ms }",
    );
}

#[test]
fn the_business_does_not_answer_its_own_call() {
    business_calls(
        "1 pre_accept a, 2 accept a, 3 reject, 100 pickup, 101 accept a, 102 reject",
        "0ms webhook connect
         0ms ring phone
         1ms refused: YourOwnCall
         2ms refused: YourOwnCall
         3ms refused: YourOwnCall
         100ms apply user answer
         100ms pass media
         100ms phone: accepted
         100ms webhook ACCEPTED
         101ms refused: YourOwnCall
         102ms refused: YourOwnCall",
    );
}

#[test]
fn the_first_phone_gets_the_call() {
    business_calls(
        "10 rings, 100 pickup, 110 pickup, 120 declines, 130 rings",
        "0ms webhook connect
         0ms ring phone
         10ms webhook RINGING
         100ms apply user answer
         100ms pass media
         100ms phone: accepted
         100ms webhook ACCEPTED
         110ms refused: AlreadyPickedUp { at: 100ms }
         120ms refused: AlreadyPickedUp { at: 100ms }
         130ms refused: OutOfTurn { phase: Connecting }",
    );
}

#[test]
fn the_time_to_connect_runs_from_pickup() {
    business_calls(
        "10 rings, 30000 pickup, 30100 u_up, 45000 timeout",
        "0ms webhook connect
         0ms ring phone
         10ms webhook RINGING
         30000ms apply user answer
         30000ms pass media
         30000ms phone: accepted
         30000ms webhook ACCEPTED
         45000ms close media
         45000ms phone: ended business_did_not_connect
         45000ms webhook terminate FAILED: business_did_not_connect by business, ConnectTimeout, 30000ms to 45000ms",
    );
}

#[test]
fn media_of_the_business_before_pickup_counts_once_it_may_pass() {
    business_calls(
        "10 rings, 20 b_up, 30 b_media, 30000 pickup, 30100 u_up, 86400000 timeout",
        "0ms webhook connect
         0ms ring phone
         10ms webhook RINGING
         30000ms apply user answer
         30000ms pass media
         30000ms phone: accepted
         30000ms webhook ACCEPTED",
    );
}

#[test]
fn no_media_from_the_business() {
    business_calls(
        "10 rings, 20 b_up, 30000 pickup, 30100 u_up, 50000 timeout",
        "0ms webhook connect
         0ms ring phone
         10ms webhook RINGING
         30000ms apply user answer
         30000ms pass media
         30000ms phone: accepted
         30000ms webhook ACCEPTED
         50000ms close media
         50000ms phone: ended no_business_media
         50000ms webhook terminate FAILED: no_business_media by business, NoBusinessMedia, 30000ms to 50000ms",
    );
}

#[test]
fn the_business_leg_fails_while_it_rings() {
    business_calls(
        "10 rings, 20 b_failed",
        "0ms webhook connect
         0ms ring phone
         10ms webhook RINGING
         20ms close media
         20ms phone: ended business_set_up_failed
         20ms webhook terminate FAILED: business_set_up_failed by business, ConnectionError, never taken, at 20ms",
    );
}

#[test]
fn the_user_leg_fails_after_pickup() {
    business_calls(
        "10 u_up, 20 pickup, 30 u_failed",
        "0ms webhook connect
         0ms ring phone
         10ms refused: OutOfTurn { phase: Calling }
         20ms apply user answer
         20ms pass media
         20ms phone: accepted
         20ms webhook ACCEPTED
         30ms close media
         30ms phone: ended user_set_up_failed
         30ms webhook terminate FAILED: user_set_up_failed by user, UserSetUpFailed, 20ms to 30ms",
    );
}

#[test]
fn a_restart_ends_the_call() {
    business_calls(
        "10 rings, 20 restart",
        "0ms webhook connect
         0ms ring phone
         10ms webhook RINGING
         20ms close media
         20ms phone: ended platform_restarted
         20ms webhook terminate FAILED: platform_restarted by platform, ConnectionError, never taken, at 20ms",
    );
}
