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
        },
        r#"{"type":"dial","dial_id":"d1","to":"+1 555 078 3881","sdp":"v=0\r\n"}"#,
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
fn what_the_exchange_says() {
    let call_id: CallId = "wacid.ABC".parse().expect("a call id");
    let shop = Business {
        phone_number_id: "436666719526789".parse().expect("an id"),
        display_phone_number: "15550783881".parse().expect("a number"),
        name: "Shop".to_owned(),
    };
    check_to(
        &ToPhone::Welcome {
            wa_id: "14085551234".parse().expect("a number"),
            name: "Ana".to_owned(),
            businesses: vec![shop.clone()],
            calls: vec![call_id.clone()],
        },
        r#"{"type":"welcome","wa_id":"14085551234","name":"Ana","businesses":[{"phone_number_id":"436666719526789","display_phone_number":"15550783881","name":"Shop"}],"calls":["wacid.ABC"]}"#,
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
        },
        r#"{"type":"dial_refused","dial_id":"d1","reason":"calling_disabled","message":"no"}"#,
    );
    check_to(
        &ToPhone::Ring {
            call_id: call_id.clone(),
            from: shop,
            sdp: "v=0".to_owned(),
        },
        r#"{"type":"ring","call_id":"wacid.ABC","from":{"phone_number_id":"436666719526789","display_phone_number":"15550783881","name":"Shop"},"sdp":"v=0"}"#,
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
fn words_are_the_same_in_code_and_on_the_line() {
    for reason in [
        DialRefusal::UnknownBusiness,
        DialRefusal::CallingDisabled,
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
        r#"{"type":"ring","call_id":"wacid.A","from":{"phone_number_id":"4366","display_phone_number":"15550783881","name":"Shop"},"sdp":"v=0"}"#,
    )
    .expect("a ring");
    assert_eq!(format!("{ring:?}"), "ring wacid.A");
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
