//! A business and its exchange: two accounts, a receiver of webhooks, and a story that is written
//! down as it is asked and answered. The clock stands still, media is on paper, chance has a seed.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use exchange::control::{self, Beginning, Control};
use exchange::desk::{Refused, calls, messages};
use exchange::media_control::PreparedLegs;
use exchange::phone_line::{self, OpenLines, PhoneLine};
use exchange::phone_lines::LineId;
use exchange::world::{App, Consent, Number, Reachability, Term, User, Waba, World};
use exchange::{Clock, Desk, Door, ExchangeConfig, Parts, Place, leg_news};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use reqwest::{Method, RequestBuilder, Response};
use store::subscriptions::{Callback, Dialect, Scope, Shape};
use testkit::json::pretty;
use testkit::webhook::{Receiver, VERIFY_TOKEN};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use types::{CallId, MessageId, Preset, Timestamp};

use crate::fake_media::FakeMedia;
use crate::world::hosted_phones;

mod behind;

/// The moment at which every story begins: 1 June 2026, 12:00 UTC.
pub(crate) const NOON: Timestamp = Timestamp::from_secs(1_780_315_200);
pub(crate) const WABA: &str = "102290129340398";
pub(crate) const APP: &str = "700000000000001";
pub(crate) const APP_SECRET: &str = "app-secret";
pub(crate) const TOKEN: &str = "EAAtoken";
pub(crate) const NUMBER: &str = "106540352242922";
pub(crate) const DISPLAY: &str = "15550783881";
pub(crate) const D360_KEY: &str = "d360-key";
/// A number of an account that [`TOKEN`] does not open.
pub(crate) const OTHER_NUMBER: &str = "106540352242999";
pub(crate) const OTHER_WABA: &str = "102290129340399";
pub(crate) const OTHER_TOKEN: &str = "EAAother";
/// Has allowed [`NUMBER`] to call.
pub(crate) const ADA: &str = "4915112345678";
/// Has allowed nothing.
pub(crate) const BOB: &str = "14085551234";

pub(crate) const OFFER: &str = include_str!("../../../wire/src/sdp/fixtures/chrome_offer.sdp");
pub(crate) const ANSWER: &str = include_str!("../../../wire/src/sdp/fixtures/chrome_answer.sdp");
/// What the exchange's legs give.
const META_OFFER: &str = include_str!("../../../wire/src/sdp/fixtures/meta_offer.sdp");
const META_ANSWER: &str = include_str!("../../../wire/src/sdp/fixtures/meta_answer.sdp");

/// One exchange with its public API, its control API and its phones' line on sockets, until it is
/// dropped.
pub(crate) struct Business {
    pub(crate) desk: Desk,
    pub(crate) media: Arc<FakeMedia>,
    /// Gets what the app's own callback gets.
    pub(crate) receiver: Receiver,
    base: String,
    control: String,
    client: reqwest::Client,
    closing: CancellationToken,
    story: String,
}

impl Business {
    pub(crate) async fn start() -> Self {
        Self::start_with(Preset::meta_2026()).await
    }

    pub(crate) async fn start_with(preset: Preset) -> Self {
        Self::start_in(preset, |_| {}).await
    }

