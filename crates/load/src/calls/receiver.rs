//! A receiver of webhooks that wakes whoever waits for one.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use wire::webhook::{self, Notice};

/// The receiver. Webhooks are told apart by the text that the connect sent along.
#[derive(Debug, Clone, Default)]
pub(super) struct Receiver {
    waiting: Arc<Mutex<BTreeMap<String, UnboundedSender<Arrived>>>>,
}

/// What arrives for one call.
#[derive(Debug)]
pub(super) struct Webhooks {
    /// To be sent as `biz_opaque_callback_data`.
    pub(super) reference: String,
    arrivals: UnboundedReceiver<Arrived>,
    terminated: bool,
}

#[derive(Debug, Clone, Copy)]
enum Arrived {
    Connect(Instant),
    Terminate,
}

impl Receiver {
    /// Listens on a free port of this machine. Answers with its address as well.
    pub(super) async fn start() -> io::Result<(Self, String)> {
        let receiver = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/", post(take))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok((receiver, format!("http://{address}/")))
    }

    /// Waits from now on for the webhooks of one call.
    pub(super) fn expect(&self, number: u32) -> Webhooks {
        let reference = format!("load-{number}");
        let (wake, arrivals) = unbounded_channel();
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(reference.clone(), wake);
        Webhooks {
            reference,
            arrivals,
            terminated: false,
        }
    }

    fn arrived(&self, reference: Option<String>, what: Arrived) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wake) = reference.and_then(|it| waiting.get(&it)) {
            wake.send(what).ok();
        }
    }
}

impl Webhooks {
    /// The moment when the connect webhook arrived.
    pub(super) async fn connect(&mut self) -> io::Result<Instant> {
        loop {
            match self.next("connect").await? {
                Arrived::Connect(at) => return Ok(at),
                // Webhooks come in no promised order.
                Arrived::Terminate => self.terminated = true,
            }
        }
    }

    /// Waits for the terminate webhook.
    pub(super) async fn terminate(&mut self) -> io::Result<()> {
        while !self.terminated {
            self.terminated = matches!(self.next("terminate").await?, Arrived::Terminate);
        }
        Ok(())
    }

    async fn next(&mut self, what: &str) -> io::Result<Arrived> {
        let late = || io::Error::other(format!("no {what} webhook within {WEBHOOK_WITHIN:?}"));
        let next = tokio::time::timeout(WEBHOOK_WITHIN, self.arrivals.recv());
        next.await.map_err(|_| late())?.ok_or_else(late)
    }
}

async fn take(State(receiver): State<Receiver>, body: Bytes) -> StatusCode {
    let now = Instant::now();
    let Ok(changes) = webhook::read(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    for change in changes {
        match change.notice {
            Notice::Connect(it) => receiver.arrived(it.callback_data, Arrived::Connect(now)),
            Notice::Terminate(it) => receiver.arrived(it.callback_data, Arrived::Terminate),
            Notice::Status(_) | Notice::Unread { .. } => {}
        }
    }
    StatusCode::OK
}

const WEBHOOK_WITHIN: Duration = Duration::from_secs(20);
