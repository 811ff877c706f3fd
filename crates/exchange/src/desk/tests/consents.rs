//! Permission asked for, given, counted, taken back and run out: what the business and the user hear.

use rules::consent::Status;
use store::Place;
use store::subscriptions::{Dialect, Shape};
use types::Preset;

use crate::desk::{Refused, Turn, consents, numbers, subscriptions, users};
use crate::testing::{Platform, a_world, number, user};

#[tokio::test]
async fn asked_and_allowed_for_seven_days() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .play("connect, ask template, connect, user answers temporary, connect, phone 1 rejects")
        .await;
    platform.play("+604800s, connect").await;
    insta::assert_snapshot!(platform.end().join("\n"), @r"
    refused: The user has not allowed this business number to call. Ask for permission first.
    refused: The user has not answered the call permission request yet. Wait for the answer.
    phones: permission, temporary
    webhook: permission accept until 1761286300, user_action
    media: begin user 6 business 5
    phones: ring, our offer to the user
    webhook: connect, sdp our answer to the business
    media: close 6 5
    phones but 1: stop ringing, rejected_elsewhere
    phone 1: ended, user_rejected
    webhook: REJECTED
    webhook: terminate, status COMPLETED
    phones: permission, none
    refused: The user's call permission has run out. Ask for permission again.
    ");
}

#[tokio::test]
async fn the_answer_may_be_changed() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .play("ask template, user answers decline, user answers permanent, user answers permanent, ask template, profile none, +604800s, user answers temporary")
        .await;
    insta::assert_snapshot!(platform.end().join("\n"), @r"
    webhook: permission reject, user_action
    phones: permission, permanent
    webhook: permission accept for ever, user_action
    refused: This has been said before, and holds.
    refused: The user has allowed this business number to call for ever. There is nothing to ask for.
    phones: permission, none
    webhook: permission reject, user_action
    refused: No call permission request with this id can be answered: it is over, or there was none.
    ");
}

#[tokio::test]
async fn one_request_a_day_and_two_a_week() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .play("ask template, ask template, +86399999ms, ask template, +1ms, ask template, +86400s, ask template")
        .await;
    platform
        .play("+431999s, ask template, +1s, ask template")
        .await;
    insta::assert_snapshot!(platform.end().join("\n"), @r"
    refused: This user was sent 1 call permission request in 24 hours, and 1 is as many as may be. A call that is taken clears the count. The next request is taken at Unix time 1760767900.
    refused: This user was sent 1 call permission request in 24 hours, and 1 is as many as may be. A call that is taken clears the count. The next request is taken at Unix time 1760767900.
    refused: This user was sent 2 call permission requests in 7 days, and 2 is as many as may be. A call that is taken clears the count. The next request is taken at Unix time 1761286300.
    refused: This user was sent 2 call permission requests in 7 days, and 2 is as many as may be. A call that is taken clears the count. The next request is taken at Unix time 1761286300.
    ");
}

#[tokio::test]
async fn a_free_form_request_needs_an_open_window() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform.play("ask free-form, dial, phone 1 hangs-up").await;
    platform.take();
    platform.play("+86399s, ask free-form").await;
    assert!(platform.take().is_empty(), "it is open for 24 hours");
    platform.play("+86400s, ask free-form").await;
    insta::assert_snapshot!(platform.end().join("\n"), @"refused: There is no open customer-service window with this user. Wait for the user to write or to call, or send the request as a template.");
}

#[tokio::test]
async fn four_calls_in_a_row_that_are_not_taken() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform.play("profile permanent").await;
    for _ in 0..4 {
        platform.play("connect, phone 1 rings, +60s").await;
    }
    platform.play("connect").await;
    let told = platform.end();
    let told: Vec<_> = told
        .iter()
        .filter(|line| !line.contains("media") && !line.contains("ring"))
        .map(String::as_str)
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    phones: permission, permanent
    webhook: permission accept for ever, user_action
    webhook: connect, sdp our answer to the business
    webhook: RINGING
    webhook: terminate, status COMPLETED
    webhook: connect, sdp our answer to the business
    webhook: RINGING
    phones: chat, notice
    webhook: terminate, status COMPLETED
    webhook: connect, sdp our answer to the business
    webhook: RINGING
    webhook: terminate, status COMPLETED
    webhook: connect, sdp our answer to the business
    webhook: RINGING
    phones: chat, notice
    phones: permission, none
    webhook: terminate, status COMPLETED
    webhook: permission reject, automatic
    refused: The call permission was revoked because too many calls in a row were not taken. Ask for permission again.
    ");
}

