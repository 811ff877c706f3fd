//! Reading: which templates are to be removed.

use serde_json::Value;
use types::TemplateId;
use types::limits::TEMPLATES_REMOVED_AT_ONCE_MAX;

use crate::ApiError;
use crate::json::{self, kind};
use crate::subscriptions::Params;

/// Which templates are to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Every language of a name.
    Name(String),
    /// One.
    One {
        /// Its id.
        id: TemplateId,
        /// Its name, if it is given.
        name: Option<String>,
    },
    /// Several by their ids, each once.
    Several(Vec<TemplateId>),
}

impl Which {
    /// Reads the parameters of `DELETE /{waba_id}/message_templates`.
    ///
    /// # Errors
    ///
    /// Code 100 that names the parameter.
    pub fn parse(params: &Params) -> Result<Self, ApiError> {
        let (name, hsm_id) = (text(params, "name"), text(params, "hsm_id"));
        let several = params.get("hsm_ids").filter(|it| !it.is_null());
        match (name, hsm_id, several) {
            (None, None, Some(ids)) => read_ids(ids).map(Self::Several),
            (_, _, Some(_)) => Err(ApiError::parameter(
                "hsm_ids cannot stand beside name or hsm_id. Send one or the other.",
            )),
            (name, Some(id), None) => read_id("hsm_id", &id).map(|id| Self::One { id, name }),
            (Some(name), None, None) => Ok(Self::Name(name)),
            (None, None, None) => Err(ApiError::parameter(
                "The parameter name is missing. Send the template's name; with hsm_id, one language \
                 of it goes.",
            )),
        }
    }
}

fn text(params: &Params, key: &str) -> Option<String> {
    match params.get(key) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// An array, or in a query the text of one.
fn read_ids(given: &Value) -> Result<Vec<TemplateId>, ApiError> {
    let parsed = match given {
        Value::String(text) => json::value(text.as_bytes()).ok(),
        other => Some(other.clone()),
    };
    let Some(Value::Array(list)) = parsed else {
        return Err(ApiError::parameter(format!(
            "hsm_ids is {}. Send an array of ids, such as [1407680676729941].",
            kind(given)
        )));
    };
    if list.is_empty() || list.len() > TEMPLATES_REMOVED_AT_ONCE_MAX {
        return Err(ApiError::parameter(format!(
            "hsm_ids has {} entries. Send 1 to {TEMPLATES_REMOVED_AT_ONCE_MAX} ids.",
            list.len()
        )));
    }
    let mut ids = Vec::with_capacity(list.len());
    for value in list {
        let id = match value {
            Value::String(text) => read_id("hsm_ids", &text)?,
            other => read_id("hsm_ids", &other.to_string())?,
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn read_id(key: &str, text: &str) -> Result<TemplateId, ApiError> {
    text.parse()
        .map_err(|error| ApiError::parameter(format!("{key} is {error}.")))
}
