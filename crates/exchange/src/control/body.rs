//! Reads what a request brings, and says by name what does not fit.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::{ControlError, ControlErrorCode as Code};

/// A JSON body, whatever the content type says: the callers are people with `curl`.
pub(crate) struct Body<T>(pub(crate) T);

/// The parameters of the query.
pub(crate) struct Query<T>(pub(crate) T);

/// What the path names.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ControlError> {
        let bytes = whole(request, state).await?;
        read_json(&bytes).map(Self)
    }
}

/// No body at all is as good as none being asked for.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Body<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ControlError> {
        let bytes = whole(request, state).await?;
        if is_empty(&bytes) {
            return Ok(None);
        }
        read_json(&bytes).map(|value| Some(Self(value)))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ControlError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ControlError> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| {
                let reason = deepest(&rejection);
                ControlError::new(Code::BadQuery, format!("The query does not fit: {reason}."))
            })
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = ControlError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ControlError> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|rejection| {
                let reason = rejection.body_text();
                let reason = reason.strip_prefix("Invalid URL: ").unwrap_or(&reason);
                ControlError::new(Code::BadPath, format!("The path does not fit: {reason}."))
            })
    }
}

async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ControlError> {
    <Bytes as FromRequest<S>>::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let most = types::limits::REQUEST_BODY_BYTES_MAX;
                ControlError::new(
                    Code::BodyTooLarge,
                    format!("The body may have {most} bytes at most."),
                )
            } else {
                ControlError::new(Code::BadJson, "The body broke off. Send it again.")
            }
        })
}

/// Reads a JSON value and names the key that does not fit.
pub(crate) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ControlError> {
    if is_empty(bytes) {
        let rule = "The request has no body. Send a JSON object.";
        return Err(ControlError::new(Code::BadJson, rule));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return not_json(&inner);
        }
        let reason = without_place(&inner.to_string());
        let place = if path == "." {
            String::new()
        } else {
            format!(" at `{path}`")
        };
        ControlError::new(
            Code::BadBody,
            format!("The body does not fit{place}: {reason}."),
        )
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn is_empty(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

fn not_json(error: &serde_json::Error) -> ControlError {
    ControlError::new(Code::BadJson, format!("The body is not JSON: {error}."))
}

/// serde_json ends its messages with line and column, which for a body of one line say nothing.
fn without_place(message: &str) -> String {
    message
        .split(" at line ")
        .next()
        .unwrap_or(message)
        .to_owned()
}

/// The last of a chain of causes, which is the one that names the parameter.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests;
