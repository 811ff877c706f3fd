//! Who gets webhooks: the parameters of Meta's ways to subscribe, and 360dialog's.
//!
//! Graph takes parameters from the query, a form or a JSON body alike; the listener merges them into
//! one [`Params`] and this module reads it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use types::limits::{
    CALLBACK_URL_BYTES_MAX, VERIFY_TOKEN_BYTES_MAX, WEBHOOK_HEADER_BYTES_MAX, WEBHOOK_HEADERS_MAX,
};
use url::Url;

use crate::ApiError;
use crate::json::{self, kind, shortened};

/// The parameters of one request, wherever they stood.
pub type Params = Map<String, Value>;

/// Where webhooks are to go, and what the handshake is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// An absolute `http` or `https` address.
    pub url: Url,
    /// Sent as `hub.verify_token`, so that the receiver knows who asks. Private.
    pub verify_token: String,
    /// Headers that webhooks carry besides, by name; only 360dialog has these. The values are private.
    pub headers: BTreeMap<String, String>,
}

/// `POST /{app_id}/subscriptions`: the app's own callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSubscription {
    /// The callback.
    pub callback: Callback,
    /// The fields to listen to, in the order given and without doubles; not empty.
    pub fields: Vec<String>,
}

impl AppSubscription {
    /// Reads the parameters.
    ///
    /// # Errors
    ///
    /// Code 100 that names the parameter.
    pub fn parse(params: &Params) -> Result<Self, ApiError> {
        if !check_object(params)? {
            return Err(ApiError::parameter(format!(
                "The parameter object is missing. Send \"{OBJECT}\"."
            )));
        }
        let callback = callback(params, "callback_url", "verify_token")?.ok_or_else(|| {
            ApiError::parameter(
                "The parameter callback_url is missing. Send the address that takes webhooks.",
            )
        })?;
        let fields = fields(params)?;
        if fields.is_empty() {
            return Err(ApiError::parameter(
                "The parameter fields is missing. Send a list such as \"calls,messages\".",
            ));
        }
        Ok(Self { callback, fields })
    }
}

/// `DELETE /{app_id}/subscriptions`: the fields that are no longer listened to; none of them is all.
///
/// # Errors
///
/// Code 100 that names the parameter.
pub fn unsubscribed_fields(params: &Params) -> Result<Vec<String>, ApiError> {
    check_object(params)?;
    fields(params)
}

/// `object`, if it is there, is the only one that there is.
fn check_object(params: &Params) -> Result<bool, ApiError> {
    match text(params, "object")? {
        None => Ok(false),
        Some(object) if object == OBJECT => Ok(true),
        Some(object) => Err(ApiError::parameter(format!(
            "object is {}. Only \"{OBJECT}\" can be subscribed to here.",
            shortened(&object)
        ))),
    }
}

/// What of the object a subscription watches: the only kind of object here.
pub const OBJECT: &str = "whatsapp_business_account";

/// `POST /{waba_id}/subscribed_apps`: subscribes the token's app. Without parameters an earlier
/// override is taken away.
///
/// # Errors
///
/// Code 100 that names the parameter.
pub fn waba_override(params: &Params) -> Result<Option<Callback>, ApiError> {
    callback(params, "override_callback_uri", "verify_token")
}

/// `POST /{phone_number_id}` with `webhook_configuration`: the number's own callback. An empty
/// `override_callback_uri` takes it away.
///
/// # Errors
///
/// Code 100 that names the parameter; also if there is no `webhook_configuration`.
pub fn number_override(params: &Params) -> Result<Option<Callback>, ApiError> {
    let configuration = match params.get("webhook_configuration") {
        Some(Value::Object(configuration)) => configuration.clone(),
        // In a query or a form, an object comes as its JSON text.
        Some(Value::String(text)) => json::object(text.as_bytes())
            .map_err(|e| ApiError::parameter(format!("In webhook_configuration: {}", e.details)))?,
        None | Some(Value::Null) => {
            return Err(ApiError::parameter(
                "The parameter webhook_configuration is missing. Send {\"override_callback_uri\": \"https://...\", \"verify_token\": \"...\"}.",
            ));
        }
        Some(other) => {
            return Err(ApiError::parameter(format!(
                "webhook_configuration is {}. It must be an object.",
                kind(other)
            )));
        }
    };
    callback(&configuration, "override_callback_uri", "verify_token")
}

