//! The configuration is brought in at every start, and takes back nothing that happened since.

use serde_json::json;
use types::calling::CallIcon;

use crate::desk::{Refused, auth, consents, numbers, subscriptions, users};
use crate::testing::{Platform, a_world, number, user};

use super::*;

#[tokio::test]
async fn twice_is_as_good_as_once() {
    let platform = Platform::start().await;
    let before = platform
        .run(|turn| users::find(turn, &user()))
        .await
        .expect("the user");
    platform
        .run(|turn| apply(turn, a_world()))
        .await
        .expect("applied again");
    let after = platform
        .run(|turn| users::find(turn, &user()))
        .await
        .expect("the user");
    assert_eq!(before, after);
    let all = platform
        .run(subscriptions::list)
        .await
        .expect("subscriptions");
    assert_eq!(all.len(), 1);
    platform.end();
}

#[tokio::test]
async fn what_users_and_operators_did_since_stays() {
    let platform = Platform::start().await;
    let applied = platform.run(|turn| {
        consents::set(turn, &number(), &user(), None)?;
        numbers::set_calling(turn, &number(), false)?;
        apply(turn, a_world())?;
        let ledger = consents::load(turn, &number(), &user())?;
        Ok((
            ledger.state().held.grant().is_some(),
            numbers::find(turn, &number())?.settings.enabled,
        ))
    });
    assert_eq!(applied.await, Ok((false, false)));
    platform.end();
}

#[tokio::test]
async fn names_secrets_and_callbacks_are_as_configured() {
    let platform = Platform::start().await;
    let applied = platform.run(|turn| {
        let mut world = a_world();
        world.users[0].name = "Zoe".to_owned();
        world.users[0].phone_token = None;
        world.callbacks[0].url = "http://127.0.0.1:9/other".to_owned();
        world.apps[0].tokens[0].0 = "another token".into();
        apply(turn, world)?;
        let user = users::find(turn, &user())?;
        let url = subscriptions::list(turn)?.remove(0).callback.url;
        auth::token(turn, "another token")?;
        Ok((user.name, user.phone_token, url))
    });
    let (name, phone_token, url) = applied.await.expect("applied");
    assert_eq!(name, "Zoe");
    assert_eq!(
        phone_token, "phone token",
        "a token that is not configured is not drawn anew"
    );
    assert_eq!(url, "http://127.0.0.1:9/other");
    platform.end();
}

#[tokio::test]
async fn a_world_that_does_not_hold_together_changes_nothing() {
    let platform = Platform::start().await;
    let mut world = a_world();
    world.numbers[0].verified_name = "Another".to_owned();
    world.consents[0].wa_id = "15550009999".parse().expect("a number");
    let refused = platform.run(|turn| apply(turn, world)).await;
    assert_eq!(refused, Err(Refused::UnknownUser));

    let mut world = a_world();
    world.numbers[0].id = "999".parse().expect("an id");
    let refused = platform.run(|turn| apply(turn, world)).await;
    assert_eq!(refused, Err(Refused::NumberTaken));

    let kept = platform
        .run(|turn| numbers::find(turn, &number()))
        .await
        .expect("the number");
    assert_eq!(kept.verified_name, "Lucky Shrub");
    platform.end();
}

#[tokio::test]
async fn settings_of_calls_are_as_configured_at_first_and_then_left_alone() {
    let platform = Platform::start().await;
    let calling = json!({
        "call_icon_visibility": "DISABLE_ALL",
        "sip": {"servers": [{"hostname": "sip.example.com"}]},
    });
    let calling = read_calling(calling.as_object().expect("an object")).expect("good words");
    let mut world = a_world();
    let number = &mut world.numbers[0];
    number.id = "1".parse().expect("an id");
    number.display = "15550002222".parse().expect("a number");
    number.d360_key = None;
    number.calling = calling;
    number.messaging_limit = MessagingLimit::Tier250;
    let settings = async |world: World| {
        let found = platform.run(|turn| {
            apply(turn, world)?;
            let number = numbers::find(turn, &"1".parse().expect("an id"))?;
            assert_eq!(number.messaging_limit, MessagingLimit::Tier250);
            Ok(number.settings)
        });
        found.await.expect("a number")
    };
    let first = settings(world.clone()).await;
    assert!(first.enabled);
    assert_eq!(first.icon, CallIcon::DisableAll);
    assert_eq!(first.sip.servers.len(), 1);
    world.numbers[0].calling.icon = Some(CallIcon::Default);
    assert_eq!(settings(world).await, first);

    let wrong = json!({"status": "MAYBE"});
    let told = read_calling(wrong.as_object().expect("an object")).expect_err("no such word");
    assert_eq!(
        told,
        "calling.status is \"MAYBE\". It must be \"ENABLED\" or \"DISABLED\"."
    );
    platform.end();
}
