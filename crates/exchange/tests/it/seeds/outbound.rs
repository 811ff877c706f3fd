//! 360dialog's page on outbound calls, and Meta's page on business-initiated calls.

use reqwest::Method;
use serde_json::json;

use super::{printed, shape};
use crate::business::{ADA, ANSWER, BOB, NUMBER, OTHER_NUMBER, OTHER_TOKEN};
use crate::customer::{BOTH, Customer, Dialect, Wish, answer, connect, text};

const CONNECT: &str = include_str!("printed/outbound_connect.json");
const CONNECT_WEBHOOK: &str = include_str!("printed/outbound_connect_webhook.json");
const STATUS_WEBHOOK: &str = include_str!("printed/outbound_status_webhook.json");
const TERMINATE_WEBHOOK: &str = include_str!("printed/inbound_terminate_webhook.json");

/// The printed path is the singular one, the reference has the plural; Meta's has the number in it.
#[tokio::test]
async fn connect_by_every_path() {
    for (dialect, path) in [
        (Dialect::D360, "/calling/call".to_owned()),
        (Dialect::D360, "/calling/calls".to_owned()),
        (Dialect::Graph, format!("/{NUMBER}/calls")),
        (Dialect::Graph, format!("/v24.0/{NUMBER}/calls")),
    ] {
        let customer = Customer::start(dialect).await;
        let request = match dialect {
            Dialect::D360 => customer.business.d360(Method::POST, &path),
            Dialect::Graph => customer.business.graph(Method::POST, &path),
        };
        let placed = answer(request.json(&printed(CONNECT, ADA, ""))).await;
        assert_eq!(placed.status, 200, "{path}: {}", placed.body);
        let documented = json!({"messaging_product": "whatsapp", "calls": [{"id": "wacid.X"}]});
        shape::holds(&documented, &placed.body, &[]);
    }
}

#[tokio::test]
async fn connect_and_status_webhooks_have_the_printed_shape() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let mut phone = customer.business.phone(ADA).await;
        let mut body = printed(CONNECT, ADA, "");
        body["biz_opaque_callback_data"] = "order 17".into();
        let placed = customer.post(Wish::Call, &body).await;
        let call = text(&placed.body["calls"][0]["id"]);

        // Media is set up before anybody has taken the call.
        let connected = customer.told("connect").await;
        let missing = ["entry.changes.value.calls.connection"];
        shape::holds(&printed(CONNECT_WEBHOOK, "", ""), &connected.json, &missing);
        let told = &connected.value()["calls"][0];
        assert_eq!(told["session"]["sdp_type"], "answer");
        assert_eq!(
            (&told["from"], &told["to"]),
            (&json!("15550783881"), &json!(ADA))
        );
        assert_eq!(told["biz_opaque_callback_data"], "order 17");

        let ring = phone.hear().await;
        phone
            .say(&json!({"type": "ringing", "call_id": ring["call_id"]}))
            .await;
        let rings = customer.told("RINGING").await;
        shape::holds(&printed(STATUS_WEBHOOK, "", ""), &rings.json, &[]);
        phone
            .say(&json!({"type": "pick_up", "call_id": ring["call_id"], "sdp": ANSWER}))
            .await;
        let accepted = customer.told("ACCEPTED").await;
        shape::holds(&printed(STATUS_WEBHOOK, "", ""), &accepted.json, &[]);
        let status = &accepted.value()["statuses"][0];
        assert_eq!(status["biz_opaque_callback_data"], "order 17");
        assert_eq!(status["id"], call);

        customer.business.wait_ms(5_000).await;
        assert_eq!(customer.terminate(&call).await.status, 200);
        let ended = customer.told("terminate").await;
        let told = &ended.value()["calls"][0];
        assert_eq!(told["biz_opaque_callback_data"], "order 17");
        assert_eq!(told["duration"], 5);
    }
}

