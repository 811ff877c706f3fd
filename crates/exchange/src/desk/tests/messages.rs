//! Messages between a business and a user, and what becomes of them.

use types::template::{ButtonCall, Parameter, ParameterValue, TemplateCall};
use wire::Recipient;
use wire::messages::Content;

use crate::desk::templates;
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
    refused: This user was sent 1 call permission request in 24 hours, and 1 is as many as may be. A call that is taken clears the count. The next request is taken at Unix time 1760767900.
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
async fn what_waits_fails_once_it_is_known_that_it_will_not_arrive() {
    insta::assert_snapshot!(told("user writes hello, user goes offline, user becomes outdated_client, \
        business asks, business writes one, user goes online").await, @r"
    phones: chat, text hello
    webhook: text hello
    webhook: sent
    webhook: sent
    phones: chat, text one
    webhook: failed, error 131026
    webhook: delivered
    ");
    insta::assert_snapshot!(told("user writes hello, user goes offline, business writes one, \
        user becomes not_on_whatsapp").await, @r"
    phones: chat, text hello
    webhook: text hello
    webhook: sent
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
async fn a_template_needs_no_window_and_may_ask() {
    let mut platform = with_templates().await;
    platform
        .send(template("may_we_call", &["ON-12345"]))
        .await
        .expect("no window is needed");
    let refused = platform.send(template("may_we_call", &["ON-12345"])).await;
    insta::assert_snapshot!(refused.expect_err("once a day"), @"This user was sent 1 call permission request in 24 hours, and 1 is as many as may be. A call that is taken clears the count. The next request is taken at Unix time 1760767900.");
    platform.play("user answers temporary").await;
    insta::assert_snapshot!(platform.end().join("\n"), @r"
    phones: chat, template
    phones: chat, template
    phones: permission, temporary
    webhook: sent
    webhook: delivered
    webhook: permission accept until 1761286300, user_action
    ");
}

#[tokio::test]
async fn a_templates_button_works_as_long_as_the_message_says() {
    let mut platform = with_templates().await;
    platform
        .send(button_of("call_us", 60, "order-7"))
        .await
        .expect("a template");
    platform
        .play("+3599s, user presses, phone 1 hangs-up, +1s, user presses")
        .await;
    insta::assert_snapshot!(platform.end().join("\n"), @r"
    phones: chat, template
    webhook: sent
    webhook: delivered
    phone 1: dialing, our answer to the user
    media: begin user 1 business 2
    webhook: connect, sdp our offer to the business, button order-7
    media: close 1 2
    phone 1: ended, user_cancelled
    webhook: terminate, status COMPLETED, button order-7
    refused: The button has expired: it worked until Unix time 1760685100.
    ");
}

#[tokio::test]
async fn what_does_not_fit_a_template_is_refused() {
    let mut platform = with_templates().await;
    for (content, wanted) in [
        (
            template("may_we_call", &[]),
            "BODY of the template has 1 variable and the message brings no parameters. Send one for each.",
        ),
        (
            template("nothing", &[]),
            "The account has no template of this name in this language. Names and language codes count letter by letter.",
        ),
    ] {
        let refused = platform.send(content).await.expect_err("it does not fit");
        assert_eq!(refused.to_string(), wanted);
    }
    assert!(platform.end().is_empty());
}

#[tokio::test]
async fn a_code_goes_to_a_number_and_to_no_business_scoped_id() {
    let platform = with_templates().await;
    let bsuid = Recipient::Bsuid("US.13491208655302741918".parse().expect("an id"));
    let refused = platform.send_to(bsuid, template("code", &["123456"])).await;
    insta::assert_snapshot!(refused.expect_err("not to an id"), @"A template of the category AUTHENTICATION cannot be sent to a business-scoped user id. Send it to the user's number.");
    platform.end();
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

/// The same with an account that has templates.
async fn with_templates() -> Platform {
    let platform = stranger().await;
    let kept = platform.run(|turn| {
        let waba = "102290129340398".parse().expect("an id");
        for text in [MAY_WE_CALL, CALL_US, CODE] {
            let parameters = serde_json::from_str(text).expect("an object");
            templates::configure(turn, &waba, &parameters)?;
        }
        Ok(())
    });
    kept.await.expect("templates");
    platform.take();
    platform
}

fn template(name: &str, body: &[&str]) -> Content {
    Content::Template(TemplateCall {
        name: name.to_owned(),
        language: "en".to_owned(),
        header: Vec::new(),
        body: body
            .iter()
            .map(|text| Parameter {
                name: None,
                value: ParameterValue::Text((*text).to_owned()),
            })
            .collect(),
        buttons: Vec::new(),
    })
}

fn button_of(name: &str, ttl_minutes: u32, payload: &str) -> Content {
    Content::Template(TemplateCall {
        name: name.to_owned(),
        language: "en".to_owned(),
        header: Vec::new(),
        body: Vec::new(),
        buttons: vec![ButtonCall::VoiceCall {
            index: None,
            ttl_minutes: Some(ttl_minutes),
            payload: Some(payload.to_owned()),
        }],
    })
}

const MAY_WE_CALL: &str = r#"{"name": "may_we_call", "language": "en", "category": "UTILITY", "components": [
    {"type": "BODY", "text": "May we call you about order {{1}}, please?", "example": {"body_text": [["ON-1"]]}},
    {"type": "CALL_PERMISSION_REQUEST"}]}"#;
const CALL_US: &str = r#"{"name": "call_us", "language": "en", "category": "MARKETING", "components": [
    {"type": "BODY", "text": "You can call us now."},
    {"type": "BUTTONS", "buttons": [{"type": "VOICE_CALL", "text": "Call Now"}]}]}"#;
const CODE: &str = r#"{"name": "code", "language": "en", "category": "AUTHENTICATION", "components": [
    {"type": "BODY", "text": "Your code is {{1}}, friend.", "example": {"body_text": [["123456"]]}}]}"#;

fn text(body: &str) -> Content {
    Content::Text {
        body: body.to_owned(),
        preview_url: false,
    }
}
