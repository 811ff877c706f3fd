//! The event stream over server-sent events.

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::world::{ADA, NUMBER, WAIT_MAX, World};

#[tokio::test]
async fn what_happened_and_what_happens_comes_in_order() {
    let world = World::start().await;
    grant(&world, true).await;
    grant(&world, false).await;
    let mut events = Events::open(&world, "?after=0", None).await;
    assert_eq!(
        events.next().await["id"],
        1,
        "it begins with the configured world"
    );
    let first = events.next_of("consent.changed").await;
    assert_eq!(
        (&first["detail"]["granted"], &first["phone_number_id"]),
        (&json!(true), &json!(NUMBER))
    );
    let second = events.next().await;
    assert_eq!(
        (&second["detail"]["granted"], &second["id"]),
        (&json!(false), &after(&first))
    );

    grant(&world, true).await;
    let live = events.next().await;
    assert_eq!(
        (&live["kind"], &live["id"]),
        (&json!("consent.changed"), &after(&second))
    );
}

#[tokio::test]
async fn a_reader_that_comes_back_misses_nothing() {
    let world = World::start().await;
    grant(&world, true).await;
    let mut events = Events::open(&world, "?after=0", None).await;
    let last = events.next_of("consent.changed").await;
    drop(events);
    grant(&world, false).await;
    let mut events = Events::open(&world, "", Some(&last["id"].to_string())).await;
    assert_eq!(events.next().await["id"], after(&last));
}

#[tokio::test]
async fn without_a_beginning_only_what_is_new_comes() {
    let world = World::start().await;
    grant(&world, true).await;
    let mut events = Events::open(&world, "", None).await;
    grant(&world, false).await;
    assert_eq!(events.next().await["detail"]["granted"], false);
}

/// The id that follows an event's.
fn after(event: &Value) -> Value {
    json!(event["id"].as_u64().expect("a number") + 1)
}

async fn grant(world: &World, granted: bool) {
    let path = format!("/consents/{NUMBER}/{ADA}");
    let body = format!("{{\"granted\":{granted}}}");
    assert_eq!(
        world
            .control(reqwest::Method::PUT, &path, &body)
            .await
            .status,
        200
    );
}

struct Events {
    body: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Send>>,
    text: String,
}

impl Events {
    async fn open(world: &World, query: &str, last_seen: Option<&str>) -> Self {
        let mut request = reqwest::Client::new().get(world.control_url(&format!("/events{query}")));
        if let Some(id) = last_seen {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: Box::pin(response.bytes_stream()),
            text: String::new(),
        }
    }

    /// The data of the next event of a kind.
    async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let event = self.next().await;
            if event["kind"] == kind {
                return event;
            }
        }
    }

    /// The data of the next event.
    async fn next(&mut self) -> Value {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                let data = data.map(|data| serde_json::from_str(data).expect("JSON"));
                self.text = rest.to_owned();
                if let Some(data) = data {
                    return data;
                }
                continue;
            }
            let chunk = tokio::time::timeout(WAIT_MAX, self.body.next()).await;
            let chunk = chunk
                .expect("an event in time")
                .expect("the stream is open");
            self.text
                .push_str(&String::from_utf8_lossy(&chunk.expect("bytes")));
        }
    }
}
