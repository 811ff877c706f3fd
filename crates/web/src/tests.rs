//! The pages over HTTP, built or not.

use axum::body::to_bytes;
use axum::http::Request;
use tower::ServiceExt;

use super::*;

#[tokio::test]
async fn the_pages_or_the_way_to_build_them() {
    for path in ["/", "/phone/", "/phone/?wa_id=1&token=2"] {
        let response = get_path(path, None).await;
        if is_built() {
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(response.headers()[CACHE_CONTROL], "no-cache");
            assert_eq!(response.headers()[CONTENT_TYPE], "text/html");
        } else {
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert!(body(response).await.contains("cargo xtask dev"));
        }
    }
}

#[tokio::test]
async fn a_known_page_is_not_sent_again() {
    if !is_built() {
        return;
    }
    let tag = get_path("/phone/", None).await.headers()[ETAG].clone();
    let again = get_path("/phone/", Some(tag)).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(body(again).await, "");
}

#[tokio::test]
async fn the_phone_without_its_slash_keeps_whose_phone_it_is() {
    let response = get_path("/phone?wa_id=1&token=2", None).await;
    assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(response.headers()[LOCATION], "/phone/?wa_id=1&token=2");
}

#[tokio::test]
async fn a_missing_file_is_said_to_be_missing() {
    for path in ["/assets/none.js", "/assets/../Cargo.toml"] {
        assert_eq!(get_path(path, None).await.status(), StatusCode::NOT_FOUND);
    }
}

async fn get_path(path: &str, etag: Option<HeaderValue>) -> Response<Body> {
    let mut request = Request::get(path);
    if let Some(tag) = etag {
        request = request.header(IF_NONE_MATCH, tag);
    }
    let request = request.body(Body::empty()).expect("a request");
    router::<()>().oneshot(request).await.expect("an answer")
}

async fn body(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}
