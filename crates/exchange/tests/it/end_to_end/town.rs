//! An exchange on real sockets with a gateway as the business, driven over their APIs alone.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use exchange::control::{self, Beginning, Control};
use exchange::hosted_phones::HostedPhones;
use exchange::media_control::{MediaControl, UdpLegs};
use exchange::phone_line::{self, OpenLines, PhoneLine};
use exchange::{Clock, Door, ExchangeConfig, Parts, Place, build, leg_news};
use media_io::{Address, MediaIoConfig, Ports};
use phone::PhoneMedia;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use types::{Preset, Timestamp};

use crate::world::{ADA, NUMBER, TOKEN, WABA, WAIT_MAX, acme};

pub(super) struct Town {
    public: String,
    control: String,
    gateway: String,
    client: reqwest::Client,
    stop: CancellationToken,
    _data: TempDir,
}

impl Town {
    /// Starts everything. `handler` deals with the audio of users' calls at the gateway.
    pub(super) async fn start(handler: Value) -> Self {
        let stop = CancellationToken::new();
        let public = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let public_url = format!("http://{}", public.local_addr().expect("an address"));
        let control = start_exchange(public, &public_url, &stop).await;
        let data = tempfile::tempdir().expect("a folder");
        let gateway = start_gateway(&public_url, handler, &data, &stop).await;
        let client = reqwest::Client::new();
        let town = Self {
            public: public_url,
            control,
            gateway,
            client,
            stop,
            _data: data,
        };
        let webhook = json!({"url": format!("{}/webhook", town.gateway), "waba_id": WABA});
        assert_eq!(
            town.answer(Method::POST, "/subscriptions", &webhook)
                .await
                .0,
            201
        );
        town
    }

    /// Starts a scripted phone of Ada's; gives its id.
    pub(super) async fn phone(&self, script: &Value) -> u64 {
        let body = json!({"wa_id": ADA, "script": script});
        let (status, phone) = self.answer(Method::POST, "/phones", &body).await;
        assert_eq!(status, 201, "{phone}");
        phone["id"].as_u64().expect("an id")
    }

    /// Waits until something has happened on a phone, and gives the entry of its story.
    pub(super) async fn told(&self, phone: u64, event: &str) -> Value {
        self.told_from(phone, 0, event).await
    }

    /// The same, of what happened from that entry on.
    pub(super) async fn told_from(&self, phone: u64, from: u64, event: &str) -> Value {
        self.told_that(phone, from, event, |_| true).await
    }

    /// The same, about that message.
    pub(super) async fn told_of(&self, phone: u64, message: &str, event: &str) -> Value {
        self.told_that(phone, 0, event, |entry| entry["message_id"] == message)
            .await
    }

    async fn told_that(
        &self,
        phone: u64,
        mut from: u64,
        event: &str,
        fits: impl Fn(&Value) -> bool,
    ) -> Value {
        let waiting = async {
            loop {
                let path = format!("/phones/{phone}?from={from}&wait_ms=5000");
                let (_, phone) = self.answer(Method::GET, &path, &Value::Null).await;
                for entry in phone["story"].as_array().expect("a story") {
                    if entry["event"] == event && fits(entry) {
                        return entry.clone();
                    }
                    assert_ne!(entry["event"], "media_failed", "{entry}");
                    from = entry["number"].as_u64().expect("a number") + 1;
                }
            }
        };
        let told = tokio::time::timeout(WAIT_MAX, waiting).await;
        told.unwrap_or_else(|_| panic!("`{event}` has not happened on phone {phone}"))
    }

    /// What Ada allows the business.
    pub(super) async fn permission(&self) -> Value {
        let path = format!("/consents/{NUMBER}/{ADA}");
        self.control(Method::GET, &path, &Value::Null).await
    }

    /// What a phone heard, as WAV.
    pub(super) async fn heard(&self, phone: u64) -> Vec<u8> {
        self.bytes(&format!("{}/phones/{phone}/recording", self.control))
            .await
    }

