//! A user calls a business.

use super::user_calls;

#[test]
fn pre_accepted_accepted_and_hung_up() {
    user_calls(
        "100 u_up, 500 pre_accept a, 900 b_up, 2000 accept a, 2020 b_media, 62000 hangup",
        "0ms webhook connect
         500ms apply business answer
         500ms phone: ringing
         2000ms pass media
         2000ms phone: accepted
         62000ms close media
         62000ms phone: ended user_hung_up
         62000ms webhook terminate COMPLETED: user_hung_up by nobody, 2000ms to 62000ms",
    );
}

#[test]
fn accepted_straight_and_terminated_by_the_business() {
    user_calls(
        "100 accept a, 200 u_up, 300 b_up, 400 b_media, 9000 terminate",
        "0ms webhook connect
         100ms apply business answer
         100ms pass media
         100ms phone: accepted
         9000ms close media
         9000ms phone: ended business_hung_up
         9000ms webhook terminate COMPLETED: business_hung_up by nobody, 100ms to 9000ms",
    );
}

#[test]
fn nobody_accepts() {
    user_calls(
        "60000 timeout",
        "0ms webhook connect
         60000ms close media
         60000ms phone: ended business_did_not_answer
         60000ms webhook terminate COMPLETED: business_did_not_answer by business, never taken, at 60000ms",
    );
}

#[test]
fn pre_accept_does_not_prolong_the_window() {
    user_calls(
        "59000 pre_accept a, 60000 accept a",
        "0ms webhook connect
         59000ms apply business answer
         59000ms phone: ringing
         60000ms close media
         60000ms phone: ended business_did_not_answer
         60000ms webhook terminate COMPLETED: business_did_not_answer by business, never taken, at 60000ms
         60000ms refused: Ended { reason: BusinessDidNotAnswer, at: 60000ms }",
    );
}

#[test]
fn a_deadline_met_late_ends_the_call_at_its_own_moment() {
    user_calls(
        "75000 timeout",
        "0ms webhook connect
         75000ms close media
         75000ms phone: ended business_did_not_answer
         75000ms webhook terminate COMPLETED: business_did_not_answer by business, never taken, at 60000ms",
    );
}

#[test]
fn rejected() {
    user_calls(
        "10 reject, 20 reject, 30 terminate",
        "0ms webhook connect
         10ms close media
         10ms phone: ended business_rejected
         10ms webhook terminate COMPLETED: business_rejected by business, never taken, at 10ms
         20ms refused: Ended { reason: BusinessRejected, at: 10ms }
         30ms refused: Ended { reason: BusinessRejected, at: 10ms }",
    );
}

#[test]
fn rejected_after_pre_accept() {
    user_calls(
        "10 pre_accept a, 20 reject",
        "0ms webhook connect
         10ms apply business answer
         10ms phone: ringing
         20ms close media
         20ms phone: ended business_rejected
         20ms webhook terminate COMPLETED: business_rejected by business, never taken, at 20ms",
    );
}

#[test]
fn terminate_before_accept_gives_the_call_up() {
    user_calls(
        "10 terminate",
        "0ms webhook connect
         10ms close media
         10ms phone: ended business_cancelled
         10ms webhook terminate COMPLETED: business_cancelled by business, never taken, at 10ms",
    );
}

#[test]
fn the_user_gives_up() {
    user_calls(
        "10 hangup, 11 accept a",
        "0ms webhook connect
         10ms close media
         10ms phone: ended user_cancelled
         10ms webhook terminate COMPLETED: user_cancelled by user, never taken, at 10ms
         11ms refused: Ended { reason: UserCancelled, at: 10ms }",
    );
}

#[test]
fn the_accept_brings_the_answer_of_the_pre_accept() {
    user_calls(
        "10 pre_accept a, 20 accept b, 30 accept a",
        "0ms webhook connect
         10ms apply business answer
         10ms phone: ringing
         20ms refused: AnswerDiffers
         30ms pass media
         30ms phone: accepted",
    );
}

#[test]
fn each_action_has_its_turn() {
    user_calls(
        "10 pre_accept a, 11 pre_accept a, 20 accept a, 21 accept a, 22 accept b, 23 pre_accept a, 24 reject",
        "0ms webhook connect
         10ms apply business answer
         10ms phone: ringing
         11ms refused: AlreadyPreAccepted
         20ms pass media
         20ms phone: accepted
         21ms refused: AlreadyAccepted { at: 20ms }
         22ms refused: AlreadyAccepted { at: 20ms }
         23ms refused: PreAcceptAfterAccept { at: 20ms }
         24ms refused: RejectAfterAccept { at: 20ms }",
    );
}

#[test]
fn the_user_who_calls_neither_picks_up_nor_declines() {
    user_calls(
        "1 pickup, 2 declines, 3 rings, 4 b_up, 10 pre_accept a, 11 pickup, 20 accept a, 21 declines",
        "0ms webhook connect
         1ms refused: OutOfTurn { phase: Ringing }
         2ms refused: OutOfTurn { phase: Ringing }
         3ms refused: OutOfTurn { phase: Ringing }
         4ms refused: OutOfTurn { phase: Ringing }
         10ms apply business answer
         10ms phone: ringing
         11ms refused: OutOfTurn { phase: PreAccepted }
         20ms pass media
         20ms phone: accepted
         21ms refused: OutOfTurn { phase: Connecting }",
    );
}

