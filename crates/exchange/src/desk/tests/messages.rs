//! Messages between a business and a user, and what becomes of them.

use wire::Recipient;
use wire::messages::Content;

use crate::testing::Platform;

#[tokio::test]
async fn an_answer_is_delivered_and_read() {
    insta::assert_snapshot!(told("user writes hello, +5s, business reads, business writes good-day, +9s, \
        user reads, user reads").await, @r"
    phones: chat, text hello
    webhook: text hello
    phones: chat status, read
    phones: chat, text good-day
    webhook: sent
    webhook: delivered
    phones: chat status, read
    webhook: read
    ");
}

#[tokio::test]
async fn a_text_without_a_window_is_taken_and_fails() {
    insta::assert_snapshot!(told("business writes hello").await, @"webhook: failed, error 131047");
}

#[tokio::test]
async fn the_window_closes_a_day_after_the_user_wrote() {
    insta::assert_snapshot!(told("user writes hello, +86399s, business writes good-day, +1s, \
        business writes too-late, user replies good-day, business writes good-day").await, @r"
    phones: chat, text hello
    webhook: text hello
    phones: chat, text good-day
    webhook: sent
    webhook: delivered
    webhook: failed, error 131047
    phones: chat, text good-day
    webhook: text good-day, in answer
    phones: chat, text good-day
    webhook: sent
    webhook: delivered
    ");
}

#[tokio::test]
async fn phones_that_are_away_get_it_when_they_are_back() {
    insta::assert_snapshot!(told("user writes hello, user goes offline, business writes one, \
        business writes two, +60s, user goes online").await, @r"
    phones: chat, text hello
    webhook: text hello
    webhook: sent
    webhook: sent
    phones: chat, text one
    phones: chat, text two
    webhook: delivered
    webhook: delivered
    ");
}

#[tokio::test]
async fn what_nobody_comes_for_is_dropped_without_a_word() {
    insta::assert_snapshot!(told("user writes hello, user goes offline, business writes one, +2592000s, \
        user goes online, user reads").await, @r"
    phones: chat, text hello
    webhook: text hello
    webhook: sent
    refused: The message was dropped: no phone came for it in time.
    ");
}

#[tokio::test]
async fn from_a_request_to_a_call() {
    insta::assert_snapshot!(told("user writes hello, business asks, business asks, connect, \
        user answers temporary, connect, phone 1 rings, phone 1 picks-up, leg user up, leg business up, \
        leg business media, +9s, terminate").await, @r"
    phones: chat, text hello
    webhook: text hello
    phones: chat, call_permission_request
    webhook: sent
    webhook: delivered
    refused: This user was sent 1 call permission requests in 24 hours, and 1 is as many as may be. A call that is taken clears the count. The next request is taken at Unix time 1760767900.
    refused: The user has not answered the call permission request yet. Wait for the answer.
    phones: chat, call_permission_request
    phones: permission, temporary
    webhook: permission accept until 1761286300, user_action
    media: begin user 4 business 3
    phones: ring, our offer to the user
    webhook: connect, sdp our answer to the business
    webhook: RINGING
    media: 4 takes the phone's answer
    media: pass 4 3
    phones but 1: stop ringing, taken_elsewhere
    phone 1: accepted
    webhook: ACCEPTED
    media: close 4 3
    phone 1: ended, business_hung_up
    webhook: terminate, status COMPLETED, duration 9
    ");
}

#[tokio::test]
async fn a_request_needs_a_window_at_once() {
    insta::assert_snapshot!(told("business asks, business offers 60 order-7").await, @r"
    refused: There is no open customer-service window with this user. Wait for the user to write or to call, or send the request as a template.
    webhook: failed, error 131047
    ");
}

#[tokio::test]
async fn old_clients_take_text_and_nothing_about_calls() {
    insta::assert_snapshot!(told("user writes hello, user becomes outdated_client, business writes hello, \
        business asks, business offers 60 order-7").await, @r"
    phones: chat, text hello
    webhook: text hello
    phones: chat, text hello
    webhook: sent
    webhook: delivered
    webhook: failed, error 131026
    webhook: failed, error 131026
    ");
}

#[tokio::test]
async fn whoever_has_not_accepted_the_terms_gets_nothing() {
    insta::assert_snapshot!(told("user writes hello, user becomes terms_not_accepted, \
        business writes hello").await, @r"
    phones: chat, text hello
    webhook: text hello
    webhook: failed, error 131026
    ");
}

#[tokio::test]
async fn a_request_that_waits_is_answered_when_it_arrives() {
    insta::assert_snapshot!(told("user writes hello, user goes offline, business asks, +60s, \
        user goes online, user answers permanent").await, @r"
    phones: chat, text hello
    webhook: text hello
    webhook: sent
    phones: chat, call_permission_request
    webhook: delivered
    phones: chat, call_permission_request
    phones: permission, permanent
    webhook: permission accept for ever, user_action
    ");
}

#[tokio::test]
async fn a_button_calls_with_its_payload() {
    insta::assert_snapshot!(told("user writes hello, business offers 60 order-7, +3599s, user presses, \
        terminate").await, @r"
    phones: chat, text hello
    webhook: text hello
    phones: chat, call_button
    webhook: sent
    webhook: delivered
    phone 1: dialing, our answer to the user
    media: begin user 1 business 2
    webhook: connect, sdp our offer to the business, button order-7
    media: close 1 2
    phone 1: ended, business_cancelled
    webhook: terminate, status COMPLETED, button order-7
    ");
}

#[tokio::test]
async fn an_expired_button_says_so() {
    insta::assert_snapshot!(told("user writes hello, business offers 60 order-7, +3600s, \
        user presses").await, @r"
    phones: chat, text hello
    webhook: text hello
    phones: chat, call_button
    webhook: sent
    webhook: delivered
    refused: The button has expired: it worked until Unix time 1760685100.
    ");
}

#[tokio::test]
async fn only_what_has_a_button_can_be_pressed() {
    insta::assert_snapshot!(told("user writes hello, business writes good-day, user presses").await, @r"
    phones: chat, text hello
    webhook: text hello
    phones: chat, text good-day
    webhook: sent
    webhook: delivered
    refused: This message has no button that calls the business.
    ");
}

#[tokio::test]
async fn nobody_gets_a_message_that_fails() {
    let mut platform = stranger().await;
    let nobody = Recipient::WaId("15550009999".parse().expect("a number"));
    platform
        .send_to(nobody, text("hello"))
        .await
        .expect("taken all the same");
    platform.play("+0s").await;
    assert_eq!(platform.take(), ["webhook: failed, error 131026"]);
    let nobody = Recipient::Bsuid("US.1".parse().expect("an id"));
    let refused = platform.send_to(nobody, text("hello")).await;
    insta::assert_snapshot!(refused.expect_err("nobody has this id"), @"There is no WhatsApp user with this number or id. Make one with the control API or the configuration.");
    platform.end();
}

#[tokio::test]
async fn one_user_gets_forty_five_at_once_and_then_one_in_six_seconds() {
    let mut platform = stranger().await;
    platform.play("user writes hello").await;
    for _ in 0..45 {
        platform.send(text("hello")).await.expect("there is room");
    }
    let refused = platform.send(text("hello")).await;
    insta::assert_snapshot!(refused.expect_err("too many"), @"This business number sends this user too many messages. This was asked for too often. The next is taken at Unix time 1760681506.");
    platform.play("+6s").await;
    platform.send(text("hello")).await.expect("room for one");
    platform.send(text("hello")).await.expect_err("and no more");
    platform.end();
}

#[tokio::test]
async fn a_number_sends_eighty_in_a_second() {
    let platform = stranger().await;
    let to = |n: u32| Recipient::WaId(format!("1555{n:07}").parse().expect("a number"));
    for n in 0..80 {
        platform
            .send_to(to(n), text("hello"))
            .await
            .expect("there is room");
    }
    let refused = platform.send_to(to(80), text("hello")).await;
    insta::assert_snapshot!(refused.expect_err("too many"), @"This business number sends too many messages. This was asked for too often. The next is taken at Unix time 1760681501.");
    platform.end();
}

/// What is told of a script between a business and a user who has allowed it nothing.
async fn told(script: &str) -> String {
    let mut platform = stranger().await;
    platform.play(script).await;
    platform.end().join("\n")
}

async fn stranger() -> Platform {
    let mut platform = Platform::start().await;
    platform.play("operator grants none").await;
    platform.take();
    platform
}

fn text(body: &str) -> Content {
    Content::Text {
        body: body.to_owned(),
        preview_url: false,
    }
}
