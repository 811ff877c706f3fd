//! A user calls the business: pre-accept, accept, reject, terminate, in turn and out of turn.

use serde_json::{Value, json};
use testkit::json::pretty;

use crate::business::{ADA, ANSWER, BOB, Business};

fn action(action: &str, call_id: &str) -> Value {
    json!({"messaging_product": "whatsapp", "call_id": call_id, "action": action})
}

fn answering(verb: &str, call_id: &str, sdp: &str) -> Value {
    let mut body = action(verb, call_id);
    body["session"] = json!({"sdp_type": "answer", "sdp": sdp});
    body
}

/// The same answer but for its ICE credentials.
fn another_answer() -> String {
    let mut lines: Vec<String> = ANSWER.lines().map(str::to_owned).collect();
    for line in &mut lines {
        if let Some(ufrag) = line.strip_prefix("a=ice-ufrag:") {
            *line = format!("a=ice-ufrag:{ufrag}x");
        }
    }
    lines.join("\r\n") + "\r\n"
}

#[tokio::test]
async fn accepted_and_hung_up() {
    let mut business = Business::start().await;
    let id = business.dialled_by(ADA).await.expect("a call").to_string();
    let webhook = business.receiver.wait_for_event("connect").await;
    assert_eq!(webhook.call_id(), Some(id.as_str()));
    insta::assert_snapshot!("connect_webhook", pretty(&webhook.body));

    business
        .act(
            "pre-accept with the offer",
            &answering("pre_accept", &id, webhook.sdp().expect("an offer")),
        )
        .await;
    business
        .act("pre-accept", &answering("pre_accept", &id, ANSWER))
        .await;
    business
        .act("pre-accept again", &answering("pre_accept", &id, ANSWER))
        .await;
    business
        .act(
            "accept with another answer",
            &answering("accept", &id, &another_answer()),
        )
        .await;
    // Line ends are not part of what must be equal.
    let other_ends = ANSWER.replace("\r\n", "\n");
    business
        .act("accept", &answering("accept", &id, &other_ends))
        .await;
    business
        .act("accept again", &answering("accept", &id, ANSWER))
        .await;
    business
        .act(
            "pre-accept after the accept",
            &answering("pre_accept", &id, ANSWER),
        )
        .await;
    business
        .act("reject after the accept", &action("reject", &id))
        .await;
    business.act("terminate", &action("terminate", &id)).await;
    business
        .act("accept what is over", &answering("accept", &id, ANSWER))
        .await;
    let ended = business.receiver.wait_for_event("terminate").await;
    insta::assert_snapshot!("terminate_webhook", pretty(&ended.body));
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn rejected() {
    let mut business = Business::start().await;
    let id = business.dialled_by(BOB).await.expect("a call").to_string();
    business.act("reject", &action("reject", &id)).await;
    business.act("reject again", &action("reject", &id)).await;
    let ended = business.receiver.wait_for_event("terminate").await;
    insta::assert_snapshot!("rejected_terminate_webhook", pretty(&ended.body));
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn answers_that_cannot_be() {
    let mut business = Business::start().await;
    let id = business.dialled_by(ADA).await.expect("a call").to_string();
    let mut as_offer = answering("accept", &id, ANSWER);
    as_offer["session"]["sdp_type"] = "offer".into();
    business.act("sdp_type offer", &as_offer).await;
    business.act("no session", &action("accept", &id)).await;
    business
        .act(
            "no call id",
            &json!({"messaging_product": "whatsapp", "action": "reject"}),
        )
        .await;
    let undecided = ANSWER.replace("a=setup:active", "a=setup:actpass");
    business
        .act(
            "who starts DTLS is left open",
            &answering("accept", &id, &undecided),
        )
        .await;
    insta::assert_snapshot!(business.story());
}
