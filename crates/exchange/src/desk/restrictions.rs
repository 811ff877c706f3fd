//! Numbers that the platform warns or suspends for low quality of their calls. The operator plays the
//! users' bad marks; a suspension ends by itself.

use std::time::Duration;

use rules::reach::Restrictions;
use serde_json::json;
use store::numbers::Number;
use types::limits::DEADLINES_BATCH_MAX;
use types::preset::RestrictionKinds;
use types::{PhoneNumberId, Timestamp};
use wire::account_update::Violation;

use super::effects::Effect;
use super::settings::restrictions;
use super::{Refused, Turn, numbers};
use crate::account_notices;

/// What becomes of a number. All that it was suspended from before is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// Whether it may not call users.
    pub business_initiated: bool,
    /// Whether it may not be called by users.
    pub user_initiated: bool,
    /// Whether users see no call button.
    pub call_button_hidden: bool,
    /// How long; the preset's time if none.
    pub lasts: Option<Duration>,
    /// What it is warned of, besides.
    pub violation: Option<Violation>,
}

/// Warns a number, suspends it, or lets it go, and tells its business.
///
/// # Errors
///
/// [`Refused::UnknownNumber`].
pub fn set(turn: &mut Turn<'_>, id: &PhoneNumberId, order: Order) -> Result<Number, Refused> {
    let mut number = numbers::find(turn, id)?;
    let eligibility = &turn.preset.eligibility;
    let kinds = eligibility.restrictions;
    let until = turn.now + order.lasts.unwrap_or(eligibility.restricted_for);
    number.restrictions = suspended(order, until, kinds);
    store::numbers::save(turn.tx, &number)?;
    turn.afterwards(Effect::ShowBusinesses);
    if let Some(violation) = order.violation {
        let detail = json!({ "violation": violation.as_str() });
        turn.tell("number.warned", Some(id), None, &detail)?;
        account_notices::violated(turn, &number, violation)?;
    }
    let running = restrictions(&number, turn.now, kinds);
    let listed: Vec<_> = running.iter().map(|it| it.kind.as_str()).collect();
    let detail = json!({ "restrictions": listed });
    turn.tell("number.restricted", Some(id), None, &detail)?;
    if !running.is_empty() {
        account_notices::restricted(turn, &number, &running)?;
    }
    Ok(number)
}

/// In 2025 one suspension was for both directions.
fn suspended(order: Order, until: Timestamp, kinds: RestrictionKinds) -> Restrictions {
    let together = match kinds {
        RestrictionKinds::Split => false,
        RestrictionKinds::Combined => order.business_initiated || order.user_initiated,
    };
    let when = |is: bool| is.then_some(until);
    Restrictions {
        business_initiated_until: when(order.business_initiated || together),
        user_initiated_until: when(order.user_initiated || together),
        call_button_hidden_until: when(order.call_button_hidden),
    }
}

/// Lets numbers go whose time is over by a moment. The business hears nothing of it, as at Meta.
///
/// # Errors
///
/// When the records cannot be read or written.
pub(super) fn meet_deadlines(turn: &mut Turn<'_>, by: Timestamp) -> Result<(), Refused> {
    for mut number in store::numbers::restrictions_over(turn.tx, by, DEADLINES_BATCH_MAX)? {
        number.restrictions = number.restrictions.without_past(by);
        store::numbers::save(turn.tx, &number)?;
        turn.afterwards(Effect::ShowBusinesses);
        let kinds = turn.preset.eligibility.restrictions;
        let left = restrictions(&number, by, kinds);
        let listed: Vec<_> = left.iter().map(|it| it.kind.as_str()).collect();
        let detail = json!({ "restrictions": listed });
        turn.tell("number.restricted", Some(&number.id), None, &detail)?;
    }
    Ok(())
}
