//! Delivery over real sockets with the clock turned by hand: retries to the horizon, receivers that
//! refuse or keep silent, and none of them in another's way.

use std::time::Duration;

use store::attempts::Attempt;
use store::deliveries::{DeliveryFilter, DeliveryRow, StateWord};
use store::subscriptions::{Callback, Scope};
use testkit::webhook::{Behaviour, Receiver};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use types::{DeliveryId, Preset, SubscriptionId};

use super::*;
use crate::desk::{deliveries, subscriptions};
use crate::testing::{BEGIN, Platform, a_world, number};
use crate::ticker::Ticker;

#[tokio::test]
async fn a_webhook_is_signed_and_its_attempt_is_kept() {
    let post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    post.event("connect", None).await;
    let came = receiver.wait_for_count(1).await.remove(0);
    assert!(came.is_signed_with("app secret"));
    assert_eq!(came.body, br#"{"event":"connect"}"#);
    assert_eq!(came.headers["user-agent"], "facebookexternalua");
    assert_eq!(came.headers["content-type"], "application/json");

    post.settled().await;
    let (row, attempts) = post.only_delivery().await;
    assert_eq!(StateWord::from(row.machine.state), StateWord::Delivered);
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].status, Some(200));
    assert_eq!(attempts[0].url, receiver.url());
    post.close().await;
}

#[tokio::test]
async fn a_refusal_is_tried_again_with_growing_waits_to_the_horizon() {
    let mut preset = Preset::meta_2026();
    preset.delivery.give_up_after = Duration::from_mins(10);
    preset.delivery.wait_max = Duration::from_mins(2);
    let post = Post::open(preset).await;
    let receiver = post.subscribe(Scope::App).await;
    receiver.behave(Behaviour::Answer(500, "not today".to_owned()));
    post.event("connect", None).await;
    receiver.wait_for_count(1).await;
    post.settled().await;

    post.advance(Duration::from_mins(60)).await;
    let (row, attempts) = post.only_delivery().await;
    assert_eq!(StateWord::from(row.machine.state), StateWord::GivenUp);
    assert_eq!(
        attempts.len(),
        receiver.deliveries().len(),
        "each attempt is kept"
    );
    let starts: Vec<u64> = attempts
        .iter()
        .map(|it| it.started_at.since(BEGIN).as_millis() as u64)
        .collect();
    let waits: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (n, wait) in waits.iter().enumerate() {
        let plain = (1_000 << n).min(120_000);
        assert!(
            (plain * 4 / 5..=plain * 6 / 5).contains(wait),
            "wait {n} of {waits:?}"
        );
    }
    assert!(
        waits.iter().any(|wait| wait % 1_000 != 0),
        "chance bends the waits: {waits:?}"
    );
    assert!(
        starts
            .last()
            .is_some_and(|last| (300_000..=600_000).contains(last)),
        "{starts:?}"
    );
    assert!(
        attempts
            .iter()
            .all(|it| it.answer.as_deref() == Some("not today"))
    );
    post.close().await;
}

