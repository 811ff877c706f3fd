//! Permission asked for, given, counted, taken back and run out: what the business and the user hear.

use rules::consent::{Reason, Status};
use store::Place;
use store::subscriptions::{Dialect, Shape};
use types::Preset;

use crate::desk::{consents, subscriptions, users};
use crate::testing::{Platform, a_world, number, user};

#[tokio::test]
async fn asked_and_allowed_for_seven_days() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .play("connect, ask template, connect, user answers temporary, connect, phone 1 rejects")
        .await;
    platform.play("+604800s, connect").await;
    insta::assert_snapshot!(platform.end().join("\n"), @"");
}

#[tokio::test]
async fn the_answer_may_be_changed() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform
        .play("ask template, user answers decline, user answers permanent, user answers permanent, ask template, profile none, +604800s, user answers temporary")
        .await;
    insta::assert_snapshot!(platform.end().join("\n"), @"");
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
    insta::assert_snapshot!(platform.end().join("\n"), @"");
}

#[tokio::test]
async fn a_free_form_request_needs_an_open_window() {
    let mut platform = stranger(Preset::meta_2026()).await;
    platform.play("ask free-form, dial, phone 1 hangs-up").await;
    platform.take();
    platform.play("+86399s, ask free-form").await;
    assert!(platform.take().is_empty(), "it is open for 24 hours");
    platform.play("+86400s, ask free-form").await;
    insta::assert_snapshot!(platform.end().join("\n"), @"");
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
    insta::assert_snapshot!(told.join("\n"), @"");
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
    let reasons = history(&platform).await;
    insta::assert_debug_snapshot!(reasons, @"");
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
    insta::assert_snapshot!(refused[0], @"");
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
    let reasons: Vec<_> = history(&platform).await;
    let words: Vec<_> = reasons.iter().map(Reason::as_str).collect();
    assert_eq!(words, ["operator_grant", "operator_revoke"]);
    platform.end();
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
    assert!(history(&platform).await.is_empty());
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
    insta::assert_snapshot!(platform.take().join("\n"), @"");
    let standing = platform.run(|turn| {
        let (number, user) = (
            crate::desk::numbers::find(turn, &number())?,
            users::find(turn, &user())?,
        );
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
    insta::assert_snapshot!(webhooks.join("\n"), @"");
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
                subscriptions::set(turn, &callback)
            })
            .await
            .expect("a subscription");
        platform
            .play("ask template, user answers temporary, user answers permanent, user answers decline, profile permanent")
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

async fn history(platform: &Platform) -> Vec<Reason> {
    let entries = platform
        .run(|turn| consents::history(turn, &number(), &user(), None, 100))
        .await
        .expect("the ledger");
    entries.into_iter().map(|entry| entry.reason).collect()
}