/// `POST /v1/configs/webhook` of 360dialog: the number's callback. There is no handshake; a receiver
/// that wants to know who sends has `headers` sent along.
///
/// # Errors
///
/// Code 100 that names the parameter.
pub fn d360_webhook(params: &Params) -> Result<Callback, ApiError> {
    let url = address(params, "url")?.ok_or_else(|| {
        ApiError::parameter("The parameter url is missing. Send the address that takes webhooks.")
    })?;
    let given = match params.get("headers") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(headers)) => headers.clone(),
        Some(other) => {
            return Err(ApiError::parameter(format!(
                "headers is {}. Send an object such as {{\"Authorization\": \"Basic ...\"}}.",
                kind(other)
            )));
        }
    };
    let text = |(name, value): (&String, &Value)| match value {
        Value::String(value) => Ok((name.clone(), value.clone())),
        other => Err(ApiError::parameter(format!(
            "headers has {}, which is {}. Every header must be a string.",
            shortened(name),
            kind(other)
        ))),
    };
    let headers = given.iter().map(text).collect::<Result<_, _>>()?;
    check_headers(&headers)?;
    Ok(Callback {
        url,
        verify_token: String::new(),
        headers,
    })
}

/// Refuses headers that cannot be sent, or that a webhook has anyway.
///
/// # Errors
///
/// Code 100 that names the header.
pub fn check_headers(headers: &BTreeMap<String, String>) -> Result<(), ApiError> {
    if headers.len() > WEBHOOK_HEADERS_MAX {
        return Err(ApiError::parameter(format!(
            "headers has {} entries. At most {WEBHOOK_HEADERS_MAX} are sent.",
            headers.len()
        )));
    }
    for (name, value) in headers {
        let is_of_name = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        let why = if name.is_empty() || !name.bytes().all(is_of_name) {
            "which is no name of a header".to_owned()
        } else if OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own)) {
            "which every webhook has anyway".to_owned()
        } else if !value.bytes().all(|b| matches!(b, b'\t' | b' '..=b'~')) {
            "whose value is not plain ASCII".to_owned()
        } else if name.len() + value.len() > WEBHOOK_HEADER_BYTES_MAX {
            format!("which has more than {WEBHOOK_HEADER_BYTES_MAX} bytes")
        } else {
            continue;
        };
        return Err(ApiError::parameter(format!(
            "headers has {}, {why}. Leave it out, or change it.",
            shortened(name)
        )));
    }
    Ok(())
}

fn callback(params: &Params, url: &str, token: &str) -> Result<Option<Callback>, ApiError> {
    let Some(address) = address(params, url)? else {
        return Ok(None);
    };
    let verify_token = text(params, token)?.filter(|it| !it.is_empty()).ok_or_else(|| {
        ApiError::parameter(format!(
            "The parameter {token} is missing. Send the text that your callback expects as hub.verify_token."
        ))
    })?;
    if verify_token.len() > VERIFY_TOKEN_BYTES_MAX {
        return Err(ApiError::parameter(format!(
            "{token} has {} bytes. At most {VERIFY_TOKEN_BYTES_MAX} are allowed.",
            verify_token.len()
        )));
    }
    Ok(Some(Callback {
        url: address,
        verify_token,
        headers: BTreeMap::new(),
    }))
}

