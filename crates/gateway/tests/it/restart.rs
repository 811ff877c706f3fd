//! What a gateway leaves behind, and takes up again.

use std::path::Path;

use serde_json::json;
use types::Direction::UserInitiated;

use crate::world::{World, now, terminated};

#[tokio::test]
async fn a_call_that_ran_when_the_gateway_died_is_hung_up_at_the_next_start() {
    let world = World::start(json!({})).await;
    let (id, phone) = world.platform.ring().await;
    phone.speak(440);
    world.until(id.as_str(), "answered").await;

    // What a killed process leaves is what is in its files at that moment.
    let left = tempfile::tempdir().unwrap();
    copy(world.data.path(), left.path());
    let platform = world.platform.clone();
    let next = World::start_in(left, platform, json!({}), |_| {}).await;
    let asked = next.platform.wait_for("terminate", 1).await;
    assert_eq!(asked["call_id"], id.as_str());
    next.platform
        .tell(&terminated(&id, UserInitiated, Some(now())))
        .await;
    let story = next.story(id.as_str()).await;
    assert_eq!(story, "began, connected, answered, ended: lost by business");
    next.stop().await;
}

#[tokio::test]
async fn a_polite_stop_hangs_up_what_does_not_end_by_itself() {
    let world = World::start_with(json!({}), |config| config.calls.drain_secs_max = 0).await;
    let platform = world.platform.clone();
    let (id, phone) = platform.ring().await;
    phone.speak(440);
    world.until(id.as_str(), "answered").await;
    let (stopped, ()) = tokio::join!(world.stop(), async {
        platform.wait_for("terminate", 1).await;
        platform
            .tell(&terminated(&id, UserInitiated, Some(now())))
            .await;
    });
    let next = World::start_in(stopped.0, stopped.1, json!({}), |_| {}).await;
    let call = next.get(&format!("/calls/{id}")).await;
    assert_eq!(call["outcome"], "hung_up");
    assert!(
        call["statistics"]["packets_received"].as_u64().is_some(),
        "{call}"
    );
    next.stop().await;
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}