/// The printed `connection` is Meta's legacy way; subscribers who want webhooks letter by letter as the
/// documents have them get it.
#[tokio::test]
async fn the_legacy_connection_is_there_for_whoever_wants_it() {
    let customer = Customer::start(Dialect::Graph).await;
    let wish = json!({
        "url": customer.business.receiver.url_at("/letter"),
        "phone_number_id": NUMBER, "shape": "doc_exact",
    });
    customer
        .business
        .control(Method::POST, "/subscriptions", wish)
        .await;
    let mut body = printed(CONNECT, ADA, "");
    body["biz_opaque_callback_data"] = "order 17".into();
    assert_eq!(customer.post(Wish::Call, &body).await.status, 200);
    let connected = customer.business.receiver.wait_for_event("connect").await;
    assert_eq!(connected.path, "/letter");
    shape::holds(&printed(CONNECT_WEBHOOK, "", ""), &connected.json, &[]);
}

/// REJECTED is a status, and the terminate webhook follows; neither has times, and there is no status
/// TERMINATE.
#[tokio::test]
async fn rejected_is_told_twice() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let mut phone = customer.business.phone(ADA).await;
        let call = customer.calls(ADA).await;
        phone.hear().await;
        phone.say(&json!({"type": "reject", "call_id": call})).await;
        let rejected = customer.told("REJECTED").await;
        shape::holds(&printed(STATUS_WEBHOOK, "", ""), &rejected.json, &[]);
        let ended = customer.told("terminate").await;
        let told = &ended.value()["calls"][0];
        for key in ["start_time", "end_time", "duration", "errors"] {
            assert!(
                told[key].is_null(),
                "{key} of a call that nobody took: {told}"
            );
        }
        let missing = [
            "entry.changes.value.calls.start_time",
            "entry.changes.value.calls.end_time",
            "entry.changes.value.calls.duration",
            "entry.changes.value.calls.biz_opaque_callback_data",
            "entry.changes.value.errors",
        ];
        shape::holds(&printed(TERMINATE_WEBHOOK, "", ""), &ended.json, &missing);
    }
}

/// The business need not terminate what the user has ended, and is told that it is over if it does.
#[tokio::test]
async fn the_user_hangs_up() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let mut phone = customer.business.phone(ADA).await;
        let call = customer.calls(ADA).await;
        phone.hear().await;
        phone
            .say(&json!({"type": "pick_up", "call_id": call, "sdp": ANSWER}))
            .await;
        customer.told("ACCEPTED").await;
        phone
            .say(&json!({"type": "hang_up", "call_id": call}))
            .await;
        let ended = customer.told("terminate").await;
        assert_eq!(ended.value()["calls"][0]["status"], "COMPLETED");
        let late = customer.terminate(&call).await;
        assert_eq!(late.status, 400);
        assert_eq!(late.body["error"]["code"], 100);
    }
}

/// The kinds of refusal that Meta's page lists for connect and terminate.
#[tokio::test]
async fn refusals_that_the_pages_list() {
    let customer = Customer::start(Dialect::Graph).await;
    let business = &customer.business;
    let offer = printed(CONNECT, ADA, "");
    let terminate = json!({
        "messaging_product": "whatsapp", "call_id": "wacid.none", "action": "terminate",
    });
    let wrong_token = business
        .request(Method::POST, &format!("/{NUMBER}/calls"))
        .bearer_auth("nobodys");
    let others = business
        .request(Method::POST, &format!("/{OTHER_NUMBER}/calls"))
        .bearer_auth(OTHER_TOKEN);
    let stories = [
        (
            "an invalid phone number id",
            business.graph(Method::POST, "/1/calls").json(&offer),
            100,
        ),
        ("no authorization", wrong_token.json(&offer), 190),
        (
            "a bad session description",
            customer
                .request(Method::POST, Wish::Call)
                .json(&connect(ADA, "v=0")),
            100,
        ),
        (
            "no permission",
            customer
                .request(Method::POST, Wish::Call)
                .json(&printed(CONNECT, BOB, "")),
            138_006,
        ),
        (
            "an invalid call id",
            customer.request(Method::POST, Wish::Call).json(&terminate),
            100,
        ),
        ("somebody else's call", others.json(&terminate), 100),
    ];
    for (what, request, code) in stories {
        let refused = answer(request).await;
        assert_eq!(refused.body["error"]["code"], code, "{what}");
        assert!(refused.body["error"]["fbtrace_id"].is_string(), "{what}");
    }
}
