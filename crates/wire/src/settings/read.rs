//! Reading: what a body asks to be changed.

use serde_json::{Map, Value};
use types::calendar::{Holiday, Opening};
use types::calling::{
    CallHours, CallingChange, ServerChange, SipAddress, SipChange, SrtpKeyExchange, Voicemail,
};
use types::limits::VOICEMAIL_TIMEOUT_SECS_MAX;

use super::value::{Key, Object};
use crate::ApiError;
use crate::json::{self, kind};
use crate::subscriptions::Params;

/// Reads the parameters of a request.
///
/// # Errors
///
/// Code 100 that names the key, says what was wrong and what to send.
pub fn change(params: &Params) -> Result<CallingChange, ApiError> {
    if let Some(other) = OTHER_FEATURES.iter().find(|it| params.contains_key(**it)) {
        return Err(ApiError::parameter(format!(
            "This exchange keeps the settings of calls alone, and not {other}. Send calling by itself."
        )));
    }
    match params.get("calling") {
        Some(Value::Object(settings)) => calling(settings),
        // In a query or a form, an object comes as its JSON text.
        Some(Value::String(text)) if text.trim_start().starts_with('{') => {
            let settings = json::object(text.as_bytes())
                .map_err(|e| ApiError::parameter(format!("In calling: {}", e.details)))?;
            calling(&settings)
        }
        None | Some(Value::Null) => Err(ApiError::parameter(
            "The parameter calling is missing. Send {\"calling\": {\"status\": \"ENABLED\"}}.",
        )),
        Some(other) => Err(ApiError::parameter(format!(
            "calling is {}. It must be an object.",
            kind(other)
        ))),
    }
}

/// Reads the object under the key `calling`.
///
/// # Errors
///
/// As [`change`].
pub fn calling(settings: &Map<String, Value>) -> Result<CallingChange, ApiError> {
    let settings = Object::new("calling", settings);
    settings.only(&KEYS)?;
    if settings.is_empty() {
        return Err(ApiError::parameter(format!(
            "calling is empty. Send at least one of {}.",
            KEYS.join(", ")
        )));
    }
    let get = |key| settings.get(key);
    Ok(CallingChange {
        enabled: get("status").map(Key::switch).transpose()?,
        icon: get("call_icon_visibility").map(Key::parsed).transpose()?,
        icon_countries: get("call_icons").map(icon_countries).transpose()?.flatten(),
        hours: get("call_hours").map(hours).transpose()?,
        callback_permission: get("callback_permission_status")
            .map(Key::switch)
            .transpose()?,
        srtp: get("srtp_key_exchange_protocol")
            .map(Key::parsed::<SrtpKeyExchange>)
            .transpose()?,
        sip: get("sip").map(sip).transpose()?.unwrap_or_default(),
        codecs: get("audio").map(codecs).transpose()?.flatten(),
        voicemail: get("voicemail").map(voicemail).transpose()?,
    })
}

fn icon_countries(key: Key<'_>) -> Result<Option<Vec<types::Country>>, ApiError> {
    let icons = key.object()?;
    icons.only(&["restrict_to_user_countries"])?;
    let Some(list) = icons.get("restrict_to_user_countries") else {
        return Ok(None);
    };
    let countries = list.list()?.into_iter().map(Key::parsed);
    countries.collect::<Result<_, _>>().map(Some)
}

fn hours(key: Key<'_>) -> Result<CallHours, ApiError> {
    let hours = key.object()?;
    hours.only(&[
        "status",
        "timezone_id",
        "weekly_operating_hours",
        "holiday_schedule",
    ])?;
    let switch = "\"ENABLED\" or \"DISABLED\"";
    let enabled = hours.require("status", switch)?.switch()?;
    let time_zone = match hours.get("timezone_id") {
        Some(zone) => zone.text()?.to_owned(),
        None if enabled => {
            let what = "a name of the IANA database, such as \"America/Manaus\"";
            hours.require("timezone_id", what)?.text()?.to_owned()
        }
        None => "UTC".to_owned(),
    };
    let items = |key| {
        hours
            .get(key)
            .map_or_else(|| Ok(Vec::new()), |it| it.list())
    };
    Ok(CallHours {
        enabled,
        time_zone,
        weekly: items("weekly_operating_hours")?
            .into_iter()
            .map(opening)
            .collect::<Result<_, _>>()?,
        holidays: items("holiday_schedule")?
            .into_iter()
            .map(holiday)
            .collect::<Result<_, _>>()?,
    })
}

fn opening(key: Key<'_>) -> Result<Opening, ApiError> {
    let opening = key.object()?;
    opening.only(&["day_of_week", "open_time", "close_time"])?;
    Ok(Opening {
        day: opening
            .require("day_of_week", "one of MONDAY to SUNDAY")?
            .parsed()?,
        open: opening.require("open_time", TIME)?.parsed()?,
        close: opening.require("close_time", TIME)?.parsed()?,
    })
}

