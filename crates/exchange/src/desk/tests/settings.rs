//! Settings at work: call hours as the clock turns, buttons, SIP, suspensions, and who is told.

use std::time::Duration;

use serde_json::{Map, Value, json};
use store::Place;
use store::subscriptions::{Callback, Dialect, Scope, Shape};
use types::calling::MessagingLimit;
use types::preset::RestrictionKinds;
use types::{Preset, Timestamp};

use crate::desk::restrictions::{self, Order};
use crate::desk::{numbers, settings, subscriptions, users};
use crate::notices;
use crate::testing::{Platform, number, the_business, user};

/// A platform whose business hears everything, on a preset.
async fn start_with(preset: Preset) -> Platform {
    let platform = Platform::start_on(&Place::Memory, preset).await;
    platform
        .run(|turn| {
            subscriptions::set(
                turn,
                &Callback {
                    app: "634974688087057".parse().expect("an id"),
                    scope: Scope::App,
                    url: "http://127.0.0.1:9/webhook".to_owned(),
                    verify_token: "verify".to_owned(),
                    fields: Vec::new(),
                    shape: Shape::Rich,
                    dialect: Dialect::Graph,
                    headers: Default::default(),
                },
            )
        })
        .await
        .expect("a callback");
    platform.take();
    platform
}

async fn start() -> Platform {
    start_with(Preset::meta_2026()).await
}

/// The business sets something, in the words of the API; says what it is told.
async fn sets(platform: &mut Platform, calling: Value) -> String {
    let calling: Map<String, Value> = calling.as_object().expect("an object").clone();
    let change = wire::settings::calling(&calling).expect("good words");
    let set = platform.run(move |turn| {
        let acting = the_business(turn)?;
        settings::change(turn, &acting, change)
    });
    let told = match set.await {
        Ok(_) => "set".to_owned(),
        Err(refused) => refused.to_string(),
    };
    // Lets the webhooks out.
    platform.play("+0s").await;
    told
}

/// What the user hears who dials at that moment; a call that comes about is hung up at once.
async fn dials_at(platform: &mut Platform, secs: u64) -> String {
    let wait = secs - platform.clock.now().as_secs();
    platform.play(&format!("+{wait}s")).await;
    platform.take();
    platform.play("dial").await;
    let told = platform.take();
    match told.iter().find_map(|line| line.strip_prefix("refused: ")) {
        Some(refused) => refused.to_owned(),
        None => {
            platform.play("phone 1 hangs-up").await;
            "a call".to_owned()
        }
    }
}

fn closed_until(secs: u64) -> String {
    format!("The business takes no calls at this hour. It does again at Unix time {secs}.")
}

#[tokio::test]
async fn call_hours_turn_with_the_clock_and_the_clocks() {
    let mut platform = start().await;
    let hours = json!({"call_hours": {
        "status": "ENABLED",
        "timezone_id": "Europe/Berlin",
        "weekly_operating_hours": [
            {"day_of_week": "SUNDAY", "open_time": "0900", "close_time": "1700"},
        ],
        "holiday_schedule": [
            {"date": "2025-11-02", "start_time": "0000", "end_time": "0000"},
            {"date": "2025-11-05", "start_time": "1200", "end_time": "1300"},
        ],
    }});
    assert_eq!(sets(&mut platform, hours).await, "set");

    // A Friday in summer time: nine o'clock on Sunday is 0700 in UTC.
    let sunday = 1_760_857_200;
    assert_eq!(
        dials_at(&mut platform, sunday - 172_800).await,
        closed_until(sunday)
    );
    assert_eq!(
        dials_at(&mut platform, sunday - 1).await,
        closed_until(sunday)
    );
    assert_eq!(dials_at(&mut platform, sunday).await, "a call");
    // It closes at five, and opens next after the clocks have been changed: at 0800 in UTC.
    let (closes, next) = (sunday + 8 * HOUR, sunday + 7 * DAY + HOUR);
    assert_eq!(dials_at(&mut platform, closes - 1).await, "a call");
    assert_eq!(dials_at(&mut platform, closes).await, closed_until(next));
    assert_eq!(
        dials_at(&mut platform, next - HOUR).await,
        closed_until(next)
    );
    assert_eq!(dials_at(&mut platform, next).await, "a call");
    // On one holiday it is open for an hour, on another, a Sunday, not at all.
    let wednesday = next + 10 * DAY + 3 * HOUR;
    assert_eq!(
        dials_at(&mut platform, next + 7 * DAY).await,
        closed_until(wednesday)
    );
    assert_eq!(dials_at(&mut platform, wednesday).await, "a call");
    let sunday_after = next + 14 * DAY;
    assert_eq!(
        dials_at(&mut platform, wednesday + HOUR).await,
        closed_until(sunday_after)
    );

    let off = json!({"call_hours": {"status": "DISABLED"}});
    assert_eq!(sets(&mut platform, off).await, "set");
    let now = platform.clock.now().as_secs();
    assert_eq!(dials_at(&mut platform, now).await, "a call");
}

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

