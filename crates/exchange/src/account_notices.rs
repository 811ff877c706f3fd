//! What a business is told of its number rather than of a call: changed settings, warnings, and
//! suspensions.

use store::numbers::Number;
use wire::account_update::{self, Violation};
use wire::settings::{self, Restriction};

use crate::desk::settings::restrictions;
use crate::desk::{Refused, Turn};
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
