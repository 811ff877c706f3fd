//! What the API answers when all went well.

use serde::Serialize;
use types::{AppId, CallId, PhoneNumberId, WabaId};

use crate::error::to_bytes;

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

/// A business number: `GET /{phone_number_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BusinessNumber {
    /// The name that users see.
    pub verified_name: String,
    /// `VERIFIED` once the number is known to be the business's own.
    pub code_verification_status: &'static str,
    /// The number with `+`.
    pub display_phone_number: String,
    /// `GREEN`, `YELLOW` or `RED`.
    pub quality_rating: &'static str,
    /// `CLOUD_API`.
    pub platform_type: &'static str,
    /// How many users the business may write to first, such as `TIER_10K`.
    pub whatsapp_business_manager_messaging_limit: &'static str,
    /// Where webhooks of this number go, most specific first.
    pub webhook_configuration: WebhookConfiguration,
    /// The id.
    pub id: PhoneNumberId,
}

/// The three places that can say where a number's webhooks go.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waba {
    /// The id.
    pub id: WabaId,
    /// Its name.
    pub name: String,
    /// The time zone's number in Meta's list; 1 is Los Angeles.
    pub timezone_id: &'static str,
    /// The namespace of its templates.
    pub message_template_namespace: String,
}

#[cfg(test)]
mod tests;