#[tokio::test]
async fn a_zone_that_is_none_and_a_date_that_is_over_are_not_set() {
    let mut platform = start().await;
    let hours = |zone: &str, date: &str| {
        json!({"call_hours": {
            "status": "ENABLED",
            "timezone_id": zone,
            "weekly_operating_hours": [
                {"day_of_week": "SUNDAY", "open_time": "0900", "close_time": "1700"},
            ],
            "holiday_schedule": [{"date": date, "start_time": "0000", "end_time": "2359"}],
        }})
    };
    let told = sets(&mut platform, hours("Mars/Olympus", "2025-12-25")).await;
    assert!(
        told.starts_with("call_hours.timezone_id is no time zone"),
        "{told}"
    );
    // The story begins at 0611 in UTC on the 17th, which is the 16th still in Honolulu and no more in Tokyo.
    assert_eq!(
        sets(&mut platform, hours("Asia/Tokyo", "2025-10-17")).await,
        "set"
    );
    let told = sets(&mut platform, hours("Asia/Tokyo", "2025-10-16")).await;
    assert!(told.contains("names 2025-10-16, which is over"), "{told}");
    assert_eq!(
        sets(&mut platform, hours("Pacific/Honolulu", "2025-10-16")).await,
        "set"
    );
}

#[tokio::test]
async fn only_five_keys_are_told() {
    let mut platform = start().await;
    for calling in [
        json!({"status": "ENABLED"}),
        json!({"call_icons": {"restrict_to_user_countries": ["BR"]}}),
        json!({"audio": {"additional_codecs": ["PCMA"]}}),
        json!({"call_icon_visibility": "DISABLE_ALL"}),
        json!({"call_icon_visibility": "DISABLE_ALL"}),
        json!({"callback_permission_status": "ENABLED"}),
        json!({"srtp_key_exchange_protocol": "DTLS"}),
        json!({"sip": {"servers": [{"hostname": "sip.example.com"}]}}),
        json!({"sip": {"status": "ENABLED"}}),
        json!({"sip": {"status": "DISABLED"}}),
        json!({"status": "DISABLED"}),
    ] {
        assert_eq!(sets(&mut platform, calling).await, "set");
    }
    let told: Vec<String> = platform
        .bodies()
        .iter()
        .map(|(_, body)| {
            let body: Value = serde_json::from_slice(body).expect("JSON");
            let change = &body["entry"][0]["changes"][0];
            assert_eq!(change["field"], "account_settings_update");
            let calling = &change["value"]["phone_number_settings"]["calling"];
            let key = |key: &str| calling[key].as_str().unwrap_or("-").to_owned();
            [
                key("status"),
                key("call_icon_visibility"),
                key("callback_permission_status"),
                key("srtp_key_exchange_protocol"),
                calling["sip"]["status"].as_str().unwrap_or("-").to_owned(),
            ]
            .join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "ENABLED DISABLE_ALL DISABLED - DISABLED",
            "ENABLED DISABLE_ALL ENABLED - DISABLED",
            "ENABLED DISABLE_ALL ENABLED DTLS DISABLED",
            "ENABLED DISABLE_ALL ENABLED DTLS ENABLED",
            "ENABLED DISABLE_ALL ENABLED DTLS DISABLED",
            "DISABLED DISABLE_ALL ENABLED DTLS DISABLED",
        ]
    );
}

