//! What armed faults do to calls and webhooks, story by story.

use std::time::Duration;

use rules::call::EndReason;
use rules::fault::{Fault, Filter, Misfit, Party, Times, Toward, When};
use store::Place;
use types::calling::CallingChange;
use types::limits::FAULTS_MAX;
use types::{EventId, FaultId, Preset};

use crate::desk::{Refused, events, faults, settings};
use crate::testing::{Platform, lines, number, user};

mod webhooks;

/// Arms a fault on a new desk, plays `script`, and compares what was told with `story`.
#[track_caller]
fn check(fault: Fault, times: Times, script: &str, story: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let told = runtime.block_on(async {
        let mut platform = Platform::start().await;
        arm(&platform, fault, Filter::default(), times).await;
        platform.play(script).await;
        platform.end()
    });
    let told = told.join("\n");
    assert_eq!(told, lines(story), "\n--- told ---\n{told}\n");
}

async fn arm(platform: &Platform, fault: Fault, filter: Filter, times: Times) -> FaultId {
    let armed = platform
        .run(move |turn| faults::arm(turn, fault, filter, times, Some(7)))
        .await;
    armed.expect("a fault").id
}

#[test]
fn a_phone_rings_for_as_long_as_the_fault_says() {
    check(
        Fault::RingFor {
            time: Duration::from_secs(5),
        },
        Times::Next(1),
        "connect, phone 1 rings, +4999ms, +1ms, connect, phone 1 rings, +59s, +1s",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: close 2 1
         phones: stop ringing, no_answer
         webhook: terminate, status COMPLETED
         media: begin user 4 business 3
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: close 4 3
         phones: stop ringing, no_answer
         phones: chat, notice
         webhook: terminate, status COMPLETED",
    );
}

#[test]
fn a_call_fails_when_it_is_picked_up() {
    check(
        Fault::FailCall {
            reason: EndReason::UserSetUpFailed,
            when: When::AfterPickup,
        },
        Times::Next(1),
        "connect, phone 1 rings, phone 1 picks-up",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         media: 2 takes the phone's answer
         media: pass 2 1
         phones but 1: stop ringing, taken_elsewhere
         phone 1: accepted
         media: close 2 1
         phone 1: ended, user_set_up_failed
         webhook: ACCEPTED
         webhook: terminate, status FAILED, duration 0, error 138019",
    );
}

#[test]
fn a_call_fails_as_it_rings_or_before_it_does() {
    check(
        Fault::FailCall {
            reason: EndReason::BusinessSetUpFailed,
            when: When::WhileRinging,
        },
        Times::Always,
        "connect, phone 1 rings",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         media: close 2 1
         phones: stop ringing, ended
         webhook: RINGING
         webhook: terminate, status FAILED, error 138004",
    );
    check(
        Fault::FailCall {
            reason: EndReason::UserDidNotConnect,
            when: When::BeforeRinging,
        },
        Times::Always,
        "dial, accept A",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         media: close 1 2
         phone 1: ended, user_did_not_connect
         webhook: connect, sdp our offer to the business
         webhook: terminate, status FAILED, error 138020
         refused: The call is over: the user's media did not connect in time. Nothing more can be done with it.",
    );
}

#[test]
fn a_user_calls_a_business_that_cannot_pay() {
    check(
        Fault::PaymentMissing,
        Times::Next(1),
        "dial, dial",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         media: close 1 2
         phone 1: ended, payment_missing
         webhook: connect, sdp our offer to the business
         webhook: terminate, status FAILED, error 131044
         phone 1: dialing, our answer to the user
         media: begin user 3 business 4
         webhook: connect, sdp our offer to the business",
    );
}

