//! What the pages say of permission: how it is asked for, what is told of it, how long it lasts and how
//! much it allows. The numbers are those of the preset `seeds-2025`, which follows the pages.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use types::Preset;

use super::{printed, shape};
use crate::business::{ANSWER, BOB, Business};
use crate::customer::{BOTH, Customer, Dialect, Wish, connect, text};

const TEMPLATE: &str = include_str!("printed/outbound_request_template.json");
const MESSAGE: &str = include_str!("printed/outbound_request_message.json");
const EVENT: &str = include_str!("printed/outbound_permission_event.json");

#[tokio::test]
async fn asked_by_template_and_granted() {
    for dialect in BOTH {
        let customer = as_printed(*dialect).await;
        let request = asks_by_template(&customer).await;
        assert_eq!(refusal(&customer).await, 138_006, "not yet");
        customer.bob_answers(&request, "temporary").await;
        if *dialect == Dialect::D360 {
            let event = customer.event(0).await;
            shape::holds(&printed(EVENT, "", ""), &event, &[]);
            assert_eq!(
                (&event["status"], &event["recipient"]),
                (&json!("GRANTED"), &json!(BOB))
            );
        }
        let placed = customer.connect(BOB).await;
        assert_eq!(placed.status, 200, "{}", placed.body);
    }
}

/// The flat event for each of the three things that it can tell.
#[tokio::test]
async fn rejected_asked_again_and_revoked() {
    let customer = as_printed(Dialect::D360).await;
    let first = asks_by_template(&customer).await;
    customer.bob_answers(&first, "decline").await;
    assert_eq!(customer.event(0).await["status"], "REJECTED");
    let second = sends_request(&customer).await;
    customer.bob_answers(&second, "temporary").await;
    assert_eq!(customer.event(1).await["status"], "GRANTED");
    customer.allowed_by(BOB, "none").await;
    assert_eq!(customer.event(2).await["status"], "REVOKED");
    assert_eq!(refusal(&customer).await, 138_006);
}

#[tokio::test]
async fn a_permission_lasts_seven_days() {
    for dialect in BOTH {
        let customer = as_printed(*dialect).await;
        customer.allowed_by(BOB, "temporary").await;
        customer.business.wait_ms(7 * DAY - 1).await;
        let call = customer.calls(BOB).await;
        customer.terminate(&call).await;
        customer.business.wait_ms(1).await;
        assert_eq!(
            refusal(&customer).await,
            138_010,
            "as the page on outbound calls says"
        );
        if *dialect == Dialect::D360 {
            assert_eq!(customer.event(1).await["status"], "REVOKED");
        }
    }
}

#[tokio::test]
async fn two_requests_in_seven_days() {
    for dialect in BOTH {
        let customer = as_printed(*dialect).await;
        asks_by_template(&customer).await;
        sends_request(&customer).await;
        let third = customer
            .post(Wish::Message, &printed(MESSAGE, BOB, ""))
            .await;
        assert_eq!(
            third.body["error"]["code"], 138_011,
            "as the page on outbound calls says"
        );
        customer.business.wait_ms(7 * DAY).await;
        sends_request(&customer).await;
    }
}

/// A connected call starts the count of requests anew.
#[tokio::test]
async fn a_connected_call_clears_the_count() {
    let customer = as_printed(Dialect::D360).await;
    asks_by_template(&customer).await;
    let second = sends_request(&customer).await;
    customer.bob_answers(&second, "temporary").await;
    customer.talks_to(BOB).await;
    customer.allowed_by(BOB, "none").await;
    sends_request(&customer).await;
}

#[tokio::test]
async fn five_connected_calls_in_a_day() {
    for dialect in BOTH {
        let customer = as_printed(*dialect).await;
        customer.allowed_by(BOB, "permanent").await;
        for _ in 0..5 {
            customer.talks_to(BOB).await;
        }
        let sixth = customer.connect(BOB).await;
        assert_eq!(sixth.body["error"]["code"], 138_012);
        let details = text(&sixth.body["error"]["error_data"]["details"]);
        assert!(
            details.contains("1780401600"),
            "when the next is possible: {details}"
        );
        customer.business.wait_ms(DAY).await;
        customer.talks_to(BOB).await;
    }
}

/// The page on inbound calls has a limit of calls for one permission, and does not say which.
#[tokio::test]
async fn too_many_calls_for_one_permission() {
    let mut preset = Preset::seeds_2025();
    preset.consent.calls_per_permission = Some(1);
    let customer = Customer::of(Dialect::D360, Business::start_with(preset).await).await;
    customer.allowed_by(BOB, "temporary").await;
    customer.talks_to(BOB).await;
    let second = customer.connect(BOB).await;
    assert_eq!(second.body["error"]["code"], 138_010, "{}", second.body);
}

#[tokio::test]
async fn four_unanswered_calls_revoke() {
    let customer = as_printed(Dialect::D360).await;
    customer.allowed_by(BOB, "permanent").await;
    let mut phone = customer.business.phone(BOB).await;
    for _ in 0..4 {
        let call = customer.calls(BOB).await;
        phone.hear_of("ring").await;
        phone
            .say(&json!({"type": "ringing", "call_id": call}))
            .await;
        customer.business.wait_ms(MINUTE).await;
    }
    assert_eq!(refusal(&customer).await, 138_006);
    assert_eq!(customer.event(1).await["status"], "REVOKED");
}

