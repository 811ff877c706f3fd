//! Every webhook, whole, in both shapes.

use testkit::json::pretty;

use super::*;
use crate::ErrorCode;

fn line() -> BusinessLine {
    BusinessLine {
        waba_id: "366634483210360".parse().expect("an id"),
        phone_number_id: "436666719526789".parse().expect("an id"),
        display_phone_number: "13175551399".parse().expect("a number"),
    }
}

fn user() -> UserContact {
    UserContact {
        wa_id: "12185552828".parse().expect("a number"),
        user_id: "US.13491208655302741918".parse().expect("an id"),
        name: "Zoë 📞".to_owned(),
    }
}

fn id(text: &str) -> MessageId {
    text.parse().expect("an id")
}

fn status(status: MessageStatus, pricing: Option<Pricing>) -> MessageStatusEvent {
    MessageStatusEvent {
        line: line(),
        recipient: user().wa_id,
        user: Some(user()),
        message: id("wamid.HBgLMTIxODU1NTI4MjgVAgARGBQA"),
        at: Timestamp::from_millis(1_749_196_895_999),
        status,
        pricing,
        callback_data: Some("TRx334DUDFTI4Mj".to_owned()),
    }
}

const FREE: Pricing = Pricing {
    category: PricingCategory::Service,
    free_customer_service: true,
};
const PAID: Pricing = Pricing {
    category: PricingCategory::Marketing,
    free_customer_service: false,
};

fn both_shapes(name: &str, event: &MessageStatusEvent) {
    for shape in [Shape::Rich, Shape::DocExact] {
        let body = event.to_bytes(shape);
        assert!(body.is_ascii());
        insta::assert_snapshot!(format!("{name}_{}", shape.as_str()), pretty(&body));
    }
}

#[test]
fn sent() {
    both_shapes("sent", &status(MessageStatus::Sent, Some(FREE)));
}

#[test]
fn delivered() {
    both_shapes("delivered", &status(MessageStatus::Delivered, Some(PAID)));
}

#[test]
fn read() {
    let event = MessageStatusEvent {
        callback_data: None,
        ..status(MessageStatus::Read, None)
    };
    both_shapes("read", &event);
}

#[test]
fn failed() {
    let fault = CallFault {
        code: ErrorCode::ReEngagement,
        details: "The window is closed.".to_owned(),
    };
    both_shapes("failed", &status(MessageStatus::Failed(fault), None));
}

#[test]
fn failed_because_nobody_is_there() {
    let fault = CallFault {
        code: ErrorCode::Undeliverable,
        details: "There is nobody.".to_owned(),
    };
    let event = MessageStatusEvent {
        user: None,
        ..status(MessageStatus::Failed(fault), None)
    };
    both_shapes("nobody", &event);
}

#[test]
fn what_a_user_writes() {
    let text = UserText {
        line: line(),
        user: user(),
        message: id("wamid.HBgLMTIxODU1NTI4MjgVAgASGBQA"),
        at: Timestamp::from_secs(1_749_196_895),
        body: "Où est ma commande?".to_owned(),
        reply_to: None,
    };
    let body = text.to_bytes();
    assert!(body.is_ascii());
    insta::assert_snapshot!("text", pretty(&body));
    let answer = UserText {
        reply_to: Some(id("wamid.HBgLMTIxODU1NTI4MjgVAgARGBQA")),
        ..text
    };
    insta::assert_snapshot!("answer", pretty(&answer.to_bytes()));
}
