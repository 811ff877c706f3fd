//! A running gateway and a platform for it.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gateway::{GatewayConfig, Parts};
use media_io::{Address, MediaIoConfig, Ports};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use types::Timestamp;

mod exchange;
mod platform;

pub(crate) use exchange::{ADA, TheExchange, happens};
pub(crate) use platform::{Connecting, NUMBER, Platform, SECRET, event, status, terminated};

/// Longer than anything here takes, also on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A gateway on a free port and a small platform for it.
pub(crate) struct World {
    pub(crate) platform: Arc<Platform>,
    running: Running,
}

impl World {
    /// A gateway with this handler.
    pub(crate) async fn start(handler: Value) -> Self {
        Self::start_with(handler, |_| {}).await
    }

    /// A gateway with this handler and a configuration that `change` has changed.
    pub(crate) async fn start_with(
        handler: Value,
        change: impl FnOnce(&mut GatewayConfig),
    ) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        Self::start_in(data, Platform::start().await, handler, change).await
    }

    /// The same with the records and the platform of an earlier gateway.
    pub(crate) async fn start_in(
        data: TempDir,
        platform: Arc<Platform>,
        handler: Value,
        change: impl FnOnce(&mut GatewayConfig),
    ) -> Self {
        let mut config: GatewayConfig = serde_json::from_value(json!({
            "platform": {
                "url": platform.url,
                "version": "v24.0",
                "phone_number_id": NUMBER,
                "access_token": "token",
            },
            "webhook": {"verify_token": "word", "app_secret": SECRET},
            "handler": handler,
            "data": data.path(),
        }))
        .expect("a configuration");
        change(&mut config);
        let running = Running::start(config, data).await;
        platform.gateway_is_at(&running.url);
        Self { platform, running }
    }

    /// Stops the gateway politely; its folder and its platform.
    pub(crate) async fn stop(self) -> (TempDir, Arc<Platform>) {
        (self.running.stop().await, self.platform)
    }
}

impl Deref for World {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

/// A gateway that runs on a free port, with a data folder of its own.
pub(crate) struct Running {
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
    pub(crate) data: TempDir,
    stop: CancellationToken,
    running: JoinHandle<()>,
    serving: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn start(config: GatewayConfig, data: TempDir) -> Self {
        let parts = Parts {
            clock: Arc::new(now),
            seed: [7; 32],
            media: media(Ports::PerLeg(0..=0)),
        };
        let gateway = tokio::task::spawn_blocking(move || gateway::build(config, parts))
            .await
            .expect("it does not panic")
            .expect("a gateway");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = gateway.router.clone();
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        let stop = CancellationToken::new();
        let running = tokio::spawn(gateway.run(stop.clone()));
        Self {
            url,
            client: reqwest::Client::new(),
            data,
            stop,
            running,
            serving,
        }
    }

    /// Asks the gateway's API.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self
            .client
            .get(format!("{}/gateway/v1{path}", self.url))
            .send()
            .await;
        answer.expect("an answer").json().await.expect("JSON")
    }

    /// Orders something of the gateway's API; the answer's status and body.
    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.client.post(format!("{}/gateway/v1{path}", self.url));
        let answer = request.json(&body).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// Waits until the gateway knows of a call; its reference.
    pub(crate) async fn began(&self) -> String {
        let lines = self.lines("/events?after=0", "began").await;
        let call = lines.last().and_then(|line| line["call"].as_str());
        call.expect("a reference").to_owned()
    }

    /// Waits until the story of a call tells `event`; everything that it told up to there.
    pub(crate) async fn until(&self, call: &str, event: &str) -> Vec<Value> {
        self.lines(&format!("/calls/{call}/events"), event).await
    }

    /// Reads story lines up to one with `event`.
    async fn lines(&self, path: &str, event: &str) -> Vec<Value> {
        let told = async {
            let url = format!("{}/gateway/v1{path}", self.url);
            let mut answer = self.client.get(url).send().await.expect("an answer");
            assert_eq!(answer.status(), 200, "{path}");
            let (mut text, mut lines) = (String::new(), Vec::new());
            while let Some(piece) = answer.chunk().await.expect("a piece") {
                text.push_str(std::str::from_utf8(&piece).expect("a text"));
                while let Some((line, rest)) = text.split_once('\n') {
                    if let Some(data) = line.strip_prefix("data: ") {
                        let line: Value = serde_json::from_str(data).expect("JSON");
                        lines.push(line);
                    }
                    text = rest.to_owned();
                    if lines.last().is_some_and(|line| line["event"] == event) {
                        return lines;
                    }
                }
            }
            panic!("{path} ended without {event}: {lines:#?}");
        };
        tokio::time::timeout(PATIENCE, told)
            .await
            .unwrap_or_else(|_| panic!("{path} does not tell of {event}"))
    }

    /// The words of a whole story.
    pub(crate) async fn story(&self, call: &str) -> String {
        let lines = self.until(call, "ended").await;
        let words = lines.iter().map(|line| match line["event"].as_str() {
            Some("digit") => format!("digit {}", line["digit"].as_str().unwrap_or("?")),
            Some("ended") => format!(
                "ended: {} by {}",
                line["outcome"].as_str().unwrap_or("?"),
                line["blame"].as_str().unwrap_or("?")
            ),
            word => word.unwrap_or("?").to_owned(),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// The newest call.
    pub(crate) async fn newest(&self) -> Value {
        let list = self.get("/calls").await;
        list["calls"][0].clone()
    }

    /// Stops the gateway politely; its folder.
    pub(crate) async fn stop(self) -> TempDir {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.running)
            .await
            .expect("it stops in time")
            .expect("it does not panic");
        self.serving.abort();
        self.data
    }
}

/// What time it is.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    Timestamp::from_millis(u64::try_from(since.as_millis()).expect("before the end of time"))
}

/// Media on the loopback.
pub(crate) fn media(ports: Ports) -> MediaIoConfig {
    MediaIoConfig {
        addresses: vec![Address::plain([127, 0, 0, 1].into())],
        ports,
        workers: 1,
        seed: [9; 32],
    }
}