/// With `callback_permission_status` on, a user who calls has allowed to be called.
#[tokio::test]
async fn a_users_call_allows_the_call_back() {
    for dialect in BOTH {
        let customer = as_printed(*dialect).await;
        customer
            .sets(json!({"callback_permission_status": "ENABLED"}))
            .await;
        let call = customer.business.dialled_by(BOB).await.expect("a call");
        let reject = json!({"messaging_product": "whatsapp", "call_id": call, "action": "reject"});
        assert_eq!(customer.post(Wish::Call, &reject).await.status, 200);
        let placed = customer.connect(BOB).await;
        assert_eq!(placed.status, 200, "{}", placed.body);
    }
}

/// A request ends when a newer one is acted on, 7 days after its answer, and 7 days after it was
/// delivered without one. Until then the answer can be changed.
#[tokio::test]
async fn requests_end() {
    let customer = as_printed(Dialect::D360).await;
    let older = asks_by_template(&customer).await;
    let newer = sends_request(&customer).await;
    customer.bob_answers(&newer, "decline").await;
    assert_eq!(
        customer.bob_tries(&older, "temporary").await,
        404,
        "a newer one was acted on"
    );

    customer.business.wait_ms(7 * DAY - 1).await;
    customer.bob_answers(&newer, "temporary").await;
    customer.bob_answers(&newer, "decline").await;
    customer.business.wait_ms(1).await;
    let late = sends_request(&customer).await;
    customer.business.wait_ms(7 * DAY).await;
    assert_eq!(
        customer.bob_tries(&late, "temporary").await,
        404,
        "7 days without an answer"
    );
}

/// The page on outbound calls presents this as the way to ask. It is the way to read.
#[tokio::test]
async fn reading_a_permission_asks_nobody() {
    for dialect in BOTH {
        let customer = as_printed(*dialect).await;
        let read = customer.get(Wish::Permission(BOB)).await;
        assert_eq!(read.status, 200, "{}", read.body);
        assert_eq!(read.body["permission"]["status"], "no_permission");
        let messages = customer
            .business
            .control(Method::GET, "/messages", Value::Null)
            .await;
        assert_eq!(messages["data"], json!([]), "nothing was sent");
    }
}

/// 138014 means a bad session description to the page on outbound calls, and the answer says so.
#[tokio::test]
async fn a_bad_description_is_138014() {
    for dialect in BOTH {
        let customer = as_printed(*dialect).await;
        customer.allowed_by(BOB, "temporary").await;
        let refused = customer.post(Wish::Call, &connect(BOB, "v=0")).await;
        assert_eq!(refused.status, 400);
        assert_eq!(
            refused.body["error"]["message"],
            "(#138014) SDP validation error"
        );
    }
}

impl Customer {
    /// Bob answers a request.
    async fn bob_answers(&self, request: &str, answer: &str) {
        assert_eq!(self.bob_tries(request, answer).await, 200);
    }

    /// The status of Bob's answer to a request.
    async fn bob_tries(&self, request: &str, answer: &str) -> u16 {
        let path = format!("/messages/{}/answer", in_a_path(request));
        let answer = json!({"answer": answer});
        self.business
            .ask_control(Method::POST, &path, &answer)
            .await
            .0
    }

    /// The flat event of that number, from 0.
    async fn event(&self, number: usize) -> Value {
        let receiver = &self.business.receiver;
        receiver
            .wait_for(|all| {
                let mut events = all
                    .iter()
                    .filter(|it| it.json["event"] == "call_permission_status");
                events.nth(number).map(|it| it.json.clone())
            })
            .await
    }

    /// Calls somebody who takes the call, and hangs up at once.
    async fn talks_to(&self, user: &str) {
        let mut phone = self.business.phone(user).await;
        let call = self.calls(user).await;
        phone.hear_of("ring").await;
        phone
            .say(&json!({"type": "pick_up", "call_id": call, "sdp": ANSWER}))
            .await;
        phone.hear_of("accepted").await;
        assert_eq!(self.terminate(&call).await.status, 200);
    }
}

/// A customer in the preset of the pages.
async fn as_printed(dialect: Dialect) -> Customer {
    let business = Business::start_in(Preset::seeds_2025(), |world| {
        world.callbacks[0].fields.push("messages".to_owned());
    });
    Customer::of(dialect, business.await).await
}

/// Creates the template and sends it; gives the message.
async fn asks_by_template(customer: &Customer) -> String {
    let template = printed(TEMPLATE, "", "");
    let made = customer.post(Wish::Templates, &template).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let documented = json!({"id": "1", "status": "APPROVED", "category": "MARKETING"});
    shape::holds(&documented, &made.body, &[]);
    sends_request(customer).await
}

async fn sends_request(customer: &Customer) -> String {
    let sent = customer
        .post(Wish::Message, &printed(MESSAGE, BOB, ""))
        .await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    text(&sent.body["messages"][0]["id"])
}

/// Why Bob may not be called.
async fn refusal(customer: &Customer) -> Value {
    let refused = customer.connect(BOB).await;
    assert!(refused.status >= 400, "{}", refused.body);
    refused.body["error"]["code"].clone()
}

pub(super) fn in_a_path(id: &str) -> String {
    id.replace('/', "%2F").replace('+', "%2B")
}

const MINUTE: u64 = Duration::from_mins(1).as_millis() as u64;
const DAY: u64 = Duration::from_hours(24).as_millis() as u64;
