//! What the API answers when all went well.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;
use types::{AppId, Bsuid, CallId, MessageId, PhoneNumberId, WaId, WabaId};

use crate::error::to_bytes;
use crate::messages::Contact;

pub(crate) mod fields;
mod pages;
mod permissions;

pub use fields::{Asked, Node, asked_for, fields};
pub use pages::{Cursors, PageQuery, Paging, page};
pub use permissions::{ActionLimit, CallPermissions, PermittedAction};

/// The answer to a connect.
///
/// Meta's page shows no `success` here; 360dialog's reference and clients (pywa) want it.
#[must_use]
pub fn connected(call_id: &CallId) -> Vec<u8> {
    #[derive(Serialize)]
    struct Connected<'a> {
        messaging_product: &'static str,
        calls: [Call<'a>; 1],
        success: bool,
    }
    #[derive(Serialize)]
    struct Call<'a> {
        id: &'a CallId,
    }
    to_bytes(&Connected {
        messaging_product: "whatsapp",
        calls: [Call { id: call_id }],
        success: true,
    })
}

/// The answer to every other call action.
#[must_use]
pub fn call_action_done() -> Vec<u8> {
    #[derive(Serialize)]
    struct Done {
        messaging_product: &'static str,
        success: bool,
    }
    to_bytes(&Done {
        messaging_product: "whatsapp",
        success: true,
    })
}

/// The answer to a message that was taken. Of templates it says as well that they were, as Meta's does.
#[must_use]
pub fn message_sent(contact: &Contact, message: &MessageId, is_template: bool) -> Vec<u8> {
    #[derive(Serialize)]
    struct Sent<'a> {
        messaging_product: &'static str,
        contacts: [ContactOut<'a>; 1],
        messages: [Message<'a>; 1],
    }
    #[derive(Serialize)]
    struct ContactOut<'a> {
        input: &'a str,
        wa_id: &'a WaId,
        #[serde(skip_serializing_if = "Option::is_none")]
        user_id: Option<&'a Bsuid>,
    }
    #[derive(Serialize)]
    struct Message<'a> {
        id: &'a MessageId,
        #[serde(skip_serializing_if = "Option::is_none")]
        message_status: Option<&'static str>,
    }
    to_bytes(&Sent {
        messaging_product: "whatsapp",
        contacts: [ContactOut {
            input: &contact.input,
            wa_id: &contact.wa_id,
            user_id: contact.user_id.as_ref(),
        }],
        messages: [Message {
            id: message,
            message_status: is_template.then_some("accepted"),
        }],
    })
}

/// Graph's answer to most other writes.
#[must_use]
pub fn success() -> Vec<u8> {
    #[derive(Serialize)]
    struct Success {
        success: bool,
    }
    to_bytes(&Success { success: true })
}

/// Graph's form of a list that fits on one page.
#[must_use]
pub fn list<T: Serialize>(data: &[T]) -> Vec<u8> {
    #[derive(Serialize)]
    struct List<'a, T> {
        data: &'a [T],
    }
    to_bytes(&List { data })
}

/// Any of the objects below, as bytes.
#[must_use]
pub fn body(object: &impl Serialize) -> Vec<u8> {
    to_bytes(object)
}

/// One app that a WhatsApp Business Account sends its webhooks to: an entry of
/// `GET /{waba_id}/subscribed_apps`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscribedApp {
    /// The app.
    pub whatsapp_business_api_data: AppFacts,
    /// Where this account's webhooks go instead of the app's own callback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_callback_uri: Option<String>,
}

/// An app, as Graph names it in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppFacts {
    /// Where the app lives.
    pub link: String,
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: AppId,
}

impl AppFacts {
    /// Its kind, with some of what Graph's apps have besides.
    pub const NODE: Node = Node {
        kind: "Application",
        unset: &["category", "namespace"],
        edges: &["subscriptions"],
    };

    /// The facts of that app.
    #[must_use]
    pub fn new(id: AppId, name: String) -> Self {
        Self {
            link: format!("https://www.facebook.com/games/?app_id={id}"),
            name,
            id,
        }
    }
}

