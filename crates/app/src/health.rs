//! What a supervisor asks: is the process alive, does it take work, what has it counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;

/// Whether the process takes work: after everything has started, until it is told to stop.
#[derive(Debug, Clone)]
pub struct Readiness {
    started: Arc<AtomicBool>,
    stop: CancellationToken,
}

impl Readiness {
    /// Not ready yet, and not any more once `stop` is cancelled.
    #[must_use]
    pub fn until(stop: CancellationToken) -> Self {
        Self {
            started: Arc::default(),
            stop,
        }
    }

    /// Everything has started.
    pub fn set(&self) {
        self.started.store(true, Ordering::Release);
    }

    fn is_set(&self) -> bool {
        self.started.load(Ordering::Acquire) && !self.stop.is_cancelled()
    }
}

/// `/healthz` and `/readyz`.
pub fn probes<S: Clone + Send + Sync + 'static>(readiness: Readiness) -> Router<S> {
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(readiness)
}

/// `/metrics`, for the control listener: what a business does is nobody else's to read.
pub fn metrics<S: Clone + Send + Sync + 'static>(metrics: Metrics) -> Router<S> {
    Router::new()
        .route("/metrics", get(page))
        .with_state(metrics)
}

async fn ready(State(readiness): State<Readiness>) -> impl IntoResponse {
    if readiness.is_set() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "starting or stopping\n")
    }
}

async fn page(State(metrics): State<Metrics>) -> impl IntoResponse {
    ([(CONTENT_TYPE, PROMETHEUS_TEXT)], metrics.page())
}

const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
