//! 360dialog's page on inbound calls.

use serde_json::json;

use super::{printed, shape};
use crate::business::{ADA, ANSWER};
use crate::customer::{BOTH, Customer, Wish};

const CONNECT_WEBHOOK: &str = include_str!("printed/inbound_connect_webhook.json");
const PRE_ACCEPT: &str = include_str!("printed/inbound_pre_accept.json");
const ACCEPT: &str = include_str!("printed/inbound_accept.json");
const REJECT: &str = include_str!("printed/inbound_reject.json");
const TERMINATE: &str = include_str!("printed/inbound_terminate.json");
const TERMINATE_WEBHOOK: &str = include_str!("printed/inbound_terminate_webhook.json");

#[tokio::test]
async fn pre_accepted_accepted_and_terminated() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let call = customer.business.dialled_by(ADA).await.expect("a call");
        let call = call.as_str();
        let connected = customer.told("connect").await;
        shape::holds(&printed(CONNECT_WEBHOOK, "", ""), &connected.json, &[]);
        let told = &connected.value()["calls"][0];
        // The page prints the numbers the other way round; its own words and live calls say so.
        assert_eq!(
            (&told["from"], &told["to"]),
            (&json!(ADA), &json!("15550783881"))
        );
        assert_eq!(told["session"]["sdp_type"], "offer");

        customer.business.media.take();
        let media_passes = || {
            let done = customer.business.media.take();
            done.iter().any(|it| it.starts_with("pass"))
        };
        let pre_accept = printed(PRE_ACCEPT, "", call);
        let pre_accepted = customer.post(Wish::Call, &pre_accept).await;
        assert_eq!(pre_accepted.status, 200, "{}", pre_accepted.body);
        shape::holds(&json!({"success": true}), &pre_accepted.body, &[]);
        assert!(!media_passes(), "media passes once the call is accepted");

        let accepted = customer.post(Wish::Call, &printed(ACCEPT, "", call)).await;
        let documented = json!({"messaging_product": "whatsapp", "success": true});
        assert_eq!(accepted.status, 200);
        shape::holds(&documented, &accepted.body, &[]);
        assert!(media_passes(), "accepted, so media passes");

        customer.business.wait_ms(2_000).await;
        let mut terminate = printed(TERMINATE, "", call);
        let bare = customer.post(Wish::Call, &terminate).await;
        assert_eq!(bare.status, 400, "the page leaves the call's id out");
        assert_eq!(bare.body["error"]["code"], 100);
        let error = json!({"error": {"message": "", "type": "", "code": 0}});
        shape::holds(&error, &bare.body, &[]);
        terminate["call_id"] = call.into();
        terminate["messaging_product"] = "whatsapp".into();
        assert_eq!(customer.post(Wish::Call, &terminate).await.status, 200);

        let ended = customer.told("terminate").await;
        let missing = [
            "entry.changes.value.errors",
            "entry.changes.value.calls.biz_opaque_callback_data",
        ];
        shape::holds(&printed(TERMINATE_WEBHOOK, "", ""), &ended.json, &missing);
        assert_eq!(ended.value()["calls"][0]["status"], "COMPLETED");
    }
}

#[tokio::test]
async fn what_accept_brings_comes_back() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let call = customer.business.dialled_by(ADA).await.expect("a call");
        let mut accept = printed(ACCEPT, "", call.as_str());
        accept["biz_opaque_callback_data"] = "order 17".into();
        assert_eq!(customer.post(Wish::Call, &accept).await.status, 200);
        customer.terminate(call.as_str()).await;
        let ended = customer.told("terminate").await;
        let told = &ended.value()["calls"][0];
        assert_eq!(told["biz_opaque_callback_data"], "order 17");
    }
}

#[tokio::test]
async fn rejected() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let call = customer.business.dialled_by(ADA).await.expect("a call");
        let mut reject = printed(REJECT, "", "");
        reject["call_id"] = call.as_str().into();
        reject["messaging_product"] = "whatsapp".into();
        let rejected = customer.post(Wish::Call, &reject).await;
        assert_eq!(rejected.status, 200, "{}", rejected.body);
        shape::holds(&json!({"success": true}), &rejected.body, &[]);
        customer.told("terminate").await;
    }
}

/// 30 to 60 seconds to accept, and then the call is over; the caller hears that nobody answered.
#[tokio::test]
async fn nobody_accepts_in_time() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let mut phone = customer.business.phone(ADA).await;
        let call = customer.business.dialled_by(ADA).await.expect("a call");
        customer.business.wait_ms(30_000).await;
        let all = customer.business.receiver.deliveries();
        assert!(all.iter().all(|it| it.event() != Some("terminate")));
        customer.business.wait_ms(30_000).await;
        let ended = customer.told("terminate").await;
        assert_eq!(ended.call_id(), Some(call.as_str()));
        let heard = phone.hear_of("ended").await;
        assert_eq!(heard["reason"], "business_did_not_answer", "{heard}");
        let late = customer
            .post(Wish::Call, &printed(ACCEPT, "", call.as_str()))
            .await;
        assert_eq!(late.body["error"]["code"], 100);
    }
}

/// A call that fails is told with `errors`, in the place that the page prints.
#[tokio::test]
async fn failed_with_errors() {
    use exchange::media_control::{LegNews, Side};

    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let mut phone = customer.business.phone(ADA).await;
        let mut offer = crate::customer::connect(ADA, crate::business::OFFER);
        offer["biz_opaque_callback_data"] = "order 17".into();
        let placed = customer.post(Wish::Call, &offer).await;
        let call = crate::customer::text(&placed.body["calls"][0]["id"]);
        phone.hear().await;
        phone
            .say(&json!({"type": "pick_up", "call_id": call, "sdp": ANSWER}))
            .await;
        customer.told("ACCEPTED").await;
        for side in [Side::User, Side::Business] {
            customer.business.leg(&call, side, LegNews::Up).await;
        }
        customer.business.wait_ms(20_000).await;
        let ended = customer.told("terminate").await;
        shape::holds(&printed(TERMINATE_WEBHOOK, "", ""), &ended.json, &[]);
        assert_eq!(ended.value()["calls"][0]["status"], "FAILED");
    }
}
