//! News find the call that the leg belongs to, in their order, and those of strangers are left.

use media::LegStats;

use super::*;
use crate::desk::calls;
use crate::media_control::Side;
use crate::testing::Platform;

#[tokio::test]
async fn news_reach_the_call_until_its_legs_are_closed() {
    let mut platform = Platform::start().await;
    platform.play("dial, accept A").await;
    let id = platform.the_call();
    let shown = id.clone();
    let (_, legs) = platform
        .run(move |turn| calls::find(turn, &shown))
        .await
        .expect("it");
    let leg = |side| {
        legs.iter()
            .find(|leg| leg.side == side)
            .and_then(|leg| leg.media)
    };
    let (user, business) = (
        leg(Side::User).expect("a leg"),
        leg(Side::Business).expect("a leg"),
    );

    let (sink, source) = leg_news();
    sink.put(user, LegNews::Up);
    sink.put(LegId(999), LegNews::Failed);
    sink.put(business, LegNews::Up);
    sink.put(business, LegNews::MediaStarted);
    let counts = LegStats {
        packets_sent: 5,
        ..LegStats::default()
    };
    sink.put(user, LegNews::Closed(counts));
    sink.put(user, LegNews::Failed);
    drop(sink);
    let book = platform.outside.legs.clone();
    hand_on(source, platform.desk.clone(), book.clone()).await;

    let (call, legs) = platform
        .run(move |turn| calls::find(turn, &id))
        .await
        .expect("it");
    assert_eq!(call.machine().phase(), rules::call::Phase::Talking);
    let stats = legs
        .iter()
        .find(|leg| leg.side == Side::User)
        .and_then(|leg| leg.stats.clone());
    assert!(stats.expect("counts").contains("\"packets_sent\":5"));
    assert_eq!(book.find(user), None);
    assert!(book.find(business).is_some());
    platform.end();
}
