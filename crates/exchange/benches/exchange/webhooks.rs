//! Durable webhooks per second: decided, saved, signed, posted, reported, beside the bare posts.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use exchange::desk::{Desk, deliveries};
use exchange::{Refused, leg_news};
use store::deliveries::{DeliveryFilter, Outgoing, StateWord};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use types::SubscriptionId;

use crate::face::{self, PaperLegs};
use crate::line;
use crate::place::{self, APP, NUMBER, On};

pub(crate) async fn measure() {
    let (url, mut arrivals) = face::receiver();
    let floor = bare_posts(&url, &mut arrivals).await;
    line(
        "webhooks: bare posts, nothing saved",
        floor,
        "per s",
        "the floor here",
    );

    let folder = tempfile::tempdir().expect("a folder");
    let (_, leg_news) = leg_news();
    let on = On {
        folder: &folder,
        media: Arc::new(PaperLegs::default()),
        leg_news,
        users: 1,
        receivers: vec![url],
    };
    let exchange = place::exchange(on).await;
    let desk = exchange.desk.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(exchange.run(async {
        // Dropped or sent: either way it is over.
        let _ = stopped.await;
    }));
    let durable = durable(&desk, &mut arrivals).await;
    let beside = format!("{:.2} of the floor; goal 3 000 per s", durable / floor);
    line("webhooks: durable, one receiver", durable, "per s", &beside);
    drop(stop);
    running.await.expect("no panic").expect("a desk that works");
}

async fn durable(desk: &Desk, arrivals: &mut UnboundedReceiver<(Instant, Bytes)>) -> f64 {
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let desk = desk.clone();
        tasks.spawn(async move {
            for n in 0..WEBHOOKS / TASKS {
                let notice = Outgoing {
                    subscription: SubscriptionId(1),
                    app: APP.parse().expect("an id"),
                    number: NUMBER.parse().expect("an id"),
                    call: Some(format!("wacid.{task}-{n}").parse().expect("an id")),
                    message: None,
                    event: "connect".to_owned(),
                };
                let body = BODY.as_bytes();
                desk.run(move |turn| deliveries::add(turn, &notice, body))
                    .await
                    .expect("saved");
            }
        });
    }
    tasks.join_all().await;
    for _ in 0..WEBHOOKS {
        arrivals.recv().await.expect("a webhook");
    }
    // Delivered means that the report is saved, too.
    let filter = DeliveryFilter {
        state: Some(StateWord::Delivered),
        ..DeliveryFilter::default()
    };
    loop {
        let filter = filter.clone();
        let count = move |turn: &mut exchange::Turn<'_>| {
            Ok::<_, Refused>(deliveries::list(turn, &filter, WEBHOOKS)?.len())
        };
        if desk.run(count).await.expect("a count") == WEBHOOKS {
            return WEBHOOKS as f64 / begin.elapsed().as_secs_f64();
        }
        tokio::task::yield_now().await;
    }
}

async fn bare_posts(url: &str, arrivals: &mut UnboundedReceiver<(Instant, Bytes)>) -> f64 {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (client, url) = (client.clone(), url.to_owned());
        tasks.spawn(async move {
            for _ in 0..WEBHOOKS / TASKS {
                let sent = client.post(&url).body(BODY.as_str()).send().await;
                sent.expect("an answer").bytes().await.expect("a body");
            }
        });
    }
    tasks.join_all().await;
    let rate = WEBHOOKS as f64 / begin.elapsed().as_secs_f64();
    for _ in 0..WEBHOOKS {
        arrivals.recv().await.expect("a post");
    }
    rate
}

/// As long as a connect webhook with its session description.
static BODY: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| format!("{{\"sdp\":\"{}\"}}", "a=candidate ".repeat(200)));

const TASKS: usize = 64;
const WEBHOOKS: usize = TASKS * 300;