    /// Lets Ada allow the business to call her.
    pub(super) async fn allow_calls(&self) {
        let path = format!("/consents/{NUMBER}/{ADA}");
        self.control(Method::PUT, &path, &json!({"granted": true}))
            .await;
    }

    /// Lets the gateway call Ada; gives the call's id.
    pub(super) async fn gateway_calls(&self, handler: &Value) -> String {
        let url = format!("{}/gateway/v1/calls", self.gateway);
        let body = json!({"to": ADA, "handler": handler});
        let request = self.client.post(url).json(&body).send();
        let call: Value = request
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        call["call_id"]
            .as_str()
            .unwrap_or_else(|| panic!("no call: {call}"))
            .to_owned()
    }

    /// Lets the business send Ada a message through Meta's API; gives its id.
    pub(super) async fn business_sends(&self, message: &Value) -> String {
        let url = format!("{}/v24.0/{NUMBER}/messages", self.public);
        let mut body = json!({"messaging_product": "whatsapp", "to": ADA});
        let fields = body.as_object_mut().expect("an object");
        fields.extend(message.as_object().expect("an object").clone());
        let request = self.client.post(url).bearer_auth(TOKEN).json(&body).send();
        let sent: Value = request
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        sent["messages"][0]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("not sent: {sent}"))
            .to_owned()
    }

    /// The first call in the body of a webhook about it.
    pub(super) async fn webhook(&self, call: &Value, event: &str) -> Value {
        let deliveries = call["deliveries"].as_array().expect("deliveries");
        let delivery = deliveries
            .iter()
            .find(|delivery| delivery["event"] == event)
            .unwrap_or_else(|| panic!("no {event} in {call}"));
        let path = format!("/deliveries/{}", delivery["id"]);
        let (_, delivery) = self.answer(Method::GET, &path, &Value::Null).await;
        let body: Value =
            serde_json::from_str(delivery["body"].as_str().expect("bytes")).expect("JSON");
        body["entry"][0]["changes"][0]["value"]["calls"][0].clone()
    }

    /// Waits until the gateway has done with a call, its recording included.
    pub(super) async fn gateway_ended(&self, call_id: &str) -> Value {
        let url = format!("{}/gateway/v1/calls/{call_id}", self.gateway);
        self.until(&url, |call| {
            let wants_recording = call["handler"]["record"] == true;
            call["phase"] == "ended" && (!wants_recording || call["recorded"] == true)
        })
        .await
    }

    /// What the gateway heard of the user, as Ogg.
    pub(super) async fn gateway_heard(&self, call_id: &str) -> Vec<u8> {
        let url = format!(
            "{}/gateway/v1/calls/{call_id}/recording?side=user",
            self.gateway
        );
        self.bytes(&url).await
    }

    /// Waits until a call is as it should be, and gives it.
    pub(super) async fn call_that(&self, call_id: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.until(&format!("{}/calls/{call_id}", self.control), fits)
            .await
    }

    /// Waits until a call is over for the exchange, with its last counts and all webhooks delivered.
    pub(super) async fn call_ended(&self, call_id: &str) -> Value {
        self.call_that(call_id, |call| {
            let all = |key: &str, fits: fn(&Value) -> bool| {
                call[key]
                    .as_array()
                    .is_some_and(|rows| rows.iter().all(fits))
            };
            call["phase"] == "ended"
                && all("deliveries", |delivery| delivery["state"] == "delivered")
                && all("legs", |leg| !leg["stats"].is_null())
        })
        .await
    }

    /// Asks the control API for something that it must do.
    pub(super) async fn control(&self, method: Method, path: &str, body: &Value) -> Value {
        let (status, answer) = self.answer(method, path, body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Asks the control API; status and body.
    pub(super) async fn answer(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.control));
        if !body.is_null() {
            request = request.json(body);
        }
        let response = request.send().await.expect("an answer");
        (
            response.status().as_u16(),
            response.json().await.unwrap_or(Value::Null),
        )
    }

    async fn bytes(&self, url: &str) -> Vec<u8> {
        let response = self.client.get(url).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{url}");
        response.bytes().await.expect("a body").to_vec()
    }

    /// Looks again and again, because the others have to come to it by themselves.
    async fn until(&self, url: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        for _ in 0..WAIT_MAX.as_millis() / LOOK_EVERY.as_millis() {
            let response = self.client.get(url).send().await.expect("an answer");
            last = response.json().await.expect("JSON");
            if fits(&last) {
                return last;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("{url} has not come to it: {last:#}");
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn start_exchange(public: TcpListener, public_url: &str, stop: &CancellationToken) -> String {
    let clock = Clock::new(wall_clock);
    let (sink, news) = leg_news();
    let legs = UdpLegs::start(media(Ports::Shared(0), 1), clock.clone(), sink).expect("sockets");
    let legs: Arc<dyn MediaControl> = Arc::new(legs);
    let lines = OpenLines::default();
    let config = ExchangeConfig {
        place: Place::Memory,
        preset: Preset::meta_2026(),
        seed: 7,
        world: acme(),
    };
    let parts = Parts {
        clock: clock.clone(),
        media: legs.clone(),
        leg_news: news,
        phones: Arc::new(lines.clone()),
    };
    let exchange = build(config, parts).await.expect("an exchange");
    let chance = ChaCha8Rng::seed_from_u64(8);
    let door = Door::new(
        exchange.desk.clone(),
        legs.clone(),
        exchange.preset.clone(),
        chance,
    );
    let line = PhoneLine {
        desk: exchange.desk.clone(),
        media: legs.clone(),
        lines: lines.clone(),
        closing: exchange.closing.clone(),
    };
    let router = door
        .expect("a door")
        .router()
        .merge(phone_line::router(line));
    tokio::spawn(async move { axum::serve(public, router).await });
    let phone_media = PhoneMedia::start(media(Ports::PerLeg(0..=0), 2)).expect("sockets");
    let phones = HostedPhones::new(
        public_url.parse().expect("an address"),
        phone_media,
        clock,
        exchange.closing.clone(),
    );
    let control = control::router(Control {
        desk: exchange.desk.clone(),
        clock: exchange.clock.clone(),
        ticker: exchange.ticker.clone().stopping_for(phones.clone()),
        media: legs,
        lines,
        phones,
        beginning: Beginning {
            world: acme(),
            seed: None,
        },
        closing: exchange.closing.clone(),
    });
    let address = serve(control).await;
    tokio::spawn(exchange.run(stop.clone().cancelled_owned()));
    format!("{address}/control/v1")
}

async fn start_gateway(
    platform: &str,
    handler: Value,
    data: &TempDir,
    stop: &CancellationToken,
) -> String {
    let config = json!({
        "platform": {"url": platform, "phone_number_id": NUMBER, "access_token": TOKEN},
        "webhook": {"verify_token": "v", "app_secret": "app-secret"},
        "handler": handler,
        "data": data.path(),
    });
    let config = serde_json::from_value(config).expect("a configuration");
    let parts = gateway::Parts {
        clock: Arc::new(wall_clock),
        seed: [3; 32],
        media: media(Ports::PerLeg(0..=0), 3),
    };
    let gateway = gateway::build(config, parts).expect("a gateway");
    let address = serve(gateway.router.clone()).await;
    tokio::spawn(gateway.run(stop.clone()));
    address
}

fn media(ports: Ports, seed: u8) -> MediaIoConfig {
    MediaIoConfig {
        addresses: vec![Address::plain(IpAddr::V4(Ipv4Addr::LOCALHOST))],
        ports,
        workers: 1,
        seed: [seed; 32],
    }
}

async fn serve(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let millis = since.expect("after 1970").as_millis();
    Timestamp::from_millis(u64::try_from(millis).expect("before the year 584556019"))
}

const LOOK_EVERY: Duration = Duration::from_millis(50);