#[tokio::test]
async fn a_call_that_is_taken_clears_the_counters() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .play("ask template, user answers temporary, connect, phone 1 picks-up, terminate")
        .await;
    platform.take();
    platform.play("ask template").await;
    assert!(platform.take().is_empty(), "one more is taken at once");
    assert_eq!(
        words(&platform).await,
        [
            "requested",
            "request_delivered",
            "answered_temporary",
            "call_connected",
            "counters_cleared",
            "requested",
            "request_delivered",
        ]
    );
    platform.end();
}

#[tokio::test]
async fn as_many_connected_calls_a_day_as_the_preset_says() {
    let mut preset = Preset::meta_2026();
    preset.consent.connected_calls_per_day = 2;
    let mut platform = stranger(preset).await;
    platform.play("profile permanent").await;
    for _ in 0..2 {
        platform
            .play("connect, phone 1 picks-up, +10s, terminate")
            .await;
    }
    platform.take();
    platform.play("connect, +86379999ms, connect").await;
    let refused = platform.take();
    assert_eq!(refused.len(), 2, "{refused:?}");
    insta::assert_snapshot!(refused[0], @"refused: The user has taken 2 calls of this business number in 24 hours, and 2 is as many as may be. The next call is taken at Unix time 1760767900.");
    platform.play("+1ms, connect").await;
    assert!(platform.end()[0].starts_with("media: begin"));
}

#[tokio::test]
async fn the_operator_grants_without_a_word() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .play("operator grants temporary, operator grants temporary, operator grants none, operator grants none")
        .await;
    assert!(
        platform
            .take()
            .iter()
            .all(|line| line.starts_with("phones: "))
    );
    assert_eq!(
        words(&platform).await,
        ["operator_grant", "operator_revoke"]
    );
    platform.end();
}

#[tokio::test]
async fn whoever_calls_may_be_called_back() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform.play("dial, phone 1 hangs-up, connect").await;
    assert!(
        platform
            .take()
            .pop()
            .expect("a refusal")
            .starts_with("refused"),
        "the number has not said so"
    );
    platform.run(call_back).await.expect("a setting");
    platform
        .play("dial, phone 1 hangs-up, profile permanent, dial, phone 1 hangs-up")
        .await;
    let told = platform.end();
    let told: Vec<_> = told
        .iter()
        .filter(|line| line.contains("permission"))
        .map(String::as_str)
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    phones: permission, temporary
    webhook: permission accept until 1761286300, automatic
    phones: permission, permanent
    webhook: permission accept for ever, user_action
    ");
}

#[tokio::test]
async fn nothing_is_left_of_a_pair_that_is_forgotten() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform.play("profile temporary, dial").await;
    let forgotten = platform.run(|turn| {
        consents::forget(turn, &number(), &user())?;
        let again = consents::forget(turn, &number(), &user())?;
        let window = consents::window(turn, &number(), &user())?;
        Ok((again, window.heard))
    });
    assert_eq!(forgotten.await, Ok((false, None)));
    assert!(words(&platform).await.is_empty());
    platform.end();
}

#[tokio::test]
async fn who_cannot_be_called_has_no_permission_for_now() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform.play("profile permanent").await;
    let change = users::UserChange {
        reachability: Some(store::users::Reachability::OutdatedClient),
        ..users::UserChange::default()
    };
    platform
        .run(move |turn| users::change(turn, &user(), change))
        .await
        .expect("a change");
    platform.take();
    platform.play("connect").await;
    insta::assert_snapshot!(platform.take().join("\n"), @"refused: The user cannot be called: not on WhatsApp, with too old a client, or without having accepted the terms. Nothing can be done from here.");
    let standing = platform.run(|turn| {
        let (number, user) = (numbers::find(turn, &number())?, users::find(turn, &user())?);
        let facts = consents::outbound(turn, &number, &user)?;
        Ok(facts.outbound().standing(turn.now, turn.preset).status)
    });
    assert_eq!(standing.await, Ok(Status::NoPermission));
    platform.end();
}

