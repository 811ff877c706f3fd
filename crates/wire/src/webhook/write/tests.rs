//! Every webhook, whole, in both shapes; and what is written is read back.

use proptest::prelude::*;
use testkit::json::pretty;

use super::*;
use crate::webhook::{Notice, escape_non_ascii, read};

fn event(direction: Direction, what: What) -> CallEvent {
    CallEvent {
        line: BusinessLine {
            waba_id: "366634483210360".parse().expect("an id"),
            phone_number_id: "436666719526789".parse().expect("an id"),
            display_phone_number: "13175551399".parse().expect("a number"),
        },
        user: UserContact {
            wa_id: "12185552828".parse().expect("a number"),
            user_id: "US.13491208655302741918".parse().expect("an id"),
            name: "Zoë 📞".to_owned(),
        },
        call_id: "wacid.HBgLMTIxODU1NTI4MjgVAgARGCAyODRQIAFRoA"
            .parse()
            .expect("an id"),
        direction,
        at: Timestamp::from_millis(1_749_196_895_999),
        callback_data: Some("TRx334DUDFTI4Mj".to_owned()),
        origin: CallOrigin::default(),
        what,
    }
}

fn ended(started: Option<Timestamp>, fault: Option<CallFault>) -> What {
    What::Terminate {
        status: if fault.is_some() {
            EndStatus::Failed
        } else {
            EndStatus::Completed
        },
        started,
        ended: Timestamp::from_millis(1_749_197_020_001),
        fault,
    }
}

fn no_media() -> Option<CallFault> {
    Some(CallFault {
        code: ErrorCode::NoBusinessMedia,
        details: "No media came from the business for 20 s.".to_owned(),
    })
}

fn both_shapes(name: &str, event: &CallEvent) {
    for shape in [Shape::Rich, Shape::DocExact] {
        let body = event.to_bytes(shape);
        assert!(body.is_ascii());
        insta::assert_snapshot!(format!("{name}_{}", shape.as_str()), pretty(&body));
    }
}

#[test]
fn connect_of_a_users_call() {
    let event = CallEvent {
        callback_data: None,
        ..event(
            Direction::UserInitiated,
            What::Connect {
                sdp: "v=0\r\no=-\r\n".to_owned(),
            },
        )
    };
    both_shapes("user_connect", &event);
}

#[test]
fn connect_of_a_businesss_call() {
    let what = What::Connect {
        sdp: "v=0\r\no=-\r\n".to_owned(),
    };
    both_shapes(
        "business_connect",
        &event(Direction::BusinessInitiated, what),
    );
}

#[test]
fn statuses() {
    for status in [
        CallStatus::Ringing,
        CallStatus::Accepted,
        CallStatus::Rejected,
    ] {
        let event = event(Direction::BusinessInitiated, What::Status(status));
        both_shapes(
            &format!("status_{}", status.as_str().to_lowercase()),
            &event,
        );
    }
}

#[test]
fn terminate_after_a_talk() {
    let started = Some(Timestamp::from_millis(1_749_197_000_900));
    both_shapes(
        "terminate_talked",
        &event(Direction::UserInitiated, ended(started, None)),
    );
}

#[test]
fn terminate_that_nobody_answered() {
    let event = event(Direction::BusinessInitiated, ended(None, None));
    both_shapes("terminate_unanswered", &event);
}

#[test]
fn terminate_with_a_fault() {
    let started = Some(Timestamp::from_millis(1_749_197_000_000));
    let event = event(Direction::BusinessInitiated, ended(started, no_media()));
    both_shapes("terminate_failed", &event);
}

#[test]
fn other_alphabets_are_escaped_as_meta_does() {
    let escape = |text: &str| String::from_utf8(escape_non_ascii(text)).expect("ASCII");
    assert_eq!(escape("plain \"json\" \\u00e9"), "plain \"json\" \\u00e9");
    assert_eq!(escape("é"), "\\u00e9");
    assert_eq!(escape("\u{7f}\u{80}"), "\u{7f}\\u0080");
    assert_eq!(escape("📞"), "\\ud83d\\udcde");
    assert_eq!(escape("\u{2028}"), "\\u2028");
}

