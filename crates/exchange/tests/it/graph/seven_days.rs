//! The whole life of a permission of seven days, request to lapse, on a clock that is turned.

use std::fmt::Write;

use exchange::desk::calls;
use exchange::phone_lines::LineId;
use exchange::world::{Dialect, World};
use reqwest::Method;
use serde_json::{Value, json};
use types::{CallId, Preset};

use crate::business::{ANSWER, BOB, Business, NOON, NUMBER, OFFER};

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;
const DAY: u64 = 24 * HOUR;

#[tokio::test]
async fn from_the_first_request_to_the_lapse() {
    let mut life = Life::start().await;
    life.business_asks("nobody was heard of yet").await;
    life.user_calls().await;
    life.business_asks("the user has called").await;
    life.business_asks("and once more").await;
    life.business_calls("asked, and not answered").await;

    life.pass(HOUR).await;
    life.user_answers("temporary").await;
    life.business_reads().await;
    let call = life.business_calls("allowed").await.expect("a call");
    life.user_takes(&call).await;
    life.pass(10 * SECOND).await;
    life.business_hangs_up(&call).await;
    life.business_reads().await;

    life.pass(DAY).await;
    for what in ["not taken", "nor this one"] {
        life.business_calls(what).await.expect("a call");
        life.pass(60 * SECOND).await;
    }
    let call = life.business_calls("taken at last").await.expect("a call");
    life.user_takes(&call).await;
    life.business_hangs_up(&call).await;

    let end = 7 * DAY + HOUR;
    life.pass_to(end - 1).await;
    life.business_reads().await;
    let call = life.business_calls("a millisecond before the end").await;
    life.business_hangs_up(&call.expect("a call")).await;
    life.pass_to(end).await;
    life.business_reads().await;
    life.business_calls("at the end").await;
    life.business_asks("the window has closed").await;
    insta::assert_snapshot!(life.end().await);
}

/// A business, a user, and what passes between them, written down with its time.
struct Life {
    business: Business,
    passed: u64,
    request: Option<String>,
    told: usize,
    story: String,
}

impl Life {
    async fn start() -> Self {
        let at_360dialog = |world: &mut World| {
            world.callbacks[0].fields = Vec::new();
            world.callbacks[0].dialect = Dialect::D360;
        };
        Self {
            business: Business::start_in(Preset::meta_2026(), at_360dialog).await,
            passed: 0,
            request: None,
            told: 0,
            story: String::new(),
        }
    }

    async fn pass(&mut self, ms: u64) {
        self.business.wait_ms(ms).await;
        self.passed += ms;
        self.note_webhooks();
    }

    async fn pass_to(&mut self, ms: u64) {
        self.pass(ms - self.passed).await;
    }

    async fn user_calls(&mut self) {
        let call = self.business.dialled_by(BOB).await.expect("a call");
        self.note("the user calls, and gives up");
        let bob = BOB.parse().expect("a number");
        self.business
            .desk
            .run(move |turn| calls::phone_hangs_up(turn, &bob, LineId(1), &call))
            .await
            .expect("a hang-up");
        self.settle().await;
    }

    async fn business_asks(&mut self, what: &str) {
        let body = json!({
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": BOB, "type": "interactive",
            "interactive": {
                "type": "call_permission_request",
                "action": {"name": "call_permission_request"},
                "body": {"text": "May we call you?"},
            },
        });
        let answer = self.post("messages", &body).await;
        if let Some(id) = answer["messages"][0]["id"].as_str() {
            self.request = Some(id.to_owned());
        }
        self.note(&format!("the business asks ({what}): {}", came_to(&answer)));
        self.settle().await;
    }

    async fn user_answers(&mut self, answer: &str) {
        let request = self.request.clone().expect("a request");
        // In a path, base64 has to be encoded once more.
        let request = request.replace('+', "%2B").replace('/', "%2F");
        let path = format!("/messages/{request}/answer");
        let body = json!({ "answer": answer });
        self.business.control(Method::POST, &path, body).await;
        self.note(&format!("the user answers: {answer}"));
        self.settle().await;
    }

    async fn business_calls(&mut self, what: &str) -> Option<CallId> {
        let body = json!({
            "messaging_product": "whatsapp", "to": BOB, "action": "connect",
            "session": {"sdp_type": "offer", "sdp": OFFER},
        });
        let answer = self.post("calls", &body).await;
        self.note(&format!(
            "the business calls ({what}): {}",
            came_to(&answer)
        ));
        self.settle().await;
        let id = answer["calls"][0]["id"].as_str()?;
        Some(id.parse().expect("an id"))
    }

