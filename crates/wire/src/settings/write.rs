//! Writing: what is set, for the business to read or to be told.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;
use types::calendar::{Holiday, Opening};
use types::calling::{
    CallHours, CallIcon, CallingSettings, Codec, Sip, SipServer, SrtpKeyExchange, Voicemail,
    VoicemailTrigger,
};
use types::{Country, PhoneNumberId, Timestamp, WabaId};

use super::RestrictionKind;
use crate::reply::Node;
use crate::webhook::body_at;

/// `GET /{phone_number_id}/settings`, and 360dialog's `GET /calling/settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settings {
    calling: Calling,
    storage_configuration: StorageConfiguration,
}

/// One suspension that is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restriction {
    /// From what.
    pub kind: RestrictionKind,
    /// Until when.
    pub until: Timestamp,
}

impl Settings {
    /// Its kind, with the features that have no settings here.
    pub const NODE: Node = Node {
        kind: "WhatsAppBusinessPhoneNumberSettings",
        unset: &[
            "fallback_language",
            "payload_encryption",
            "user_identity_change",
        ],
        edges: &[],
    };

    /// What is set about a number's calls. Passwords of SIP servers are shown with `credentials`
    /// alone; `media` are the addresses that media comes from.
    #[must_use]
    pub fn new(
        settings: &CallingSettings,
        restrictions: &[Restriction],
        media: &[IpAddr],
        credentials: bool,
    ) -> Self {
        let ip_addresses = IpAddresses {
            default: media.iter().map(ToString::to_string).collect(),
        };
        Self {
            calling: Calling {
                ip_addresses: Some(ip_addresses).filter(|it| !it.default.is_empty()),
                ..Calling::new(settings, restrictions, credentials)
            },
            storage_configuration: StorageConfiguration { status: "DEFAULT" },
        }
    }

    /// The part under the key `calling`.
    #[must_use]
    pub fn calling(&self) -> serde_json::Value {
        serde_json::to_value(&self.calling).unwrap_or_default()
    }
}

