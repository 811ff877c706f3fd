//! How sure an answer of the platform is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::post;
use http::StatusCode;

use super::*;
use crate::config::Dialect as Flavour;

#[tokio::test]
async fn a_placed_call_has_an_id() {
    let (platform, asked) = platform(|_| {
        let body = r#"{"messaging_product":"whatsapp","calls":[{"id":"wacid.A"}]}"#;
        (StatusCode::OK, body)
    })
    .await;
    assert_eq!(
        platform.connect(&connect()).await.unwrap().as_str(),
        "wacid.A"
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refusal_gives_the_platforms_reason() {
    let (platform, _) = platform(|_| {
        let body = r#"{"error":{"message":"No permission","type":"OAuthException","code":138006,
            "error_data":{"details":"Ask the user first"},"fbtrace_id":"A"}}"#;
        (StatusCode::UNAUTHORIZED, body)
    })
    .await;
    assert_eq!(
        platform.connect(&connect()).await,
        Err(NotDone::Refused(Reason {
            code: Some(138_006),
            text: "Ask the user first".to_owned(),
        }))
    );
}

#[tokio::test]
async fn a_connect_that_may_have_arrived_is_not_repeated() {
    let answers = [
        (StatusCode::BAD_GATEWAY, "<html>bad gateway</html>"),
        (StatusCode::OK, "{}"),
    ];
    for answer in answers {
        let (platform, asked) = platform(move |_| answer).await;
        let answer = platform.connect(&connect()).await;
        assert!(matches!(answer, Err(NotDone::Unclear(_))), "{answer:?}");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_connect_that_never_left_is_refused() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let platform = client(&format!("http://{address}"));
    let answer = platform.connect(&connect()).await;
    assert!(matches!(answer, Err(NotDone::Refused(_))), "{answer:?}");
}

#[tokio::test]
async fn other_actions_are_repeated_until_they_are_done() {
    let (platform, asked) = platform(|before| {
        if before < 2 {
            (StatusCode::SERVICE_UNAVAILABLE, "later")
        } else {
            (StatusCode::OK, r#"{"success":true}"#)
        }
    })
    .await;
    assert_eq!(platform.act(&terminate()).await, Ok(()));
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_refusal_after_an_attempt_of_unknown_fate_is_unclear() {
    let (platform, _) = platform(|before| {
        if before == 0 {
            (StatusCode::BAD_GATEWAY, "")
        } else {
            let body = r#"{"error":{"message":"Already accepted","code":100}}"#;
            (StatusCode::BAD_REQUEST, body)
        }
    })
    .await;
    let answer = platform.act(&terminate()).await;
    assert!(matches!(answer, Err(NotDone::Unclear(_))), "{answer:?}");
}

#[test]
fn only_the_configuration_tells_the_platforms_apart() {
    let calls = |dialect, url: &str, version: Option<&str>| {
        let config = PlatformConfig {
            dialect,
            version: version.map(str::to_owned),
            ..config(url)
        };
        Platform::new(&config, clock()).unwrap().calls.to_string()
    };
    assert_eq!(
        calls(Flavour::Graph, "https://graph.facebook.com", Some("v24.0")),
        "https://graph.facebook.com/v24.0/436666719526789/calls"
    );
    assert_eq!(
        calls(Flavour::Graph, "http://127.0.0.1:7080/", None),
        "http://127.0.0.1:7080/436666719526789/calls"
    );
    assert_eq!(
        calls(Flavour::D360, "https://waba-v2.360dialog.io", Some("v24.0")),
        "https://waba-v2.360dialog.io/calling/calls"
    );
}

fn connect() -> CallAction {
    CallAction::Connect {
        to: wire::Recipient::WaId("14085551234".parse().unwrap()),
        offer: "v=0\r\n".to_owned(),
        callback_data: None,
    }
}

fn terminate() -> CallAction {
    CallAction::Terminate {
        call_id: "wacid.A".parse().unwrap(),
    }
}

fn config(url: &str) -> PlatformConfig {
    PlatformConfig {
        dialect: Flavour::Graph,
        url: url.parse().unwrap(),
        version: None,
        phone_number_id: "436666719526789".parse().unwrap(),
        access_token: "token".to_owned().into(),
        request_ms_max: 10_000,
    }
}

fn client(url: &str) -> Platform {
    let mut platform = Platform::new(&config(url), clock()).unwrap();
    platform.waits = &[Duration::ZERO, Duration::ZERO];
    platform
}

/// A platform that answers by how often it was asked before, and the count.
async fn platform(
    answer: impl Fn(usize) -> (StatusCode, &'static str) + Clone + Send + Sync + 'static,
) -> (Platform, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let router = Router::new().route(
        "/436666719526789/calls",
        post(move || {
            let before = count.fetch_add(1, Ordering::SeqCst);
            std::future::ready(answer(before))
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (client(&format!("http://{address}")), asked)
}

fn clock() -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
    Arc::new(|| Timestamp::EPOCH)
}
