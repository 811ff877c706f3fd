//! Who exists when the exchange starts: accounts, apps, numbers, users, and who may call whom.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use toml::Table;
use types::calling::MessagingLimit;
use types::{AppId, Bsuid, Country, PhoneNumber, PhoneNumberId, WaId, WabaId};
use url::Url;

use crate::secret::Secret;

/// The world as configured. A list that is left empty gets one entry made up, so that an empty file
/// is a world in which a call can be placed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct World {
    /// WhatsApp Business Accounts.
    pub wabas: Vec<Waba>,
    /// Meta apps.
    pub apps: Vec<App>,
    /// Business numbers.
    pub numbers: Vec<Number>,
    /// Users of WhatsApp.
    pub users: Vec<User>,
    /// Which user lets which number call.
    pub consents: Vec<Consent>,
    /// Message templates.
    pub templates: Vec<Template>,
    /// Where webhooks go, besides what apps say.
    pub subscriptions: Vec<Subscription>,
}

/// A WhatsApp Business Account.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Waba {
    /// Its id, as in webhooks.
    pub id: WabaId,
    /// What its owner calls it.
    pub name: String,
    /// The apps that it is subscribed to; every one when not said.
    pub apps: Option<Vec<AppId>>,
}

/// A Meta app.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// What its owner calls it.
    pub name: String,
    /// What signs its webhooks; `secrets.app_secret` when there is none.
    pub secret: Option<Secret>,
    /// A token that acts for it; `secrets.access_token` when there is none.
    pub access_token: Option<Secret>,
    /// Where its webhooks go unless an account or a number says otherwise.
    pub callback_url: Option<Url>,
    /// The handshake token of that address; `secrets.verify_token` when there is none.
    pub verify_token: Option<Secret>,
}

/// A business number.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Its id in paths and webhooks.
    pub id: PhoneNumberId,
    /// The account that it belongs to; the first one when not said.
    pub waba: Option<WabaId>,
    /// The number that users see and call.
    pub display_phone_number: PhoneNumber,
    /// The name that users see.
    pub verified_name: String,
    /// Whether it may be called and call.
    #[serde(default = "yes")]
    pub calling_enabled: bool,
    /// Where it is from; read from the number when not said. Numbers of some countries may not call.
    pub country: Option<Country>,
    /// The users whom it may reach, where the preset has such lists; the others it may not.
    #[serde(default)]
    pub recipients: Vec<WaId>,
    /// What else is set about its calls, in the keys and words of the API's `calling`.
    #[serde(default)]
    pub calling: Map<String, Value>,
    /// How many users the business may write to first, such as `TIER_250`.
    #[serde(default)]
    pub messaging_limit: MessagingLimit,
    /// What the 360dialog dialect's clients send for it; `secrets.d360_api_key` when there is none.
    pub d360_api_key: Option<Secret>,
}

/// A user of WhatsApp.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The number that they registered with.
    pub wa_id: WaId,
    /// The name in their profile.
    pub name: String,
    /// Their country.
    pub country: Option<Country>,
    /// Their business-scoped id; made of `wa_id` and country when not said.
    pub bsuid: Option<Bsuid>,
    /// What their phone shows to get its line; drawn when not said.
    pub phone_token: Option<Secret>,
    /// Whether they can be called.
    #[serde(default)]
    pub reachability: Reachability,
    /// Whether their phones take messages.
    #[serde(default = "yes")]
    pub online: bool,
}

/// Whether a user can be called, and if not, why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reachability {
    /// They can.
    #[default]
    Active,
    /// They have left WhatsApp.
    #[serde(rename = "not_on_whatsapp")]
    NotOnWhatsApp,
    /// Their client is too old for calls.
    OutdatedClient,
    /// They have not accepted the terms.
    TermsNotAccepted,
}

/// Whether a user lets a number call.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The number.
    pub phone_number_id: PhoneNumberId,
    /// The user.
    pub wa_id: WaId,
    /// Whether it may.
    pub granted: bool,
    /// For how long, if it may.
    #[serde(default)]
    pub term: Term,
}

/// For how long a user lets a number call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// For as long as the preset says, from the start on.
    Temporary,
    /// For ever.
    #[default]
    Permanent,
}

/// A message template, in the words of the request that would make it. It counts as approved.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The account that it belongs to; the first one when not said.
    pub waba: Option<WabaId>,
    /// Its name.
    pub name: String,
    /// The code of its language, such as `en_US`.
    pub language: String,
    /// What it is for: `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    pub category: String,
    /// How its variables are called: `POSITIONAL`, which it is when not said, or `NAMED`.
    pub parameter_format: Option<String>,
    /// What it consists of.
    pub components: Vec<Table>,
}

/// Where the webhooks of an account or a number go, in place of where its app's go.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The app that signs; the first one when not said.
    pub app: Option<AppId>,
    /// The account, if it is for a whole one.
    pub waba: Option<WabaId>,
    /// The number, if it is for one only.
    pub number: Option<PhoneNumberId>,
    /// Where they go.
    pub url: Url,
    /// The fields that it takes, such as `calls`; all when not said.
    #[serde(default)]
    pub fields: Vec<String>,
    /// How the bodies look.
    #[serde(default)]
    pub shape: Shape,
}

/// How webhooks look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// With every field that any client in the wild needs.
    #[default]
    Rich,
    /// As Meta's pages print them.
    DocExact,
}

fn yes() -> bool {
    true
}