#[tokio::test]
async fn calls_by_sip_are_not_for_the_api() {
    let mut platform = start().await;
    let on = json!({"sip": {"status": "ENABLED", "servers": [{"hostname": "sip.example.com"}]}});
    platform.play("dial").await;
    assert_eq!(sets(&mut platform, on).await, "set");
    platform.take();
    // The call that runs can be ended.
    platform.play("terminate, connect, dial").await;
    let told = platform.take();
    let refused = told.iter().filter(|line| line.contains("signalled by SIP"));
    assert_eq!(refused.count(), 2, "{told:?}");
    assert!(told.iter().any(|line| line.contains("ended")), "{told:?}");
}

#[tokio::test]
async fn who_calls_may_be_called_back_if_the_business_says_so() {
    let mut platform = start().await;
    platform.play("operator grants none").await;
    let on = json!({"callback_permission_status": "ENABLED"});
    assert_eq!(sets(&mut platform, on).await, "set");
    platform.take();
    platform.play("dial, phone 1 hangs-up, connect").await;
    let told = platform.take();
    let granted = told.iter().any(|line| {
        line.starts_with("webhook: permission accept until") && line.ends_with("automatic")
    });
    assert!(granted, "{told:?}");
    assert!(
        !told.iter().any(|line| line.starts_with("refused")),
        "{told:?}"
    );
}

/// Whether the user's phone shows a call button.
async fn button(platform: &Platform) -> bool {
    platform
        .run(|turn| {
            let number = numbers::find(turn, &number())?;
            let user = users::find(turn, &user())?;
            Ok(notices::business(&number, user.country, turn.now).call_icon)
        })
        .await
        .expect("a number and a user")
}

#[tokio::test]
async fn a_hidden_button_stops_no_call() {
    let mut platform = start().await;
    assert!(button(&platform).await);
    let elsewhere = json!({"call_icons": {"restrict_to_user_countries": ["BR"]}});
    assert_eq!(sets(&mut platform, elsewhere).await, "set");
    assert!(!button(&platform).await);
    let now = platform.clock.now().as_secs();
    assert_eq!(dials_at(&mut platform, now).await, "a call");
}

async fn restrict(platform: &mut Platform, order: Order) {
    platform
        .run(move |turn| restrictions::set(turn, &number(), order))
        .await
        .expect("a number");
    platform.play("+0s").await;
}

/// What is told of suspensions since the last look.
fn account_updates(platform: &Platform) -> Vec<String> {
    let told = platform.take().into_iter();
    told.filter(|line| line.starts_with("webhook: ACCOUNT") || line.starts_with("refused"))
        .collect()
}

const BUSINESS_SUSPENDED: &str = "refused: Calling is suspended on this business number for low \
                                  quality, until Unix time 1761286300.";

#[tokio::test]
async fn a_suspension_of_calls_to_users_ends_by_itself() {
    let mut platform = start().await;
    let order = Order {
        business_initiated: true,
        ..Order::default()
    };
    restrict(&mut platform, order).await;
    platform.play("connect, ask template").await;
    assert_eq!(
        account_updates(&platform),
        [
            "webhook: ACCOUNT_RESTRICTION RESTRICTED_BUSINESS_INITIATED_CALLING until 1761286300",
            BUSINESS_SUSPENDED,
            BUSINESS_SUSPENDED,
        ]
    );
    // Users can call it all the same, and its settings be changed.
    let now = platform.clock.now().as_secs();
    assert_eq!(dials_at(&mut platform, now).await, "a call");
    let icons = json!({"call_icons": {"restrict_to_user_countries": []}});
    assert_eq!(sets(&mut platform, icons).await, "set");
    assert!(button(&platform).await);

    platform.play("+604799s, connect, +1s, connect").await;
    assert_eq!(account_updates(&platform), [BUSINESS_SUSPENDED]);
    let left = platform
        .run(|turn| Ok(numbers::find(turn, &number())?.restrictions))
        .await;
    assert_eq!(
        left.expect("a number"),
        rules::reach::Restrictions::default()
    );
}