#[tokio::test]
async fn whoever_subscribed_at_360dialog_gets_its_flat_event_besides() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .run(|turn| {
            let mut callback = a_world().callbacks.remove(0);
            callback.dialect = Dialect::D360;
            callback.fields = Vec::new();
            subscriptions::set(turn, &callback)
        })
        .await
        .expect("a subscription");
    platform
        .play("profile temporary, +604800s, ask template, user answers decline")
        .await;
    let told = platform.end();
    let webhooks: Vec<_> = told
        .iter()
        .filter(|line| line.starts_with("webhook"))
        .map(String::as_str)
        .collect();
    insta::assert_snapshot!(webhooks.join("\n"), @r"
    webhook: permission accept until 1761286300, user_action
    webhook: call_permission_status GRANTED
    webhook: call_permission_status REVOKED
    webhook: permission reject, user_action
    webhook: call_permission_status REJECTED
    ");
}

#[tokio::test]
async fn at_360dialog_the_flat_event_comes_by_its_own_name_as_well() {
    for (fields, lines) in [("calls", 0), ("messages", 3), ("call_permission_status", 2)] {
        let mut platform = stranger(Preset::meta_2026()).await;
        platform
            .run(move |turn| {
                let mut callback = a_world().callbacks.remove(0);
                callback.dialect = Dialect::D360;
                callback.fields = vec![fields.to_owned()];
                subscriptions::set(turn, &callback)
            })
            .await
            .expect("a subscription");
        platform.play("profile temporary, +604800s").await;
        let told = platform.end();
        let webhooks = told.iter().filter(|line| line.starts_with("webhook"));
        assert_eq!(webhooks.count(), lines, "{fields}: {told:?}");
    }
}

#[tokio::test]
async fn the_six_replies_as_they_are_sent() {
    for (name, shape) in [
        ("permission_replies", Shape::Rich),
        ("permission_replies_doc_exact", Shape::DocExact),
    ] {
        let mut platform = stranger(Preset::meta_2026()).await;
        platform
            .run(move |turn| {
                let mut callback = a_world().callbacks.remove(0);
                callback.fields = vec!["messages".to_owned()];
                callback.shape = shape;
                subscriptions::set(turn, &callback)?;
                call_back(turn)
            })
            .await
            .expect("a subscription");
        platform
            .play("dial, phone 1 hangs-up, ask template, user answers temporary, user answers permanent, user answers decline, profile permanent")
            .await;
        for _ in 0..4 {
            platform.play("connect, phone 1 rejects").await;
        }
        let mut text = String::new();
        for (_, body) in platform.bodies() {
            text.push_str(&testkit::json::pretty(body));
            text.push('\n');
        }
        platform.end();
        insta::assert_snapshot!(name, text);
    }
}

/// A platform whose user has allowed nothing yet, and whose app hears of permissions as well.
async fn stranger(preset: Preset) -> Platform {
    let platform = Platform::start_on(&Place::Memory, preset).await;
    platform
        .run(|turn| {
            let mut callback = a_world().callbacks.remove(0);
            callback.fields.push("messages".to_owned());
            subscriptions::set(turn, &callback)?;
            consents::forget(turn, &number(), &user())
        })
        .await
        .expect("a clean slate");
    platform.take();
    platform
}

/// Lets whoever calls the number be called back.
fn call_back(turn: &mut Turn<'_>) -> Result<(), Refused> {
    let mut number = numbers::find(turn, &number())?;
    number.settings.callback_permission = true;
    Ok(store::numbers::save(turn.tx, &number)?)
}

/// The words of the ledger's lines.
async fn words(platform: &Platform) -> Vec<&'static str> {
    let entries = platform
        .run(|turn| consents::history(turn, &number(), &user(), None, 100))
        .await
        .expect("the ledger");
    entries.iter().map(|entry| entry.reason.as_str()).collect()
}
