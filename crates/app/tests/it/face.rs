//! The fixed face for whoever drives the program from outside.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::program::Program;

#[tokio::test]
async fn the_env_file_says_where_everything_is() {
    let program = Program::start("dev", &[]);
    let keys: Vec<&str> = program.env.keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join("\n"), @r"
    DIALTONE_ACCESS_TOKEN
    DIALTONE_APP_ID
    DIALTONE_APP_SECRET
    DIALTONE_CONTROL_URL
    DIALTONE_D360_API_KEY
    DIALTONE_D360_URL
    DIALTONE_DISPLAY_PHONE_NUMBER
    DIALTONE_GRAPH_URL
    DIALTONE_PHONE_NUMBER_ID
    DIALTONE_USER_WA_ID
    DIALTONE_VERIFY_TOKEN
    DIALTONE_WABA_ID
    ");
    assert!(!program.env("DIALTONE_GRAPH_URL").ends_with('/'));
    let mode = fs::metadata(&program.env_file)
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "some of it is secret");

    let (status, document) = program
        .fetch(&format!(
            "{}/openapi.json",
            program.env("DIALTONE_CONTROL_URL")
        ))
        .await;
    assert_eq!(status, 200);
    assert!(document.contains("\"openapi\": \"3."), "{document:.100}");
}

#[tokio::test]
async fn a_supervisor_gets_its_answers() {
    let program = Program::start("dev", &[]);
    let control = program.control_root();
    let public = program.env("DIALTONE_GRAPH_URL").to_owned();
    for root in [&control, &public] {
        assert_eq!(program.fetch(&format!("{root}/healthz")).await.0, 200);
        assert_eq!(program.fetch(&format!("{root}/readyz")).await.0, 200);
    }
    let (_, metrics) = program.fetch(&format!("{control}/metrics")).await;
    assert!(
        metrics.contains("# TYPE dialtone_relayed_packets_total counter"),
        "{metrics}"
    );
    // What is the operator's is not on the public listener.
    for path in ["/metrics", "/control/v1/users"] {
        let (status, answer) = program.fetch(&format!("{public}{path}")).await;
        assert!((400..500).contains(&status), "{path}: {status}: {answer}");
        assert!(
            answer.contains("fbtrace_id"),
            "refused as an API path: {answer}"
        );
    }
}

#[tokio::test]
async fn the_same_seed_is_the_same_world() {
    let (one, other) = (Program::start("dev", &[]), Program::start("dev", &[]));
    let fixed = |program: &Program| {
        let addresses = [
            "DIALTONE_GRAPH_URL",
            "DIALTONE_D360_URL",
            "DIALTONE_CONTROL_URL",
        ];
        let mut env = program.env.clone();
        env.retain(|key, _| !addresses.contains(&key.as_str()));
        env
    };
    assert_eq!(fixed(&one), fixed(&other));
}

#[tokio::test]
async fn the_greeting_ends_with_what_to_type() {
    let program = Program::start("dev", &[]);
    let mut greeting = program.greeting.clone();
    for (key, value) in &program.env {
        if key.ends_with("_URL") {
            let root = value.trim_end_matches("/control/v1");
            greeting = greeting.replace(root, &format!("<{}>", key.to_lowercase()));
        }
    }
    let gateway = program.gateway();
    insta::assert_snapshot!(greeting.replace(&gateway, "<gateway>"));
}

#[tokio::test]
async fn it_stops_when_it_is_told() {
    let program = Program::start("dev", &[]);
    assert!(program.stop().success());
}

#[tokio::test]
async fn consent_is_the_operators_to_give() {
    let program = Program::start("exchange", &["--data", "data"]);
    let consent = format!(
        "/consents/{}/{}",
        program.env("DIALTONE_PHONE_NUMBER_ID"),
        program.env("DIALTONE_USER_WA_ID")
    );
    assert_eq!(program.get(&consent).await["granted"], json!(true));
    program.put(&consent, &json!({"granted": false})).await;
    assert_eq!(program.get(&consent).await["granted"], json!(false));
}

/// The gateway beside lives by the exchange's clock, so that it never takes a call for stale because
/// somebody holds or turns that clock.
#[tokio::test]
async fn the_gateway_lives_by_the_clock_that_is_turned() {
    let program = Program::start("dev", &[]);
    program.post("/clock", &json!({"freeze": true})).await;
    let two_hours = json!({"advance_ms": 7_200_000});
    program.post("/clock", &two_hours).await;
    let now = program.get("/clock").await["now_ms"].clone();
    let script = json!({"dial": program.env("DIALTONE_PHONE_NUMBER_ID"), "calls": 1});
    let phone = json!({"wa_id": program.env("DIALTONE_USER_WA_ID"), "script": script});
    let id = program.post("/phones", &phone).await["id"].clone();

    let mut from = 0;
    loop {
        let path = format!("/phones/{id}?from={from}&wait_ms=20000");
        let told = program.get(&path).await["story"].clone();
        let events = told.as_array().expect("a story");
        assert!(!events.is_empty(), "nothing more for 20 s: not answered");
        if events.iter().any(|event| event["event"] == "accepted") {
            break;
        }
        let ended = events.iter().find(|event| event["event"] == "ended");
        assert!(ended.is_none(), "not answered: {ended:?}");
        from += events.len();
    }
    let calls = format!("{}/gateway/v1/calls", program.gateway());
    let (_, calls) = program.fetch(&calls).await;
    assert!(calls.contains(&format!("\"started_ms\":{now}")), "{calls}");
}
