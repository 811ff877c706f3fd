//! A customer of the platform, who asks in one of its two dialects: the same wishes, other doors.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use testkit::webhook::Delivery;
use types::Preset;

use crate::business::{Business, NUMBER, OFFER, WABA, read};

/// A wire flavour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Meta's.
    Graph,
    /// 360dialog's.
    D360,
}

pub(crate) const BOTH: &[Dialect] = &[Dialect::Graph, Dialect::D360];

/// What a customer asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wish<'a> {
    /// An action on a call.
    Call,
    /// A message to be sent.
    Message,
    /// The number's settings, to be read or changed.
    Settings,
    /// What a user allows.
    Permission(&'a str),
    /// The account's templates, to be listed or added to.
    Templates,
}

/// An answer of the API.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// One business that speaks one dialect.
pub(crate) struct Customer {
    pub(crate) business: Business,
    dialect: Dialect,
}

impl Customer {
    pub(crate) async fn start(dialect: Dialect) -> Self {
        Self::start_with(dialect, |_| {}).await
    }

    /// On an exchange with the default preset, changed.
    pub(crate) async fn start_with(dialect: Dialect, change: impl FnOnce(&mut Preset)) -> Self {
        let mut preset = Preset::meta_2026();
        change(&mut preset);
        let business = Business::start_in(preset, |world| {
            world.callbacks[0].fields.push("messages".to_owned());
        });
        Self::of(dialect, business.await).await
    }

    /// Lets an existing business speak that dialect, and hear nothing.
    pub(crate) const fn deaf(dialect: Dialect, business: Business) -> Self {
        Self { business, dialect }
    }

    /// Lets an existing business speak that dialect, its webhooks included.
    pub(crate) async fn of(dialect: Dialect, business: Business) -> Self {
        let customer = Self::deaf(dialect, business);
        if dialect == Dialect::D360 {
            let url = customer.business.receiver.url_at("/d360");
            let set = customer.business.d360(Method::POST, "/v1/configs/webhook");
            let (status, body) = read(
                set.json(&json!({"url": url}))
                    .send()
                    .await
                    .expect("an answer"),
            )
            .await;
            assert_eq!(status, 200, "{body}");
        }
        customer
    }

    /// A request with the customer's credentials, at the path that its dialect has for the wish.
    pub(crate) fn request(&self, method: Method, wish: Wish<'_>) -> RequestBuilder {
        let graph = |path: &str| {
            self.business
                .graph(method.clone(), &format!("/v24.0/{path}"))
        };
        let d360 = |path: &str| self.business.d360(method.clone(), path);
        match (self.dialect, wish) {
            (Dialect::Graph, Wish::Call) => graph(&format!("{NUMBER}/calls")),
            (Dialect::Graph, Wish::Message) => graph(&format!("{NUMBER}/messages")),
            (Dialect::Graph, Wish::Settings) => graph(&format!("{NUMBER}/settings")),
            (Dialect::Graph, Wish::Permission(user)) => {
                graph(&format!("{NUMBER}/call_permissions?user_wa_id={user}"))
            }
            (Dialect::Graph, Wish::Templates) => graph(&format!("{WABA}/message_templates")),
            (Dialect::D360, Wish::Call) => d360("/calling/calls"),
            (Dialect::D360, Wish::Message) => d360("/messages"),
            (Dialect::D360, Wish::Settings) => d360("/calling/settings"),
            (Dialect::D360, Wish::Permission(user)) => {
                d360(&format!("/calling/permissions/{user}"))
            }
            (Dialect::D360, Wish::Templates) => d360("/v1/configs/templates"),
        }
    }

    pub(crate) async fn get(&self, wish: Wish<'_>) -> Answer {
        answer(self.request(Method::GET, wish)).await
    }

    pub(crate) async fn post(&self, wish: Wish<'_>, body: &Value) -> Answer {
        answer(self.request(Method::POST, wish).json(body)).await
    }

    /// Asks for a call to a user, with an offer that is good.
    pub(crate) async fn connect(&self, to: &str) -> Answer {
        self.post(Wish::Call, &connect(to, OFFER)).await
    }

    /// Places a call that must be placed; gives its id.
    pub(crate) async fn calls(&self, to: &str) -> String {
        let placed = self.connect(to).await;
        assert_eq!(placed.status, 200, "{}", placed.body);
        text(&placed.body["calls"][0]["id"])
    }

    /// Ends a call.
    pub(crate) async fn terminate(&self, call: &str) -> Answer {
        let body = json!({"messaging_product": "whatsapp", "call_id": call, "action": "terminate"});
        self.post(Wish::Call, &body).await
    }

    /// The first webhook with that event, at the address of the customer's dialect.
    pub(crate) async fn told(&self, event: &str) -> Delivery {
        let delivery = self.business.receiver.wait_for_event(event).await;
        let path = match self.dialect {
            Dialect::Graph => "/app",
            Dialect::D360 => "/d360",
        };
        assert_eq!(delivery.path, path);
        delivery
    }
}

/// The body of a connect.
pub(crate) fn connect(to: &str, offer: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "action": "connect",
        "session": {"sdp_type": "offer", "sdp": offer},
    })
}

/// Sends a request, and looks at the common marks of the answer.
pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let (status, body) = read(request.send().await.expect("an answer")).await;
    let body = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"));
    Answer { status, body }
}

/// A text of a body.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a text: {value}"))
        .to_owned()
}
