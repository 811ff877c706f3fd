//! The exchange itself, with an account, a number and a user, and the user's phone.

use std::sync::Arc;

use exchange::media_control::{MediaControl, UdpLegs};
use exchange::phone_line::{self, OpenLines, PhoneLine};
use exchange::{Clock, Door, ExchangeConfig, Place, World as Configured, leg_news, world};
use gateway::GatewayConfig;
use media_io::Ports;
use phone::story::Happening;
use phone::{Phone, PhoneConfig, PhoneHandle, PhoneMedia, RunningClock, Script};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use types::{AppId, Preset, WabaId};

use super::{NUMBER, PATIENCE, Running, SECRET, media, now};

/// The user.
pub(crate) const ADA: &str = "4915112345678";
const APP: &str = "700000000000001";
const WABA: &str = "102290129340398";
const TOKEN: &str = "access-token";
const D360_KEY: &str = "d360-key";
const VERIFY: &str = "word";

/// An exchange that runs on a free port until it is dropped, and a gateway that works against it.
pub(crate) struct TheExchange {
    url: String,
    pub(crate) gateway: Running,
    phones: Arc<PhoneMedia>,
    stop: CancellationToken,
}

impl TheExchange {
    /// With Meta's API, and a user who may be called.
    pub(crate) async fn start(handler: Value) -> Self {
        Self::start_with("graph", true, handler, |_| {}).await
    }

    /// With that dialect's API, and a configuration of the gateway that `change` has changed.
    pub(crate) async fn start_with(
        dialect: &str,
        granted: bool,
        handler: Value,
        change: impl FnOnce(&mut GatewayConfig),
    ) -> Self {
        let stop = CancellationToken::new();
        let url = exchange(granted, stop.clone()).await;
        let key = if dialect == "graph" { TOKEN } else { D360_KEY };
        let data = tempfile::tempdir().expect("a folder");
        let mut config: GatewayConfig = serde_json::from_value(json!({
            "platform": {
                "dialect": dialect,
                "url": url,
                "version": "v24.0",
                "phone_number_id": NUMBER,
                "access_token": key,
            },
            "webhook": {"verify_token": VERIFY, "app_secret": SECRET},
            "handler": handler,
            "data": data.path(),
        }))
        .expect("a configuration");
        change(&mut config);
        let gateway = Running::start(config, data).await;
        let it = Self {
            url,
            gateway,
            phones: PhoneMedia::start(media(Ports::PerLeg(0..=0))).expect("media"),
            stop,
        };
        it.subscribe(dialect).await;
        it
    }

    /// Has the gateway told of calls, as the platform's customers do.
    async fn subscribe(&self, dialect: &str) {
        let callback = format!("{}/webhook", self.gateway.url);
        let client = &self.gateway.client;
        let request = if dialect == "graph" {
            client
                .post(format!("{}/v24.0/{WABA}/subscribed_apps", self.url))
                .bearer_auth(TOKEN)
                .json(&json!({"override_callback_uri": callback, "verify_token": VERIFY}))
        } else {
            client
                .post(format!("{}/v1/configs/webhook", self.url))
                .header("D360-API-KEY", D360_KEY)
                .json(&json!({"url": callback}))
        };
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        assert!(status.is_success(), "{status}: {:?}", answer.text().await);
    }

    /// A phone of the user that does as the script says, once its line is up.
    pub(crate) async fn phone(&self, script: &str) -> PhoneHandle {
        let url = self.url.parse().expect("a URL");
        let wa_id = ADA.parse().expect("a number");
        let config = PhoneConfig::new(url, wa_id, token_of(ADA)).expect("an exchange");
        let script = Script::from_toml(script).expect("a script");
        let clock = Arc::new(RunningClock::new(now));
        let phone = Phone::start(config, script, self.phones.clone(), clock)
            .await
            .expect("a phone");
        happens(&phone, |it| matches!(it, Happening::Online { .. })).await;
        phone
    }

    pub(crate) async fn stop(self) {
        self.gateway.stop().await;
        self.stop.cancel();
    }
}

/// Waits until something happens on a phone, and gives it.
pub(crate) async fn happens(phone: &PhoneHandle, what: impl Fn(&Happening) -> bool) -> Happening {
    let found = async {
        let mut after = 0;
        loop {
            for event in phone.story_after(after).await {
                after = event.number + 1;
                if what(&event.what) {
                    return event.what;
                }
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, found).await;
    told.unwrap_or_else(|_| panic!("it did not happen: {:#?}", phone.story()))
}

fn token_of(wa_id: &str) -> String {
    format!("token-of-{wa_id}")
}

/// Starts an exchange; its address.
async fn exchange(granted: bool, stop: CancellationToken) -> String {
    let clock = Clock::new(now);
    let (sink, leg_news) = leg_news();
    let legs = UdpLegs::start(media(Ports::Shared(0)), clock.clone(), sink).expect("media");
    let media: Arc<dyn MediaControl> = Arc::new(legs);
    let lines = OpenLines::default();
    let config = ExchangeConfig {
        place: Place::Memory,
        preset: Preset::meta_2026(),
        seed: 7,
        world: acme(granted),
    };
    let parts = exchange::Parts {
        clock,
        media: media.clone(),
        leg_news,
        phones: Arc::new(lines.clone()),
    };
    let exchange = exchange::build(config, parts).await.expect("an exchange");
    let door = Door::new(
        exchange.desk.clone(),
        media.clone(),
        exchange.preset.clone(),
        ChaCha8Rng::seed_from_u64(7),
    )
    .expect("a door");
    let line = PhoneLine {
        desk: exchange.desk.clone(),
        media,
        lines,
        closing: exchange.closing.clone(),
    };
    let router = door.router().merge(phone_line::router(line));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    tokio::spawn(exchange.run(stop.cancelled_owned()));
    url
}

fn acme(granted: bool) -> Configured {
    let app: AppId = APP.parse().expect("an id");
    let waba: WabaId = WABA.parse().expect("an id");
    Configured {
        wabas: vec![world::Waba {
            id: waba.clone(),
            name: "Acme".to_owned(),
            apps: vec![app.clone()],
        }],
        apps: vec![world::App {
            id: app.clone(),
            name: "Acme's app".to_owned(),
            secret: SECRET.into(),
            tokens: vec![(TOKEN.into(), waba.clone())],
        }],
        numbers: vec![world::Number {
            id: NUMBER.parse().expect("an id"),
            waba,
            display: "15550783881".parse().expect("a number"),
            verified_name: "Acme Repairs".to_owned(),
            calling_enabled: true,
            country: None,
            recipients: Vec::new(),
            calling: Default::default(),
            messaging_limit: Default::default(),
            d360_key: Some((D360_KEY.into(), app)),
        }],
        users: vec![world::User {
            wa_id: ADA.parse().expect("a number"),
            bsuid: None,
            name: "Ada Lovelace".to_owned(),
            country: "DE".parse().expect("a country"),
            phone_token: Some(token_of(ADA).into()),
            reachability: world::Reachability::Active,
            online: true,
        }],
        consents: vec![world::Consent {
            number: NUMBER.parse().expect("an id"),
            wa_id: ADA.parse().expect("a number"),
            term: granted.then_some(world::Term::Permanent),
        }],
        ..Configured::default()
    }
}
