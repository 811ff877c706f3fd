//! Calls over the real API, with real legs, a real file and every webhook: how long a `connect` takes
//! to reach the receiver at a steady rate, and how many whole calls go through in a second.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use exchange::desk::{Desk, calls};
use exchange::media_control::{MediaControl, UdpLegs};
use exchange::phone_lines::LineId;
use exchange::{Door, leg_news};
use media_io::{Address, LegWish, MediaIo, MediaIoConfig, Ports};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use types::CallId;

use crate::place::{self, NUMBER, On, TOKEN, wa_id};
use crate::{face, line, percentile};

pub(crate) async fn measure() {
    let (receiver, mut arrivals) = face::receiver();
    let folder = tempfile::tempdir().expect("a folder");
    let (sink, leg_news) = leg_news();
    let legs = UdpLegs::start(on_loopback(Ports::Shared(0)), place::clock(), sink).expect("media");
    let media: Arc<dyn MediaControl> = Arc::new(legs);
    let on = On {
        folder: &folder,
        media: Arc::clone(&media),
        leg_news,
        users: USERS,
        receivers: vec![receiver],
    };
    let exchange = place::exchange(on).await;
    let door = Door::new(
        exchange.desk.clone(),
        media,
        Arc::clone(&exchange.preset),
        ChaCha8Rng::seed_from_u64(7),
    )
    .expect("a door");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!(
        "http://{}/{NUMBER}/calls",
        listener.local_addr().expect("an address")
    );
    tokio::spawn(async move { axum::serve(listener, door.router()).await });
    let desk = exchange.desk.clone();
    tokio::spawn(exchange.run(std::future::pending()));
    let business = Business {
        client: reqwest::Client::new(),
        url,
        offer: an_offer(),
    };

    steady(&business, &mut arrivals).await;
    flat_out(&business, &desk, &mut arrivals).await;
}

/// Fifty calls a second, each connected and given up.
async fn steady(business: &Business, arrivals: &mut UnboundedReceiver<(Instant, Bytes)>) {
    let mut tasks = JoinSet::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / RATE);
    for n in 0..STEADY_CALLS {
        ticks.tick().await;
        let business = business.clone();
        tasks.spawn(async move {
            let begin = Instant::now();
            let id = business.connect(n % USERS).await;
            business.act(&id, "terminate").await;
            (id, begin)
        });
    }
    let began: HashMap<CallId, Instant> = tasks.join_all().await.into_iter().collect();
    let mut times = Vec::new();
    let mut ended = 0;
    while times.len() < STEADY_CALLS || ended < STEADY_CALLS {
        let (at, body) = arrivals.recv().await.expect("a webhook");
        match event(&body) {
            ("connect", id) => times.push((at - began[&id]).as_secs_f64() * 1_000.0),
            ("terminate", _) => ended += 1,
            _ => {}
        }
    }
    times.sort_by(f64::total_cmp);
    let p99 = percentile(&times, 99);
    line(
        "connect to webhook at 50/s, p50",
        percentile(&times, 50),
        "ms",
        "",
    );
    line(
        "connect to webhook at 50/s, p99",
        p99,
        "ms",
        "goal under 30 ms",
    );
}

/// As many whole calls as go through: connect, ring, pick up, hang up, with all their webhooks.
async fn flat_out(
    business: &Business,
    desk: &Desk,
    arrivals: &mut UnboundedReceiver<(Instant, Bytes)>,
) {
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for worker in 0..WORKERS {
        let (business, desk) = (business.clone(), desk.clone());
        tasks.spawn(async move {
            for n in 0..WHOLE_CALLS / WORKERS {
                let user = (worker * (WHOLE_CALLS / WORKERS) + n) % USERS;
                whole_call(&business, &desk, user).await;
            }
        });
    }
    let mut ended = 0;
    while ended < WHOLE_CALLS {
        let (_, body) = arrivals.recv().await.expect("a webhook");
        ended += usize::from(event(&body).0 == "terminate");
    }
    let rate = WHOLE_CALLS as f64 / begin.elapsed().as_secs_f64();
    line(
        "whole calls over the API",
        rate,
        "per s",
        "goal 100 per s; 4 webhooks each",
    );
    tasks.join_all().await;
}

async fn whole_call(business: &Business, desk: &Desk, user: usize) {
    let id = business.connect(user).await;
    let call = id.clone();
    desk.run(move |turn| {
        let wa_id = wa_id(user).parse().expect("digits");
        calls::phone_rings(turn, &wa_id, &call)?;
        let answer = an_answer();
        calls::phone_picks_up(turn, &wa_id, LineId(1), &call, answer)
    })
    .await
    .expect("picked up");
    business.act(&id, "terminate").await;
}

#[derive(Clone)]
struct Business {
    client: reqwest::Client,
    url: String,
    offer: String,
}

impl Business {
    async fn connect(&self, user: usize) -> CallId {
        let answer = self
            .post(&json!({
                "messaging_product": "whatsapp",
                "to": wa_id(user),
                "action": "connect",
                "session": { "sdp_type": "offer", "sdp": self.offer },
            }))
            .await;
        let id = answer["calls"][0]["id"].as_str();
        id.unwrap_or_else(|| panic!("no call: {answer}"))
            .parse()
            .expect("an id")
    }

    async fn act(&self, id: &CallId, action: &str) {
        let body = json!({ "messaging_product": "whatsapp", "call_id": id, "action": action });
        let answer = self.post(&body).await;
        assert_eq!(answer["success"], true, "{answer}");
    }

    async fn post(&self, body: &Value) -> Value {
        let request = self.client.post(&self.url).bearer_auth(TOKEN).json(body);
        request
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON")
    }
}

fn event(body: &[u8]) -> (&'static str, CallId) {
    let json: Value = serde_json::from_slice(body).expect("JSON");
    let value = &json["entry"][0]["changes"][0]["value"];
    let (call, status) = (&value["calls"][0], &value["statuses"][0]);
    let id = call["id"]
        .as_str()
        .or_else(|| status["id"].as_str())
        .expect("an id");
    let event = match call["event"].as_str() {
        Some("connect") => "connect",
        Some("terminate") => "terminate",
        _ => "status",
    };
    (event, id.parse().expect("an id"))
}

/// An offer as a client's library makes one.
fn an_offer() -> String {
    let client = client();
    client
        .prepare_offer(LegWish::plain(1))
        .expect("an offer")
        .sdp
}

/// An answer that no leg of the exchange will hear from.
fn an_answer() -> String {
    static ANSWER: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let client = client();
        client
            .prepare_answer(&an_offer(), LegWish::plain(1))
            .expect("an answer")
            .sdp
    });
    ANSWER.clone()
}

fn client() -> MediaIo {
    MediaIo::start(on_loopback(Ports::PerLeg(0..=0)), |_| {}).expect("media")
}

fn on_loopback(ports: Ports) -> MediaIoConfig {
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    MediaIoConfig {
        addresses: vec![Address {
            bind: local,
            advertised: local,
        }],
        ports,
        workers: 1,
        seed: [7; 32],
    }
}

const RATE: u32 = 50;
const STEADY_CALLS: usize = 500;
const WHOLE_CALLS: usize = 1_600;
const WORKERS: usize = 16;
const USERS: usize = 2_000;