    /// With that preset, in a world that `change` has changed.
    pub(crate) async fn start_in(preset: Preset, change: impl FnOnce(&mut World)) -> Self {
        let receiver = Receiver::start().await;
        let media = Arc::new(FakeMedia::giving(META_OFFER, META_ANSWER));
        let lines = OpenLines::default();
        let mut world = world(&receiver);
        change(&mut world);
        let (_sink, leg_news) = leg_news();
        let config = ExchangeConfig {
            place: Place::Memory,
            preset,
            seed: 7,
            world,
        };
        let beginning = Beginning {
            world: config.world.clone(),
            seed: Some(config.seed),
        };
        let parts = Parts {
            clock: Clock::frozen(NOON),
            media: Arc::clone(&media) as _,
            leg_news,
            phones: Arc::new(lines.clone()),
        };
        let exchange = exchange::build(config, parts).await.expect("an exchange");
        let (desk, closing) = (exchange.desk.clone(), exchange.closing.clone());
        let door = Door::new(
            desk.clone(),
            Arc::clone(&media) as _,
            Arc::clone(&exchange.preset),
            ChaCha8Rng::seed_from_u64(8),
        );
        let line = PhoneLine {
            desk: desk.clone(),
            media: Arc::clone(&media) as _,
            lines: lines.clone(),
            closing: closing.clone(),
        };
        let public = door.expect("a door").router();
        let base = serve(public.merge(phone_line::router(line))).await;
        let operator = Control {
            desk: desk.clone(),
            clock: exchange.clock.clone(),
            ticker: exchange.ticker.clone(),
            media: Arc::clone(&media) as _,
            lines,
            phones: hosted_phones(&base, &exchange),
            beginning,
            closing: closing.clone(),
        };
        let control = serve(control::router(operator)).await;
        let shutdown = closing.clone().cancelled_owned();
        tokio::spawn(exchange.run(shutdown));
        Self {
            desk,
            media,
            receiver,
            base,
            control,
            client: reqwest::Client::new(),
            closing,
            story: String::new(),
        }
    }

    /// A request to the public API, without credentials.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// A request with the business's token.
    pub(crate) fn graph(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(TOKEN)
    }

    /// A request with the number's 360dialog key.
    pub(crate) fn d360(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("D360-API-KEY", D360_KEY)
    }

    /// Sends a request, writes down what was answered under `what`, and gives the body back.
    pub(crate) async fn tell(&mut self, what: &str, request: RequestBuilder) -> String {
        let answer = request.send().await.expect("an answer");
        let (status, body) = read(answer).await;
        writeln!(
            self.story,
            "{what}\n= {status}\n{}\n",
            pretty(body.as_bytes())
        )
        .expect("text");
        body
    }

    /// A call action of the business's number in the graph dialect, written down.
    pub(crate) async fn act(&mut self, what: &str, body: &serde_json::Value) -> String {
        let request = self
            .graph(Method::POST, &format!("/v24.0/{NUMBER}/calls"))
            .json(body);
        self.tell(what, request).await
    }

    /// A message of the business's number in the graph dialect, written down.
    pub(crate) async fn message(&mut self, what: &str, body: &serde_json::Value) -> String {
        let request = self
            .graph(Method::POST, &format!("/v24.0/{NUMBER}/messages"))
            .json(body);
        self.tell(what, request).await
    }

    /// A user writes to the business: the message's id.
    pub(crate) async fn written_by(&self, user: &str, text: &str) -> MessageId {
        let (user, number) = (user.parse().expect("a number"), NUMBER.parse());
        let (number, text) = (number.expect("an id"), text.to_owned());
        let written = self
            .desk
            .run(move |turn| messages::user_writes(turn, &user, &number, text, None));
        written.await.expect("a message")
    }

    /// A user sees a message of the business.
    pub(crate) async fn read_by(&self, user: &str, message: &str) {
        let (user, id) = (user.parse().expect("a number"), message.parse());
        let id = id.expect("an id");
        let read = self
            .desk
            .run(move |turn| messages::user_reads(turn, &user, &id));
        read.await.expect("a message to read");
    }

    /// Stops the exchange behind the API, and waits until it has.
    pub(crate) async fn stop(&self) {
        self.closing.cancel();
        self.desk.stopped().await;
    }

    /// All that was written down. The receiver's address differs from run to run, and is hidden.
    pub(crate) fn story(&mut self) -> String {
        std::mem::take(&mut self.story).replace(&self.receiver.url_at(""), "http://receiver")
    }

    /// A user dials the business: the call's id, and the offer that the business gets.
    pub(crate) async fn dialled_by(&self, user: &str) -> Result<CallId, Refused> {
        let legs = PreparedLegs::for_dial(&*self.media, OFFER).expect("legs on paper");
        let dial = calls::Dial {
            wa_id: user.parse().expect("a number"),
            line: LineId(1),
            dial_id: "1".to_owned(),
            to: NUMBER.parse().expect("an id"),
            origin: types::CallOrigin::default(),
            offer: OFFER.to_owned(),
            legs,
        };
        self.desk.run(move |turn| calls::dial(turn, dial)).await
    }
}

