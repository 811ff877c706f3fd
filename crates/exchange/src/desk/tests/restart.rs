//! A restart is an input: calls lose their media and end, deliveries go on, nothing is lost.

use store::Place;
use store::calls::CallFilter;
use store::deliveries::{DeliveryFilter, StateWord};
use types::Preset;

use crate::desk::deliveries::{self, Room};
use crate::desk::{calls, events};
use crate::testing::{BEGIN, Platform, check};

#[test]
fn calls_end_and_say_why() {
    check(
        "dial, leg user up, accept A, leg business up, +5s, restart",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         phones: stop ringing, ended
         webhook: terminate, status FAILED, duration 5, error 138004",
    );
    check(
        "connect, phone 1 rings, restart",
        "media: begin user 2 business 1
         phones: ring, our offer to the user
         webhook: connect, sdp our answer to the business
         webhook: RINGING
         phones: stop ringing, ended
         webhook: terminate, status FAILED, error 138004",
    );
}

#[test]
fn a_shutdown_tells_everyone() {
    check(
        "dial, accept A, shutdown",
        "phone 1: dialing, our answer to the user
         media: begin user 1 business 2
         webhook: connect, sdp our offer to the business
         media: 2 takes answer A
         media: pass 1 2
         phone 1: accepted
         media: close 1 2
         phone 1: ended, platform_restarted
         webhook: terminate, status FAILED, duration 0, error 138004",
    );
}

#[tokio::test]
async fn everything_is_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::File(folder.path().join("exchange.db"));
    let mut before = Platform::start_on(&place, Preset::meta_2026()).await;
    before.play("dial, accept A").await;
    let call = before.the_call();
    // A webhook that was leased and never reported on: the process died with it.
    let id = call.clone();
    before
        .run(move |turn| {
            calls::hang_up(turn, &id, crate::media_control::Side::User)?;
            deliveries::lease(
                turn,
                &Room {
                    free: 10,
                    ..Room::default()
                },
            )
        })
        .await
        .expect("a lease");
    let events_before = before.run(events::last).await.expect("events");
    before.end();

    let after = Platform::start_on(&place, Preset::meta_2026()).await;
    after.run(calls::lose_media).await.expect("no call runs");
    assert_eq!(after.run(deliveries::recover).await.expect("leases end"), 1);
    assert!(after.run(events::last).await.expect("events") >= events_before);
    let all = after
        .run(|turn| calls::list(turn, &CallFilter::default(), 10))
        .await;
    let all = all.expect("calls");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].id, call);
    assert_eq!(all[0].machine().ending().expect("an end").ended, BEGIN);
    let due = DeliveryFilter {
        state: Some(StateWord::Leased),
        ..DeliveryFilter::default()
    };
    let due = after
        .run(move |turn| deliveries::list(turn, &due, 10))
        .await
        .expect("deliveries");
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].notice.event, "terminate");
    let leased = after
        .run(|turn| {
            deliveries::lease(
                turn,
                &Room {
                    free: 10,
                    ..Room::default()
                },
            )
        })
        .await
        .expect("a lease");
    assert_eq!(leased.errands.len(), 1, "due again at once");
    assert_eq!(leased.errands[0].attempt, 2);
    after.end();
}
