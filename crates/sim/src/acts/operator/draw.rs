//! Which faults the operator arms: every kind that the desk decides on, for everybody or for some.

use std::time::Duration;

use rules::call::EndReason;
use rules::fault as armed;
use types::Direction;

use crate::chance::Chance;
use crate::law::armed::{Armed, Filter, Kind, Times, When};

/// A fault, for one of so many businesses and users, or for all.
pub(super) fn drawn(chance: &mut Chance, businesses: usize, users: usize) -> Armed {
    let kind = a_kind(chance);
    let mut filter = Filter::default();
    if chance.per_mille(400) {
        filter.business = Some(chance.place(businesses));
    }
    if chance.per_mille(300) {
        filter.user = Some(chance.place(users));
    }
    let on = chance.per_mille(600);
    match &kind {
        Kind::Refuse(_) | Kind::Restrict(..) if on => {
            filter.operation = Some(OPERATIONS[chance.place(OPERATIONS.len())]);
        }
        Kind::NoPayment if on => filter.operation = Some(["connect", "messages"][chance.place(2)]),
        Kind::Reorder(_) => filter.event = Some("connect"),
        Kind::Drop | Kind::Delay(_) | Kind::Double if on => {
            filter.event = Some(EVENTS[chance.place(EVENTS.len())]);
        }
        Kind::RingFor(_) | Kind::Fail(..) if on => filter.direction = Some(a_direction(chance)),
        _ => {}
    }
    // These name no user, and a fault for one would never meet them.
    if matches!(filter.operation, Some("settings" | "templates")) {
        filter.user = None;
    }
    let times = match chance.below(4) {
        0 => Times::Always,
        1 => Times::Chance(u32::try_from(chance.between(100, 900)).unwrap_or(500)),
        _ => Times::Next(u32::try_from(chance.between(1, 4)).unwrap_or(1)),
    };
    Armed::new(kind, filter, times)
}

fn a_kind(chance: &mut Chance) -> Kind {
    let when = [When::BeforeRinging, When::WhileRinging, When::AfterPickup][chance.place(3)];
    match chance.below(14) {
        0 | 1 => Kind::Refuse(REFUSALS[chance.place(REFUSALS.len())]),
        2 => Kind::Drop,
        3 => Kind::Delay(chance.time(Duration::from_secs(1), Duration::from_hours(2))),
        4 => Kind::Double,
        5 => Kind::Reorder([None, Some("terminate"), Some("status.RINGING")][chance.place(3)]),
        6 => Kind::WebhookFirst,
        7 => Kind::RingFor(chance.time(Duration::from_secs(1), Duration::from_secs(90))),
        8 | 9 => Kind::Fail(ENDS[chance.place(ENDS.len())].0, when),
        10 => Kind::NoPayment,
        11 => {
            let direction = chance.per_mille(600).then(|| a_direction(chance));
            let longest = Duration::from_hours(3);
            let lasts = chance
                .per_mille(700)
                .then(|| chance.time(Duration::from_mins(1), longest));
            Kind::Restrict(direction, lasts)
        }
        12 => Kind::Revoke(When::BeforeCall),
        _ => Kind::Revoke(when),
    }
}

fn a_direction(chance: &mut Chance) -> Direction {
    if chance.per_mille(500) {
        Direction::UserInitiated
    } else {
        Direction::BusinessInitiated
    }
}

/// The fault in the exchange's words.
pub(super) fn as_armed(kind: &Kind) -> armed::Fault {
    use armed::Fault;
    match kind {
        Kind::Refuse(code) => Fault::RefuseApi { code: *code },
        Kind::Drop => Fault::DropWebhook,
        Kind::Delay(by) => Fault::DelayWebhook { by: *by },
        Kind::Double => Fault::DoubleWebhook,
        Kind::Reorder(behind) => Fault::ReorderWebhooks {
            behind: behind.map(str::to_owned),
        },
        Kind::WebhookFirst => Fault::WebhookBeforeResponse,
        Kind::RingFor(time) => Fault::RingFor { time: *time },
        Kind::Fail(code, when) => Fault::FailCall {
            reason: ENDS
                .iter()
                .find(|(known, _)| known == code)
                .map_or(EndReason::BusinessSetUpFailed, |(_, reason)| *reason),
            when: moment(*when),
        },
        Kind::NoPayment => Fault::PaymentMissing,
        Kind::Restrict(direction, time) => Fault::RestrictAccount {
            direction: *direction,
            time: *time,
        },
        Kind::Revoke(when) => Fault::RevokePermission {
            when: moment(*when),
        },
    }
}

pub(super) const fn times(times: Times) -> armed::Times {
    match times {
        Times::Always => armed::Times::Always,
        Times::Next(count) => armed::Times::Next(count),
        Times::Chance(permille) => armed::Times::Permille(permille),
    }
}

const fn moment(when: When) -> armed::When {
    match when {
        When::BeforeCall => armed::When::BeforeCall,
        When::BeforeRinging => armed::When::BeforeRinging,
        When::WhileRinging => armed::When::WhileRinging,
        When::AfterPickup => armed::When::AfterPickup,
    }
}

const OPERATIONS: [&str; 8] = [
    "connect",
    "pre_accept",
    "accept",
    "reject",
    "terminate",
    "messages",
    "settings",
    "templates",
];
const EVENTS: [&str; 7] = [
    "connect",
    "terminate",
    "status.RINGING",
    "status.ACCEPTED",
    "delivered",
    "permission.accept",
    "ACCOUNT_RESTRICTION",
];
const REFUSALS: [u32; 5] = [100, 190, 130_429, 131_016, 138_004];
/// The ends of calls that have these codes (`docs/guide/faults.md`).
const ENDS: [(u32, EndReason); 7] = [
    (138_004, EndReason::BusinessSetUpFailed),
    (138_007, EndReason::BusinessDidNotConnect),
    (138_019, EndReason::UserSetUpFailed),
    (138_020, EndReason::UserDidNotConnect),
    (138_021, EndReason::NoBusinessMedia),
    (138_022, EndReason::NoUserMedia),
    (131_044, EndReason::PaymentMissing),
];