#[tokio::test]
async fn a_suspension_of_users_calls_hides_the_button() {
    let mut platform = start().await;
    let order = Order {
        user_initiated: true,
        lasts: Some(Duration::from_secs(60)),
        ..Order::default()
    };
    restrict(&mut platform, order).await;
    assert!(!button(&platform).await);
    let now = platform.clock.now().as_secs();
    let told = dials_at(&mut platform, now).await;
    assert!(told.starts_with("Calling is suspended"), "{told}");
    assert_eq!(dials_at(&mut platform, now + 60).await, "a call");
    assert!(button(&platform).await);

    let order = Order {
        call_button_hidden: true,
        lasts: Some(Duration::from_secs(60)),
        ..Order::default()
    };
    restrict(&mut platform, order).await;
    assert!(!button(&platform).await);
    let now = platform.clock.now().as_secs();
    assert_eq!(dials_at(&mut platform, now).await, "a call");
}

#[tokio::test]
async fn in_2025_one_suspension_was_for_everything() {
    let mut preset = Preset::meta_2026();
    preset.eligibility.restrictions = RestrictionKinds::Combined;
    let mut platform = start_with(preset).await;
    let order = Order {
        user_initiated: true,
        lasts: Some(Duration::from_secs(60)),
        violation: Some(wire::account_update::Violation::Quality),
        ..Order::default()
    };
    restrict(&mut platform, order).await;
    platform.play("connect").await;
    assert_eq!(
        account_updates(&platform),
        [
            "webhook: ACCOUNT_VIOLATION LOW_CALLING_QUALITY",
            "webhook: ACCOUNT_RESTRICTION RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING \
             until 1760681560",
            "refused: Calling is suspended on this business number for low quality, until Unix \
             time 1760681560.",
        ]
    );
    let icons = json!({"call_icons": {"restrict_to_user_countries": []}});
    let told = sets(&mut platform, icons.clone()).await;
    assert!(
        told.ends_with("Settings of calls stay as they are until then."),
        "{told}"
    );
    platform.play("+60s").await;
    assert_eq!(sets(&mut platform, icons).await, "set");
}

#[tokio::test]
async fn a_new_suspension_takes_the_place_of_the_old() {
    let mut platform = start().await;
    let order = Order {
        business_initiated: true,
        user_initiated: true,
        ..Order::default()
    };
    restrict(&mut platform, order).await;
    restrict(&mut platform, Order::default()).await;
    let now = platform.clock.now().as_secs();
    assert_eq!(dials_at(&mut platform, now).await, "a call");
    assert_eq!(
        platform.desk.agenda().borrow().next_deadline,
        None::<Timestamp>
    );
}

#[tokio::test]
async fn who_may_not_switch_calls_on() {
    let mut platform = start().await;
    let limit =
        |limit| platform.run(move |turn| numbers::set_messaging_limit(turn, &number(), limit));
    limit(MessagingLimit::Tier1k).await.expect("a number");
    let on = json!({"status": "ENABLED"});
    let told = sets(&mut platform, on.clone()).await;
    assert!(
        told.starts_with("The messaging limit of this business number is TIER_1K"),
        "{told}"
    );
    platform
        .run(|turn| {
            numbers::set_messaging_limit(turn, &number(), MessagingLimit::Unlimited)?;
            for subscription in subscriptions::list(turn)? {
                subscriptions::remove(turn, subscription.id)?;
            }
            Ok(())
        })
        .await
        .expect("no subscribers");
    let told = sets(&mut platform, on).await;
    assert!(told.starts_with("Nobody would hear of calls"), "{told}");
    // The operator may.
    let on = platform.run(|turn| numbers::set_calling(turn, &number(), true));
    assert!(on.await.expect("a number").settings.enabled);
}