/// What an app listens to: an entry of `GET /{app_id}/subscriptions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppSubscription {
    /// Always `whatsapp_business_account` here.
    pub object: &'static str,
    /// Where webhooks go.
    pub callback_url: String,
    /// Whether they are sent.
    pub active: bool,
    /// The fields that the app listens to.
    pub fields: Vec<SubscribedField>,
}

/// One field of an [`AppSubscription`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscribedField {
    /// Its name, such as `calls`.
    pub name: String,
    /// The version of Graph that it was subscribed with.
    pub version: String,
}

/// A business number: `GET /{phone_number_id}`, and an entry of `GET /{waba_id}/phone_numbers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BusinessNumber {
    /// The name that users see.
    pub verified_name: String,
    /// `VERIFIED`: the number is known to be the business's own.
    pub code_verification_status: &'static str,
    /// The number with `+`.
    pub display_phone_number: String,
    /// `GREEN`, `YELLOW` or `RED`.
    pub quality_rating: &'static str,
    /// `CLOUD_API`.
    pub platform_type: &'static str,
    /// How many messages a second.
    pub throughput: Throughput,
    /// `CONNECTED`: registered and at work.
    pub status: &'static str,
    /// How many users the business may write to first. Clients look here for whether calling could
    /// be enabled.
    pub whatsapp_business_manager_messaging_limit: &'static str,
    /// Where the webhooks of this number go.
    pub webhook_configuration: WebhookConfiguration,
    /// The same as `whatsapp_business_manager_messaging_limit`, by its older name.
    pub messaging_limit_tier: &'static str,
    /// `APPROVED`: the name that users see is.
    pub name_status: &'static str,
    /// `NONE`: no other name waits for approval.
    pub new_name_status: &'static str,
    /// The quality rating once more, in an object.
    pub quality_score: QualityScore,
    /// `LIVE`, or `SANDBOX` for a number that is for tests.
    pub account_mode: &'static str,
    /// Whether the business has a badge.
    pub is_official_business_account: bool,
    /// Whether the number has a PIN.
    pub is_pin_enabled: bool,
    /// Whether the number is also used in the WhatsApp Business app.
    pub is_on_biz_app: bool,
    /// Whether anything stands in the way of messages, or of calls by SIP.
    pub health_status: HealthStatus,
    /// The id.
    pub id: PhoneNumberId,
}

impl BusinessNumber {
    /// Its kind, with what Meta's reference and clients know of besides.
    pub const NODE: Node = Node {
        kind: "WhatsAppBusinessPhoneNumber",
        unset: &[
            "cc",
            "certificate",
            "conversational_automation",
            "country_code",
            "country_dial_code",
            "eligibility_for_api_business_global_search",
            "host_platform",
            "is_preverified_number",
            "last_onboarded_time",
            "new_certificate",
            "new_display_name",
            "official_business_account",
            "owner_business_info",
            "search_visibility",
            "unified_cert_status",
            "username",
        ],
        edges: &[
            "call_permissions",
            "message_qrdls",
            "settings",
            "whatsapp_business_profile",
        ],
    };

    /// What is shown when no `fields` are asked for; the others are shown by name alone.
    pub const USUAL_FIELDS: &'static str = "verified_name,code_verification_status,\
        display_phone_number,quality_rating,platform_type,throughput,status,\
        whatsapp_business_manager_messaging_limit,webhook_configuration";
}

/// How users rate the business's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct QualityScore {
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub score: &'static str,
}

/// Whether anything stands in the way of messages, or of calls by SIP (`wire.md` 4.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthStatus {
    /// `AVAILABLE`, `LIMITED` or `BLOCKED`.
    pub can_send_message: &'static str,
    /// The number, its account and the app that asks.
    pub entities: Vec<HealthOf>,
}

/// The health of one of those whom a message or a call depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthOf {
    /// `PHONE_NUMBER`, `WABA` or `APP`.
    pub entity_type: &'static str,
    /// Its id.
    pub id: String,
    /// `AVAILABLE`, `LIMITED` or `BLOCKED`.
    pub can_send_message: &'static str,
    /// The same for calls by SIP; not of an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_receive_call_sip: Option<&'static str>,
    /// What stands in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<HealthError>,
}

