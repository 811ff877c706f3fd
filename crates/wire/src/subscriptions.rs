//! Who gets webhooks: the parameters of Meta's ways to subscribe, and 360dialog's.
//!
//! Graph takes parameters from the query, a form or a JSON body alike; the listener merges them into
//! one [`Params`] and this module reads it.

use serde_json::{Map, Value};
use types::limits::{CALLBACK_URL_BYTES_MAX, VERIFY_TOKEN_BYTES_MAX};
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
        match text(params, "object")? {
            Some(object) if object == OBJECT => {}
            Some(object) => {
                return Err(ApiError::parameter(format!(
                    "object is {}. Only \"{OBJECT}\" can be subscribed to here.",
                    shortened(&object)
                )));
            }
            None => {
                return Err(ApiError::parameter(format!(
                    "The parameter object is missing. Send \"{OBJECT}\"."
                )));
            }
        }
        let callback = callback(params, "callback_url", "verify_token")?.ok_or_else(|| {
            ApiError::parameter(
                "The parameter callback_url is missing. Send the address that takes webhooks.",
            )
        })?;
        Ok(Self {
            callback,
            fields: fields(params)?,
        })
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

/// `POST /v1/configs/webhook` of 360dialog: the number's callback. There is no handshake.
///
/// # Errors
///
/// Code 100 that names the parameter.
pub fn d360_webhook(params: &Params) -> Result<Url, ApiError> {
    address(params, "url")?.ok_or_else(|| {
        ApiError::parameter("The parameter url is missing. Send the address that takes webhooks.")
    })
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

/// `fields=calls,messages`, or a JSON array of names, or of objects with a name.
fn fields(params: &Params) -> Result<Vec<String>, ApiError> {
    let given: Vec<String> = match params.get("fields") {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(|it| it.as_str().or_else(|| it.get("name")?.as_str()))
            .map(str::to_owned)
            .collect(),
        Some(Value::String(list)) => list.split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let mut fields: Vec<String> = Vec::new();
    for field in given {
        let field = field.trim().to_owned();
        if !field.is_empty() && !fields.contains(&field) {
            fields.push(field);
        }
    }
    if fields.is_empty() {
        return Err(ApiError::parameter(
            "The parameter fields is missing. Send a list such as \"calls,messages\".",
        ));
    }
    Ok(fields)
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

#[cfg(test)]
mod tests;
