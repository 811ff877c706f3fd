//! A receiver of webhooks for tests: keeps what comes, and answers as it is told to.
//!
//! It checks signatures by itself rather than through `wire`, so that a mistake there shows.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A receiver that listens on a free port of 127.0.0.1 until it is dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// One webhook as it came.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The exact bytes.
    pub body: Vec<u8>,
    /// The same, read.
    pub json: Value,
    /// The headers.
    pub headers: HeaderMap,
    /// The path that it came to.
    pub path: String,
}

/// How the receiver answers one webhook or one handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// 200; a handshake gets its challenge if the verify token is right, else 403.
    Take,
    /// This status and this body.
    Answer(u16, String),
    /// Nothing until [`Receiver::release`], then as [`Behaviour::Take`].
    Hold,
}

/// The verify token that a receiver expects in handshakes.
pub const VERIFY_TOKEN: &str = "verify-me";

/// The longest that [`Receiver::wait_for`] waits: long enough for a machine that is busy.
pub const WAIT_MAX: Duration = Duration::from_secs(30);

impl Receiver {
    /// Starts to listen. Takes everything until told otherwise.
    ///
    /// # Panics
    ///
    /// If no port of 127.0.0.1 is free.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let shared = Arc::new(Shared::default());
        let router = Router::new()
            .route("/{*path}", get(handshake).post(webhook))
            .route("/", get(handshake).post(webhook))
            .with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Ends with the task; there is nobody to tell.
            let _ = axum::serve(listener, router).await;
        });
        Self {
            address,
            shared,
            server,
        }
    }

    /// The address to subscribe with. Every other path works as well.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_at("/webhook")
    }

    /// An address with a path of its own, for telling subscriptions apart.
    #[must_use]
    pub fn url_at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers from now on like this.
    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.lock().always = behaviour;
    }

    /// Answers the next webhooks or handshakes like these, one each, before what
    /// [`Receiver::behave`] says.
    pub fn behave_next(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.shared.lock().next.extend(behaviours);
    }

    /// Lets every held answer go, and those to come as well.
    pub fn release(&self) {
        self.shared.lock().always = Behaviour::Take;
        self.shared.released.send_replace(true);
    }

    /// What has come so far, in the order of coming.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.lock().deliveries.clone()
    }

    /// How many handshakes have come.
    #[must_use]
    pub fn handshakes(&self) -> usize {
        self.shared.lock().handshakes
    }

    /// Waits until `found` finds what it looks for in all that has come, and returns it.
    ///
    /// # Panics
    ///
    /// After [`WAIT_MAX`], with the bodies that did come.
    pub async fn wait_for<T>(&self, mut found: impl FnMut(&[Delivery]) -> Option<T>) -> T {
        // Interest is registered before the first look, so that nothing slips in between.
        let mut changes = self.shared.changes.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                if let Some(it) = found(&self.shared.lock().deliveries) {
                    return it;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        match tokio::time::timeout(WAIT_MAX, search).await {
            Ok(it) => it,
            Err(_) => {
                let bodies: Vec<Value> = self.deliveries().into_iter().map(|it| it.json).collect();
                panic!("not found in {WAIT_MAX:?}; what came: {bodies:#?}");
            }
        }
    }

    /// Waits until so many webhooks have come, and returns the first so many.
    pub async fn wait_for_count(&self, count: usize) -> Vec<Delivery> {
        self.wait_for(|all| all.get(..count).map(<[Delivery]>::to_vec))
            .await
    }

    /// Waits for the first webhook of a call: `connect`, `terminate`, `RINGING`, `ACCEPTED` or
    /// `REJECTED`.
    pub async fn wait_for_event(&self, event: &str) -> Delivery {
        self.wait_for(|all| all.iter().find(|it| it.event() == Some(event)).cloned())
            .await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Delivery {
    /// `value` of the first change.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.json["entry"][0]["changes"][0]["value"]
    }

    /// What it tells: the event of the first call, else the status of the first status, else the type
    /// of the first message.
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        let value = self.value();
        value["calls"][0]["event"]
            .as_str()
            .or_else(|| value["statuses"][0]["status"].as_str())
            .or_else(|| value["messages"][0]["type"].as_str())
    }

    /// The call that it tells of.
    #[must_use]
    pub fn call_id(&self) -> Option<&str> {
        let value = self.value();
        value["calls"][0]["id"]
            .as_str()
            .or_else(|| value["statuses"][0]["id"].as_str())
    }

    /// The session description that it brings.
    #[must_use]
    pub fn sdp(&self) -> Option<&str> {
        self.value()["calls"][0]["session"]["sdp"].as_str()
    }

    /// Whether `X-Hub-Signature-256` is that of these bytes and this secret.
    #[must_use]
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(&self.body);
        let wanted = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        self.headers
            .get("x-hub-signature-256")
            .is_some_and(|it| it.as_bytes() == wanted.as_bytes())
    }
}

#[derive(Debug, Default)]
struct Shared {
    kept: Mutex<Kept>,
    /// Counts what has come; the number itself says nothing.
    changes: watch::Sender<u64>,
    released: watch::Sender<bool>,
}

#[derive(Debug)]
struct Kept {
    deliveries: Vec<Delivery>,
    handshakes: usize,
    next: VecDeque<Behaviour>,
    always: Behaviour,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            deliveries: Vec::new(),
            handshakes: 0,
            next: VecDeque::new(),
            always: Behaviour::Take,
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A test that panicked elsewhere has its own message; this one may still be read.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn behaviour(&self) -> Behaviour {
        let mut kept = self.lock();
        kept.next.pop_front().unwrap_or_else(|| kept.always.clone())
    }

    async fn answer(&self, taken: Response) -> Response {
        match self.behaviour() {
            Behaviour::Take => taken,
            Behaviour::Answer(status, body) => {
                let status = StatusCode::from_u16(status).expect("a status from 100 to 999");
                (status, body).into_response()
            }
            Behaviour::Hold => {
                let mut released = self.released.subscribe();
                // The sender lives as long as this call does.
                let _ = released.wait_for(|it| *it).await;
                taken
            }
        }
    }
}

#[derive(Debug)]
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(it, _)| it == key)
            .map(|(_, value)| value.as_str())
    }
}

async fn handshake(
    State(shared): State<Arc<Shared>>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Response {
    let parameters = Parameters(parameters);
    shared.lock().handshakes += 1;
    let challenge = parameters.get("hub.challenge").unwrap_or_default();
    let right = parameters.get("hub.mode") == Some("subscribe")
        && parameters.get("hub.verify_token") == Some(VERIFY_TOKEN)
        && !challenge.is_empty();
    let taken = if right {
        challenge.to_owned().into_response()
    } else {
        StatusCode::FORBIDDEN.into_response()
    };
    shared.answer(taken).await
}

async fn webhook(
    State(shared): State<Arc<Shared>>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let delivery = Delivery {
        json: serde_json::from_slice(&body).unwrap_or(Value::Null),
        body: body.to_vec(),
        headers,
        path: uri.path().to_owned(),
    };
    shared.lock().deliveries.push(delivery);
    shared.changes.send_modify(|it| *it += 1);
    shared.answer(StatusCode::OK.into_response()).await
}

#[cfg(test)]
mod tests;
