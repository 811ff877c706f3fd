//! The floor: a bare server that takes the same requests and does nothing.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::{Json, Router};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Requests a second that a server with nothing behind it answers to this client, `at_once` at a time.
pub(super) async fn requests_per_second(at_once: u32, lasting: Duration) -> io::Result<f64> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let answer = post(|Json(_): Json<Value>| async { Json(json!({ "success": true })) });
    let server =
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", answer)).await });

    let http = Client::builder()
        .no_proxy()
        .build()
        .map_err(io::Error::other)?;
    let answered = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut askers = JoinSet::new();
    for _ in 0..at_once {
        let (http, url, answered) = (http.clone(), url.clone(), answered.clone());
        askers.spawn(async move {
            while started.elapsed() < lasting {
                let body = json!({ "messaging_product": "whatsapp", "action": "terminate" });
                http.post(&url).json(&body).send().await?.bytes().await?;
                answered.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, reqwest::Error>(())
        });
    }
    while let Some(asker) = askers.join_next().await {
        asker.map_err(io::Error::other)?.map_err(io::Error::other)?;
    }
    server.abort();
    Ok(answered.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64())
}
