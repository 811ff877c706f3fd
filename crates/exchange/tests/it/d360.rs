//! 360dialog's dialect.

use reqwest::Method;
use serde_json::{Value, json};

use crate::business::{
    ADA, ANSWER, APP_SECRET, BOB, Business, NUMBER, OFFER, TOKEN, without_message_ids,
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;

#[tokio::test]
async fn all_five_actions() {
    let mut business = Business::start().await;
    // 360dialog's page on outbound calls: the singular path, and digits without quotes.
    let connect = json!({
        "messaging_product": "whatsapp", "to": 4_915_112_345_678_u64, "action": "connect",
        "session": {"sdp_type": "offer", "sdp": OFFER},
    });
    let request = business.d360(POST, "/calling/call").json(&connect);
    let body: Value = serde_json::from_str(&business.tell("connect", request).await).expect("JSON");
    let terminate = json!({"action": "terminate", "call_id": body["calls"][0]["id"]});
    let request = business.d360(POST, "/calling/calls").json(&terminate);
    business.tell("terminate", request).await;

    let id = business.dialled_by(ADA).await.expect("a call");
    for action in ["pre_accept", "accept"] {
        let body = json!({
            "messaging_product": "whatsapp", "call_id": id, "action": action,
            "session": {"sdp_type": "answer", "sdp": ANSWER},
        });
        let request = business.d360(POST, "/calling/calls").json(&body);
        business.tell(action, request).await;
    }
    let id = business.dialled_by(BOB).await.expect("a call");
    let reject = json!({"action": "reject", "call_id": id});
    let request = business.d360(POST, "/calling/calls/").json(&reject);
    business.tell("reject", request).await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn refusals() {
    let mut business = Business::start().await;
    let reject = json!({"action": "reject"});
    let wrong_key = business
        .request(POST, "/calling/calls")
        .header("D360-API-KEY", "nobodys");
    let stories = [
        (
            "no key",
            business.request(POST, "/calling/calls").json(&reject),
        ),
        ("a wrong key", wrong_key.json(&reject)),
        (
            "a Graph token",
            business.graph(POST, "/calling/calls").json(&reject),
        ),
        (
            "no call id",
            business.d360(POST, "/calling/calls").json(&reject),
        ),
        ("not JSON", business.d360(POST, "/calling/calls").body("{'")),
        (
            "an unknown path",
            business.d360(POST, "/calling/dial").json(&reject),
        ),
        ("a wrong method", business.d360(GET, "/calling/calls")),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn the_numbers_webhook() {
    let mut business = Business::start().await;
    let path = "/v1/configs/webhook";
    let url = business.receiver.url_at("/d360");
    let stories = [
        ("none yet", business.d360(GET, path)),
        ("set", business.d360(POST, path).json(&json!({"url": url}))),
        ("as set", business.d360(GET, path)),
        (
            "with a header, by which the receiver knows who sends",
            business.d360(POST, path).json(&json!({
                "url": url, "headers": {"Authorization": "Basic YmVuOmJyZWFk"},
            })),
        ),
        ("as set", business.d360(GET, path)),
        (
            "with one that every webhook has",
            business
                .d360(POST, path)
                .json(&json!({"url": url, "headers": {"Host": "example.com"}})),
        ),
        ("no address", business.d360(POST, path).json(&json!({}))),
        ("no key", business.request(GET, path)),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    // No handshake, and the number's webhook goes before the app's.
    assert_eq!(business.receiver.handshakes(), 0);
    business.dialled_by(ADA).await.expect("a call");
    let webhook = business.receiver.wait_for_event("connect").await;
    assert_eq!(webhook.path, "/d360");
    assert!(webhook.is_signed_with(APP_SECRET));
    assert_eq!(webhook.headers["authorization"], "Basic YmVuOmJyZWFk");
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn settings_and_permissions() {
    let mut business = Business::start().await;
    let off = json!({"calling": {"status": "DISABLED"}});
    let allowed = format!("/calling/permissions/{ADA}");
    let stories = [
        ("settings", business.d360(GET, "/calling/settings")),
        ("health", business.d360(GET, "/health_status")),
        ("a user who has allowed calls", business.d360(GET, &allowed)),
        (
            "a user who has not",
            business.d360(GET, &format!("/calling/permissions/{BOB}")),
        ),
        (
            "switch calling off",
            business.d360(POST, "/calling/settings").json(&off),
        ),
        (
            "are the number's own",
            business.graph(GET, &format!("/{NUMBER}/settings")),
        ),
        ("permissions now", business.d360(GET, &allowed)),
        (
            "a token is no key",
            business
                .request(GET, "/calling/settings")
                .bearer_auth(TOKEN),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn messages() {
    let mut business = Business::start().await;
    let theirs = business.written_by(ADA, "Where is my order?").await;
    let text = json!({"to": ADA, "type": "text", "text": {"body": "On its way."}});
    let button = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": ADA, "type": "interactive",
        "interactive": {
            "type": "voice_call", "body": {"text": "You can call us on WhatsApp now for faster service!"},
            "action": {
                "name": "voice_call", "parameters": {"display_text": "Call on WhatsApp", "ttl_minutes": 100},
            },
        },
    });
    let read = json!({"status": "read", "message_id": theirs});
    let sticker = json!({"to": ADA, "type": "sticker", "sticker": {"id": "1"}});
    let stories = [
        ("a text", business.d360(POST, "/messages").json(&text)),
        (
            "a call button",
            business.d360(POST, "/messages").json(&button),
        ),
        ("read", business.d360(POST, "/messages").json(&read)),
        ("a sticker", business.d360(POST, "/messages").json(&sticker)),
        ("no key", business.request(POST, "/messages").json(&text)),
        ("a wrong method", business.d360(GET, "/messages")),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    let delivered = business.receiver.wait_for_event("delivered").await;
    assert!(delivered.is_signed_with(APP_SECRET));
    insta::assert_snapshot!(without_message_ids(&business.story()));
}