#[test]
fn bad_weather_is_made_on_the_legs_that_it_is_for() {
    check(
        Fault::Network {
            leg: Party::User,
            toward: Toward::Party,
            loss_permille: 100,
            delay: Duration::from_millis(40),
            jitter: Duration::from_millis(10),
        },
        Times::Next(1),
        "dial, phone 1 hangs-up, dial",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         media: 1 to peer loses 100 of 1000, 40ms late, 10ms more
         webhook: connect, sdp our offer to the business
         media: close 1 2
         phone 1: ended, user_cancelled
         webhook: terminate, status COMPLETED
         phone 1: dialing, our answer to the user
         media: begin user 3 business 4
         webhook: connect, sdp our offer to the business",
    );
    for (fault, wanted) in [
        (Fault::NoMedia, "media: 1 no media\nmedia: 2 no media"),
        (
            Fault::OneWayAudio {
                silent: Party::Business,
            },
            "media: 2 unheard",
        ),
        (
            Fault::IceBlackhole { leg: Party::User },
            "media: 1 no checks",
        ),
    ] {
        check(
            fault,
            Times::Always,
            "dial",
            &format!(
                "phone 1: dialing, our answer to the user
                 media: begin user 1 business 2
                 {wanted}
                 webhook: connect, sdp our offer to the business"
            ),
        );
    }
}

/// Without the fault such a call ends after 20 seconds, with 138007.
#[tokio::test]
async fn a_client_without_media_talks_for_as_long_as_it_likes() {
    let mut platform = Platform::start().await;
    let of = Filter::default();
    let leg = Party::Business;
    arm(&platform, Fault::AssumeMedia { leg }, of, Times::Next(2)).await;
    for call in [
        "dial, accept A, leg user up, +300s, terminate",
        "connect, phone 1 rings, phone 1 picks-up, leg user up, +300s, terminate",
        "connect, phone 1 rings, phone 1 picks-up, leg user up, +300s, terminate",
    ] {
        platform.play(call).await;
    }
    let told = platform.end();
    let ends: Vec<_> = told
        .iter()
        .filter(|line| line.contains("terminate"))
        .collect();
    assert_eq!(
        ends,
        [
            "webhook: terminate, status COMPLETED, duration 300",
            "webhook: terminate, status COMPLETED, duration 300",
            "webhook: terminate, status FAILED, duration 20, error 138007",
        ]
    );
}

#[tokio::test]
async fn a_permission_is_taken_back_and_the_call_goes_on() {
    for when in [When::BeforeRinging, When::WhileRinging, When::AfterPickup] {
        let mut platform = Platform::start().await;
        let fault = Fault::RevokePermission { when };
        arm(&platform, fault, Filter::default(), Times::Next(1)).await;
        let call =
            "connect, phone 1 rings, phone 1 picks-up, leg business media, +5s, phone 1 hangs-up";
        platform.play(call).await;
        let ended = "webhook: terminate, status COMPLETED, duration 5".to_owned();
        let told = platform.take();
        assert!(told.contains(&ended), "{when:?}: {told:?}");
        platform.play("connect").await;
        let told = platform.end();
        assert!(told[0].starts_with("refused: "), "{when:?}: {told:?}");
    }
}

#[tokio::test]
async fn what_a_users_own_call_has_allowed_is_taken_back_as_well() {
    let mut platform = Platform::start().await;
    let calls_back = CallingChange {
        callback_permission: Some(true),
        ..CallingChange::default()
    };
    let set = platform
        .run(move |turn| settings::change_by_operator(turn, &number(), calls_back).map(drop))
        .await;
    set.expect("settings");
    let when = When::BeforeRinging;
    let fault = Fault::RevokePermission { when };
    arm(&platform, fault, Filter::default(), Times::Next(1)).await;
    platform.play("dial, phone 1 hangs-up").await;
    platform.take();
    platform.play("connect").await;
    let told = platform.end();
    assert!(told[0].starts_with("refused: "), "{told:?}");
}

#[tokio::test]
async fn bad_weather_of_two_faults_comes_at_once() {
    let mut platform = Platform::start().await;
    let silent = Party::User;
    arm(
        &platform,
        Fault::OneWayAudio { silent },
        Filter::default(),
        Times::Always,
    )
    .await;
    arm(
        &platform,
        Fault::IceBlackhole { leg: silent },
        Filter::default(),
        Times::Always,
    )
    .await;
    platform.play("dial").await;
    let told = platform.end();
    assert_eq!(told[2], "media: 1 no checks, unheard");
}

