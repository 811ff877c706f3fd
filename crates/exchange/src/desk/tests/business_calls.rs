//! The business calls a user: every short ending.

use crate::testing::check;

#[test]
fn picked_up_and_hung_up_by_the_business() {
    check(
        "connect data, +1s, phone 1 rings, phone 2 rings, leg business up, +3s, phone 2 picks-up, leg user up, leg business media, +60s, terminate",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business, data data
         webhook: RINGING
         media: 2 takes the phone's answer
         media: pass 2 1
         phones but 2: stop ringing, taken_elsewhere
         phone 2: accepted
         webhook: ACCEPTED
         media: close 2 1
         phone 2: ended, business_hung_up
         webhook: terminate, status COMPLETED, duration 60, data data",
    );
}

#[test]
fn picked_up_and_hung_up_by_the_user() {
    check(
        "connect, phone 1 rings, phone 1 picks-up, leg user up, leg business up, leg business media, +1500ms, phone 1 hangs-up",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: 2 takes the phone's answer
         media: pass 2 1
         phones but 1: stop ringing, taken_elsewhere
         phone 1: accepted
         webhook: ACCEPTED
         media: close 2 1
         phone 1: ended, user_hung_up
         webhook: terminate, status COMPLETED, duration 1",
    );
}

#[test]
fn rejected() {
    check(
        "connect, phone 1 rings, +2s, phone 1 rejects",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: close 2 1
         phones but 1: stop ringing, rejected_elsewhere
         phone 1: ended, user_rejected
         webhook: REJECTED
         webhook: terminate, status COMPLETED",
    );
}

#[test]
fn not_answered() {
    check(
        "connect, phone 1 rings, +60s",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: close 2 1
         phones: stop ringing, no_answer
         webhook: terminate, status COMPLETED",
    );
}

#[test]
fn no_phone_ever_rings() {
    check(
        "connect, +60s",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         media: close 2 1
         phones: stop ringing, no_answer
         webhook: terminate, status COMPLETED",
    );
}

#[test]
fn given_up_by_the_business() {
    check("connect, phone 1 rings, terminate, phone 1 picks-up",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: close 2 1
         phones: stop ringing, caller_hung_up
         webhook: terminate, status COMPLETED
         refused: The call is over: the business gave up before the call was taken. Nothing more can be done with it.",
    );
}

#[test]
fn a_phone_that_comes_back_rings_again() {
    check(
        "connect, phone 3 comes, phone 3 rings, phone 3 picks-up, phone 4 comes",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         phone 3: welcome, 1 businesses, 1 calls
         phone 3: ring, our offer to the user
         webhook: RINGING
         media: 2 takes the phone's answer
         media: pass 2 1
         phones but 3: stop ringing, taken_elsewhere
         phone 3: accepted
         webhook: ACCEPTED
         phone 4: welcome, 1 businesses, 1 calls
         phone 4: accepted",
    );
}

#[test]
fn the_second_phone_is_too_late() {
    check(
        "connect, phone 1 rings, phone 1 picks-up, phone 2 picks-up",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: 2 takes the phone's answer
         media: pass 2 1
         phones but 1: stop ringing, taken_elsewhere
         phone 1: accepted
         webhook: ACCEPTED
         refused: The call has been taken on another phone of the user.",
    );
}

#[test]
fn the_business_never_connects() {
    check(
        "connect, phone 1 picks-up, leg user up, +20s",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         media: 2 takes the phone's answer
         media: pass 2 1
         phones but 1: stop ringing, taken_elsewhere
         phone 1: accepted
         webhook: ACCEPTED
         media: close 2 1
         phone 1: ended, business_did_not_connect
         webhook: terminate, status FAILED, duration 20, error 138007",
    );
}

#[test]
fn the_business_leg_fails_while_it_rings() {
    check(
        "connect, phone 1 rings, leg business failed",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: close 2 1
         phones: stop ringing, ended
         webhook: terminate, status FAILED, error 138004",
    );
}

#[test]
fn what_is_the_users_is_not_the_businesss() {
    check("connect, accept A, reject, pre_accept A, leg user up",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         refused: The business placed this call, so it is the user who takes or declines it. Wait for the ACCEPTED or REJECTED status, or terminate the call.
         refused: The business placed this call, so it is the user who takes or declines it. Wait for the ACCEPTED or REJECTED status, or terminate the call.
         refused: The business placed this call, so it is the user who takes or declines it. Wait for the ACCEPTED or REJECTED status, or terminate the call.",
    );
}
