//! The built pages and the router that serves them. Knows nothing of calls: the pages use the public
//! API like anybody else.

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

/// Serves the pages: `/`, `/phone/` and what they are made of.
///
/// Only these paths are taken, so that the router can be merged with the ones of the API and leaves
/// every unknown path to them. When the pages have not been built, both say how to build them.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(page))
        .route("/phone", get(to_phone))
        .route("/phone/", get(page))
        .route("/icon.svg", get(asset))
        .route("/assets/{*file}", get(asset))
}

/// Whether there are pages to serve.
#[must_use]
pub fn is_built() -> bool {
    Pages::get("index.html").is_some()
}

async fn page(uri: Uri, headers: HeaderMap) -> Response<Body> {
    let file = format!("{}index.html", uri.path().trim_start_matches('/'));
    match Pages::get(&file) {
        // The page names its scripts by content, so that it is all that may go stale.
        Some(found) => serve(found, &headers, "no-cache"),
        None => not_built(),
    }
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response<Body> {
    let file = uri.path().trim_start_matches('/');
    // A file under `assets` has its content's hash in its name.
    let caching = if file.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    match Pages::get(file) {
        Some(found) => serve(found, &headers, caching),
        None => text(
            StatusCode::NOT_FOUND,
            "There is no such file. Reload the page: a newer version may have other names.\n",
        ),
    }
}

/// Relative addresses on the page need the slash. The query says whose phone it is and is kept.
async fn to_phone(uri: Uri) -> Response<Body> {
    let query = uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let mut response = text(StatusCode::PERMANENT_REDIRECT, "");
    if let Ok(place) = HeaderValue::try_from(format!("/phone/{query}")) {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

fn serve(file: EmbeddedFile, headers: &HeaderMap, caching: &'static str) -> Response<Body> {
    let etag = etag(&file);
    let known = headers.get(IF_NONE_MATCH).is_some_and(|tag| *tag == etag);
    let mut response = if known {
        Response::new(Body::empty())
    } else {
        Response::new(Body::from(file.data))
    };
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let kind = HeaderValue::from_str(file.metadata.mimetype())
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let into = response.headers_mut();
    into.insert(CONTENT_TYPE, kind);
    into.insert(ETAG, etag);
    into.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    into.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    into.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    into.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn etag(file: &EmbeddedFile) -> HeaderValue {
    let hash = file.metadata.sha256_hash();
    let short: String = hash[..ETAG_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::try_from(format!("\"{short}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

fn not_built() -> Response<Body> {
    let mut response = text(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT);
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

fn text(status: StatusCode, body: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Pages;

/// Everything comes from this origin; `connect-src` names the WebSocket because not every browser
/// counts it as the same origin.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob:; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const ETAG_BYTES: usize = 16;
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>Pages not built</title><h1>The pages are not built</h1>\
<p>This program was compiled without them. Run <code>cargo xtask dev</code>, which builds the pages \
and starts everything, or <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code> and then \
compile again.</p></html>\n";

#[cfg(test)]
mod tests;
