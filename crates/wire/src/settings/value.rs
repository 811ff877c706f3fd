//! A value in a body together with the way to it, so that every refusal can name its key.

use serde_json::{Map, Value};
use types::ParseError;

use crate::ApiError;
use crate::json::{kind, shortened};

/// A value, and where it stands.
pub(super) struct Key<'a> {
    path: String,
    value: &'a Value,
}

/// An object, and where it stands.
pub(super) struct Object<'a> {
    path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    pub(super) fn new(path: &str, map: &'a Map<String, Value>) -> Self {
        Self {
            path: path.to_owned(),
            map,
        }
    }

    /// Refuses every key but these: what is not known would be forgotten.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        let unknown = self.map.keys().find(|key| !known.contains(&key.as_str()));
        match unknown {
            None => Ok(()),
            Some(key) => Err(ApiError::parameter(format!(
                "{} has no setting {}. It takes {}.",
                self.path,
                shortened(key),
                known.join(", ")
            ))),
        }
    }

    /// The value of a key; null is as good as none.
    pub(super) fn get(&self, key: &str) -> Option<Key<'a>> {
        let value = self.map.get(key).filter(|value| !value.is_null())?;
        Some(Key {
            path: format!("{}.{key}", self.path),
            value,
        })
    }

    /// The value of a key that must be there.
    pub(super) fn require(&self, key: &str, what: &str) -> Result<Key<'a>, ApiError> {
        self.get(key).ok_or_else(|| {
            ApiError::parameter(format!("{}.{key} is missing. Send {what}.", self.path))
        })
    }

    /// Every entry, in the order of the body's keys.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a String, Key<'a>)> {
        self.map.iter().map(|(key, value)| {
            let path = format!("{}[{}]", self.path, shortened(key));
            (key, Key { path, value })
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}

impl<'a> Key<'a> {
    pub(super) fn object(self) -> Result<Object<'a>, ApiError> {
        match self.value {
            Value::Object(map) => Ok(Object {
                path: self.path,
                map,
            }),
            _ => Err(self.unfit("an object")),
        }
    }

    /// The items of a list.
    pub(super) fn list(&self) -> Result<Vec<Self>, ApiError> {
        let Value::Array(items) = self.value else {
            return Err(self.unfit("a list in brackets"));
        };
        let item = |(index, value)| Key {
            path: format!("{}[{index}]", self.path),
            value,
        };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// `ENABLED` or `DISABLED`, in any case.
    pub(super) fn switch(self) -> Result<bool, ApiError> {
        match self.value.as_str().map(str::trim) {
            Some(word) if word.eq_ignore_ascii_case("ENABLED") => Ok(true),
            Some(word) if word.eq_ignore_ascii_case("DISABLED") => Ok(false),
            _ => Err(self.unfit("\"ENABLED\" or \"DISABLED\"")),
        }
    }

    /// A text that is parsed.
    pub(super) fn parsed<T>(self) -> Result<T, ApiError>
    where
        T: std::str::FromStr<Err = ParseError>,
    {
        let text = self.value.as_str().ok_or_else(|| self.unfit("a string"))?;
        text.trim()
            .parse()
            .map_err(|error: ParseError| self.unfit(error.rule))
    }

    pub(super) fn text(self) -> Result<&'a str, ApiError> {
        self.value
            .as_str()
            .map(str::trim)
            .ok_or_else(|| self.unfit("a string"))
    }

    /// A whole number up to `max`, as a number or as a string of digits.
    pub(super) fn whole(self, max: u64) -> Result<u64, ApiError> {
        let number = match self.value {
            Value::Number(number) => number.as_u64(),
            Value::String(digits) => digits.trim().parse().ok(),
            _ => None,
        };
        number
            .filter(|number| *number <= max)
            .ok_or_else(|| self.unfit(&format!("a whole number from 0 to {max}")))
    }

    /// The refusal of a value that says more than one thing.
    pub(super) fn too_many(&self, entries: usize, rule: &str) -> ApiError {
        ApiError::parameter(format!("{} has {entries} entries. {rule}", self.path))
    }

    /// The refusal of a value that is not what it must be.
    pub(super) fn unfit(&self, must_be: &str) -> ApiError {
        let found = match self.value {
            Value::String(text) => shortened(text),
            Value::Number(number) => number.to_string(),
            other => kind(other).to_owned(),
        };
        ApiError::parameter(format!("{} is {found}. It must be {must_be}.", self.path))
    }
}
