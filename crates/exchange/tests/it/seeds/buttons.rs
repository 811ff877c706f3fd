//! Call buttons, in a message and in a template, as 360dialog's page on inbound calls prints them.

use reqwest::Method;
use serde_json::{Value, json};

use super::permissions::in_a_path;
use super::{printed, shape};
use crate::business::{ADA, NUMBER, OFFER, OTHER_NUMBER};
use crate::customer::{BOTH, Customer, Wish, text};

const BUTTON: &str = include_str!("printed/inbound_call_button.json");
const TEMPLATE: &str = include_str!("printed/inbound_button_template.json");
const TEMPLATE_MESSAGE: &str = include_str!("printed/inbound_button_message.json");

#[tokio::test]
async fn a_message_with_a_button_that_is_pressed() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        customer.written_by(ADA).await;
        let sent = customer
            .post(Wish::Message, &printed(BUTTON, ADA, ""))
            .await;
        assert_eq!(sent.status, 200, "{}", sent.body);
        let documented = json!({
            "messaging_product": "whatsapp",
            "contacts": [{"input": ADA, "wa_id": ADA}], "messages": [{"id": "wamid.X"}],
        });
        shape::holds(&documented, &sent.body, &[]);
        pressed(&customer, &text(&sent.body["messages"][0]["id"])).await;
    }
}

#[tokio::test]
async fn ttl_from_a_minute_to_thirty_days() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        customer.written_by(ADA).await;
        for (minutes, status) in [(0, 400), (1, 200), (43_200, 200), (43_201, 400)] {
            let mut button = printed(BUTTON, ADA, "");
            button["interactive"]["action"]["parameters"]["ttl_minutes"] = minutes.into();
            let sent = customer.post(Wish::Message, &button).await;
            assert_eq!(sent.status, status, "{minutes}: {}", sent.body);
        }
    }
}

/// A button calls its sender, whatever number is dialled with it; once it has expired, it calls nobody.
#[tokio::test]
async fn a_button_calls_its_sender_and_for_its_time() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        customer.written_by(ADA).await;
        let sent = customer
            .post(Wish::Message, &printed(BUTTON, ADA, ""))
            .await;
        let button = text(&sent.body["messages"][0]["id"]);
        let mut phone = customer.business.phone(ADA).await;
        let mut dial = dial(&button);
        dial["to"] = OTHER_NUMBER.into();
        phone.say(&dial).await;
        let call = phone.hear_of("dialing").await["call_id"].clone();
        let connected = customer.told("connect").await;
        assert_eq!(connected.call_id(), call.as_str());
        assert_eq!(connected.value()["calls"][0]["to"], "15550783881");
        phone
            .say(&json!({"type": "hang_up", "call_id": call}))
            .await;
        customer.told("terminate").await;

        customer.business.wait_ms(100 * 60_000).await;
        phone.say(&dial).await;
        let refused = phone.hear_of("dial_refused").await;
        assert!(text(&refused["message"]).contains("expired"), "{refused}");
    }
}

/// The printed address ends in a blank, and is taken.
#[tokio::test]
async fn a_template_with_a_button_that_is_pressed() {
    for dialect in BOTH {
        let customer = Customer::start(*dialect).await;
        let made = customer
            .post(Wish::Templates, &printed(TEMPLATE, "", ""))
            .await;
        assert_eq!(made.status, 200, "{}", made.body);
        assert_eq!(made.body["category"], "MARKETING", "{}", made.body);
        let message = printed(TEMPLATE_MESSAGE, ADA, "");
        let sent = customer.post(Wish::Message, &message).await;
        assert_eq!(sent.status, 200, "{}", sent.body);
        pressed(&customer, &text(&sent.body["messages"][0]["id"])).await;
    }
}

/// Ada presses the button: the business that sent it is called, as if by the icon in the chat.
async fn pressed(customer: &Customer, message: &str) {
    let path = format!("/messages/{}", in_a_path(message));
    let shown = customer
        .business
        .control(Method::GET, &path, Value::Null)
        .await;
    assert_eq!(shown["wa_id"], ADA, "{shown}");
    let mut phone = customer.business.phone(ADA).await;
    phone.say(&dial(message)).await;
    let dialing = phone.hear_of("dialing").await;
    let connected = customer.told("connect").await;
    let call = &connected.value()["calls"][0];
    assert_eq!(call["id"], dialing["call_id"]);
    assert_eq!(call["direction"], "USER_INITIATED");
    assert_eq!(
        (&call["from"], &call["to"]),
        (&json!(ADA), &json!("15550783881"))
    );
}

fn dial(button: &str) -> Value {
    json!({"type": "dial", "dial_id": "1", "to": NUMBER, "sdp": OFFER, "button": button})
}
