//! Who may place a call, and what stays in the records.

use store::Place;
use store::legs::Side;
use store::users::Reachability;
use types::{EventId, Preset};

use crate::desk::{Refused, auth, calls, consents, events, numbers, users};
use crate::testing::{Platform, check, number, user};

#[test]
fn one_call_between_two_at_a_time() {
    check("dial, dial, connect, phone 1 hangs-up, connect",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         refused: A call between this business number and this user has not ended. Terminate it, or wait for its end.
         refused: A call between this business number and this user has not ended. Terminate it, or wait for its end.
         media: close 1 2
         phone 1: ended, user_cancelled
         webhook: terminate, status COMPLETED
         media: begin user 8 business 7
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business",
    );
}

#[tokio::test]
async fn without_permission_no_call() {
    let mut platform = Platform::start().await;
    platform
        .run(|turn| consents::set(turn, &number(), &user(), None))
        .await
        .expect("set");
    platform.take();
    platform.play("connect, dial").await;
    let told = platform.end();
    assert!(
        told[0].starts_with("refused: The user took the call permission back"),
        "{told:?}"
    );
    assert!(
        told[2].starts_with("media: begin"),
        "a user needs no permission: {told:?}"
    );
}

#[tokio::test]
async fn with_calling_off_no_call() {
    let mut platform = Platform::start().await;
    platform
        .run(|turn| numbers::set_calling(turn, &number(), false))
        .await
        .expect("set");
    platform.play("connect, dial").await;
    let refused = "refused: Calling is not enabled on this business number. Enable it first.";
    assert_eq!(
        platform.end(),
        ["phones: the businesses have changed", refused, refused]
    );
}

#[tokio::test]
async fn as_many_calls_as_the_preset_says() {
    let mut preset = Preset::meta_2026();
    preset.calls.concurrent_calls_max = 1;
    preset.calls.attempts_per_day_max = 2;
    let mut platform = Platform::start_on(&Place::Memory, preset).await;
    platform
        .run(|turn| {
            let new = users::NewUser {
                wa_id: "14085550000".parse().expect("a number"),
                bsuid: None,
                name: "Ada".to_owned(),
                country: "US".parse().expect("a country"),
                phone_token: None,
                reachability: Reachability::Active,
                online: true,
            };
            users::create(turn, new)
        })
        .await
        .expect("a second user");
    platform
        .play("connect, phone 1 rejects, connect, phone 1 rejects")
        .await;
    platform.take();
    platform.play("connect, +86400s, connect").await;
    let told = platform.end();
    assert!(told[0].contains("placed 2 calls in 24 hours"), "{told:?}");
    assert!(told[1].starts_with("media: begin"), "a day later: {told:?}");
}

#[tokio::test]
async fn the_record_keeps_what_was_said_and_counted() {
    let mut platform = Platform::start().await;
    platform
        .play("dial, accept A the-data, phone 1 hangs-up, leg user closed")
        .await;
    let id = platform.the_call();
    let (call, legs) = platform
        .run(move |turn| calls::find(turn, &id))
        .await
        .expect("it");
    assert_eq!(call.callback_data.as_deref(), Some("the-data"));
    let of = |side| legs.iter().find(|leg| leg.side == side).expect("a leg");
    assert_eq!(
        of(Side::User).sdp_theirs.as_deref(),
        Some("the phone's offer")
    );
    assert_eq!(
        of(Side::User).sdp_ours.as_deref(),
        Some("our answer to the user")
    );
    assert_eq!(of(Side::Business).sdp_theirs.as_deref(), Some("answer A"));
    assert_eq!(of(Side::Business).media, None);
    assert!(
        of(Side::User)
            .stats
            .as_deref()
            .expect("counts")
            .contains("\"packets_received\":7")
    );

    let all = platform
        .run(|turn| events::list(turn, EventId(0), 100))
        .await
        .expect("events");
    let kinds: Vec<_> = all
        .iter()
        .filter(|event| event.call.is_some())
        .map(|event| event.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "call.placed",
            "webhook.delivered",
            "call.accepted",
            "consent.changed",
            "call.ended",
            "webhook.delivered"
        ]
    );
    platform.end();
}

#[tokio::test]
async fn a_token_opens_its_own_account_only() {
    let platform = Platform::start().await;
    let wrong = platform
        .run(|turn| auth::number_by_token(turn, "guess", &number()))
        .await;
    assert_eq!(wrong.unwrap_err(), Refused::WrongToken);
    let other = "999".parse().expect("an id");
    let other = platform
        .run(move |turn| auth::number_by_token(turn, "token", &other))
        .await;
    assert_eq!(other.unwrap_err(), Refused::UnknownNumber);
    let key = platform
        .run(|turn| auth::number_by_d360_key(turn, "d360 key"))
        .await;
    assert_eq!(key.expect("the number").number().id, number());
    let app: types::AppId = "634974688087057".parse().expect("an id");
    let both = "634974688087057|app secret";
    let found = platform
        .run(move |turn| auth::app_by_token(turn, both, &app))
        .await;
    assert_eq!(found.expect("the app").name, "Calls");
    let phone = platform
        .run(|turn| auth::phone(turn, &user(), "phone token"))
        .await;
    assert_eq!(phone.expect("the user").name, "Zoë");
    let phone = platform
        .run(|turn| auth::phone(turn, &user(), "phone"))
        .await;
    assert_eq!(phone.unwrap_err(), Refused::WrongPhoneToken);
    platform.end();
}

#[tokio::test]
async fn a_call_of_another_number_or_user_is_unknown() {
    let mut platform = Platform::start().await;
    platform.play("dial").await;
    let id = platform.the_call();
    let other = "14085550000".parse().expect("a number");
    let refused = platform
        .run(move |turn| calls::phone_rings(turn, &other, &id))
        .await;
    assert_eq!(refused, Err(Refused::UnknownCall));
    platform.end();
}
