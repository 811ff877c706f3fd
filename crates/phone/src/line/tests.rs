//! Every message as it stands on the line, there and back.

use super::*;

#[test]
fn what_a_phone_says() {
    let call_id: CallId = "wacid.ABC".parse().expect("a call id");
    check_from(
        &FromPhone::Dial {
            dial_id: "d1".to_owned(),
            to: "+1 555 078 3881".to_owned(),
            sdp: "v=0\r\n".to_owned(),
            button: None,
            deep_link_payload: None,
        },
        r#"{"type":"dial","dial_id":"d1","to":"+1 555 078 3881","sdp":"v=0\r\n"}"#,
    );
    check_from(
        &FromPhone::Dial {
            dial_id: "d1".to_owned(),
            to: "15550783881".to_owned(),
            sdp: "v=0".to_owned(),
            button: Some(message_id()),
            deep_link_payload: Some("spring".to_owned()),
        },
        r#"{"type":"dial","dial_id":"d1","to":"15550783881","sdp":"v=0","button":"wamid.ABC","deep_link_payload":"spring"}"#,
    );
    check_from(
        &FromPhone::Ringing {
            call_id: call_id.clone(),
        },
        r#"{"type":"ringing","call_id":"wacid.ABC"}"#,
    );
    check_from(
        &FromPhone::PickUp {
            call_id: call_id.clone(),
            sdp: "v=0".to_owned(),
        },
        r#"{"type":"pick_up","call_id":"wacid.ABC","sdp":"v=0"}"#,
    );
    check_from(
        &FromPhone::Reject {
            call_id: call_id.clone(),
        },
        r#"{"type":"reject","call_id":"wacid.ABC"}"#,
    );
    check_from(
        &FromPhone::HangUp { call_id },
        r#"{"type":"hang_up","call_id":"wacid.ABC"}"#,
    );
}

#[test]
fn what_a_phone_says_in_a_chat() {
    check_from(
        &FromPhone::Text {
            to: "436666719526789".to_owned(),
            body: "Where is my order?".to_owned(),
        },
        r#"{"type":"text","to":"436666719526789","body":"Where is my order?"}"#,
    );
    check_from(
        &FromPhone::Read {
            message_id: message_id(),
        },
        r#"{"type":"read","message_id":"wamid.ABC"}"#,
    );
    check_from(
        &FromPhone::AnswerPermission {
            message_id: message_id(),
            answer: PermissionAnswer::Permanent,
        },
        r#"{"type":"answer_permission","message_id":"wamid.ABC","answer":"permanent"}"#,
    );
    check_from(
        &FromPhone::SetPermission {
            phone_number_id: number(),
            permission: PermissionHeld::None,
        },
        r#"{"type":"set_permission","phone_number_id":"436666719526789","permission":"none"}"#,
    );
}

#[test]
fn what_the_exchange_says() {
    let call_id: CallId = "wacid.ABC".parse().expect("a call id");
    let shop = Business {
        phone_number_id: "436666719526789".parse().expect("an id"),
        display_phone_number: "15550783881".parse().expect("a number"),
        name: "Shop".to_owned(),
        call_icon: true,
    };
    check_to(
        &ToPhone::Welcome {
            wa_id: "14085551234".parse().expect("a number"),
            name: "Ana".to_owned(),
            businesses: vec![shop.clone()],
            calls: vec![call_id.clone()],
            chat: vec![],
            permissions: vec![],
            now_ms: 7,
        },
        r#"{"type":"welcome","wa_id":"14085551234","name":"Ana","businesses":[{"phone_number_id":"436666719526789","display_phone_number":"15550783881","name":"Shop","call_icon":true}],"calls":["wacid.ABC"],"chat":[],"permissions":[],"now_ms":7}"#,
    );
    check_to(
        &ToPhone::Businesses {
            businesses: vec![Business {
                call_icon: false,
                ..shop.clone()
            }],
        },
        r#"{"type":"businesses","businesses":[{"phone_number_id":"436666719526789","display_phone_number":"15550783881","name":"Shop","call_icon":false}]}"#,
    );
    check_to(
        &ToPhone::Dialing {
            dial_id: "d1".to_owned(),
            call_id: call_id.clone(),
            sdp: "v=0".to_owned(),
        },
        r#"{"type":"dialing","dial_id":"d1","call_id":"wacid.ABC","sdp":"v=0"}"#,
    );
    check_to(
        &ToPhone::DialRefused {
            dial_id: "d1".to_owned(),
            reason: DialRefusal::CallingDisabled,
            message: "no".to_owned(),
            opens_at_ms: None,
            callback_offered: false,
        },
        r#"{"type":"dial_refused","dial_id":"d1","reason":"calling_disabled","message":"no"}"#,
    );
    check_to(
        &ToPhone::DialRefused {
            dial_id: "d1".to_owned(),
            reason: DialRefusal::Closed,
            message: "later".to_owned(),
            opens_at_ms: Some(1_760_681_500_000),
            callback_offered: true,
        },
        r#"{"type":"dial_refused","dial_id":"d1","reason":"closed","message":"later","opens_at_ms":1760681500000,"callback_offered":true}"#,
    );
    check_to(
        &ToPhone::Ring {
            call_id: call_id.clone(),
            from: shop,
            sdp: "v=0".to_owned(),
        },
        r#"{"type":"ring","call_id":"wacid.ABC","from":{"phone_number_id":"436666719526789","display_phone_number":"15550783881","name":"Shop","call_icon":true},"sdp":"v=0"}"#,
    );
    check_to(
        &ToPhone::StopRinging {
            call_id: call_id.clone(),
            reason: StopReason::TakenElsewhere,
        },
        r#"{"type":"stop_ringing","call_id":"wacid.ABC","reason":"taken_elsewhere"}"#,
    );
    check_to(
        &ToPhone::RemoteRinging {
            call_id: call_id.clone(),
        },
        r#"{"type":"remote_ringing","call_id":"wacid.ABC"}"#,
    );
    check_to(
        &ToPhone::Accepted {
            call_id: call_id.clone(),
        },
        r#"{"type":"accepted","call_id":"wacid.ABC"}"#,
    );
    check_to(
        &ToPhone::Ended {
            call_id,
            reason: "no_answer".to_owned(),
            message: "Nobody answered.".to_owned(),
        },
        r#"{"type":"ended","call_id":"wacid.ABC","reason":"no_answer","message":"Nobody answered."}"#,
    );
    check_to(
        &ToPhone::Error {
            message: "What?".to_owned(),
        },
        r#"{"type":"error","message":"What?"}"#,
    );
}