/// Something that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthError {
    /// The integer of the error.
    pub error_code: u32,
    /// What is wrong.
    pub error_description: &'static str,
    /// What to do.
    pub possible_solution: &'static str,
}

/// How many messages a second a number may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Throughput {
    /// `STANDARD` or `HIGH`.
    pub level: &'static str,
}

/// The three places that can say where a number's webhooks go; the first that does wins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WebhookConfiguration {
    /// The number's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Its WhatsApp Business Account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_business_account: Option<String>,
    /// The app's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

/// A WhatsApp Business Account: `GET /{waba_id}`.
#[derive(Debug, Clone, Serialize)]
pub struct Waba {
    /// The id.
    pub id: WabaId,
    /// Its name.
    pub name: String,
    /// The number of its time zone in Meta's list.
    pub timezone_id: &'static str,
    /// Whether anything stands in the way of its messages, if that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_status: Option<HealthStatus>,
    /// Its numbers, if they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_numbers: Option<Numbers>,
}

impl Waba {
    /// Its kind, with what Meta's SDK knows of besides.
    pub const NODE: Node = Node {
        kind: "WhatsAppBusinessAccount",
        unset: &[
            "account_review_status",
            "analytics",
            "auth_international_rate_eligibility",
            "business_verification_status",
            "country",
            "creation_time",
            "currency",
            "disable_marketing_messages_on_cloud_api",
            "is_enabled_for_insights",
            "is_shared_with_partners",
            "linked_commerce_account",
            "marketing_messages_ad_account",
            "marketing_messages_lite_api_status",
            "marketing_messages_onboarding_status",
            "message_template_namespace",
            "on_behalf_of_business_info",
            "owner_business",
            "owner_business_info",
            "ownership_type",
            "primary_business_location",
            "primary_funding_id",
            "purchase_order_number",
            "service_pricing_policy",
            "status",
            "template_auto_archival_enabled",
            "whatsapp_business_manager_messaging_limit",
            "whatsapp_manager_marketing_messages_max_price_enroll_status",
        ],
        edges: &["message_templates", "subscribed_apps"],
    };
}

/// The numbers of an account as one of its fields.
#[derive(Debug, Clone, Serialize)]
pub struct Numbers {
    data: Vec<Box<RawValue>>,
}

impl Numbers {
    /// Each with every field that can be asked for, or with the usual ones.
    #[must_use]
    pub fn new(numbers: &[BusinessNumber], asked: Asked) -> Self {
        let usual = (asked != Asked::InParts).then_some(BusinessNumber::USUAL_FIELDS);
        let object = |it| {
            let bytes = fields(it, usual, &BusinessNumber::NODE).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        Self {
            data: numbers.iter().filter_map(object).collect(),
        }
    }
}

/// `GET /debug_token`: what a token is and opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DebugToken {
    /// The answer is wrapped once more.
    pub data: TokenFacts,
}

/// What a token is and opens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TokenFacts {
    /// The app that the token was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<AppId>,
    /// `SYSTEM_USER`, or `APP` for an app's own.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// The app's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// Unix seconds; 0 for a token that never ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<u64>,
    /// Until when it may read users' data, in Unix seconds; 0 for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_access_expires_at: Option<u64>,
    /// Why it is not good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<TokenFault>,
    /// Whether it is good now.
    pub is_valid: bool,
    /// What it may do.
    pub scopes: Vec<&'static str>,
    /// What it may do, and to which objects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub granular_scopes: Vec<GranularScope>,
}

/// Why a token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TokenFault {
    /// The integer of the error.
    pub code: u32,
    /// What is wrong.
    pub message: &'static str,
}

/// A scope and the objects that it is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GranularScope {
    /// The scope.
    pub scope: &'static str,
    /// The ids of the objects.
    pub target_ids: Vec<WabaId>,
}

/// `GET /oauth/access_token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessToken {
    /// The token. Private.
    pub access_token: String,
    /// `bearer`.
    pub token_type: &'static str,
}

/// `GET /v1/configs/webhook` of 360dialog.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct D360Webhook {
    /// Where webhooks go.
    pub url: String,
    /// Headers that they carry besides.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests;