/// Meta's table calls the times `open_time` and `close_time`, every sample `start_time` and
/// `end_time`.
fn holiday(key: Key<'_>) -> Result<Holiday, ApiError> {
    let holiday = key.object()?;
    holiday.only(&["date", "start_time", "end_time", "open_time", "close_time"])?;
    let time = |key, other| match holiday.get(other) {
        Some(time) if holiday.get(key).is_none() => time.parsed(),
        _ => holiday.require(key, TIME)?.parsed(),
    };
    Ok(Holiday {
        date: holiday
            .require("date", "a date such as \"2026-01-01\"")?
            .parsed()?,
        start: time("start_time", "open_time")?,
        end: time("end_time", "close_time")?,
    })
}

fn sip(key: Key<'_>) -> Result<SipChange, ApiError> {
    let sip = key.object()?;
    sip.only(&["status", "webhook_delivery", "servers"])?;
    let server = match sip.get("servers") {
        None => None,
        Some(servers) => {
            let mut listed = servers.list()?;
            match (listed.len(), listed.pop()) {
                (0, _) | (_, None) => Some(ServerChange::Forget),
                (1, Some(one)) => Some(ServerChange::Set(address(one)?)),
                (entries, Some(_)) => {
                    let rule = "An app has one server: send one, or [] to forget it.";
                    return Err(servers.too_many(entries, rule));
                }
            }
        }
    };
    Ok(SipChange {
        enabled: sip.get("status").map(Key::switch).transpose()?,
        webhooks: sip.get("webhook_delivery").map(Key::switch).transpose()?,
        server,
    })
}

/// What `GET` shows of a server besides may come back with it: clients send what they read.
fn address(key: Key<'_>) -> Result<SipAddress, ApiError> {
    let server = key.object()?;
    server.only(&[
        "hostname",
        "port",
        "request_uri_user_params",
        "app_id",
        "sip_user_password",
    ])?;
    let what = "the name of your SIP server, such as \"sip.example.com\"";
    let hostname = server.require("hostname", what)?.text()?.to_owned();
    let port = match server.get("port") {
        None => SIP_PORT,
        Some(port) => {
            let unfit = port.unfit("a port from 1 to 65535");
            match port.whole(u16::MAX.into()).map(u16::try_from) {
                Ok(Ok(port @ 1..)) => port,
                _ => return Err(unfit),
            }
        }
    };
    let user_params = match server.get("request_uri_user_params") {
        None => Default::default(),
        Some(params) => params
            .object()?
            .entries()
            .map(|(key, value)| Ok((key.clone(), value.text()?.to_owned())))
            .collect::<Result<_, ApiError>>()?,
    };
    Ok(SipAddress {
        hostname,
        port,
        user_params,
    })
}

fn codecs(key: Key<'_>) -> Result<Option<Vec<types::calling::Codec>>, ApiError> {
    let audio = key.object()?;
    audio.only(&["additional_codecs"])?;
    let Some(list) = audio.get("additional_codecs") else {
        return Ok(None);
    };
    let codecs = list.list()?.into_iter().map(Key::parsed);
    codecs.collect::<Result<_, _>>().map(Some)
}

fn voicemail(key: Key<'_>) -> Result<Voicemail, ApiError> {
    let voicemail = key.object()?;
    voicemail.only(&["status", "triggers", "audio"])?;
    let switch = "\"ENABLED\" or \"DISABLED\"";
    let triggers = match voicemail.get("triggers") {
        None => Vec::new(),
        Some(list) => list
            .list()?
            .into_iter()
            .map(Key::parsed)
            .collect::<Result<_, _>>()?,
    };
    let (announcement, timeout_secs) = match voicemail.get("audio") {
        None => (None, None),
        Some(audio) => announcement(audio)?,
    };
    Ok(Voicemail {
        enabled: voicemail.require("status", switch)?.switch()?,
        triggers,
        announcement,
        timeout_secs,
    })
}

fn announcement(key: Key<'_>) -> Result<(Option<u64>, Option<u32>), ApiError> {
    let audio = key.object()?;
    audio.only(&["default"])?;
    let Some(default) = audio.get("default") else {
        return Ok((None, None));
    };
    let default = default.object()?;
    default.only(&["announcement_media_id", "timeout_seconds"])?;
    let whole = |key, max| default.get(key).map(|it| it.whole(max)).transpose();
    let timeout = whole("timeout_seconds", VOICEMAIL_TIMEOUT_SECS_MAX.into())?;
    Ok((
        whole("announcement_media_id", u64::MAX)?,
        timeout.and_then(|secs| secs.try_into().ok()),
    ))
}

/// What may stand under `calling`.
const KEYS: [&str; 9] = [
    "status",
    "call_icon_visibility",
    "call_icons",
    "call_hours",
    "callback_permission_status",
    "srtp_key_exchange_protocol",
    "sip",
    "audio",
    "voicemail",
];

/// What Meta lets a number set at the same path.
const OTHER_FEATURES: [&str; 3] = [
    "payload_encryption",
    "storage_configuration",
    "user_identity_change",
];

const TIME: &str = "a time of day such as \"0930\"";

/// The port of SIP over TLS (RFC 3261).
const SIP_PORT: u16 = 5_061;
