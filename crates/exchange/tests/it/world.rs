//! One exchange with a business number and two users, its media on paper and its clock standing still.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use exchange::control::{self, Beginning, Control};
use exchange::desk::calls::{self, Connect};
use exchange::desk::{Desk, auth};
use exchange::hosted_phones::HostedPhones;
use exchange::media_control::PreparedLegs;
use exchange::phone_line::{self, OpenLines, PhoneLine};
use exchange::{
    Clock, Exchange, ExchangeConfig, Parts, Place, build, leg_news, world as configured,
};
use futures_util::{SinkExt, StreamExt};
use media_io::{Address, MediaIoConfig, Ports};
use phone::PhoneMedia;
use reqwest::Method;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use types::{AppId, Preset, Timestamp, WabaId};
use wire::Recipient;

use crate::fake_media::FakeMedia;

/// The moment at which every story begins: 1 June 2026, 12:00 UTC.
pub(crate) const NOON: Timestamp = Timestamp::from_secs(1_780_315_200);
pub(crate) const NUMBER: &str = "106540352242922";
pub(crate) const ADA: &str = "4915112345678";
pub(crate) const WABA: &str = "102290129340398";
pub(crate) const TOKEN: &str = "access-token";
pub(crate) const BOB: &str = "14085551234";

/// An exchange that runs until it is dropped.
pub(crate) struct World {
    pub(crate) desk: Desk,
    pub(crate) media: Arc<FakeMedia>,
    public: String,
    control: String,
    client: reqwest::Client,
    stop: Arc<Notify>,
}

/// What the control API answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl World {
    pub(crate) async fn start() -> Self {
        let media = Arc::new(FakeMedia::default());
        let lines = OpenLines::default();
        let (_, leg_news) = leg_news();
        let config = ExchangeConfig {
            place: Place::Memory,
            preset: Preset::meta_2026(),
            seed: 7,
            world: acme(),
        };
        let beginning = Beginning {
            world: acme(),
            seed: Some(config.seed),
        };
        let parts = Parts {
            clock: Clock::frozen(NOON),
            media: media.clone(),
            leg_news,
            phones: Arc::new(lines.clone()),
        };
        let exchange = build(config, parts).await.expect("an exchange");
        let desk = exchange.desk.clone();
        let line = PhoneLine {
            desk: desk.clone(),
            media: media.clone(),
            lines: lines.clone(),
            closing: exchange.closing.clone(),
        };
        let public = serve(phone_line::router(line)).await;
        let phones = hosted_phones(&format!("http://{public}"), &exchange);
        let control = Control {
            desk: desk.clone(),
            clock: exchange.clock.clone(),
            ticker: exchange.ticker.clone().stopping_for(phones.clone()),
            media: media.clone(),
            lines,
            phones,
            beginning,
            closing: exchange.closing.clone(),
        };
        let control = serve(control::router(control)).await;
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        tokio::spawn(async move { exchange.run(async move { stopped.notified().await }).await });
        Self {
            desk,
            media,
            public,
            control,
            client: reqwest::Client::new(),
            stop,
        }
    }

    /// Asks the control API; `body` is sent as it is, unless it is empty.
    pub(crate) async fn control(&self, method: Method, path: &str, body: &str) -> Answer {
        let mut request = self.client.request(method, self.control_url(path));
        if !body.is_empty() {
            request = request.body(body.to_owned());
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Answer { status, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.control(Method::GET, path, "").await
    }

    /// The document of all records, as it is.
    pub(crate) async fn state(&self) -> String {
        let response = self.client.get(self.control_url("/state")).send().await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), 200);
        response.text().await.expect("a document")
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.control(Method::POST, path, body).await
    }

    pub(crate) fn control_url(&self, path: &str) -> String {
        format!("http://{}/control/v1{path}", self.control)
    }

    pub(crate) fn line_url(&self, scheme: &str, wa_id: &str, token: &str) -> String {
        format!(
            "{scheme}://{}/phone/v1/line?wa_id={wa_id}&token={token}",
            self.public
        )
    }

    /// Lets a user be called.
    pub(crate) async fn allow(&self, wa_id: &str) {
        let consent = format!("/consents/{NUMBER}/{wa_id}");
        let granted = self
            .control(Method::PUT, &consent, r#"{"granted":true}"#)
            .await;
        assert_eq!(granted.status, 200);
    }

    /// Lets the business call a user who has allowed it.
    pub(crate) async fn business_calls(&self, wa_id: &str) -> String {
        self.allow(wa_id).await;
        let legs = PreparedLegs::for_connect(&*self.media, "").expect("legs");
        let to = Recipient::WaId(wa_id.parse().expect("digits"));
        let connect = Connect {
            to,
            offer: "offer".to_owned(),
            callback_data: None,
            legs,
        };
        let call = self.desk.run(move |turn| {
            let number = NUMBER.parse().expect("an id");
            let acting = auth::number_by_token(turn, TOKEN, &number)?;
            calls::connect(turn, &acting, connect)
        });
        call.await.expect("a call").to_string()
    }

    /// Opens a phone of a user and reads its welcome.
    pub(crate) async fn phone(&self, wa_id: &str) -> Phone {
        let url = self.line_url("ws", wa_id, &token_of(wa_id));
        Phone::open(url).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.notify_one();
    }
}

