//! What a business may set about the calls of a number, and what follows from it (`wire.md` 4.1, 7.5).
//!
//! A change is taken whole or not at all. What only its surroundings can tell, the caller says as
//! [`Facts`].

mod fault;

use types::calling::{CallHours, CallIcon, CallingChange, CallingSettings, MessagingLimit};
use types::calling::{ServerChange, Sip, SipAddress, SipChange, SipServer};
use types::calling::{SrtpKeyExchange, Voicemail, VoicemailTrigger};
use types::limits::{
    CALL_ICON_COUNTRIES_MAX, SIP_HOSTNAME_BYTES_MAX, SIP_SERVERS_MAX, SIP_USER_PARAM_CHARS_MAX,
    SIP_USER_PARAMS_MAX, VOICEMAIL_TIMEOUT_SECS_MAX,
};
use types::preset::HoursRules;
use types::{AppId, Country, Date, Timestamp};

use crate::hours::Schedule;
use crate::reach::{Restricted, Restrictions};

pub use fault::Fault;

/// What is known of a number and of whoever changes its settings.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The app that asks, whose SIP server is meant.
    pub app: Option<&'a AppId>,
    /// What business hours may be.
    pub hours: &'a HoursRules,
    /// The date in the time zone of the hours that are to be set; none if there is no such zone.
    pub today_there: Option<Date>,
    /// What stands between the number and calls; none for an operator, who may do anything.
    pub eligible: Option<Eligible>,
    /// A new password for a SIP server, drawn by chance; used where one is made.
    pub sip_password: &'a str,
}

/// What a number must show before calls are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eligible {
    /// How many users the business may write to first.
    pub messaging_limit: MessagingLimit,
    /// How many it must be at least.
    pub messaging_limit_min: u32,
    /// Whether an app is subscribed to the field `calls`.
    pub calls_heard: bool,
    /// Why nothing may be changed now, if the platform is so strict.
    pub restricted: Option<Restricted>,
}

/// The settings after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// All of them.
    pub settings: CallingSettings,
    /// Whether one of those changed that `account_settings_update` tells of (`wire.md` 4.3).
    pub to_be_told: bool,
}

/// The settings of a number after a change to them.
///
/// # Errors
///
/// With the first rule that is broken; then nothing changes.
pub fn apply(
    before: &CallingSettings,
    change: CallingChange,
    facts: &Facts<'_>,
) -> Result<Changed, Fault> {
    if let Some(restricted) = facts.eligible.and_then(|it| it.restricted) {
        return Err(Fault::Restricted(restricted));
    }
    let asks_to_enable = change.enabled == Some(true);
    let countries = change.icon_countries.as_ref();
    if countries.is_some_and(|it| it.len() > CALL_ICON_COUNTRIES_MAX) {
        return Err(Fault::TooManyCountries);
    }
    if let Some(hours) = &change.hours {
        check_hours(hours, facts)?;
    }
    if let Some(voicemail) = &change.voicemail {
        check_voicemail(voicemail)?;
    }
    let settings = CallingSettings {
        enabled: change.enabled.unwrap_or(before.enabled),
        icon: change.icon.unwrap_or(before.icon),
        icon_countries: change
            .icon_countries
            .map_or_else(|| before.icon_countries.clone(), without_doubles),
        hours: change.hours.or_else(|| before.hours.clone()),
        callback_permission: change
            .callback_permission
            .unwrap_or(before.callback_permission),
        srtp: change.srtp.or(before.srtp),
        sip: sip(&before.sip, change.sip, facts)?,
        codecs: change
            .codecs
            .map_or_else(|| before.codecs.clone(), without_doubles),
        voicemail: change.voicemail.or_else(|| before.voicemail.clone()),
    };
    if asks_to_enable {
        check_eligible(&settings, facts)?;
    }
    Ok(Changed {
        to_be_told: told(before) != told(&settings),
        settings,
    })
}

/// Whether a user of that country sees the number's call button. Whoever does not can still call
/// from the contacts, the call log or a link.
#[must_use]
pub fn shows_icon(
    settings: &CallingSettings,
    restrictions: &Restrictions,
    now: Timestamp,
    country: Country,
) -> bool {
    let visible = match settings.icon {
        CallIcon::Default => true,
        CallIcon::DisableAll => false,
    };
    let countries = &settings.icon_countries;
    settings.enabled
        && visible
        && (countries.is_empty() || countries.contains(&country))
        && !restrictions.hides_call_button(now)
}

