//! What stands around an exchange: a receiver of webhooks that only counts, and media on paper.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use exchange::media_control::{LegFault, MediaControl, PreparedLeg, Side, StatsReply};
use media::weather::Forecast;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use types::LegId;

/// Listens on a thread of its own, answers 200 to everything, and hands on what came and when.
pub(crate) fn receiver() -> (String, UnboundedReceiver<(Instant, Bytes)>) {
    let (sender, arrivals) = mpsc::unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!(
        "http://{}/webhook",
        listener.local_addr().expect("an address")
    );
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async move {
            let take = move |body: Bytes| {
                // The bench may have seen enough.
                let _ = sender.send((Instant::now(), body));
                std::future::ready(())
            };
            let router = Router::new().route("/webhook", post(take));
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, router).await.expect("served");
        });
    });
    (url, arrivals)
}

/// Legs that cost nothing.
#[derive(Default)]
pub(crate) struct PaperLegs(AtomicU64);

impl PaperLegs {
    fn leg(&self) -> PreparedLeg {
        PreparedLeg {
            id: LegId(self.0.fetch_add(1, Ordering::Relaxed)),
            sdp: "v=0\r\n".repeat(300),
            body: Box::new(()),
        }
    }
}

impl MediaControl for PaperLegs {
    fn prepare_answer(&self, _: Side, _: &str, _: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg())
    }

    fn prepare_offer(&self, _: Side, _: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg())
    }

    fn begin(&self, _: PreparedLeg, _: PreparedLeg) {}

    fn set_weather(&self, _: LegId, _: Forecast) {}

    fn take_answer(&self, _: LegId, _: String) {}

    fn pass(&self, _: LegId, _: LegId) {}

    fn close(&self, _: LegId, _: LegId) {}

    fn stats(&self, _: LegId, reply: StatsReply) {
        reply(None);
    }
}