    async fn user_takes(&mut self, call: &CallId) {
        let (bob, call) = (BOB.parse().expect("a number"), call.clone());
        self.business
            .desk
            .run(move |turn| calls::phone_picks_up(turn, &bob, LineId(1), &call, ANSWER.to_owned()))
            .await
            .expect("a pickup");
        self.note("the user takes the call");
        self.settle().await;
    }

    async fn business_hangs_up(&mut self, call: &CallId) {
        let body = json!({"messaging_product": "whatsapp", "call_id": call, "action": "terminate"});
        self.post("calls", &body).await;
        self.note("the business hangs up");
        self.settle().await;
    }

    async fn business_reads(&mut self) {
        let path = format!("/{NUMBER}/call_permissions?user_wa_id={BOB}");
        let answer = self.business.graph(Method::GET, &path).send().await;
        let read: Value = answer.expect("an answer").json().await.expect("JSON");
        let mut line = format!("the business reads: {}", read["permission"]["status"]);
        for action in read["actions"].as_array().expect("actions") {
            let usage: Vec<String> = action["limits"]
                .as_array()
                .expect("limits")
                .iter()
                .map(|it| format!("{} of {}", it["current_usage"], it["max_allowed"]))
                .collect();
            let (name, can) = (&action["action_name"], &action["can_perform_action"]);
            write!(line, ", {name} {can} ({})", usage.join(", ")).expect("text");
        }
        self.note(&line.replace('"', ""));
    }

    /// The story, and the ledger's own account of it.
    async fn end(mut self) -> String {
        let path = format!("/consents/{NUMBER}/{BOB}/history");
        let history = self.business.control(Method::GET, &path, Value::Null).await;
        self.story.push_str("\nthe ledger:\n");
        for line in history["data"].as_array().expect("lines") {
            let at = line["at_ms"].as_u64().expect("a moment") - NOON.as_millis();
            let message = line["message"].as_str().expect("a sentence");
            writeln!(self.story, "{} {message}", clock(at)).expect("text");
        }
        self.story
    }

    async fn post(&self, what: &str, body: &Value) -> Value {
        let path = format!("/v24.0/{NUMBER}/{what}");
        let answer = self.business.graph(Method::POST, &path).json(body).send();
        answer.await.expect("an answer").json().await.expect("JSON")
    }

    /// Lets webhooks that are due arrive.
    async fn settle(&mut self) {
        self.pass(0).await;
    }

    fn note_webhooks(&mut self) {
        let deliveries = self.business.receiver.deliveries();
        let mut lines: Vec<String> = deliveries[self.told..]
            .iter()
            .map(|delivery| in_words(&serde_json::from_slice(&delivery.body).expect("JSON")))
            .collect();
        self.told = deliveries.len();
        // What was sent at one moment may arrive in any order.
        lines.sort();
        for line in lines {
            self.note(&format!("  webhook: {line}"));
        }
    }

    fn note(&mut self, line: &str) {
        writeln!(self.story, "{} {line}", clock(self.passed)).expect("text");
    }
}

fn came_to(answer: &Value) -> String {
    match (
        &answer["error"]["code"],
        &answer["error"]["error_data"]["details"],
    ) {
        (Value::Null, _) => "done".to_owned(),
        (code, details) => format!("{code}: {}", details.as_str().unwrap_or_default()),
    }
}

fn in_words(body: &Value) -> String {
    if let Some(status) = body["status"].as_str() {
        return format!("call_permission_status {status}");
    }
    let value = &body["entry"][0]["changes"][0]["value"];
    let (message, call, status) = (
        &value["messages"][0],
        &value["calls"][0],
        &value["statuses"][0],
    );
    let reply = &message["interactive"]["call_permission_reply"];
    if reply.is_object() {
        return format!(
            "permission {} by {}",
            reply["response"], reply["response_source"]
        )
        .replace('"', "");
    }
    let what = [&call["event"], &status["status"], &message["type"]];
    what.into_iter()
        .find_map(Value::as_str)
        .expect("an event")
        .to_owned()
}

fn clock(ms: u64) -> String {
    let (days, rest) = (ms / DAY, ms % DAY);
    let (hours, rest) = (rest / HOUR, rest % HOUR);
    let (minutes, rest) = (rest / (60 * SECOND), rest % (60 * SECOND));
    format!(
        "day {days} {hours:02}:{minutes:02}:{:02}.{:03}",
        rest / SECOND,
        rest % SECOND
    )
}
