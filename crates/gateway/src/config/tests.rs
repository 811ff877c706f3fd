//! What a configuration may say.

use super::*;

#[test]
fn the_least_that_must_be_said() {
    let config: GatewayConfig = serde_json::from_value(serde_json::json!({
        "platform": {
            "url": "http://127.0.0.1:7080",
            "phone_number_id": "436666719526789",
            "access_token": "secret-token",
        },
        "webhook": {"verify_token": "secret-word", "app_secret": "secret-key"},
    }))
    .unwrap();
    assert_eq!(config.platform.dialect, Dialect::Graph);
    assert_eq!(config.calls.calls_max, 500);
    assert_eq!(
        config.board_limits().timers.place_within,
        Duration::from_secs(55)
    );
    assert!(
        !format!("{config:?}").contains("secret-"),
        "secrets are never shown"
    );
}

#[test]
fn an_unknown_key_is_named() {
    let error = serde_json::from_value::<CallsConfig>(serde_json::json!({"call_max": 1}));
    assert!(error.unwrap_err().to_string().contains("call_max"));
}