impl Answer {
    /// Status and body as one text, for snapshots.
    pub(crate) fn text(&self) -> String {
        let body = match &self.body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            json => serde_json::to_string_pretty(json).expect("JSON"),
        };
        format!("{}\n{body}", self.status)
    }
}

/// A phone that says and hears frames, and does nothing by itself.
pub(crate) struct Phone {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) welcome: Value,
}

impl Phone {
    /// Opens a line and reads its welcome.
    pub(crate) async fn open(url: String) -> Self {
        let (socket, _) = tokio_tungstenite::connect_async(url).await.expect("a line");
        let mut phone = Self {
            socket,
            welcome: Value::Null,
        };
        phone.welcome = phone.hear().await;
        assert_eq!(phone.welcome["type"], "welcome");
        phone
    }

    pub(crate) async fn say(&mut self, message: &Value) {
        self.say_text(&message.to_string()).await;
    }

    pub(crate) async fn say_text(&mut self, frame: &str) {
        self.socket
            .send(Message::text(frame))
            .await
            .expect("the line is open");
    }

    /// The next message; fails when none comes or the line is closed.
    pub(crate) async fn hear(&mut self) -> Value {
        match self.next().await {
            Message::Text(frame) => serde_json::from_str(&frame).expect("JSON"),
            other => panic!("not a message: {other:?}"),
        }
    }

    /// The next message of that type; what comes before it is passed over.
    pub(crate) async fn hear_of(&mut self, kind: &str) -> Value {
        loop {
            let message = self.hear().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// The code and the reason with which the exchange closes the line.
    pub(crate) async fn hear_farewell(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Message::Close(Some(frame)) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Message::Text(_) => {}
                other => panic!("no farewell: {other:?}"),
            }
        }
    }

    async fn next(&mut self) -> Message {
        let next = async {
            loop {
                match self
                    .socket
                    .next()
                    .await
                    .expect("an open line")
                    .expect("a frame")
                {
                    Message::Ping(_) | Message::Pong(_) => {}
                    message => return message,
                }
            }
        };
        tokio::time::timeout(WAIT_MAX, next)
            .await
            .expect("a frame in time")
    }
}

/// The longest that a test waits for something that must come.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(30);

fn token_of(wa_id: &str) -> String {
    format!("token-of-{wa_id}")
}

/// Scripted phones of an exchange whose public address is `public`.
pub(crate) fn hosted_phones(public: &str, exchange: &Exchange) -> HostedPhones {
    let media = PhoneMedia::start(MediaIoConfig {
        addresses: vec![Address::plain(Ipv4Addr::LOCALHOST.into())],
        ports: Ports::PerLeg(0..=0),
        workers: 1,
        seed: [7; 32],
    });
    HostedPhones::new(
        public.parse().expect("an address"),
        media.expect("a thread"),
        exchange.clock.clone(),
        exchange.closing.clone(),
    )
}

async fn serve(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Acme has a number, an app and two users who have it in their phones.
pub(crate) fn acme() -> configured::World {
    let app: AppId = "700000000000001".parse().expect("an id");
    let waba: WabaId = WABA.parse().expect("an id");
    let user = |wa_id: &str, name: &str, country: &str| configured::User {
        wa_id: wa_id.parse().expect("digits"),
        bsuid: None,
        name: name.to_owned(),
        country: country.parse().expect("a country"),
        phone_token: Some(token_of(wa_id).into()),
        reachability: configured::Reachability::Active,
        online: true,
    };
    configured::World {
        wabas: vec![configured::Waba {
            id: waba.clone(),
            name: "Acme".to_owned(),
            apps: Vec::new(),
        }],
        apps: vec![configured::App {
            id: app,
            name: "Acme's app".to_owned(),
            secret: "app-secret".into(),
            tokens: vec![(TOKEN.into(), waba.clone())],
        }],
        numbers: vec![configured::Number {
            id: NUMBER.parse().expect("an id"),
            waba,
            display: "15550783881".parse().expect("a number"),
            verified_name: "Acme Repairs".to_owned(),
            calling_enabled: true,
            country: None,
            recipients: Vec::new(),
            calling: Default::default(),
            messaging_limit: Default::default(),
            d360_key: None,
        }],
        users: vec![user(ADA, "Ada Lovelace", "DE"), user(BOB, "Bob", "US")],
        ..configured::World::default()
    }
}
