//! The fields of a body, each under the name that a client would look for, such as
//! `interactive.action.name`. Lenient in the ways of clients in the wild: null is absent, digits may
//! be integers.

use serde_json::{Map, Value};
use types::limits::CALLBACK_DATA_CHARS_MAX;
use types::{Bsuid, WaId};

use crate::calls::Recipient;
use crate::json::{kind, shortened};
use crate::{ApiError, Dialect, ErrorCode};

/// One object of a body, and the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Fields<'a> {
    /// What stands before the name of a field, with its dot; empty for the body itself.
    path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The body itself.
    pub(crate) const fn of_body(map: &'a Map<String, Value>) -> Self {
        Self {
            path: String::new(),
            map,
        }
    }

    /// A field's whole name.
    pub(crate) fn name(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    /// A field; null counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|it| !it.is_null())
    }

    /// A field that is text on the wire; clients in typed languages send digits as integers.
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>, ApiError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) if number.is_u64() => Ok(Some(number.to_string())),
            Some(other) => Err(self.wrong_kind(key, other, "a string")),
        }
    }

    /// Text that says something.
    pub(crate) fn filled_text(&self, key: &str) -> Result<Option<String>, ApiError> {
        Ok(self.text(key)?.filter(|it| !it.trim().is_empty()))
    }

    /// A word of the protocol, which is taken in any case.
    pub(crate) fn word(&self, key: &str) -> Result<Option<String>, ApiError> {
        let word = self.filled_text(key)?;
        Ok(word.map(|it| it.trim().to_ascii_lowercase()))
    }

    /// A whole number; some clients send it as a string of digits.
    pub(crate) fn whole(&self, key: &str) -> Result<Option<u64>, ApiError> {
        let number = match self.get(key) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number.map(Some).ok_or_else(|| {
            ApiError::new(
                ErrorCode::ParameterValueInvalid,
                format!("{} is not a whole number.", self.name(key)),
            )
        })
    }

    /// A yes or no.
    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>, ApiError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(other) => Err(self.wrong_kind(key, other, "true or false")),
        }
    }

    /// An object inside this one.
    pub(crate) fn object(&self, key: &str) -> Result<Option<Self>, ApiError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Fields {
                path: format!("{}.", self.name(key)),
                map,
            })),
            Some(other) => Err(self.wrong_kind(key, other, "an object")),
        }
    }

    /// A list of objects; none is an empty one.
    pub(crate) fn objects(&self, key: &str) -> Result<Vec<Self>, ApiError> {
        let items = match self.get(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(self.wrong_kind(key, other, "an array")),
        };
        let objects = items.iter().enumerate().map(|(index, item)| {
            let name = format!("{}[{index}]", self.name(key));
            match item {
                Value::Object(map) => Ok(Fields {
                    path: format!("{name}."),
                    map,
                }),
                other => Err(ApiError::parameter(format!(
                    "{name} is {}. It must be an object.",
                    kind(other)
                ))),
            }
        });
        objects.collect()
    }

    /// `messaging_product`. Meta asks for it in every body; 360dialog's documents show bodies without
    /// it, so there it may be missing.
    pub(crate) fn check_product(&self, dialect: Dialect) -> Result<(), ApiError> {
        match (self.text("messaging_product")?, dialect) {
            (Some(product), _) if product.trim().eq_ignore_ascii_case("whatsapp") => Ok(()),
            (None, Dialect::D360) => Ok(()),
            (None, Dialect::Graph) => Err(ApiError::parameter(
                "The parameter messaging_product is missing. Send \"messaging_product\": \"whatsapp\".",
            )),
            (Some(product), _) => Err(ApiError::parameter(format!(
                "messaging_product is {}. It must be \"whatsapp\".",
                shortened(&product)
            ))),
        }
    }

    /// Whom the body names; none if it names nobody. If both `to` and `recipient` are given, `to`
    /// wins, as Meta's page on business-initiated calls says.
    pub(crate) fn recipient(&self) -> Result<Option<Recipient>, ApiError> {
        if let Some(to) = self.filled_text("to")? {
            return to.parse().map(Recipient::WaId).map(Some).map_err(|e| {
                let hint = if to.trim().parse::<Bsuid>().is_ok() {
                    " A business-scoped user id goes into recipient."
                } else {
                    " Send the user's number with its country code, digits only, such as \"14085551234\"."
                };
                ApiError::parameter(format!("to is {e}.{hint}"))
            });
        }
        let Some(recipient) = self.filled_text("recipient")? else {
            return Ok(None);
        };
        let bsuid = recipient.trim().parse();
        bsuid.map(Recipient::Bsuid).map(Some).map_err(|e| {
            let hint = if recipient.parse::<WaId>().is_ok() {
                " A phone number goes into to."
            } else {
                " Send the id that webhooks give as user_id, such as \"US.13491208655302741918\"."
            };
            ApiError::parameter(format!("recipient is {e}.{hint}"))
        })
    }

    /// `biz_opaque_callback_data`.
    pub(crate) fn callback_data(&self) -> Result<Option<String>, ApiError> {
        let data = self.text("biz_opaque_callback_data")?;
        match data.as_ref().map(|it| it.chars().count()) {
            Some(chars) if chars > CALLBACK_DATA_CHARS_MAX => Err(ApiError::parameter(format!(
                "biz_opaque_callback_data has {chars} characters. At most {CALLBACK_DATA_CHARS_MAX} are allowed."
            ))),
            _ => Ok(data),
        }
    }

    fn wrong_kind(&self, key: &str, value: &Value, wanted: &str) -> ApiError {
        ApiError::parameter(format!(
            "{} is {}. It must be {wanted}.",
            self.name(key),
            kind(value)
        ))
    }
}