#[test]
fn the_business_does_not_connect() {
    user_calls(
        "10 u_up, 1000 accept a, 16000 timeout",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         16000ms close media
         16000ms phone: ended business_did_not_connect
         16000ms webhook terminate FAILED: business_did_not_connect by business, ConnectTimeout, 1000ms to 16000ms",
    );
}

#[test]
fn the_business_never_sends_media() {
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_up, 21000 timeout",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         21000ms close media
         21000ms phone: ended no_business_media
         21000ms webhook terminate FAILED: no_business_media by business, NoBusinessMedia, 1000ms to 21000ms",
    );
}

#[test]
fn the_business_falls_silent() {
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_media, 5000 b_silent, 5100 b_silent, 35000 timeout",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         35000ms close media
         35000ms phone: ended no_business_media
         35000ms webhook terminate FAILED: no_business_media by business, NoBusinessMedia, 1000ms to 35000ms",
    );
}

#[test]
fn media_that_comes_back_in_time_keeps_the_call() {
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_media, 5000 b_silent, 34999 b_media, 9999999 timeout",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted",
    );
}

#[test]
fn a_turned_clock_does_not_end_a_call_whose_media_flows() {
    user_calls(
        "10 u_up, 20 pre_accept a, 30 b_up, 40 b_media, 1000 accept a, 86400000 timeout",
        "0ms webhook connect
         20ms apply business answer
         20ms phone: ringing
         1000ms pass media
         1000ms phone: accepted",
    );
}

#[test]
fn early_media_that_stopped_before_the_accept_does_not_count() {
    user_calls(
        "10 u_up, 20 pre_accept a, 40 b_media, 50 b_silent, 1000 accept a, 21000 timeout",
        "0ms webhook connect
         20ms apply business answer
         20ms phone: ringing
         1000ms pass media
         1000ms phone: accepted
         21000ms close media
         21000ms phone: ended no_business_media
         21000ms webhook terminate FAILED: no_business_media by business, NoBusinessMedia, 1000ms to 21000ms",
    );
}

#[test]
fn the_business_vanishes_without_terminate() {
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_media, 5000 b_failed, 35000 timeout",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         35000ms close media
         35000ms phone: ended no_business_media
         35000ms webhook terminate FAILED: no_business_media by business, NoBusinessMedia, 1000ms to 35000ms",
    );
}

#[test]
fn the_business_leg_fails_before_it_is_up() {
    for script in [
        "10 pre_accept a, 30 b_failed",
        "10 pre_accept a, 20 b_up, 30 b_failed",
    ] {
        user_calls(
            script,
            "0ms webhook connect
             10ms apply business answer
             10ms phone: ringing
             30ms close media
             30ms phone: ended business_set_up_failed
             30ms webhook terminate FAILED: business_set_up_failed by business, ConnectionError, never taken, at 30ms",
        );
    }
    user_calls(
        "10 accept a, 30 b_failed",
        "0ms webhook connect
         10ms apply business answer
         10ms pass media
         10ms phone: accepted
         30ms close media
         30ms phone: ended business_set_up_failed
         30ms webhook terminate FAILED: business_set_up_failed by business, ConnectionError, 10ms to 30ms",
    );
}

#[test]
fn the_user_does_not_connect() {
    user_calls(
        "1000 accept a, 1100 b_media, 16000 timeout",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         16000ms close media
         16000ms phone: ended user_did_not_connect
         16000ms webhook terminate FAILED: user_did_not_connect by network, UserCannotReachRelay, 1000ms to 16000ms",
    );
}

#[test]
fn the_user_leg_fails() {
    user_calls(
        "1000 u_failed",
        "0ms webhook connect
         1000ms close media
         1000ms phone: ended user_set_up_failed
         1000ms webhook terminate FAILED: user_set_up_failed by user, UserSetUpFailed, never taken, at 1000ms",
    );
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_media, 5000 u_failed",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         5000ms close media
         5000ms phone: ended no_user_media
         5000ms webhook terminate FAILED: no_user_media by network, NoUserMedia, 1000ms to 5000ms",
    );
}

#[test]
fn a_restart_ends_the_call() {
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_media, 5000 restart",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         5000ms close media
         5000ms phone: ended platform_restarted
         5000ms webhook terminate FAILED: platform_restarted by platform, ConnectionError, 1000ms to 5000ms",
    );
}

#[test]
fn a_deadline_that_passed_while_the_platform_was_down_comes_first() {
    user_calls(
        "90000 restart",
        "0ms webhook connect
         90000ms close media
         90000ms phone: ended business_did_not_answer
         90000ms webhook terminate COMPLETED: business_did_not_answer by business, never taken, at 60000ms
         90000ms refused: Ended { reason: BusinessDidNotAnswer, at: 60000ms }",
    );
}

#[test]
fn a_clock_set_back_makes_no_call_of_negative_length() {
    user_calls(
        "5000 accept a, 4000 hangup",
        "0ms webhook connect
         5000ms apply business answer
         5000ms pass media
         5000ms phone: accepted
         4000ms close media
         4000ms phone: ended user_hung_up
         4000ms webhook terminate COMPLETED: user_hung_up by nobody, 5000ms to 5000ms",
    );
}
