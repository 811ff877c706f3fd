//! What happens behind the business's back: the operator's control API, users' phones, and time.

use exchange::desk::calls;
use exchange::media_control::{LegNews, Side};
use reqwest::Method;
use serde_json::{Value, json};
use types::CallId;

use super::{Business, NUMBER};
use crate::world::Phone;

impl Business {
    /// Asks the control API for something that must succeed; `body` is sent unless it is null.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask_control(method, path, &body).await;
        assert!((200..300).contains(&status), "{path}: {status}: {answer}");
        answer
    }

    /// What the control API answers, whatever that is; `body` is sent unless it is null.
    pub(crate) async fn ask_control(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> (u16, Value) {
        let url = format!("{}/control/v1{path}", self.control);
        let mut request = self.client.request(method, url);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Turns the clock, meeting every deadline on the way.
    pub(crate) async fn wait_ms(&self, ms: u64) {
        let turning = json!({"advance_ms": ms});
        self.control(Method::POST, "/clock", turning).await;
    }

    /// A user writes to the business.
    pub(crate) async fn hears_from(&self, wa_id: &str) {
        let path = format!("/users/{wa_id}/messages");
        let text = json!({"phone_number_id": NUMBER, "text": "Where is my boiler?"});
        self.control(Method::POST, &path, text).await;
    }

    /// Opens a phone of a user.
    pub(crate) async fn phone(&self, wa_id: &str) -> Phone {
        let token = json!({"phone_token": PHONE_TOKEN});
        self.control(Method::PATCH, &format!("/users/{wa_id}"), token)
            .await;
        let line = self.base.replacen("http", "ws", 1);
        let path = format!("/phone/v1/line?wa_id={wa_id}&token={PHONE_TOKEN}");
        Phone::open(line + &path).await
    }

    /// Something that a leg of a call would say.
    pub(crate) async fn leg(&self, call: &str, side: Side, news: LegNews) {
        let call: CallId = call.parse().expect("an id");
        self.desk
            .run(move |turn| calls::leg_news(turn, &call, side, news))
            .await
            .expect("news that can be taken");
    }
}

const PHONE_TOKEN: &str = "known";
