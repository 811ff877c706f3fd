//! What the tables hold to: every state comes back as it went in, webhooks find their subscribers,
//! leases run out, and what was committed outlives the process.

use rules::reach::Restrictions;
use types::calling::{CallingSettings, MessagingLimit};
use types::{AppId, PhoneNumberId, Timestamp, WaId, WabaId};

use crate::apps::App;
use crate::numbers::Number;
use crate::subscriptions::{Callback, Dialect, Scope, Shape};
use crate::users::{Reachability, User};
use crate::wabas::Waba;
use crate::{Place, Store, StoreError, Tx, apps, numbers, users, wabas};

mod calls;
mod consents;
mod faults;
mod messages;
mod outbox;
mod plans;
mod process;
mod routing;
mod state;
mod templates;
mod transactions;

/// A store in memory with an account, a number, a user and an app.
fn store() -> Store {
    let mut store = Store::open(&Place::Memory).expect("a store");
    store.transaction(furnish).expect("a small world");
    store
}

fn furnish(tx: &mut Tx) -> Result<(), StoreError> {
    wabas::save(
        tx,
        &Waba {
            id: waba(),
            name: "Lucky Shrub".to_owned(),
        },
    )?;
    apps::save(tx, &an_app(1))?;
    wabas::subscribe(tx, &waba(), &app(1))?;
    numbers::save(
        tx,
        &Number {
            id: number(),
            waba: waba(),
            display: "15550001111".parse().expect("a number"),
            verified_name: "Lucky Shrub".to_owned(),
            country: Some("BR".parse().expect("a country")),
            settings: CallingSettings {
                enabled: true,
                ..CallingSettings::default()
            },
            messaging_limit: MessagingLimit::default(),
            restrictions: Restrictions::default(),
        },
    )?;
    users::save(
        tx,
        &User {
            wa_id: wa_id(),
            bsuid: "US.13491208655302741918".parse().expect("an id"),
            name: "Pablo".to_owned(),
            country: "US".parse().expect("a country"),
            phone_token: "phone-token".to_owned(),
            created_at: at(0),
            online: true,
            reachability: Reachability::Active,
        },
    )
}

fn in_tx<T>(store: &mut Store, work: impl FnOnce(&mut Tx) -> Result<T, StoreError>) -> T {
    store.transaction(work).expect("a transaction that holds")
}

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn waba() -> WabaId {
    "102290129340398".parse().expect("an id")
}

fn number() -> PhoneNumberId {
    "436666719526789".parse().expect("an id")
}

fn wa_id() -> WaId {
    "14085551234".parse().expect("a number")
}

fn app(n: u32) -> AppId {
    format!("6700000{n}").parse().expect("an id")
}

fn an_app(n: u32) -> App {
    App {
        id: app(n),
        name: format!("app {n}"),
        secret: format!("secret {n}"),
    }
}

fn callback(n: u32, scope: Scope, url: &str) -> Callback {
    Callback {
        app: app(n),
        scope,
        url: url.to_owned(),
        verify_token: "verify".to_owned(),
        fields: Vec::new(),
        shape: Shape::Rich,
        dialect: Dialect::Graph,
        headers: Default::default(),
    }
}
