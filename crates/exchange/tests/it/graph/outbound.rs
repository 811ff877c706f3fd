//! A business calls a user: the answers to its actions, and what its webhooks say.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::json::pretty;
use types::Preset;
use types::preset::{CallLimits, SdpRules};

use crate::business::{ADA, ANSWER, APP_SECRET, BOB, Business, NUMBER, OFFER};

fn connect(to: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "to": to, "action": "connect",
        "session": {"sdp_type": "offer", "sdp": OFFER}, "biz_opaque_callback_data": "order 7",
    })
}

fn call_id(body: &str) -> String {
    let body: Value = serde_json::from_str(body).expect("JSON");
    body["calls"][0]["id"]
        .as_str()
        .expect("a call id")
        .to_owned()
}

#[tokio::test]
async fn placed_and_given_up() {
    let mut business = Business::start().await;
    let id = call_id(&business.act("connect", &connect(ADA)).await);
    let webhook = business.receiver.wait_for_event("connect").await;
    assert_eq!(webhook.call_id(), Some(id.as_str()));
    assert!(webhook.is_signed_with(APP_SECRET));
    assert_eq!(webhook.path, "/app");
    insta::assert_snapshot!("connect_webhook", pretty(&webhook.body));

    business.act("connect again", &connect(ADA)).await;
    let bsuid = json!({
        "messaging_product": "whatsapp", "recipient": format!("DE.1000000000{ADA}"), "action": "connect",
        "session": {"sdp_type": "offer", "sdp": OFFER},
    });
    business
        .act("connect again, by the business-scoped id", &bsuid)
        .await;
    let accept = json!({
        "messaging_product": "whatsapp", "call_id": id, "action": "accept",
        "session": {"sdp_type": "answer", "sdp": ANSWER},
    });
    business.act("accept one's own call", &accept).await;
    let reject = json!({"messaging_product": "whatsapp", "call_id": id, "action": "reject"});
    business.act("reject one's own call", &reject).await;
    let terminate = json!({"messaging_product": "whatsapp", "call_id": id, "action": "terminate"});
    business.act("terminate", &terminate).await;
    let ended = business.receiver.wait_for_event("terminate").await;
    assert_eq!(ended.call_id(), Some(id.as_str()));
    insta::assert_snapshot!("terminate_webhook", pretty(&ended.body));
    business.act("terminate again", &terminate).await;
    let none =
        json!({"messaging_product": "whatsapp", "call_id": "wacid.none", "action": "terminate"});
    business.act("terminate what is not there", &none).await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn refused_by_the_rules() {
    let mut business = Business::start().await;
    business
        .act("a user who has not allowed it", &connect(BOB))
        .await;
    business.act("nobody", &connect("14085559999")).await;
    let off = json!({"calling": {"status": "disabled"}});
    let settings = format!("/{NUMBER}/settings");
    let switch = business.graph(Method::POST, &settings).json(&off);
    business.tell("switch calling off", switch).await;
    business.act("calling is off", &connect(ADA)).await;
    assert_eq!(business.receiver.deliveries().len(), 0);
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn refused_by_limits() {
    let meta = Preset::meta_2026();
    let one_call = Preset {
        calls: CallLimits {
            concurrent_calls_max: 1,
            ..meta.calls.clone()
        },
        ..meta.clone()
    };
    let mut business = Business::start_with(one_call).await;
    business.dialled_by(BOB).await.expect("a call");
    business.act("one call at a time", &connect(ADA)).await;
    let mut story = business.story();

    let one_attempt = Preset {
        calls: CallLimits {
            attempts_per_day_max: 1,
            ..meta.calls.clone()
        },
        ..meta
    };
    let mut business = Business::start_with(one_attempt).await;
    let id = call_id(
        &business
            .act("the only attempt of the day", &connect(ADA))
            .await,
    );
    let terminate = json!({"messaging_product": "whatsapp", "call_id": id, "action": "terminate"});
    business.act("terminate", &terminate).await;
    business.act("one more", &connect(ADA)).await;
    story.push_str(&business.story());
    insta::assert_snapshot!(story);
}

fn offering(sdp: &str) -> Value {
    let mut body = connect(ADA);
    body["session"]["sdp"] = sdp.into();
    body
}

#[tokio::test]
async fn session_descriptions_that_break_a_rule() {
    let mut business = Business::start().await;
    let without = |start: &str| {
        OFFER
            .lines()
            .filter(|it| !it.starts_with(start))
            .map(|it| format!("{it}\r\n"))
            .collect::<String>()
    };
    let fingerprint = OFFER
        .lines()
        .find(|it| it.starts_with("a=fingerprint"))
        .expect("a fingerprint");
    let stories = [
        ("not SDP", offering("hello")),
        (
            "encoded once too often",
            offering(&serde_json::to_string(OFFER).expect("JSON")),
        ),
        ("no fingerprint", offering(&without("a=fingerprint"))),
        (
            "two fingerprints",
            offering(&format!("{OFFER}{fingerprint}\r\n")),
        ),
        ("no ICE credentials", offering(&without("a=ice-"))),
        (
            "too large",
            offering(&format!("{OFFER}{}", "a=x:y\r\n".repeat(6_000))),
        ),
    ];
    for (what, body) in &stories {
        business.act(what, body).await;
    }
    let mut wrong_type = connect(ADA);
    wrong_type["session"]["sdp_type"] = "answer".into();
    business
        .act("an answer where an offer belongs", &wrong_type)
        .await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn a_preset_chooses_the_code_for_bad_session_descriptions() {
    let meta = Preset::meta_2026();
    let as_seen_live = Preset {
        sdp: SdpRules {
            error_code: 138_008,
            ..meta.sdp
        },
        ..meta
    };
    let mut business = Business::start_with(as_seen_live).await;
    business.act("not SDP", &offering("hello")).await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn the_desk_is_gone() {
    let mut business = Business::start().await;
    business.stop().await;
    business.act("connect", &connect(ADA)).await;
    insta::assert_snapshot!(business.story());
}

/// A limit is for what was done: what was refused, whatever for, has used nothing up.
#[tokio::test]
async fn what_is_refused_counts_for_nothing() {
    let mut preset = Preset::meta_2026();
    preset.calls.attempts_per_day_max = 1;
    preset.messages.per_second = 1;
    let mut business = Business::start_with(preset).await;
    for (what, to, code) in [
        ("nobody's number", "4915100000000", Some(138_001)),
        ("nobody's number again", "4915100000000", Some(138_001)),
        ("a user who allows nothing", BOB, Some(138_006)),
        ("a user who does", ADA, None),
        ("one too many", ADA, Some(138_005)),
    ] {
        let answer = business.act(what, &connect(to)).await;
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["error"]["code"].as_u64(), code, "{what}: {answer}");
        if code.is_none() {
            let id = answer["calls"][0]["id"].clone();
            let end =
                json!({"messaging_product": "whatsapp", "call_id": id, "action": "terminate"});
            business.act("terminate", &end).await;
        }
    }
    let missing = json!({
        "messaging_product": "whatsapp", "to": ADA, "type": "template",
        "template": {"name": "nothing", "language": {"code": "en"}},
    });
    let text =
        json!({"messaging_product": "whatsapp", "to": "4915100000000", "text": {"body": "Hi"}});
    for (what, message, code) in [
        ("no such template", &missing, Some(132_001)),
        ("the first of a second", &text, None),
        ("to nobody counts as well", &text, Some(130_429)),
    ] {
        let answer = business.message(what, message).await;
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["error"]["code"].as_u64(), code, "{what}: {answer}");
    }
}
