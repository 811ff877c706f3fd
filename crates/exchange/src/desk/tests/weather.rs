//! The weather on the legs of a call: made by a fault or by hand, noted, told, and cleared up.

use std::time::Duration;

use media::weather::{Forecast, Wind};
use rules::call::Refusal;
use rules::fault::{Fault, Filter, Party, Times, Toward};
use types::EventId;

use crate::desk::{Refused, calls, events, faults};
use crate::media_control::{Side, weather_json};
use crate::testing::{Platform, lines};

const LOSSY: Forecast = Forecast {
    from_peer: Wind {
        loss_permille: 125,
        delay: Duration::from_millis(40),
        jitter: Duration::ZERO,
    },
    to_peer: FINE_WIND,
    no_checks: false,
    no_media: false,
    unheard: false,
    seed: 7,
};
const FINE_WIND: Wind = Wind {
    loss_permille: 0,
    delay: Duration::ZERO,
    jitter: Duration::ZERO,
};

async fn make(platform: &Platform, side: Side, forecast: Forecast) -> Result<(), Refused> {
    let id = platform.the_call();
    platform
        .run(move |turn| calls::set_weather(turn, &id, side, forecast))
        .await
}

/// What the rows of the business's leg and the user's say.
async fn noted(platform: &Platform) -> [Option<String>; 2] {
    let id = platform.the_call();
    let (_, legs) = platform
        .run(move |turn| calls::find(turn, &id))
        .await
        .expect("the call");
    let weather: Vec<_> = legs.into_iter().map(|leg| leg.weather).collect();
    weather.try_into().expect("two legs")
}

#[tokio::test]
async fn it_is_made_on_one_leg_and_stays_noted() {
    let mut platform = Platform::start().await;
    platform.play("dial, accept A, leg user up").await;
    platform.take();
    make(&platform, Side::User, LOSSY).await.expect("made");
    let lossy = Some(weather_json(&LOSSY).to_string());
    assert_eq!(noted(&platform).await, [None, lossy]);
    let silent = Forecast {
        unheard: true,
        ..Forecast::default()
    };
    make(&platform, Side::User, silent).await.expect("made");
    platform.play("phone 1 hangs-up").await;
    let silent = Some(weather_json(&silent).to_string());
    assert_eq!(noted(&platform).await, [None, silent]);
    let told = platform.end();
    let story = "media: 1 from peer loses 125 of 1000, 40ms late, 0ns more
         media: 1 unheard
         media: close 1 2";
    assert_eq!(told[..3].join("\n"), lines(story));
}

#[tokio::test]
async fn it_clears_up_also_where_a_fault_had_made_it() {
    let mut platform = Platform::start().await;
    let fault = Fault::Network {
        leg: Party::Business,
        toward: Toward::Exchange,
        loss_permille: 125,
        delay: Duration::from_millis(40),
        jitter: Duration::ZERO,
    };
    let armed = |turn: &mut crate::desk::Turn<'_>| {
        faults::arm(turn, fault, Filter::default(), Times::Always, Some(7))
    };
    platform.run(armed).await.expect("armed");
    platform.play("connect").await;
    // Each occasion of a fault has a seed of its own, made from the fault's.
    let lossy = Forecast { seed: 8, ..LOSSY };
    let lossy = Some(weather_json(&lossy).to_string());
    assert_eq!(noted(&platform).await, [lossy, None]);
    platform.take();
    make(&platform, Side::Business, Forecast::default())
        .await
        .expect("fine");
    assert_eq!(noted(&platform).await, [None, None]);
    assert_eq!(platform.end(), ["media: 1 fine weather"]);
}

#[tokio::test]
async fn it_is_told() {
    let mut platform = Platform::start().await;
    platform.play("dial").await;
    make(&platform, Side::Business, LOSSY).await.expect("made");
    make(&platform, Side::Business, Forecast::default())
        .await
        .expect("fine");
    let call = platform.the_call();
    let all = platform
        .run(|turn| events::list(turn, EventId(0), 100))
        .await
        .expect("events");
    let told: Vec<_> = all
        .iter()
        .filter(|event| event.kind == "call.weather")
        .map(|event| {
            assert_eq!(event.call.as_ref(), Some(&call));
            event.detail.as_str()
        })
        .collect();
    let lossy = weather_json(&LOSSY);
    assert_eq!(
        told,
        [
            format!(r#"{{"side":"business","weather":{lossy}}}"#),
            r#"{"side":"business","weather":null}"#.to_owned(),
        ]
    );
    platform.end();
}

#[tokio::test]
async fn a_call_that_is_over_has_none() {
    let mut platform = Platform::start().await;
    platform.play("dial, phone 1 hangs-up").await;
    platform.take();
    let refused = make(&platform, Side::User, LOSSY).await;
    assert!(
        matches!(refused, Err(Refused::Call(Refusal::Ended { .. }))),
        "{refused:?}"
    );
    let nobody = "wacid.none".parse().expect("an id");
    let refused = platform
        .run(move |turn| calls::set_weather(turn, &nobody, Side::User, LOSSY))
        .await;
    assert_eq!(refused, Err(Refused::UnknownCall));
    assert_eq!(noted(&platform).await, [None, None]);
    assert_eq!(platform.end(), Vec::<String>::new());
}