#[tokio::test]
async fn what_a_fault_struck_is_told() {
    let mut platform = Platform::start().await;
    let filter = Filter {
        number: Some(number()),
        wa_id: Some(user()),
        ..Filter::default()
    };
    let fault = Fault::FailCall {
        reason: EndReason::NoMediaSignals,
        when: When::AfterPickup,
    };
    let id = arm(&platform, fault, filter, Times::Next(2)).await;
    platform.play("dial, accept A").await;
    let row = platform
        .run(move |turn| faults::find(turn, id))
        .await
        .expect("it");
    assert_eq!((row.armed.fired, row.armed.left()), (1, Some(1)));
    platform
        .run(move |turn| faults::disarm(turn, id))
        .await
        .expect("disarmed");
    let gone = platform.run(move |turn| faults::disarm(turn, id)).await;
    assert_eq!(gone, Err(Refused::UnknownFault));

    let all = platform
        .run(|turn| events::list(turn, EventId(0), 100))
        .await
        .expect("events");
    let call = platform.the_call();
    let told: Vec<String> = all
        .iter()
        .filter(|event| event.kind.starts_with("fault."))
        .map(|event| {
            let about = if event.call.as_ref() == Some(&call) {
                "the call"
            } else {
                "no call"
            };
            format!("{} {} {about}", event.kind, event.detail)
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"fault.armed {"fault_id":1,"kind":"fail_call","seed":7} no call"#,
            r#"fault.fired {"fault_id":1,"kind":"fail_call"} the call"#,
            r#"fault.disarmed {"fault_id":1,"fired":1,"kind":"fail_call"} no call"#,
        ]
    );
    platform.end();
}

#[tokio::test]
async fn the_same_seed_fires_at_the_same_calls_also_after_a_restart() {
    let mut stories = Vec::new();
    for seed in [1, 1, 2] {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::File(folder.path().join("exchange.db"));
        let mut story = String::new();
        let mut platform = Platform::start_on(&place, Preset::meta_2026()).await;
        platform
            .run(move |turn| {
                let fault = Fault::PaymentMissing;
                let times = Times::Permille(400);
                faults::arm(turn, fault, Filter::default(), times, Some(seed))
            })
            .await
            .expect("a fault");
        for n in 0..24 {
            if n == 12 {
                platform.stop().expect("no bug");
                platform = Platform::start_on(&place, Preset::meta_2026()).await;
                // Another start draws other ids.
                let other = platform.run(|turn| {
                    turn.chance.set_stream(1);
                    Ok(())
                });
                other.await.expect("another stream");
            }
            platform.play("dial, phone 1 hangs-up").await;
            let failed = platform
                .take()
                .iter()
                .any(|line| line.ends_with("payment_missing"));
            story.push(if failed { 'x' } else { '.' });
        }
        platform.stop().expect("no bug");
        stories.push(story);
    }
    assert_eq!(stories[0], stories[1]);
    assert_ne!(stories[0], stories[2]);
    let fired = stories[0].matches('x').count();
    assert!((4..=16).contains(&fired), "{}", stories[0]);
}

#[tokio::test]
async fn what_does_not_go_together_is_not_armed() {
    let platform = Platform::start().await;
    let filter = Filter {
        event: Some("connect".to_owned()),
        ..Filter::default()
    };
    let refused = platform
        .run(|turn| faults::arm(turn, Fault::NoMedia, filter, Times::Always, None))
        .await;
    assert_eq!(refused.unwrap_err(), Refused::Misfit(Misfit::Event));
    for n in 0..=FAULTS_MAX {
        let armed = platform
            .run(|turn| faults::arm(turn, Fault::NoMedia, Filter::default(), Times::Always, None))
            .await;
        assert_eq!(armed.is_ok(), n < FAULTS_MAX, "{armed:?}");
    }
    let gone = platform.run(faults::disarm_all).await;
    assert_eq!(gone, Ok(FAULTS_MAX));
    assert_eq!(platform.run(faults::list).await, Ok(Vec::new()));
    platform.end();
}
