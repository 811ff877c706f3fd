//! Who is there: every business with an account, an app and a number of its own, and users.

use exchange::world::{
    App, Callback, Dialect, Number, Reachability, Scope, Shape, Template, User, Waba, World,
};
use serde_json::json;
use types::calling::{CallingChange, MessagingLimit};
use types::{AppId, Country, PhoneNumberId, WaId, WabaId};

use crate::plan::Plan;

/// The world as the exchange's configuration would say it.
pub(crate) fn of(plan: &Plan) -> World {
    let businesses = 0..plan.businesses;
    World {
        wabas: businesses.clone().map(a_waba).collect(),
        apps: businesses.clone().map(an_app).collect(),
        numbers: businesses.clone().map(a_number).collect(),
        users: (0..plan.users).map(a_user).collect(),
        consents: Vec::new(),
        callbacks: businesses.clone().map(a_callback).collect(),
        templates: businesses.map(a_template).collect(),
    }
}

/// The number of a business.
pub(crate) fn number(business: usize) -> PhoneNumberId {
    known(&format!("30000000000000{business}"))
}

/// The access token of a business.
pub(crate) fn token(business: usize) -> String {
    format!("token {business}")
}

/// The digits of a user.
pub(crate) fn wa_id(user: usize) -> WaId {
    known(&format!("4915100000{user:03}"))
}

/// Where a user's number is from.
pub(crate) fn country(user: usize) -> Country {
    known(COUNTRIES[user % COUNTRIES.len()])
}

/// The countries that users are from, and some more.
pub(crate) fn countries(of: &[usize]) -> Vec<Country> {
    of.iter().map(|place| country(*place)).collect()
}

/// The business of that number.
pub(crate) fn business(number: &PhoneNumberId, plan: &Plan) -> Option<usize> {
    (0..plan.businesses).find(|business| self::number(*business) == *number)
}

/// The user with these digits.
pub(crate) fn user(digits: &str, plan: &Plan) -> Option<usize> {
    (0..plan.users).find(|user| wa_id(*user).digits() == digits)
}

/// Which business has that callback address.
pub(crate) fn receiver(url: &str) -> Option<usize> {
    url.strip_prefix(RECEIVER)?.parse().ok()
}

fn a_waba(business: usize) -> Waba {
    Waba {
        id: waba(business),
        name: format!("Business {business}"),
        apps: vec![app(business)],
    }
}

fn an_app(business: usize) -> App {
    App {
        id: app(business),
        name: format!("Calls of {business}"),
        secret: format!("secret {business}").into(),
        tokens: vec![(token(business).into(), waba(business))],
    }
}

fn a_number(business: usize) -> Number {
    Number {
        id: number(business),
        waba: waba(business),
        display: known(&format!("4930900000{business:02}")),
        verified_name: format!("Business {business}"),
        calling_enabled: true,
        country: None,
        recipients: Vec::new(),
        calling: CallingChange::default(),
        messaging_limit: MessagingLimit::default(),
        d360_key: None,
    }
}

fn a_user(user: usize) -> User {
    User {
        wa_id: wa_id(user),
        bsuid: None,
        name: format!("User {user}"),
        country: country(user),
        phone_token: None,
        reachability: Reachability::Active,
        online: true,
    }
}

fn a_callback(business: usize) -> Callback {
    Callback {
        app: app(business),
        scope: Scope::App,
        url: format!("{RECEIVER}{business}"),
        verify_token: "verify".to_owned(),
        fields: Vec::new(),
        shape: Shape::Rich,
        dialect: Dialect::Graph,
        headers: Default::default(),
    }
}

/// A template that asks for a permission, under [`TEMPLATE`].
fn a_template(business: usize) -> Template {
    let parameters = json!({
        "name": TEMPLATE,
        "language": LANGUAGE,
        "category": "UTILITY",
        "components": [
            { "type": "BODY", "text": "May we call you?" },
            { "type": "call_permission_request" },
        ],
    });
    Template {
        waba: waba(business),
        parameters: parameters.as_object().cloned().unwrap_or_default(),
    }
}

/// The account of a business.
pub(crate) fn waba(business: usize) -> WabaId {
    known(&format!("10000000000000{business}"))
}

fn app(business: usize) -> AppId {
    known(&format!("20000000000000{business}"))
}

/// A value that is written in this file.
fn known<T: std::str::FromStr<Err = types::ParseError>>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(error) => unreachable!("{text}: {error}"),
    }
}

/// The name of every business's template.
pub(crate) const TEMPLATE: &str = "may_we_call";
/// And its language.
pub(crate) const LANGUAGE: &str = "en_US";

const COUNTRIES: [&str; 4] = ["DE", "BR", "IN", "US"];
const RECEIVER: &str = "sim://receiver/";
