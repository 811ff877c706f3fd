//! What a business is told of its number or its account rather than of a call: changed settings,
//! warnings, suspensions, restrictions and bans.

use store::deliveries::Outgoing;
use store::numbers::Number;
use store::subscriptions::{Dialect, Scope, Subscription};
use types::{PhoneNumberId, Timestamp, WabaId};
use wire::account_update::{self, AccountRestriction, BanNews, Violation};
use wire::settings::{self, Restriction};

use crate::desk::settings::restrictions;
use crate::desk::{Refused, Turn, deliveries};
use crate::notices::publish::{About, publish};

/// Tells of changed settings, passwords left out.
pub(crate) fn settings_changed(turn: &mut Turn<'_>, number: &Number) -> Result<(), Refused> {
    let kinds = turn.preset.eligibility.restrictions;
    let body = settings::updated(
        &number.waba,
        &number.id,
        &number.settings,
        &restrictions(number, turn.now, kinds),
        turn.now,
    );
    send(turn, number, "account_settings_update", "settings", &body)
}

/// Warns of low quality.
pub(crate) fn violated(
    turn: &mut Turn<'_>,
    number: &Number,
    violation: Violation,
) -> Result<(), Refused> {
    let body = account_update::violated(&number.waba, &number.display, violation, turn.now);
    send(turn, number, "account_update", "ACCOUNT_VIOLATION", &body)
}

/// Tells of suspensions.
pub(crate) fn restricted(
    turn: &mut Turn<'_>,
    number: &Number,
    restrictions: &[Restriction],
) -> Result<(), Refused> {
    let body = account_update::restricted(&number.waba, &number.display, restrictions, turn.now);
    send(turn, number, "account_update", "ACCOUNT_RESTRICTION", &body)
}

fn send(
    turn: &mut Turn<'_>,
    number: &Number,
    field: &str,
    event: &str,
    body: &[u8],
) -> Result<(), Refused> {
    let about = About {
        number,
        call: None,
        message: None,
        field,
        event,
    };
    publish(turn, about, |_| Some(body.to_vec()))
}

/// Tells an account of a breach of policy.
pub(crate) fn account_violated(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    violation: &str,
) -> Result<(), Refused> {
    let body = account_update::account_violated(waba, violation, turn.now);
    send_to_account(turn, waba, "ACCOUNT_VIOLATION", &body)
}

/// Tells an account what it may not do.
pub(crate) fn account_restricted(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    restrictions: &[(AccountRestriction, Timestamp)],
) -> Result<(), Refused> {
    let body = account_update::account_restricted(waba, restrictions, turn.now);
    send_to_account(turn, waba, "ACCOUNT_RESTRICTION", &body)
}

/// Tells an account of its ban.
pub(crate) fn banned(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    news: BanNews,
    since: Timestamp,
) -> Result<(), Refused> {
    let body = account_update::banned(waba, news, since, turn.now);
    send_to_account(turn, waba, "DISABLED_UPDATE", &body)
}

fn send_to_account(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    event: &str,
    body: &[u8],
) -> Result<(), Refused> {
    for (number, subscriber) in subscribers_of_account(turn, waba, "account_update")? {
        let outgoing = Outgoing {
            subscription: subscriber.id,
            app: subscriber.callback.app,
            number,
            call: None,
            message: None,
            event: event.to_owned(),
        };
        deliveries::add(turn, &outgoing, body)?;
    }
    Ok(())
}

/// Who hears of what is an account's and no number's, each once: the callback for the account, else
/// the app's own; and every number's webhook that was set in 360dialog's way, which knows no other.
///
/// A delivery belongs to a business number, and these to none: they are sent in the name of the
/// account's first. An account without numbers has nobody who could send anything, and hears nothing.
pub(crate) fn subscribers_of_account(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    field: &str,
) -> Result<Vec<(PhoneNumberId, Subscription)>, Refused> {
    let mut found: Vec<(PhoneNumberId, Subscription)> = Vec::new();
    let numbers = store::numbers::list(turn.tx)?;
    let numbers: Vec<_> = numbers
        .into_iter()
        .filter(|number| number.waba == *waba)
        .map(|number| number.id)
        .collect();
    if let Some(first) = numbers.first() {
        let wide = store::subscriptions::route_account(turn.tx, waba, field)?;
        found.extend(wide.into_iter().map(|it| (first.clone(), it)));
    }
    for number in numbers {
        for subscriber in store::subscriptions::route(turn.tx, waba, &number, field)? {
            let is_own = matches!(subscriber.callback.scope, Scope::Number(_))
                && subscriber.callback.dialect == Dialect::D360;
            if is_own && found.iter().all(|(_, it)| it.id != subscriber.id) {
                found.push((number.clone(), subscriber));
            }
        }
    }
    Ok(found)
}
