//! The six ways in which a business hears of a permission, in both shapes, and 360dialog's event.

use std::fmt::Write;

use super::*;

#[test]
fn the_six_scenarios() {
    insta::assert_snapshot!("rich", story(Shape::Rich));
}

#[test]
fn the_six_scenarios_as_the_documents_print_them() {
    insta::assert_snapshot!("doc_exact", story(Shape::DocExact));
}

#[test]
fn the_flat_event() {
    let event = FlatPermission {
        waba_id: "102290129340398".parse().expect("an id"),
        recipient: "14085551234".parse().expect("a number"),
        status: "GRANTED",
    };
    insta::assert_snapshot!(
        String::from_utf8(event.to_bytes()).expect("ASCII"),
        @r#"{"event":"call_permission_status","status":"GRANTED","waba_id":"102290129340398","recipient":"14085551234"}"#
    );
}

fn story(shape: Shape) -> String {
    let request = || Some(About::Request("wamid.HBgLMTQw".parse().expect("an id")));
    let call = || Some(About::Call("wacid.HBgLMTQw".parse().expect("an id")));
    let until = Some(Timestamp::from_secs(1_768_550_400));
    let accept = |until| PermissionResponse::Accept { until };
    let mut story = String::new();
    for (scenario, about, response, automatic) in [
        ("allowed for a time", request(), accept(until), false),
        ("allowed for ever", request(), accept(None), false),
        ("allowed in the profile", None, accept(None), false),
        ("declined", request(), PermissionResponse::Reject, false),
        ("allowed by calling", call(), accept(until), true),
        (
            "revoked after calls not taken",
            None,
            PermissionResponse::Reject,
            true,
        ),
    ] {
        let reply = PermissionReply {
            line: BusinessLine {
                waba_id: "102290129340398".parse().expect("an id"),
                phone_number_id: "436666719526789".parse().expect("an id"),
                display_phone_number: "15550001111".parse().expect("a number"),
            },
            user: UserContact {
                wa_id: "14085551234".parse().expect("a number"),
                user_id: "US.13491208655302741918".parse().expect("an id"),
                name: "Zoë".to_owned(),
            },
            id: "wamid.HBgLMTQwODU1NTEyMzQ=".parse().expect("an id"),
            at: Timestamp::from_secs(1_767_168_000),
            about,
            response,
            automatic,
        };
        let body = testkit::json::pretty(&reply.to_bytes(shape));
        writeln!(story, "--- {scenario}\n{body}\n").expect("text");
    }
    story
}
