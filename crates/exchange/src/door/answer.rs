//! How a door answers: the bodies of `wire`, and one place where refusals are dressed and logged.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;
use wire::{ApiError, Dialect};

use super::Door;

/// What a handler gives back.
pub(crate) type Answer = Result<Json, Refusal>;

/// A body of JSON, ready to be sent with 200.
#[derive(Debug)]
pub(crate) struct Json(pub(crate) Vec<u8>);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        json(StatusCode::OK, self.0)
    }
}

/// A refusal on its way out: [`dress`] gives it the dialect's body and its trace id.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) ApiError);

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Undressed(self.0));
        response
    }
}

#[derive(Clone)]
struct Undressed(ApiError);

/// The layer around all routes: gives the request its trace id, a refusal its body, and the log one
/// line for each refusal. The path is logged, the query never: it may hold tokens.
pub(crate) async fn dress(State(door): State<Door>, request: Request, next: Next) -> Response {
    let fbtrace_id = door.fbtrace_id();
    let dialect = dialect_of(request.uri().path());
    let span = tracing::info_span!(
        "api",
        %fbtrace_id,
        method = %request.method(),
        path = request.uri().path(),
    );
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(Undressed(mut error)) = response.extensions_mut().remove::<Undressed>() {
        let allowed = response.headers_mut().remove(header::ALLOW);
        if let Some(methods) = allowed.as_ref().and_then(|it| it.to_str().ok()) {
            let methods = methods.replace(',', ", ");
            error
                .details
                .push_str(&format!(" This path takes {methods}."));
        }
        let _entered = span.enter();
        let code = error.code.code();
        if response.status().is_server_error() {
            tracing::error!(code, details = error.details, "request failed");
        } else {
            tracing::info!(code, details = error.details, "request refused");
        }
        let body = match dialect {
            Dialect::Graph => error.graph_body(&fbtrace_id),
            Dialect::D360 => error.d360_body(&fbtrace_id),
        };
        response = json(response.status(), body);
        if let Some(methods) = allowed {
            response.headers_mut().insert(header::ALLOW, methods);
        }
        if error.code == wire::ErrorCode::InvalidAccessToken {
            let challenge = HeaderValue::from_static("OAuth \"Facebook Platform\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
    }
    if let Ok(value) = HeaderValue::from_str(&fbtrace_id) {
        response.headers_mut().insert("x-fb-trace-id", value);
    }
    response
}

/// Whose answers a path gets; unknown ones get Graph's.
fn dialect_of(path: &str) -> Dialect {
    let is_d360 = matches!(path, "/messages" | "/health_status")
        || path.starts_with("/calling/")
        || path.starts_with("/v1/");
    if is_d360 {
        Dialect::D360
    } else {
        Dialect::Graph
    }
}

fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json; charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