fn address(params: &Params, key: &str) -> Result<Option<Url>, ApiError> {
    let Some(given) = text(params, key)?.filter(|it| !it.trim().is_empty()) else {
        return Ok(None);
    };
    if given.len() > CALLBACK_URL_BYTES_MAX {
        return Err(ApiError::parameter(format!(
            "{key} has {} bytes. At most {CALLBACK_URL_BYTES_MAX} are allowed.",
            given.len()
        )));
    }
    let wrong = |why: &str| {
        ApiError::parameter(format!(
            "{key} is {}, {why}. Send an absolute address such as \"https://example.com/webhook\".",
            shortened(&given)
        ))
    };
    let url = Url::parse(given.trim()).map_err(|e| wrong(&e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("whose scheme is neither https nor http"));
    }
    Ok(Some(url))
}

/// `fields=calls,messages`, or a JSON array of names or of objects with a name; in a form or a query
/// such an array stands as its JSON text.
fn fields(params: &Params) -> Result<Vec<String>, ApiError> {
    let not_a_list = || {
        ApiError::parameter(
            "fields is no list of names. Send one such as \"calls,messages\" or [\"calls\",\"messages\"].",
        )
    };
    let of_items = |items: &[Value]| {
        let names = items.iter().map(|it| {
            let name = it.as_str().or_else(|| it.get("name")?.as_str());
            name.map(str::to_owned).ok_or_else(not_a_list)
        });
        names.collect::<Result<Vec<_>, _>>()
    };
    let given = match params.get("fields") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => of_items(items)?,
        Some(Value::String(list)) if list.trim_start().starts_with('[') => {
            match json::value(list.as_bytes()) {
                Ok(Value::Array(items)) => of_items(&items)?,
                _ => return Err(not_a_list()),
            }
        }
        Some(Value::String(list)) => list.split(',').map(str::to_owned).collect(),
        Some(_) => return Err(not_a_list()),
    };
    let mut fields: Vec<String> = Vec::new();
    for field in given {
        let field = field.trim().to_owned();
        if !field.is_empty() && !fields.contains(&field) {
            fields.push(field);
        }
    }
    check_fields(&fields)?;
    Ok(fields)
}

/// Refuses names of fields that nearly are one.
///
/// # Errors
///
/// Code 100 with the field that was probably meant.
pub fn check_fields(fields: &[String]) -> Result<(), ApiError> {
    let wrong = fields.iter().find_map(|it| Some((it, misspelt(it)?)));
    match wrong {
        None => Ok(()),
        Some((field, meant)) => Err(ApiError::parameter(format!(
            "fields has {}, and there is no such field. Did you mean {meant}?",
            shortened(field)
        ))),
    }
}

/// The field that is meant by a name that nearly is one. Names that are like none are let be: Meta
/// adds fields, and a client that subscribes to a new one wants to start.
fn misspelt(name: &str) -> Option<&'static str> {
    if name.is_empty() || FIELDS.contains(&name) {
        return None;
    }
    let close = |field: &&&str| strsim::damerau_levenshtein(name, field) <= TYPOS_MAX;
    FIELDS.iter().find(close).copied()
}

fn text(params: &Params, key: &str) -> Result<Option<String>, ApiError> {
    match params.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(other) => Err(ApiError::parameter(format!(
            "{key} is {}. It must be a string.",
            kind(other)
        ))),
    }
}

/// Headers that a webhook has in any case.
const OWN_HEADERS: [&str; 6] = [
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "x-hub-signature-256",
];

/// How many letters of a misspelt field may be wrong for it to be known what is meant.
const TYPOS_MAX: usize = 2;

/// The fields of [`OBJECT`] (Meta, webhooks reference), and 360dialog's own.
const FIELDS: &[&str] = &[
    "account_alerts",
    "account_review_update",
    "account_settings_update",
    "account_update",
    "automatic_events",
    "business_capability_update",
    "business_status_update",
    "call_permission_status",
    "calls",
    "campaign_status_update",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "history",
    "message_echoes",
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "messages",
    "messaging_handovers",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_app_state_sync",
    "smb_message_echoes",
    "standby",
    "template_category_update",
    "template_correct_category_detection",
    "tracking_events",
    "user_preferences",
];

#[cfg(test)]
mod tests;
