//! Bodies as clients send them, what is refused of them, and what is shown of settings.

use std::fmt::Write;
use std::time::Duration;

use types::Timestamp;
use types::calling::{CallingChange, CallingSettings, ServerChange, Sip, SipServer};

use super::*;
use crate::json;
use crate::subscriptions::Params;

fn params(json: &str) -> Params {
    json::object(json.as_bytes()).expect("an object")
}

#[track_caller]
fn taken(calling: &str) -> CallingChange {
    change(&params(&format!(r#"{{"calling":{calling}}}"#))).expect(calling)
}

/// Every key that there is, as Meta's page prints them.
const EVERYTHING: &str = r#"{
  "status": "ENABLED",
  "call_icon_visibility": "DISABLE_ALL",
  "call_icons": {"restrict_to_user_countries": ["US", "br"]},
  "call_hours": {
    "status": "ENABLED",
    "timezone_id": "America/Manaus",
    "weekly_operating_hours": [
      {"day_of_week": "MONDAY", "open_time": "0400", "close_time": "1020"},
      {"day_of_week": "tuesday", "open_time": "01:08", "close_time": "10:20"}
    ],
    "holiday_schedule": [
      {"date": "2026-01-01", "start_time": "0000", "end_time": "2359"},
      {"date": "2026-01-02", "open_time": "0900", "close_time": "1200"}
    ]
  },
  "callback_permission_status": "ENABLED",
  "srtp_key_exchange_protocol": "SDES",
  "sip": {
    "status": "ENABLED",
    "webhook_delivery": "ENABLED",
    "servers": [
      {"hostname": "sip.example.com", "port": "5062", "request_uri_user_params": {"tgrp": "wacall"}}
    ]
  },
  "audio": {"additional_codecs": ["PCMA", "PCMU"]},
  "voicemail": {
    "status": "ENABLED",
    "triggers": ["REJECT", "TIMEOUT"],
    "audio": {"default": {"announcement_media_id": 938884519013664, "timeout_seconds": 20}}
  }
}"#;

#[test]
fn everything_that_can_be_set() {
    insta::assert_debug_snapshot!(taken(EVERYTHING));
}

/// Settings after a change to nothing, with one server.
fn set(change: CallingChange) -> CallingSettings {
    let servers = match change.sip.server {
        Some(ServerChange::Set(address)) => vec![SipServer {
            app: "634974688087057".parse().expect("an id"),
            address,
            password: "a password".to_owned(),
        }],
        Some(ServerChange::Forget) | None => Vec::new(),
    };
    CallingSettings {
        enabled: change.enabled == Some(true),
        icon: change.icon.unwrap_or_default(),
        icon_countries: change.icon_countries.unwrap_or_default(),
        hours: change.hours,
        callback_permission: change.callback_permission == Some(true),
        srtp: change.srtp,
        sip: Sip {
            enabled: change.sip.enabled == Some(true),
            webhooks: change.sip.webhooks == Some(true),
            servers,
        },
        codecs: change.codecs.unwrap_or_default(),
        voicemail: change.voicemail,
    }
}

const NOW: Timestamp = Timestamp::from_secs(1_760_681_500);

fn restrictions() -> [Restriction; 2] {
    [
        Restriction {
            kind: RestrictionKind::BusinessInitiated,
            until: NOW + Duration::from_secs(100),
        },
        Restriction {
            kind: RestrictionKind::CallButtonHidden,
            until: NOW + Duration::from_secs(200),
        },
    ]
}

#[test]
fn what_is_shown() {
    let shown = |settings: &CallingSettings, restrictions: &[_], credentials| {
        let media = ["127.0.0.1".parse().expect("an address")];
        let settings = Settings::new(settings, restrictions, &media, credentials);
        testkit::json::pretty(&crate::reply::body(&settings))
    };
    let nothing = shown(&CallingSettings::default(), &[], false);
    insta::assert_snapshot!("nothing_was_set", nothing);

    let everything = set(taken(EVERYTHING));
    let text = shown(&everything, &restrictions(), false);
    assert!(!text.contains("password"), "{text}");
    insta::assert_snapshot!("everything_was_set", text);
    let text = shown(&everything, &restrictions(), true);
    assert!(
        text.contains(r#""sip_user_password": "a password""#),
        "{text}"
    );

    let body = crate::reply::body(&Settings::new(&everything, &[], &[], true));
    assert!(!String::from_utf8_lossy(&body).contains("ip_addresses"));
}

#[test]
fn what_was_read_can_be_sent_back() {
    let settings = set(taken(EVERYTHING));
    let body = crate::reply::body(&Settings::new(&settings, &[], &[], true));
    let shown = json::object(&body).expect("an object");
    let calling = shown["calling"].as_object().expect("an object");
    assert_eq!(set(super::calling(calling).expect("good")), settings);
}

#[test]
fn a_change_is_told() {
    let body = updated(
        &"102290129340398".parse().expect("an id"),
        &"436666719526789".parse().expect("an id"),
        &set(taken(EVERYTHING)),
        &restrictions()[..1],
        NOW,
    );
    let text = testkit::json::pretty(&body);
    assert!(!text.contains("password"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn what_clients_send_is_understood() {
    assert_eq!(taken(r#"{"status":"disabled"}"#).enabled, Some(false));
    let in_a_form = params(r#"{"calling":"{\"status\":\"ENABLED\"}","access_token":"x"}"#);
    assert_eq!(change(&in_a_form).expect("good").enabled, Some(true));

    // pywa sends null for what was not set.
    let hours = taken(
        r#"{"call_hours":{"status":"ENABLED","timezone_id":"UTC",
            "weekly_operating_hours":[{"day_of_week":"SUNDAY","open_time":"0900","close_time":"1700"}],
            "holiday_schedule":null},"sip":null}"#,
    );
    assert_eq!(hours.hours.expect("hours").holidays, []);
    assert_eq!(hours.sip.server, None);

    let off = taken(r#"{"call_hours":{"status":"DISABLED"}}"#);
    assert_eq!(off.hours.expect("hours").time_zone, "UTC");
    let all = taken(r#"{"call_icons":{"restrict_to_user_countries":[]}}"#);
    assert_eq!(all.icon_countries, Some(Vec::new()));
    assert_eq!(taken(r#"{"call_icons":{}}"#).icon_countries, None);

    let forget = taken(r#"{"sip":{"servers":[]}}"#);
    assert_eq!(forget.sip.server, Some(ServerChange::Forget));
    let plain = taken(r#"{"sip":{"servers":[{"hostname":"a.example.com"}]}}"#);
    match plain.sip.server {
        Some(ServerChange::Set(address)) => assert_eq!(address.port, 5_061),
        other => panic!("not a server: {other:?}"),
    }
}

#[test]
fn refusals_name_the_key() {
    let mut told = String::new();
    let mut refuse = |body: &str| {
        let error = change(&params(body)).expect_err(body);
        assert_eq!(error.code.code(), 100);
        writeln!(told, "{body}\n  {}", error.details).expect("a text");
    };
    for body in ["{}", r#"{"calling":"{"}"#, r#"{"calling":[]}"#] {
        refuse(body);
    }
    refuse(r#"{"calling":{"status":"ENABLED"},"storage_configuration":{}}"#);
    for calling in [
        "{}",
        r#"{"status":"MAYBE"}"#,
        r#"{"status":true}"#,
        r#"{"video":{"status":"ENABLED"}}"#,
        r#"{"call_icon_visibility":"HIDE_IN_CHAT"}"#,
        r#"{"call_icons":["US"]}"#,
        r#"{"call_icons":{"countries":["US"]}}"#,
        r#"{"call_icons":{"restrict_to_user_countries":"US"}}"#,
        r#"{"call_icons":{"restrict_to_user_countries":["US","Brazil"]}}"#,
        r#"{"call_hours":{}}"#,
        r#"{"call_hours":{"status":"ENABLED"}}"#,
        r#"{"call_hours":{"status":"ENABLED","timezone_id":7}}"#,
        r#"{"call_hours":{"status":"DISABLED","weekly_operating_hours":{}}}"#,
        r#"{"call_hours":{"status":"DISABLED","weekly_operating_hours":["MONDAY"]}}"#,
        r#"{"call_hours":{"status":"DISABLED","weekly_operating_hours":[{"day_of_week":"MON"}]}}"#,
        r#"{"call_hours":{"status":"DISABLED","weekly_operating_hours":[{"day_of_week":"MONDAY","open_time":"0900"}]}}"#,
        r#"{"call_hours":{"status":"DISABLED","weekly_operating_hours":[{"day_of_week":"MONDAY","open_time":"9:00"}]}}"#,
        r#"{"call_hours":{"status":"DISABLED","weekly_operating_hours":[{"day_of_week":"MONDAY","open_time":"2400"}]}}"#,
        r#"{"call_hours":{"status":"DISABLED","holiday_schedule":[{"start_time":"0000","end_time":"2359"}]}}"#,
        r#"{"call_hours":{"status":"DISABLED","holiday_schedule":[{"date":"2026-01-01","end_time":"2359"}]}}"#,
        r#"{"call_hours":{"status":"DISABLED","holiday_schedule":[{"date":"01.01.2026","start_time":"0000","end_time":"2359"}]}}"#,
        r#"{"callback_permission_status":"ON"}"#,
        r#"{"srtp_key_exchange_protocol":"ZRTP"}"#,
        r#"{"sip":{"status":"ENABLED","server":{}}}"#,
        r#"{"sip":{"servers":{"hostname":"a.example.com"}}}"#,
        r#"{"sip":{"servers":[{"port":5061}]}}"#,
        r#"{"sip":{"servers":[{"hostname":"a.example.com","port":0}]}}"#,
        r#"{"sip":{"servers":[{"hostname":"a.example.com","port":"SIPS"}]}}"#,
        r#"{"sip":{"servers":[{"hostname":"a.example.com","request_uri_user_params":{"a":1}}]}}"#,
        r#"{"sip":{"servers":[{"hostname":"a.example.com"},{"hostname":"b.example.com"}]}}"#,
        r#"{"audio":{"additional_codecs":["G722"]}}"#,
        r#"{"voicemail":{"triggers":["REJECT"]}}"#,
        r#"{"voicemail":{"status":"ENABLED","triggers":["BUSY"]}}"#,
        r#"{"voicemail":{"status":"ENABLED","audio":{"default":{"timeout_seconds":-1}}}}"#,
    ] {
        refuse(&format!(r#"{{"calling":{calling}}}"#));
    }
    insta::assert_snapshot!(told);
}
