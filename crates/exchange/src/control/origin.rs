//! Keeps pages of other origins out. Whoever reaches the control API may do everything, and a browser
//! on the operator's machine reaches it for any page that it shows.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::{ControlError, ControlErrorCode as Code};

/// Refuses requests that a browser sends for a page that does not come from this very listener.
/// Programs send no `Origin` and pass.
pub(super) async fn refuse_foreign(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) {
        let rule = "A page from another origin may not use the control API.";
        return ControlError::new(Code::ForeignOrigin, rule).into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return false;
    };
    let origin = origin
        .to_str()
        .ok()
        .and_then(|text| text.parse::<Uri>().ok());
    let ours = headers.get(HOST).and_then(|host| host.to_str().ok());
    match (origin.as_ref().and_then(Uri::authority), ours) {
        (Some(theirs), Some(ours)) => !theirs.as_str().eq_ignore_ascii_case(ours),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_our_own_pages_pass() {
        assert!(!foreign(None, "127.0.0.1:7081"));
        assert!(!foreign(Some("http://127.0.0.1:7081"), "127.0.0.1:7081"));
        assert!(foreign(Some("https://evil.example"), "127.0.0.1:7081"));
        assert!(foreign(Some("http://127.0.0.1:3000"), "127.0.0.1:7081"));
        assert!(foreign(Some("null"), "127.0.0.1:7081"));
    }

    fn foreign(origin: Option<&str>, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().expect("a header"));
        }
        is_foreign(&headers)
    }
}