#[tokio::test]
async fn a_receiver_that_refuses_gets_the_next_event_all_the_same() {
    let post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    receiver.behave_next([Behaviour::Answer(422, String::new())]);
    post.event("status.RINGING", Some("wacid.one")).await;
    receiver.wait_for_count(1).await;
    post.event("terminate", Some("wacid.one")).await;
    let came = receiver.wait_for_count(2).await;
    assert_eq!(came[1].body, br#"{"event":"terminate"}"#);
    post.settled().await;
    post.advance(Duration::from_secs(2)).await;
    let came = receiver.wait_for_count(3).await;
    assert_eq!(came[2].body, came[0].body, "and the first one again");
    post.close().await;
}

#[tokio::test]
async fn a_slow_receiver_delays_nobody() {
    let post = Post::open(Preset::meta_2026()).await;
    let slow = post.subscribe(Scope::App).await;
    slow.behave(Behaviour::Hold);
    let quick = post.subscribe(Scope::Number(number())).await;
    // More than a subscriber may have under way at one time.
    let many = types::limits::DELIVERIES_PER_SUBSCRIBER_MAX + 50;
    for n in 0..many {
        post.event_to(&slow, &format!("slow {n}"), None).await;
    }
    post.event_to(&quick, "quick", None).await;
    quick.wait_for_count(1).await;
    post.event_to(&quick, "quick again", None).await;
    quick.wait_for_count(2).await;
    // Its own further events come, too, as far as its bound goes.
    slow.wait_for_count(types::limits::DELIVERIES_PER_SUBSCRIBER_MAX)
        .await;
    assert!(slow.deliveries().len() <= types::limits::DELIVERIES_PER_SUBSCRIBER_MAX);
    slow.release();
    slow.wait_for_count(many).await;
    post.close().await;
}

#[tokio::test]
async fn silence_is_a_failure_after_the_schedules_patience() {
    let post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    receiver.behave(Behaviour::Hold);
    post.event("connect", None).await;
    receiver.wait_for_count(1).await;
    post.advance(Duration::from_secs(19)).await;
    assert_eq!(post.only_delivery().await.1.len(), 0, "still waited for");
    receiver.release();
    let second = receiver.wait_for_count(1).await;
    assert_eq!(second.len(), 1);
    // Nothing is due at this moment, so turning the clock would not wait for the answer.
    let (row, attempts) = post.when_reported().await;
    assert_eq!(StateWord::from(row.machine.state), StateWord::Delivered);
    assert_eq!(attempts[0].took_ms, 19_000);
    post.close().await;
}

#[tokio::test]
async fn patience_ends_when_the_clock_is_turned() {
    let post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    receiver.behave_next([Behaviour::Hold]);
    post.event("connect", None).await;
    receiver.wait_for_count(1).await;
    post.advance(Duration::from_secs(25)).await;
    let came = receiver.wait_for_count(2).await;
    assert_eq!(came[0].body, came[1].body);
    let (row, attempts) = post.only_delivery().await;
    assert_eq!(StateWord::from(row.machine.state), StateWord::Delivered);
    assert_eq!(attempts[0].error.as_deref(), Some("no answer within 20 s"));
    assert_eq!(attempts[0].took_ms, 20_000);
    assert_eq!(attempts[1].status, Some(200));
    post.close().await;
}

#[tokio::test]
async fn nobody_listens_and_then_somebody_does() {
    let post = Post::open(Preset::meta_2026()).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/webhook", free.local_addr().expect("its address"));
    drop(free);
    let id = post.set_callback(Scope::App, url).await;
    post.add("connect", None, id).await;
    post.settled().await;
    let (_, attempts) = post.only_delivery().await;
    assert!(
        attempts[0]
            .error
            .as_deref()
            .expect("a reason")
            .starts_with("no connection")
    );

    // The callback is set anew: what waits goes to the new address.
    let receiver = post.subscribe(Scope::App).await;
    post.advance(Duration::from_secs(3)).await;
    receiver.wait_for_count(1).await;
    post.close().await;
}

#[tokio::test]
async fn what_was_given_up_can_be_sent_again_signed_anew() {
    let mut preset = Preset::meta_2026();
    preset.delivery.give_up_after = Duration::from_secs(1);
    let post = Post::open(preset).await;
    let receiver = post.subscribe(Scope::App).await;
    receiver.behave_next([Behaviour::Answer(500, String::new())]);
    post.event("connect", None).await;
    receiver.wait_for_count(1).await;
    post.settled().await;
    post.advance(Duration::from_secs(5)).await;
    let (row, attempts) = post.only_delivery().await;
    let tried = attempts.len();

    // The app's secret has changed since: the same bytes get another signature.
    let id = row.id;
    post.platform
        .run(move |turn| {
            let mut world = a_world();
            world.apps[0].secret = "new secret".into();
            world.callbacks.clear();
            crate::world::apply(turn, world)?;
            deliveries::redeliver(turn, id)
        })
        .await
        .expect("redelivered");
    let came = receiver.wait_for_count(tried + 1).await;
    assert_eq!(came[tried].body, came[0].body);
    assert!(came[0].is_signed_with("app secret"));
    assert!(came[tried].is_signed_with("new secret"));
    post.settled().await;
    let (row, attempts) = post.only_delivery().await;
    assert_eq!(StateWord::from(row.machine.state), StateWord::Delivered);
    assert_eq!(attempts.len(), tried + 1);
    post.close().await;
}

#[tokio::test]
async fn events_of_one_call_that_happen_together_arrive_in_their_order() {
    let post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    let id = post.id_of(&receiver).await;
    let calls = 20;
    post.platform
        .run(move |turn| {
            for n in 0..calls {
                for event in ["status.REJECTED", "terminate"] {
                    let call = format!("wacid.{n}");
                    let notice = outgoing(id, event, Some(&call));
                    deliveries::add(turn, &notice, format!("{n} {event}").as_bytes())?;
                }
            }
            Ok(())
        })
        .await
        .expect("added");
    let came = receiver.wait_for_count(2 * calls).await;
    for n in 0..calls {
        let place = |event: &str| {
            let body = format!("{n} {event}");
            came.iter()
                .position(|it| it.body == body.as_bytes())
                .expect("it came")
        };
        assert!(place("status.REJECTED") < place("terminate"), "call {n}");
    }
    post.settled().await;
    post.close().await;
}

#[tokio::test]
async fn a_subscriber_that_is_removed_gets_nothing_more() {
    let post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    receiver.behave(Behaviour::Answer(503, String::new()));
    post.event("connect", None).await;
    receiver.wait_for_count(1).await;
    post.settled().await;
    let id = post.id_of(&receiver).await;
    post.platform
        .run(move |turn| subscriptions::remove(turn, id))
        .await
        .expect("removed");
    post.advance(Duration::from_hours(1)).await;
    assert_eq!(receiver.deliveries().len(), 1);
    let (row, _) = post.only_delivery().await;
    assert_eq!(StateWord::from(row.machine.state), StateWord::GivenUp);
    post.close().await;
}

#[tokio::test]
async fn turning_the_clock_meets_deadlines_and_their_webhooks_in_order() {
    let mut post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    post.platform.place_call().await;
    receiver.wait_for_event("connect").await;
    post.platform.clock.resume();
    let to = post.platform.clock.now() + Duration::from_mins(5);
    post.ticker.advance(to).await.expect("turned");
    assert!(!post.platform.clock.is_frozen(), "it ran, and runs again");
    let terminate = receiver.wait_for_event("terminate").await;
    let at = (BEGIN + Duration::from_mins(1)).as_secs().to_string();
    assert_eq!(terminate.value()["calls"][0]["timestamp"], at);
    let mut attempts = Vec::new();
    for row in post.deliveries().await {
        attempts.extend(post.attempts(row.id).await);
    }
    assert_eq!(
        attempts[0].started_at,
        BEGIN + Duration::from_mins(1),
        "sent at that moment"
    );
    post.close().await;
}

#[tokio::test]
async fn a_shutdown_sends_what_is_due_and_waits_for_what_is_under_way() {
    let mut post = Post::open(Preset::meta_2026()).await;
    let receiver = post.subscribe(Scope::App).await;
    post.platform.place_call().await;
    receiver.wait_for_event("connect").await;
    receiver.behave_next([Behaviour::Hold]);
    post.event("status.RINGING", None).await;
    receiver.wait_for_count(2).await;
    post.platform
        .run(crate::desk::calls::end_all)
        .await
        .expect("ended");
    post.closing.cancel();
    receiver.wait_for_event("terminate").await;
    receiver.release();
    post.worker.await.expect("no panic");
    let filter = DeliveryFilter {
        state: Some(StateWord::Delivered),
        ..DeliveryFilter::default()
    };
    let delivered = move |turn: &mut crate::Turn<'_>| deliveries::list(turn, &filter, 10);
    assert_eq!(post.platform.run(delivered).await.expect("a list").len(), 3);
    post.platform.end();
}

/// A desk whose webhooks are delivered for real.
struct Post {
    platform: Platform,
    ticker: Ticker,
    under_way: UnderWay,
    closing: CancellationToken,
    worker: JoinHandle<()>,
}

impl Post {
    async fn open(preset: Preset) -> Self {
        let platform = Platform::start_on(&store::Place::Memory, preset.clone()).await;
        let worker = DeliveryWorker::new(
            platform.desk.clone(),
            platform.clock.clone(),
            Arc::clone(&platform.outside.deliveries),
            &preset.delivery,
        )
        .expect("a worker");
        let under_way = worker.under_way();
        let ticker = Ticker::new(
            platform.desk.clone(),
            platform.clock.clone(),
            under_way.clone(),
        );
        let closing = CancellationToken::new();
        let worker = tokio::spawn(worker.run(closing.clone()));
        Self {
            platform,
            ticker,
            under_way,
            closing,
            worker,
        }
    }

    /// A receiver with a callback of that scope.
    async fn subscribe(&self, scope: Scope) -> Receiver {
        let receiver = Receiver::start().await;
        self.set_callback(scope, receiver.url()).await;
        receiver
    }

    async fn set_callback(&self, scope: Scope, url: String) -> SubscriptionId {
        let callback = Callback {
            scope,
            url,
            ..a_world().callbacks.remove(0)
        };
        self.platform
            .run(move |turn| subscriptions::set(turn, &callback))
            .await
            .expect("set")
    }

    async fn id_of(&self, receiver: &Receiver) -> SubscriptionId {
        let all = self
            .platform
            .run(subscriptions::list)
            .await
            .expect("a list");
        let url = receiver.url();
        all.into_iter()
            .find(|it| it.callback.url == url)
            .expect("subscribed")
            .id
    }

    /// An event for whoever has subscribed first.
    async fn event(&self, event: &str, call: Option<&str>) {
        let all = self
            .platform
            .run(subscriptions::list)
            .await
            .expect("a list");
        self.add(event, call, all[0].id).await;
    }

    async fn event_to(&self, receiver: &Receiver, event: &str, call: Option<&str>) {
        let id = self.id_of(receiver).await;
        self.add(event, call, id).await;
    }

    async fn add(&self, event: &str, call: Option<&str>, id: SubscriptionId) {
        let notice = outgoing(id, event, call);
        let body = format!("{{\"event\":\"{event}\"}}");
        self.platform
            .run(move |turn| deliveries::add(turn, &notice, body.as_bytes()))
            .await
            .expect("added");
    }

    /// Waits until nothing is due or under way.
    async fn settled(&self) {
        self.advance(Duration::ZERO).await;
    }

    async fn advance(&self, time: Duration) {
        let to = self.platform.clock.now() + time;
        self.ticker.advance(to).await.expect("turned");
    }

    async fn deliveries(&self) -> Vec<DeliveryRow> {
        let all =
            |turn: &mut crate::Turn<'_>| deliveries::list(turn, &DeliveryFilter::default(), 1_000);
        self.platform.run(all).await.expect("a list")
    }

    async fn attempts(&self, id: DeliveryId) -> Vec<Attempt> {
        self.platform
            .run(move |turn| deliveries::find(turn, id))
            .await
            .expect("it")
            .attempts
    }

    /// The only delivery, once what became of its attempt is known.
    async fn when_reported(&self) -> (DeliveryRow, Vec<Attempt>) {
        let waited = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                // Interest is registered before the look, so that no report slips in between.
                let changed = self.under_way.changed();
                let (row, attempts) = self.only_delivery().await;
                if StateWord::from(row.machine.state) != StateWord::Leased {
                    return (row, attempts);
                }
                changed.await;
            }
        });
        waited.await.expect("a report")
    }

    async fn only_delivery(&self) -> (DeliveryRow, Vec<Attempt>) {
        let mut all = self.deliveries().await;
        assert_eq!(all.len(), 1);
        let row = all.remove(0);
        let attempts = self.attempts(row.id).await;
        (row, attempts)
    }

    async fn close(self) {
        self.closing.cancel();
        self.worker.await.expect("no panic");
        self.platform.end();
    }
}

fn outgoing(
    subscription: SubscriptionId,
    event: &str,
    call: Option<&str>,
) -> store::deliveries::Outgoing {
    store::deliveries::Outgoing {
        subscription,
        app: "634974688087057".parse().expect("an id"),
        number: number(),
        call: call.map(|call| call.parse().expect("an id")),
        message: None,
        event: event.to_owned(),
    }
}