impl Drop for Business {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

/// A text with the ids of messages hidden: the wait of a webhook before its next attempt is drawn from
/// the same chance, so that an id depends on how soon the webhooks before it were taken.
pub(crate) fn without_message_ids(text: &str) -> String {
    let mut parts = text.split("wamid.");
    let mut hidden = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_of_id = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        hidden.push_str("wamid.<id>");
        hidden.push_str(part.trim_start_matches(is_of_id));
    }
    hidden
}

/// Status and body of an answer, after its common marks were looked at.
pub(crate) async fn read(answer: Response) -> (u16, String) {
    let header = |name| {
        answer
            .headers()
            .get(name)
            .map(|it| it.to_str().expect("text").to_owned())
    };
    assert_eq!(
        header("content-type").as_deref(),
        Some("application/json; charset=UTF-8")
    );
    let trace = header("x-fb-trace-id").expect("a trace id");
    let status = answer.status().as_u16();
    let body = answer.text().await.expect("a body");
    if status >= 400 {
        assert!(
            body.contains(&format!("\"fbtrace_id\":\"{trace}\"")),
            "{body}"
        );
    }
    (status, body)
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn world(receiver: &Receiver) -> World {
    let id = |text: &str| text.parse().expect("an id");
    let number = |number: &str, waba: &str, display: &str, key: Option<&str>| Number {
        id: number.parse().expect("an id"),
        waba: waba.parse().expect("an id"),
        display: display.parse().expect("a number"),
        verified_name: "Acme Repairs".to_owned(),
        calling_enabled: true,
        country: None,
        recipients: Vec::new(),
        calling: Default::default(),
        messaging_limit: Default::default(),
        d360_key: key.map(|it| (it.to_owned().into(), id(APP))),
    };
    let user = |wa_id: &str, country: &str, name: &str| User {
        wa_id: wa_id.parse().expect("a number"),
        bsuid: Some(
            format!("{country}.1000000000{wa_id}")
                .parse()
                .expect("an id"),
        ),
        name: name.to_owned(),
        country: country.parse().expect("a country"),
        phone_token: None,
        reachability: Reachability::Active,
        online: true,
    };
    let waba = |waba: &str, name: &str, apps| Waba {
        id: waba.parse().expect("an id"),
        name: name.to_owned(),
        apps,
    };
    World {
        wabas: vec![
            waba(WABA, "Acme", vec![id(APP)]),
            waba(OTHER_WABA, "Other", vec![]),
        ],
        apps: vec![App {
            id: id(APP),
            name: "Acme's app".to_owned(),
            secret: APP_SECRET.to_owned().into(),
            tokens: vec![
                (TOKEN.to_owned().into(), WABA.parse().expect("an id")),
                (
                    OTHER_TOKEN.to_owned().into(),
                    OTHER_WABA.parse().expect("an id"),
                ),
            ],
        }],
        numbers: vec![
            number(NUMBER, WABA, DISPLAY, Some(D360_KEY)),
            number(OTHER_NUMBER, OTHER_WABA, "15550783999", None),
        ],
        users: vec![user(ADA, "DE", "Ada Lovelace"), user(BOB, "US", "Bob")],
        consents: vec![Consent {
            number: NUMBER.parse().expect("an id"),
            wa_id: ADA.parse().expect("a number"),
            term: Some(Term::Permanent),
        }],
        templates: Vec::new(),
        callbacks: vec![Callback {
            app: id(APP),
            scope: Scope::App,
            url: receiver.url_at("/app"),
            verify_token: VERIFY_TOKEN.to_owned(),
            fields: vec!["calls".to_owned(), "messages".to_owned()],
            shape: Shape::Rich,
            dialect: Dialect::Graph,
            headers: Default::default(),
        }],
    }
}
