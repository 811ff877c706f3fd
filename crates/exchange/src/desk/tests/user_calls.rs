//! A user calls the business: every short ending.

use crate::testing::check;

#[test]
fn accepted_and_hung_up_by_the_user() {
    check(
        "dial, +2s, pre_accept A, +1s, accept A data, leg user up, leg business up, leg business media, +20s, phone 1 hangs-up",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         phone 1: remote ringing
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, user_hung_up
         webhook: terminate, status COMPLETED, duration 20, data data",
    );
}

#[test]
fn accepted_without_pre_accept_and_hung_up_by_the_business() {
    check(
        "dial, leg user up, +2s, accept A, leg business up, leg business media, +7s, terminate",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, business_hung_up
         webhook: terminate, status COMPLETED, duration 7",
    );
}

#[test]
fn rejected() {
    check(
        "dial, +3s, reject",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: close 1 2
         phone 1: ended, business_rejected
         webhook: terminate, status COMPLETED",
    );
}

#[test]
fn given_up_by_the_user() {
    check(
        "dial, +3s, phone 1 hangs-up",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: close 1 2
         phone 1: ended, user_cancelled
         webhook: terminate, status COMPLETED",
    );
}

#[test]
fn given_up_by_the_business() {
    check(
        "dial, pre_accept A, terminate",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         phone 1: remote ringing
         media: close 1 2
         phone 1: ended, business_cancelled
         webhook: terminate, status COMPLETED",
    );
}

#[test]
fn not_answered() {
    check("dial, +59s, +1s, accept A",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: close 1 2
         phone 1: ended, business_did_not_answer
         webhook: terminate, status COMPLETED
         refused: The call is over: the business did not accept the call in time. Nothing more can be done with it.",
    );
}

#[test]
fn accepted_and_never_connected() {
    check(
        "dial, leg user up, accept A, +20s",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, business_did_not_connect
         webhook: terminate, status FAILED, duration 20, error 138007",
    );
}

#[test]
fn connected_and_never_heard() {
    check(
        "dial, leg user up, accept A, leg business up, +20s",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, no_business_media
         webhook: terminate, status FAILED, duration 20, error 138021",
    );
}

#[test]
fn heard_and_then_silent() {
    check(
        "dial, leg user up, accept A, leg business up, leg business media, +100s, leg business silent, +29s, leg business media, leg business silent, +30s",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, no_business_media
         webhook: terminate, status FAILED, duration 159, error 138021",
    );
}

#[test]
fn the_phone_never_connects() {
    check(
        "dial, accept A, leg business up, leg business media, +20s",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, user_did_not_connect
         webhook: terminate, status FAILED, duration 20, error 138020",
    );
}

#[test]
fn the_phone_is_lost() {
    check(
        "dial, leg user up, accept A, leg business up, leg business media, +5s, leg user failed, leg user closed",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, no_user_media
         webhook: terminate, status FAILED, duration 5, error 138022",
    );
}

#[test]
fn the_phone_closes_its_audio_before_its_word_arrives() {
    check(
        "dial, leg user up, accept A, leg business up, leg business media, +5s, leg user left, phone 1 hangs-up",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, user_hung_up
         webhook: terminate, status COMPLETED, duration 5",
    );
}

#[test]
fn the_business_closes_its_audio_before_its_word_arrives() {
    check(
        "dial, leg user up, accept A, leg business up, leg business media, +5s, leg business left, terminate",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, business_hung_up
         webhook: terminate, status COMPLETED, duration 5",
    );
}

#[test]
fn the_legs_fail_before_they_are_up() {
    check(
        "dial, leg user failed",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: close 1 2
         phone 1: ended, user_set_up_failed
         webhook: terminate, status FAILED, error 138019",
    );
    check(
        "dial, pre_accept A, leg business failed",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         phone 1: remote ringing
         media: close 1 2
         phone 1: ended, business_set_up_failed
         webhook: terminate, status FAILED, error 138004",
    );
}

#[test]
fn what_is_out_of_turn_is_refused_and_changes_nothing() {
    check("dial, pre_accept A, pre_accept A, accept B, accept A, accept A, reject, phone 1 picks-up, terminate, terminate",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         phone 1: remote ringing
         refused: The call has been pre-accepted already. Accept, reject or terminate it.
         refused: The session description differs from the one given with pre_accept. Send the same one again.
         media: pass 1 2
         phone 1: accepted
         refused: The call has been accepted already. Accept a call once; terminate ends it.
         refused: The call has been accepted already and can no longer be rejected. Terminate it.
         refused: This means nothing to a call that is connecting.
         media: close 1 2
         phone 1: ended, business_hung_up
         webhook: terminate, status COMPLETED, duration 0
         refused: The call is over: the business hung up. Nothing more can be done with it.",
    );
}

#[test]
fn an_operator_may_end_it() {
    check(
        "dial, operator hangs up user",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: close 1 2
         phone 1: ended, user_cancelled
         webhook: terminate, status COMPLETED",
    );
    check(
        "dial, operator hangs up business",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: close 1 2
         phone 1: ended, business_cancelled
         webhook: terminate, status COMPLETED",
    );
}
