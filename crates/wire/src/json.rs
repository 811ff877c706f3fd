//! JSON at the door: read once, with the position of what is wrong, and no key twice.
//!
//! A key that stands twice has two meanings: this reader refuses it rather than choose one. Depth
//! is bounded by `serde_json` (128 levels), size by the listener.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::ApiError;

/// Reads a body as one JSON object.
///
/// # Errors
///
/// Code 100 with line and column where the text is not JSON, and a plain word where it is JSON but
/// not an object.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ApiError::parameter(
            "The request has no body. Send a JSON object.",
        ));
    }
    match value(body).map_err(|e| ApiError::parameter(malformed(&e)))? {
        Value::Object(map) => Ok(map),
        other => Err(ApiError::parameter(format!(
            "The body is {}. Send a JSON object.",
            kind(&other)
        ))),
    }
}

/// Turns parameters that are objects into what they say: in a form or a query they stand as their JSON
/// text. Others, and whatever is no text, stay as they are.
///
/// # Errors
///
/// Code 100 that names the parameter whose text is not JSON.
pub fn unfold(params: &mut Map<String, Value>, objects: &[&str]) -> Result<(), ApiError> {
    for key in objects {
        let Some(Value::String(text)) = params.get(*key) else {
            continue;
        };
        let unfolded = value(text.as_bytes()).map_err(|error| {
            ApiError::parameter(format!(
                "{key} is {}. In a form or a query it stands as the JSON text of an object; this is not \
                 valid JSON at column {}.",
                shortened(text),
                error.column()
            ))
        })?;
        params.insert((*key).to_owned(), unfolded);
    }
    Ok(())
}

/// Reads any JSON value, refusing a key that stands twice in one object.
///
/// # Errors
///
/// As `serde_json`, with line and column.
pub fn value(body: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Strict>(body).map(|it| it.0)
}

/// What a value is, with its article, for sentences.
#[must_use]
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn malformed(error: &serde_json::Error) -> String {
    // `serde_json` ends its messages with the position, which we say in our own order.
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    format!(
        "The body is not valid JSON at line {}, column {}: {reason}.",
        error.line(),
        error.column()
    )
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_i64<E: Error>(self, it: i64) -> Result<Value, E> {
        Ok(Value::Number(it.into()))
    }

    fn visit_u64<E: Error>(self, it: u64) -> Result<Value, E> {
        Ok(Value::Number(it.into()))
    }

    fn visit_f64<E: Error>(self, it: f64) -> Result<Value, E> {
        Ok(Number::from_f64(it).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, it: &str) -> Result<Value, E> {
        Ok(Value::String(it.to_owned()))
    }

    fn visit_string<E: Error>(self, it: String) -> Result<Value, E> {
        Ok(Value::String(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(Error::custom(format_args!(
                    "the key {} stands twice",
                    shortened(&key)
                )));
            }
            let Strict(item) = entries.next_value()?;
            object.insert(key, item);
        }
        Ok(Value::Object(object))
    }
}

/// A piece of what a client sent, quoted and bounded, for sentences.
#[must_use]
pub fn shortened(text: &str) -> String {
    let mut start: String = text.chars().take(QUOTED_CHARS_MAX).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("{start:?}")
}

const QUOTED_CHARS_MAX: usize = 40;

#[cfg(test)]
mod tests;
