//! An exchange on a file, with as many users as there may be calls at one time.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use exchange::media_control::MediaControl;
use exchange::phone_lines::NoPhones;
use exchange::{Clock, Exchange, ExchangeConfig, LegNewsSource, Parts, Place, build, world};
use store::subscriptions::{Callback, Dialect, Scope, Shape};
use types::{Preset, Timestamp};

pub(crate) const NUMBER: &str = "106540352242922";
pub(crate) const TOKEN: &str = "access-token";
pub(crate) const APP: &str = "700000000000001";
const WABA: &str = "102290129340398";

pub(crate) struct On<'a> {
    pub(crate) folder: &'a tempfile::TempDir,
    pub(crate) media: Arc<dyn MediaControl>,
    pub(crate) leg_news: LegNewsSource,
    pub(crate) users: usize,
    /// Where webhooks go, one app for each address.
    pub(crate) receivers: Vec<String>,
}

pub(crate) fn clock() -> Clock {
    Clock::new(|| {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970");
        Timestamp::from_millis(u64::try_from(since.as_millis()).expect("a sane clock"))
    })
}

pub(crate) async fn exchange(on: On<'_>) -> Exchange {
    let mut preset = Preset::meta_2026();
    preset.calls.attempts_per_day_max = u32::MAX;
    preset.calls.concurrent_calls_max = u32::MAX;
    preset.consent.connected_calls_per_day = u32::MAX;
    let config = ExchangeConfig {
        place: Place::File(on.folder.path().join("exchange.db")),
        preset,
        seed: 7,
        world: a_world(on.users, &on.receivers),
    };
    let parts = Parts {
        clock: clock(),
        media: on.media,
        leg_news: on.leg_news,
        phones: Arc::new(NoPhones),
    };
    build(config, parts).await.expect("an exchange")
}

pub(crate) fn wa_id(n: usize) -> String {
    format!("1408{n:07}")
}

fn a_world(users: usize, receivers: &[String]) -> world::World {
    let waba: types::WabaId = WABA.parse().expect("an id");
    let apps: Vec<types::AppId> = (0..receivers.len().max(1))
        .map(|n| format!("70000000000000{}", n + 1).parse().expect("an id"))
        .collect();
    let user = |n| world::User {
        wa_id: wa_id(n).parse().expect("digits"),
        bsuid: None,
        name: "Ada".to_owned(),
        country: "US".parse().expect("a country"),
        phone_token: None,
        reachability: world::Reachability::Active,
        online: true,
    };
    let consent = |n| world::Consent {
        number: NUMBER.parse().expect("an id"),
        wa_id: wa_id(n).parse().expect("digits"),
        term: Some(world::Term::Permanent),
    };
    let callback = |(app, url): (&types::AppId, &String)| Callback {
        app: app.clone(),
        scope: Scope::App,
        url: url.clone(),
        verify_token: "verify".to_owned(),
        fields: Vec::new(),
        shape: Shape::Rich,
        dialect: Dialect::Graph,
        headers: Default::default(),
    };
    world::World {
        wabas: vec![world::Waba {
            id: waba.clone(),
            name: "Acme".to_owned(),
            apps: apps.clone(),
        }],
        apps: apps
            .iter()
            .map(|id| world::App {
                id: id.clone(),
                name: "Acme's app".to_owned(),
                secret: "app-secret".into(),
                tokens: if id.as_str() == APP {
                    vec![(TOKEN.into(), waba.clone())]
                } else {
                    Vec::new()
                },
            })
            .collect(),
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
            d360_key: None,
        }],
        users: (0..users).map(user).collect(),
        consents: (0..users).map(consent).collect(),
        templates: Vec::new(),
        callbacks: apps.iter().zip(receivers).map(callback).collect(),
    }
}