#[test]
fn what_the_exchange_says_of_a_chat() {
    check_to(
        &ToPhone::ChatStatus {
            message_id: message_id(),
            status: ChatStatus::Read,
        },
        r#"{"type":"chat_status","message_id":"wamid.ABC","status":"read"}"#,
    );
    check_to(
        &ToPhone::Permission {
            permission: CallPermission {
                phone_number_id: number(),
                permission: PermissionHeld::Temporary,
                until_ms: Some(1_767_225_600_000),
            },
        },
        r#"{"type":"permission","phone_number_id":"436666719526789","permission":"temporary","until_ms":1767225600000}"#,
    );
}

#[test]
fn every_kind_of_message() {
    let text = ChatContent::Text {
        body: "Hello.".to_owned(),
    };
    check_chat(text, r#""kind":"text","body":"Hello.""#);
    let request = PermissionRequest {
        state: RequestState::Open,
        answer: None,
        until_ms: 9,
    };
    check_chat(
        ChatContent::CallPermissionRequest {
            body: Some("May we call?".to_owned()),
            request,
        },
        r#""kind":"call_permission_request","body":"May we call?","request":{"state":"open","until_ms":9}"#,
    );
    check_chat(
        ChatContent::CallButton {
            body: "Questions?".to_owned(),
            display_text: "Call us".to_owned(),
            expires_at_ms: 9,
        },
        r#""kind":"call_button","body":"Questions?","display_text":"Call us","expires_at_ms":9"#,
    );
    check_chat(
        ChatContent::Template {
            header: Some("Order 7".to_owned()),
            body: "It is on its way.".to_owned(),
            footer: Some("Shop".to_owned()),
            buttons: vec![
                TemplateButton::VoiceCall {
                    text: "Call".to_owned(),
                    expires_at_ms: 9,
                },
                TemplateButton::Url {
                    text: "Track".to_owned(),
                    url: "https://shop.example/7".to_owned(),
                },
                TemplateButton::Other {
                    text: "Stop".to_owned(),
                },
            ],
            request: Some(PermissionRequest {
                state: RequestState::Answered,
                answer: Some(PermissionAnswer::Decline),
                until_ms: 9,
            }),
        },
        concat!(
            r#""kind":"template","header":"Order 7","body":"It is on its way.","footer":"Shop","#,
            r#""buttons":[{"type":"voice_call","text":"Call","expires_at_ms":9},"#,
            r#"{"type":"url","text":"Track","url":"https://shop.example/7"},"#,
            r#"{"type":"other","text":"Stop"}],"#,
            r#""request":{"state":"answered","answer":"decline","until_ms":9}"#
        ),
    );
    let notice = ChatContent::Notice {
        text: "It can no longer call you.".to_owned(),
    };
    check_chat(
        notice,
        r#""kind":"notice","text":"It can no longer call you.""#,
    );
}

#[test]
fn words_are_the_same_in_code_and_on_the_line() {
    for reason in [
        DialRefusal::UnknownBusiness,
        DialRefusal::CallingDisabled,
        DialRefusal::Closed,
        DialRefusal::Restricted,
        DialRefusal::Blocked,
        DialRefusal::ButtonExpired,
        DialRefusal::Busy,
        DialRefusal::AlreadyInCall,
        DialRefusal::BadOffer,
        DialRefusal::TryAgain,
        DialRefusal::Other,
    ] {
        assert_eq!(to_json(&reason), format!("\"{}\"", reason.as_str()));
    }
    for reason in [
        StopReason::TakenElsewhere,
        StopReason::RejectedElsewhere,
        StopReason::CallerHungUp,
        StopReason::NoAnswer,
        StopReason::Ended,
    ] {
        assert_eq!(to_json(&reason), format!("\"{}\"", reason.as_str()));
    }
    for status in [
        ChatStatus::Sent,
        ChatStatus::Delivered,
        ChatStatus::Read,
        ChatStatus::Failed,
    ] {
        assert_eq!(to_json(&status), format!("\"{}\"", status.as_str()));
    }
    for answer in [
        PermissionAnswer::Temporary,
        PermissionAnswer::Permanent,
        PermissionAnswer::Decline,
    ] {
        assert_eq!(to_json(&answer), format!("\"{}\"", answer.as_str()));
    }
    for held in [
        PermissionHeld::None,
        PermissionHeld::Temporary,
        PermissionHeld::Permanent,
    ] {
        assert_eq!(to_json(&held), format!("\"{}\"", held.as_str()));
    }
}

#[test]
fn takes_what_a_later_version_may_say() {
    assert_eq!(
        ToPhone::parse(
            r#"{"type":"stop_ringing","call_id":"wacid.A","reason":"moon","colour":"red"}"#
        ),
        Ok(ToPhone::StopRinging {
            call_id: "wacid.A".parse().expect("a call id"),
            reason: StopReason::Ended,
        })
    );
    assert!(matches!(
        ToPhone::parse(r#"{"type":"dial_refused","dial_id":"d","reason":"new","message":""}"#),
        Ok(ToPhone::DialRefused {
            reason: DialRefusal::Other,
            ..
        })
    ));
}

#[test]
fn says_what_is_wrong() {
    let wrong = |frame: &str| FromPhone::parse(frame).expect_err(frame).to_string();
    assert!(wrong("hello").starts_with("not a message of the phone line: expected value"));
    assert!(wrong(r#"{"type":"sing"}"#).contains("unknown variant `sing`"));
    assert!(wrong(r#"{"type":"reject"}"#).contains("missing field `call_id`"));
    assert!(wrong(r#"{"type":"reject","call_id":"7"}"#).contains("not a call id"));
    let long = format!(r#"{{"type":"{}"}}"#, "x".repeat(PHONE_MESSAGE_BYTES_MAX));
    assert!(wrong(&long).contains("too long"));
}

#[test]
fn debug_shows_nothing_private() {
    let ring = ToPhone::parse(
        r#"{"type":"ring","call_id":"wacid.A","from":{"phone_number_id":"4366","display_phone_number":"15550783881","name":"Shop","call_icon":true},"sdp":"v=0"}"#,
    )
    .expect("a ring");
    assert_eq!(format!("{ring:?}"), "ring wacid.A");
    let chat = ToPhone::Chat {
        message: message(ChatContent::Text {
            body: "I am 43.".to_owned(),
        }),
    };
    assert_eq!(format!("{chat:?}"), "chat text wamid.ABC");
    let text = FromPhone::Text {
        to: "15550783881".to_owned(),
        body: "I am 43.".to_owned(),
    };
    assert_eq!(format!("{text:?}"), "text");
}

fn message_id() -> MessageId {
    "wamid.ABC".parse().expect("a message id")
}

fn number() -> PhoneNumberId {
    "436666719526789".parse().expect("an id")
}

fn message(content: ChatContent) -> ChatMessage {
    ChatMessage {
        id: message_id(),
        phone_number_id: number(),
        from: ChatSide::Business,
        at_ms: 7,
        status: ChatStatus::Delivered,
        content,
    }
}

#[track_caller]
fn check_chat(content: ChatContent, fields: &str) {
    let head = r#"{"type":"chat","message":{"id":"wamid.ABC","phone_number_id":"436666719526789","from":"business","at_ms":7,"status":"delivered","#;
    let message = message(content);
    check_to(&ToPhone::Chat { message }, &format!("{head}{fields}}}}}"));
}

#[track_caller]
fn check_from(message: &FromPhone, frame: &str) {
    assert_eq!(message.to_json(), frame);
    assert_eq!(FromPhone::parse(frame).as_ref(), Ok(message));
}

#[track_caller]
fn check_to(message: &ToPhone, frame: &str) {
    assert_eq!(message.to_json(), frame);
    assert_eq!(ToPhone::parse(frame).as_ref(), Ok(message));
}