fn any_event() -> impl Strategy<Value = CallEvent> {
    let direction = prop_oneof![
        Just(Direction::UserInitiated),
        Just(Direction::BusinessInitiated)
    ];
    let status = prop_oneof![
        Just(CallStatus::Ringing),
        Just(CallStatus::Accepted),
        Just(CallStatus::Rejected)
    ];
    let fault = proptest::option::of((0..ErrorCode::ALL.len(), ".{0,20}").prop_map(
        |(i, details)| CallFault {
            code: ErrorCode::ALL[i],
            details,
        },
    ));
    let what = prop_oneof![
        "v=0.{0,40}".prop_map(|sdp| What::Connect { sdp }),
        status.prop_map(What::Status),
        (any::<bool>(), proptest::option::of(0..1_000_u64), fault).prop_map(
            |(failed, talked, fault)| {
                let ended = Timestamp::from_secs(1_749_197_020);
                What::Terminate {
                    status: if failed {
                        EndStatus::Failed
                    } else {
                        EndStatus::Completed
                    },
                    started: talked.map(|it| Timestamp::from_secs(1_749_197_020 - it)),
                    ended,
                    fault,
                }
            }
        ),
    ];
    (direction, what, ".{0,20}", proptest::option::of(".{0,20}")).prop_map(
        |(direction, what, name, callback_data)| {
            let mut event = event(direction, what);
            event.user.name = name;
            event.callback_data = callback_data;
            event
        },
    )
}

proptest! {
    #[test]
    fn what_the_platform_writes_the_business_reads(event in any_event(), rich in any::<bool>()) {
        let body = event.to_bytes(if rich { Shape::Rich } else { Shape::DocExact });
        let changes = read(&body).expect("a webhook");
        prop_assert_eq!(changes.len(), 1);
        let change = &changes[0];
        prop_assert_eq!(change.origin.waba_id.as_ref(), Some(&event.line.waba_id));
        prop_assert_eq!(change.origin.phone_number_id.as_ref(), Some(&event.line.phone_number_id));
        let at = Some(Timestamp::from_secs(event.at.as_secs()));
        match (&event.what, &change.notice) {
            (What::Connect { sdp }, Notice::Connect(it)) => {
                prop_assert_eq!((&it.call_id, it.direction, it.at), (&event.call_id, event.direction, at));
                prop_assert_eq!(&it.session.as_ref().expect("a session").sdp, sdp);
                prop_assert_eq!(&it.callback_data, &event.callback_data);
                prop_assert_eq!(it.user.name.as_ref(), Some(&event.user.name));
                prop_assert_eq!(it.user.wa_id.as_ref(), Some(&event.user.wa_id));
                prop_assert_eq!(it.user.user_id.as_ref(), Some(&event.user.user_id));
            }
            (What::Status(status), Notice::Status(it)) => {
                prop_assert_eq!((&it.call_id, it.status, it.at), (&event.call_id, *status, at));
                prop_assert_eq!(it.user.wa_id.as_ref(), Some(&event.user.wa_id));
            }
            (What::Terminate { status, started, ended, fault }, Notice::Terminate(it)) => {
                prop_assert_eq!((it.direction, it.status), (Some(event.direction), Some(*status)));
                prop_assert_eq!(it.started, *started);
                prop_assert_eq!(it.ended, started.map(|_| *ended));
                prop_assert_eq!(it.duration, started.map(|it| ended.since(it)));
                prop_assert_eq!(it.user.wa_id.as_ref(), Some(&event.user.wa_id));
                let codes: Vec<_> = it.faults.iter().filter_map(|it| it.code).collect();
                prop_assert_eq!(codes, fault.iter().map(|it| it.code.code()).collect::<Vec<_>>());
            }
            (what, notice) => prop_assert!(false, "{:?} read as {:?}", what, notice),
        }
    }
}
