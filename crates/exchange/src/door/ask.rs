//! What a request says: who asks, and with what parameters, wherever they stand.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};
use types::limits::REQUEST_BODY_BYTES_MAX;
use wire::subscriptions::Params;
use wire::{ApiError, ErrorCode, json};

use super::answer::Refusal;
use super::multipart;
use super::path::CameBy;

/// A request, read whole: bounded, and not yet understood.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The parameters of the query.
    query: Params,
    headers: HeaderMap,
    /// The path, made plain.
    path: String,
    /// The body as it came, without a byte order mark.
    body: Bytes,
    /// The way that it came.
    pub(crate) came_by: CameBy,
}

impl<S: Send + Sync> FromRequest<S> for Ask {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, REQUEST_BODY_BYTES_MAX)
            .await
            .map_err(|_| {
                ApiError::parameter(format!(
                    "The body could not be read, or has more than {REQUEST_BODY_BYTES_MAX} bytes. Send a smaller one."
                ))
            })?;
        Ok(Self {
            path: parts.uri.path().to_owned(),
            query: form(parts.uri.query().unwrap_or_default().as_bytes()),
            came_by: parts
                .extensions
                .get::<CameBy>()
                .cloned()
                .unwrap_or_default(),
            headers: parts.headers,
            body: match body.strip_prefix(BYTE_ORDER_MARK) {
                Some(rest) => body.slice_ref(rest),
                None => body,
            },
        })
    }
}

impl Ask {
    /// The parameters of query and body together.
    pub(crate) fn params(&self) -> Result<Params, ApiError> {
        self.params_unfolded(&[])
    }

    /// The parameters of query and body together. `objects` are those that are objects: in a query or
    /// a form these stand as their JSON text.
    ///
    /// A JSON object is known by its brace and not by its content type, which clients get wrong.
    pub(crate) fn params_unfolded(&self, objects: &[&str]) -> Result<Params, ApiError> {
        let mut params = self.query.clone();
        let mut of_json = Map::new();
        let body = self.body.trim_ascii();
        match body.first() {
            None => {}
            Some(b'{' | b'[' | b'"') => of_json = json::object(body)?,
            Some(_) => match self.header("content-type").unwrap_or_default() {
                kind if kind.starts_with("multipart/") => {
                    params.extend(multipart::read(&kind, &self.body)?);
                }
                // Whoever says JSON is told what is wrong with it.
                kind if kind.contains("json") => of_json = json::object(body)?,
                _ => params.extend(form(body)),
            },
        }
        json::unfold(&mut params, objects)?;
        params.extend(of_json);
        Ok(params)
    }

    /// [`Ask::params_unfolded`] of a request that must bring some.
    pub(crate) fn needed_params(&self, objects: &[&str]) -> Result<Params, ApiError> {
        let nothing_asked = self.query.keys().all(|key| key == "access_token");
        if nothing_asked && self.body.trim_ascii().is_empty() {
            return json::object(b"");
        }
        self.params_unfolded(objects)
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, key: &str) -> Option<&str> {
        self.query
            .get(key)
            .and_then(Value::as_str)
            .filter(|it| !it.is_empty())
    }

    /// Graph's access token. A parameter `access_token` goes before the header: pywa sends its
    /// usual token in the header of every request, and an app's own as parameter where that one is
    /// asked for.
    pub(crate) fn access_token(&self) -> Result<String, ApiError> {
        if let Some(token) = self.query("access_token") {
            return Ok(token.to_owned());
        }
        if let Some(token) = self.token_of_body() {
            return Ok(token);
        }
        match self.headers.get(header::AUTHORIZATION) {
            Some(value) => bearer(value.to_str().unwrap_or_default()),
            // Kapso's proxy has a header of its own.
            None => self.header("x-api-key").ok_or_else(|| {
                wrong_token(
                    "The request carries no access token. Send the header \"Authorization: Bearer <token>\".",
                )
            }),
        }
    }

    /// The address that was asked, without some of its parameters, and so that others can follow
    /// behind `&`: for pages of a list.
    pub(crate) fn address_without(&self, keys: &[&str]) -> String {
        let scheme = self
            .header("x-forwarded-proto")
            .unwrap_or_else(|| "http".to_owned());
        let host = self.header("host").unwrap_or_default();
        let version = self.came_by.version.as_deref();
        let version = version.map(|it| format!("/{it}")).unwrap_or_default();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in &self.query {
            if let (false, Some(value)) = (keys.contains(&key.as_str()), value.as_str()) {
                query.append_pair(key, value);
            }
        }
        let (path, query) = (&self.path, query.finish());
        format!("{scheme}://{host}{version}{path}?{query}")
    }

    /// 360dialog's key.
    pub(crate) fn d360_key(&self) -> Result<String, ApiError> {
        self.header("d360-api-key").ok_or_else(|| {
            wrong_token(
                "The request carries no API key. Send the number's key in the header D360-API-KEY.",
            )
        })
    }

    fn token_of_body(&self) -> Option<String> {
        // Only looked for where it may stand: most bodies are large and have none.
        const KEY: &[u8] = b"access_token";
        if !self.body.windows(KEY.len()).any(|it| it == KEY) {
            return None;
        }
        let params = self.params().ok()?;
        params.get("access_token")?.as_str().map(str::to_owned)
    }

    fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?.to_str().ok()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }
}

fn bearer(value: &str) -> Result<String, ApiError> {
    let (scheme, token) = value.trim().split_once(' ').unwrap_or((value, ""));
    let token = token.trim();
    // Graph's own older scheme is still sent by some clients.
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    match (known, token) {
        (true, "") => Err(wrong_token(
            "The Authorization header has no token. Send \"Authorization: Bearer <token>\".",
        )),
        (true, token) => Ok(token.to_owned()),
        (false, _) => Err(wrong_token(
            "The Authorization header does not begin with Bearer. Send \"Authorization: Bearer <token>\".",
        )),
    }
}

fn wrong_token(details: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidAccessToken, details)
}

fn form(text: &[u8]) -> Params {
    url::form_urlencoded::parse(text)
        .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
        .collect()
}

/// .NET writes it in front of UTF-8, and RFC 8259 (8.1) lets a reader pass over it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