/// The hours in which users can call and the name of their time zone; none if they always can.
#[must_use]
pub fn call_hours(settings: &CallingSettings) -> Option<(&str, Schedule)> {
    let hours = settings.hours.as_ref().filter(|it| it.enabled)?;
    Some((&hours.time_zone, schedule(hours)))
}

fn schedule(hours: &CallHours) -> Schedule {
    Schedule {
        weekly: hours.weekly.clone(),
        holidays: hours.holidays.clone(),
    }
}

/// Hours that are switched off need none, but what is given must be right.
fn check_hours(hours: &CallHours, facts: &Facts<'_>) -> Result<(), Fault> {
    let today = facts.today_there.ok_or(Fault::UnknownTimeZone)?;
    if !hours.enabled && hours.weekly.is_empty() && hours.holidays.is_empty() {
        return Ok(());
    }
    schedule(hours)
        .check(facts.hours, today)
        .map_err(Fault::Hours)
}

fn check_voicemail(voicemail: &Voicemail) -> Result<(), Fault> {
    if voicemail.enabled && voicemail.triggers.is_empty() {
        return Err(Fault::NoVoicemailTrigger);
    }
    if voicemail
        .timeout_secs
        .is_some_and(|secs| secs > VOICEMAIL_TIMEOUT_SECS_MAX)
    {
        return Err(Fault::VoicemailTimeout);
    }
    let only_timeout = voicemail.triggers.iter().all(|it| match it {
        VoicemailTrigger::Timeout => true,
        VoicemailTrigger::Reject => false,
    });
    if voicemail.enabled && only_timeout && voicemail.timeout_secs.is_none() {
        return Err(Fault::VoicemailNeverBegins);
    }
    Ok(())
}

fn sip(before: &Sip, change: SipChange, facts: &Facts<'_>) -> Result<Sip, Fault> {
    let touched = change != SipChange::default();
    let mut sip = Sip {
        enabled: change.enabled.unwrap_or(before.enabled),
        webhooks: change.webhooks.unwrap_or(before.webhooks),
        servers: before.servers.clone(),
    };
    match change.server {
        None => {}
        Some(ServerChange::Forget) => sip.servers.retain(|it| Some(&it.app) != facts.app),
        Some(ServerChange::Set(address)) => {
            check_address(&address)?;
            let app = facts.app.ok_or(Fault::NobodysSipServer)?;
            let room = sip.servers.len() < SIP_SERVERS_MAX;
            match sip.servers.iter_mut().find(|it| it.app == *app) {
                Some(server) => server.address = address,
                None if !room => return Err(Fault::TooManySipServers),
                None => sip.servers.push(SipServer {
                    app: app.clone(),
                    address,
                    password: facts.sip_password.to_owned(),
                }),
            }
        }
    }
    if touched && sip.enabled && sip.servers.is_empty() {
        return Err(Fault::NoSipServer);
    }
    Ok(sip)
}

fn check_address(address: &SipAddress) -> Result<(), Fault> {
    let letters = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let hostname = &address.hostname;
    if hostname.is_empty()
        || hostname.len() > SIP_HOSTNAME_BYTES_MAX
        || !hostname.bytes().all(letters)
    {
        return Err(Fault::SipHostname);
    }
    if address.user_params.len() > SIP_USER_PARAMS_MAX {
        return Err(Fault::TooManySipUserParams);
    }
    let too_long = |text: &String| text.chars().count() > SIP_USER_PARAM_CHARS_MAX;
    let mut params = address.user_params.iter();
    if params.any(|(key, value)| key.is_empty() || too_long(key) || too_long(value)) {
        return Err(Fault::SipUserParam);
    }
    Ok(())
}

fn check_eligible(settings: &CallingSettings, facts: &Facts<'_>) -> Result<(), Fault> {
    let Some(eligible) = facts.eligible else {
        return Ok(());
    };
    let (limit, min) = (eligible.messaging_limit, eligible.messaging_limit_min);
    if limit.users().is_some_and(|users| users < min) {
        return Err(Fault::MessagingLimit { limit, min });
    }
    if !eligible.calls_heard && !settings.sip.enabled {
        return Err(Fault::NobodyListens);
    }
    Ok(())
}

/// What `account_settings_update` tells of.
fn told(settings: &CallingSettings) -> (bool, CallIcon, bool, bool, Option<SrtpKeyExchange>) {
    (
        settings.enabled,
        settings.icon,
        settings.callback_permission,
        settings.sip.enabled,
        settings.srtp,
    )
}

fn without_doubles<T: PartialEq>(list: Vec<T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::with_capacity(list.len());
    for item in list {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

#[cfg(test)]
mod tests;
