//! The settings of a number's calls: changed by its business or by the operator, shown, and told of.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rules::settings::{Changed, Eligible, Facts};
use serde_json::json;
use store::numbers::Number;
use types::calling::{CallingChange, CallingSettings, ServerChange};
use types::preset::RestrictionKinds;
use types::{AppId, PhoneNumberId, Timestamp, WabaId};
use wire::settings::{Restriction, RestrictionKind};

use super::auth::Acting;
use super::effects::Effect;
use super::{Refused, Turn, numbers};
use crate::{account_notices, time_zones};

/// Changes settings as the business asks.
///
/// # Errors
///
/// [`Refused::Settings`]; then nothing changes.
pub fn change(
    turn: &mut Turn<'_>,
    acting: &Acting,
    change: CallingChange,
) -> Result<Number, Refused> {
    let number = acting.number().clone();
    let eligible = Eligible {
        messaging_limit: number.messaging_limit,
        messaging_limit_min: turn.preset.eligibility.messaging_limit_min,
        calls_heard: calls_heard(turn, &number)?,
        restricted: match turn.preset.eligibility.restrictions {
            RestrictionKinds::Split => None,
            RestrictionKinds::Combined => number.restrictions.of_calls(turn.now),
        },
    };
    apply(turn, number, Some(acting.app()), change, Some(eligible))
}

/// Changes settings as the operator asks, who may switch calls on for a number that could not.
///
/// # Errors
///
/// [`Refused::UnknownNumber`]; [`Refused::Settings`] for settings that no number can have.
pub fn change_by_operator(
    turn: &mut Turn<'_>,
    id: &PhoneNumberId,
    change: CallingChange,
) -> Result<Number, Refused> {
    let number = numbers::find(turn, id)?;
    // A SIP server belongs to an app: here to the first that works for the account.
    let apps = store::wabas::subscribed_apps(turn.tx, &number.waba)?;
    apply(turn, number, apps.first(), change, None)
}

/// The settings of a number that is new, as the configuration has them.
///
/// # Errors
///
/// As [`change_by_operator`].
pub fn at_first(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    change: CallingChange,
) -> Result<CallingSettings, Refused> {
    let apps = store::wabas::subscribed_apps(turn.tx, waba)?;
    let nothing = CallingSettings::default();
    Ok(decide(turn, &nothing, apps.first(), change, None)?.settings)
}

fn apply(
    turn: &mut Turn<'_>,
    mut number: Number,
    app: Option<&AppId>,
    change: CallingChange,
    eligible: Option<Eligible>,
) -> Result<Number, Refused> {
    let changed = decide(turn, &number.settings, app, change, eligible)?;
    if changed.settings == number.settings {
        return Ok(number);
    }
    number.settings = changed.settings;
    store::numbers::save(turn.tx, &number)?;
    let detail = json!({ "calling_enabled": number.settings.enabled });
    turn.tell("number.changed", Some(&number.id), None, &detail)?;
    turn.afterwards(Effect::ShowBusinesses);
    if changed.to_be_told {
        account_notices::settings_changed(turn, &number)?;
    }
    Ok(number)
}

fn decide(
    turn: &mut Turn<'_>,
    before: &CallingSettings,
    app: Option<&AppId>,
    change: CallingChange,
    eligible: Option<Eligible>,
) -> Result<Changed, Refused> {
    let today_there = change.hours.as_ref().and_then(|hours| {
        let offsets = time_zones::offsets(&hours.time_zone, turn.now)?;
        Some(offsets.date(turn.now))
    });
    let sip_password = match change.sip.server {
        Some(ServerChange::Set(_)) => sip_password(turn.chance),
        Some(ServerChange::Forget) | None => String::new(),
    };
    let facts = Facts {
        app,
        hours: &turn.preset.hours,
        today_there,
        eligible,
        sip_password: &sip_password,
    };
    Ok(rules::settings::apply(before, change, &facts)?)
}

/// What a number is suspended from now, in the words of the preset.
#[must_use]
pub fn restrictions(number: &Number, now: Timestamp, kinds: RestrictionKinds) -> Vec<Restriction> {
    let running = number.restrictions.without_past(now);
    let business = (
        RestrictionKind::BusinessInitiated,
        running.business_initiated_until,
    );
    let user = (RestrictionKind::UserInitiated, running.user_initiated_until);
    let button = (
        RestrictionKind::CallButtonHidden,
        running.call_button_hidden_until,
    );
    let listed = match kinds {
        RestrictionKinds::Split => vec![business, user, button],
        RestrictionKinds::Combined => {
            vec![(RestrictionKind::Combined, business.1.max(user.1)), button]
        }
    };
    let restriction = |(kind, until): (_, Option<_>)| {
        Some(Restriction {
            kind,
            until: until?,
        })
    };
    listed.into_iter().filter_map(restriction).collect()
}

/// Whether any app hears of the number's calls.
fn calls_heard(turn: &mut Turn<'_>, number: &Number) -> Result<bool, Refused> {
    let heard = store::subscriptions::route(turn.tx, &number.waba, &number.id, "calls")?;
    Ok(!heard.is_empty())
}

/// A password as Meta's look: letters and digits.
fn sip_password(chance: &mut ChaCha8Rng) -> String {
    (0..SIP_PASSWORD_CHARS)
        .map(|_| char::from(LETTERS[chance.random_range(0..LETTERS.len())]))
        .collect()
}

const SIP_PASSWORD_CHARS: usize = 20;
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
