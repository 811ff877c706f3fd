//! One account, app, number and user.

use store::subscriptions::{Callback, Dialect, Scope, Shape};
use types::{PhoneNumberId, WaId};

use crate::desk::auth::{self, Acting};
use crate::desk::{Refused, Turn};
use crate::world::{App, Consent, Number, Reachability, Term, User, Waba, World};

pub(crate) fn the_business(turn: &mut Turn<'_>) -> Result<Acting, Refused> {
    auth::number_by_token(turn, "token", &number())
}

pub(crate) fn number() -> PhoneNumberId {
    "436666719526789".parse().expect("an id")
}

pub(crate) fn user() -> WaId {
    "14085551234".parse().expect("a number")
}

pub(crate) fn a_world() -> World {
    let waba: types::WabaId = "102290129340398".parse().expect("an id");
    let app: types::AppId = "634974688087057".parse().expect("an id");
    World {
        wabas: vec![Waba {
            id: waba.clone(),
            name: "Lucky Shrub".to_owned(),
            apps: vec![app.clone()],
        }],
        apps: vec![App {
            id: app.clone(),
            name: "Calls".to_owned(),
            secret: "app secret".into(),
            tokens: vec![("token".into(), waba.clone())],
        }],
        numbers: vec![Number {
            id: number(),
            waba,
            display: "15550001111".parse().expect("a number"),
            verified_name: "Lucky Shrub".to_owned(),
            calling_enabled: true,
            country: None,
            recipients: Vec::new(),
            calling: Default::default(),
            messaging_limit: Default::default(),
            d360_key: Some(("d360 key".into(), app.clone())),
        }],
        users: vec![User {
            wa_id: user(),
            bsuid: Some("US.13491208655302741918".parse().expect("an id")),
            name: "Zoë".to_owned(),
            country: "US".parse().expect("a country"),
            phone_token: Some("phone token".into()),
            reachability: Reachability::Active,
            online: true,
        }],
        consents: vec![Consent {
            number: number(),
            wa_id: user(),
            term: Some(Term::Permanent),
        }],
        templates: Vec::new(),
        callbacks: vec![Callback {
            app,
            scope: Scope::App,
            url: "http://127.0.0.1:9/webhook".to_owned(),
            verify_token: "verify".to_owned(),
            fields: vec!["calls".to_owned(), "messages".to_owned()],
            shape: Shape::Rich,
            dialect: Dialect::Graph,
            headers: Default::default(),
        }],
    }
}