/// The body of the webhook that tells of a change, for the field `account_settings_update`.
#[must_use]
pub fn updated(
    waba_id: &WabaId,
    phone_number_id: &PhoneNumberId,
    settings: &CallingSettings,
    restrictions: &[Restriction],
    at: Timestamp,
) -> Vec<u8> {
    let value = Updated {
        messaging_product: "whatsapp",
        timestamp: at.as_secs().to_string(),
        kind: "phone_number_settings",
        phone_number_settings: OfNumber {
            phone_number_id,
            calling: Calling::new(settings, restrictions, false),
        },
    };
    body_at(waba_id, at, "account_settings_update", &value)
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct StorageConfiguration {
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Calling {
    status: &'static str,
    call_icon_visibility: CallIcon,
    call_icons: Icons,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_hours: Option<Hours>,
    callback_permission_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    srtp_key_exchange_protocol: Option<SrtpKeyExchange>,
    sip: SipOut,
    audio: Audio,
    #[serde(skip_serializing_if = "Option::is_none")]
    voicemail: Option<VoicemailOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restrictions: Option<Restrictions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_addresses: Option<IpAddresses>,
}

impl Calling {
    fn new(settings: &CallingSettings, restrictions: &[Restriction], credentials: bool) -> Self {
        let list: Vec<_> = restrictions.iter().map(RestrictionOut::new).collect();
        Self {
            status: switch(settings.enabled),
            call_icon_visibility: settings.icon,
            call_icons: Icons {
                restrict_to_user_countries: settings.icon_countries.clone(),
            },
            call_hours: settings.hours.as_ref().map(Hours::new),
            callback_permission_status: switch(settings.callback_permission),
            srtp_key_exchange_protocol: settings.srtp,
            sip: SipOut::new(&settings.sip, credentials),
            audio: Audio {
                additional_codecs: settings.codecs.clone(),
            },
            voicemail: settings.voicemail.as_ref().map(VoicemailOut::new),
            restrictions: Some(Restrictions {
                restrictions_list: list,
            })
            .filter(|it| !it.restrictions_list.is_empty()),
            ip_addresses: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Icons {
    restrict_to_user_countries: Vec<Country>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Hours {
    status: &'static str,
    timezone_id: String,
    weekly_operating_hours: Vec<OpeningOut>,
    holiday_schedule: Vec<HolidayOut>,
}

impl Hours {
    fn new(hours: &CallHours) -> Self {
        Self {
            status: switch(hours.enabled),
            timezone_id: hours.time_zone.clone(),
            weekly_operating_hours: hours.weekly.iter().map(OpeningOut::new).collect(),
            holiday_schedule: hours.holidays.iter().map(HolidayOut::new).collect(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OpeningOut {
    day_of_week: &'static str,
    open_time: String,
    close_time: String,
}

impl OpeningOut {
    fn new(opening: &Opening) -> Self {
        Self {
            day_of_week: opening.day.as_str(),
            open_time: opening.open.to_string(),
            close_time: opening.close.to_string(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct HolidayOut {
    date: String,
    start_time: String,
    end_time: String,
}

impl HolidayOut {
    fn new(holiday: &Holiday) -> Self {
        Self {
            date: holiday.date.to_string(),
            start_time: holiday.start.to_string(),
            end_time: holiday.end.to_string(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct SipOut {
    status: &'static str,
    webhook_delivery: &'static str,
    servers: Vec<Server>,
}

impl SipOut {
    fn new(sip: &Sip, credentials: bool) -> Self {
        let server = |it| Server::new(it, credentials);
        Self {
            status: switch(sip.enabled),
            webhook_delivery: switch(sip.webhooks),
            servers: sip.servers.iter().map(server).collect(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Server {
    /// Clients want a number; an id that is too long for one stays a string.
    app_id: serde_json::Value,
    hostname: String,
    port: u16,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    request_uri_user_params: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sip_user_password: Option<String>,
}

impl Server {
    fn new(server: &SipServer, credentials: bool) -> Self {
        let id = server.app.as_str();
        Self {
            app_id: id.parse::<u64>().map_or_else(|_| id.into(), Into::into),
            hostname: server.address.hostname.clone(),
            port: server.address.port,
            request_uri_user_params: server.address.user_params.clone(),
            sip_user_password: credentials.then(|| server.password.clone()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Audio {
    additional_codecs: Vec<Codec>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct VoicemailOut {
    status: &'static str,
    triggers: Vec<VoicemailTrigger>,
    audio: VoicemailAudio,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct VoicemailAudio {
    default: Announcement,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Announcement {
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement_media_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_seconds: Option<u32>,
}

impl VoicemailOut {
    fn new(voicemail: &Voicemail) -> Self {
        Self {
            status: switch(voicemail.enabled),
            triggers: voicemail.triggers.clone(),
            audio: VoicemailAudio {
                default: Announcement {
                    announcement_media_id: voicemail.announcement,
                    timeout_seconds: voicemail.timeout_secs,
                },
            },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Restrictions {
    restrictions_list: Vec<RestrictionOut>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RestrictionOut {
    #[serde(rename = "type")]
    kind: &'static str,
    reason: &'static str,
    expiration: u64,
}

impl RestrictionOut {
    const fn new(restriction: &Restriction) -> Self {
        Self {
            kind: restriction.kind.as_str(),
            reason: restriction.kind.reason(),
            expiration: restriction.until.as_secs_up(),
        }
    }
}

/// The addresses that media comes from. Meta's documents do not show the key's inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct IpAddresses {
    default: Vec<String>,
}

#[derive(Serialize)]
struct Updated<'a> {
    messaging_product: &'static str,
    timestamp: String,
    #[serde(rename = "type")]
    kind: &'static str,
    phone_number_settings: OfNumber<'a>,
}

#[derive(Serialize)]
struct OfNumber<'a> {
    phone_number_id: &'a PhoneNumberId,
    calling: Calling,
}

const fn switch(on: bool) -> &'static str {
    if on { "ENABLED" } else { "DISABLED" }
}
