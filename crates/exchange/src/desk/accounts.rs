//! Accounts that the platform holds something against: the operator plays its policy team and its
//! billing. What is set lasts until it is set otherwise, or its time is over.

use std::time::Duration;

use rules::account::{Ban, BanState, Standing};
use serde_json::json;
use store::wabas::Waba;
use types::WabaId;
use wire::account_update::{AccountRestriction, BanNews};

use super::{Refused, Turn};
use crate::account_notices;

/// What becomes of an account. All that was held against it before is over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// Whether it has no valid payment method.
    pub payment_missing: bool,
    /// Whether it may not begin conversations.
    pub business_initiated: bool,
    /// Whether it may not answer its users.
    pub customer_initiated: bool,
    /// How long; the preset's time if none.
    pub lasts: Option<Duration>,
    /// How far its ban has come, if it has one.
    pub ban: Option<BanState>,
    /// What breach it is told of besides, in Meta's word.
    pub violation: Option<String>,
}

/// Every account, by id, with what is held against it.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(turn: &mut Turn<'_>) -> Result<Vec<(Waba, Standing)>, Refused> {
    let accounts = store::wabas::list(turn.tx)?;
    let pairs = accounts.into_iter().map(|waba| {
        let standing = store::wabas::standing(turn.tx, &waba.id)?;
        Ok((waba, standing.without_past(turn.now)))
    });
    pairs.collect()
}

/// What is held against an account at this moment.
///
/// # Errors
///
/// [`Refused::UnknownWaba`].
pub fn standing(turn: &mut Turn<'_>, id: &WabaId) -> Result<Standing, Refused> {
    store::wabas::find(turn.tx, id)?.ok_or(Refused::UnknownWaba)?;
    Ok(store::wabas::standing(turn.tx, id)?.without_past(turn.now))
}

/// Warns an account, restricts it, bans it, takes its payment method away, or lets it go, and tells
/// its business.
///
/// # Errors
///
/// [`Refused::UnknownWaba`].
pub fn set(turn: &mut Turn<'_>, id: &WabaId, order: Order) -> Result<Standing, Refused> {
    let before = standing(turn, id)?;
    let lasts = order.lasts;
    let lasts = lasts.unwrap_or(turn.preset.eligibility.messaging_restricted_for);
    let until = turn.now + lasts;
    let new = Standing {
        payment_missing: order.payment_missing,
        business_initiated_until: order.business_initiated.then_some(until),
        customer_initiated_until: order.customer_initiated.then_some(until),
        ban: order.ban.map(|state| match before.ban {
            Some(ban) if ban.state == state => ban,
            Some(_) | None => Ban {
                state,
                since: turn.now,
            },
        }),
    };
    store::wabas::save_standing(turn.tx, id, &new)?;
    let detail = json!({
        "waba_id": id,
        "payment_missing": new.payment_missing,
        "business_initiated": order.business_initiated,
        "customer_initiated": order.customer_initiated,
        "ban": new.ban.map(|ban| ban.state.as_str()),
        "violation": order.violation,
    });
    turn.tell("account.standing", None, None, &detail)?;
    if let Some(violation) = &order.violation {
        account_notices::account_violated(turn, id, violation)?;
    }
    let restrictions: Vec<_> = [
        (
            AccountRestriction::BusinessInitiated,
            new.business_initiated_until,
        ),
        (
            AccountRestriction::CustomerInitiated,
            new.customer_initiated_until,
        ),
    ]
    .into_iter()
    .filter_map(|(kind, until)| Some((kind, until?)))
    .collect();
    if !restrictions.is_empty() {
        account_notices::account_restricted(turn, id, &restrictions)?;
    }
    if let Some((news, ban)) = news_of(before.ban, new.ban) {
        account_notices::banned(turn, id, news, ban.since)?;
    }
    Ok(new)
}

/// What has changed about a ban, if anything has.
fn news_of(before: Option<Ban>, after: Option<Ban>) -> Option<(BanNews, Ban)> {
    match (before, after) {
        (Some(before), None) => Some((BanNews::Reinstated, before)),
        (Some(before), Some(after)) if before == after => None,
        (_, Some(after)) => match after.state {
            BanState::Scheduled => Some((BanNews::Scheduled, after)),
            BanState::Disabled => Some((BanNews::Disabled, after)),
        },
        (None, None) => None,
    }
}
