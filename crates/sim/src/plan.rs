//! How a world is to be: all of it follows from one seed.

use std::time::Duration;

use types::Preset;
use types::preset::ReviewOutcome;

use crate::chance::Chance;

/// How a world is to be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What everything is drawn from.
    pub seed: u64,
    /// What sort of world it is.
    pub pace: Pace,
    /// The platform's numbers.
    pub preset: Preset,
    /// The numbers that the world is held against: the same, unless somebody wants to see it fail.
    pub law: Preset,
    /// Businesses, each with one number and one receiver of webhooks.
    pub businesses: usize,
    /// Users, each with one phone.
    pub users: usize,
    /// How long people act.
    pub lasts: Duration,
    /// How often they act, all together.
    pub acts: u64,
    /// What goes wrong.
    pub faults: Faults,
}

/// What sort of world it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Much at once: calls cross, limits are met, retries pile up.
    Dense,
    /// A year in which permissions lapse, requests run out and windows close.
    Year,
}

/// How often something goes wrong, in cases of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// The exchange dies over a command.
    pub exchange_dies: u64,
    /// A receiver of webhooks falls ill: refuses, or is gone, for a while.
    pub receiver_falls_ill: u64,
    /// A receiver takes a webhook and dies before it has said so.
    pub receiver_forgets: u64,
    /// A leg does not come up, or is lost.
    pub leg_fails: u64,
    /// A deadline is met late.
    pub late: u64,
    /// A phone loses its line.
    pub phone_lost: u64,
    /// The operator arms a fault when there is something to do over the control API.
    pub armed: u64,
}

impl Plan {
    /// A world of that pace, drawn from `seed`.
    #[must_use]
    pub fn drawn(pace: Pace, seed: u64) -> Self {
        // Not the chance that the world itself draws from.
        let mut chance = Chance::new(seed ^ PLANS);
        let preset = preset(&mut chance);
        let faults = if chance.per_mille(200) {
            Faults::NONE
        } else {
            faults(&mut chance)
        };
        let (lasts, acts) = match pace {
            Pace::Dense => (hours(chance.between(2, 8)), DENSE_ACTS),
            Pace::Year => (hours(365 * 24), YEAR_ACTS),
        };
        Self {
            seed,
            pace,
            law: preset.clone(),
            preset,
            businesses: usize::try_from(chance.between(2, 3)).unwrap_or(2),
            users: usize::try_from(chance.between(3, 6)).unwrap_or(3),
            lasts,
            acts,
            faults,
        }
    }
}

impl Faults {
    /// Nothing goes wrong by itself.
    pub const NONE: Self = Self {
        exchange_dies: 0,
        receiver_falls_ill: 0,
        receiver_forgets: 0,
        leg_fails: 0,
        late: 0,
        phone_lost: 0,
        armed: 0,
    };
}

/// One of the house's presets, often with limits so low that a short life meets them.
fn preset(chance: &mut Chance) -> Preset {
    let name = Preset::NAMES[chance.place(Preset::NAMES.len())];
    let mut preset = Preset::by_name(name).unwrap_or_default();
    // Where the numbers of the world are from and whom they know is not what it is about.
    preset.eligibility.allow_list_max = None;
    if chance.per_mille(600) {
        preset.consent.connected_calls_per_day = number(chance, 1, 3);
    }
    if chance.per_mille(300) {
        preset.consent.calls_per_permission = Some(number(chance, 1, 5));
    }
    if chance.per_mille(300) {
        preset.calls.concurrent_calls_max = number(chance, 1, 2);
    }
    if chance.per_mille(300) {
        preset.calls.attempts_per_day_max = number(chance, 2, 8);
    }
    if chance.per_mille(300) {
        preset.consent.nudge_after_unanswered = number(chance, 0, 2);
        preset.consent.revoke_after_unanswered = number(chance, 0, 3);
    }
    if chance.per_mille(300) {
        preset.messages.per_second = number(chance, 1, 2);
    }
    if chance.per_mille(250) {
        preset.messages.pair_burst = number(chance, 1, 4);
        preset.messages.pair_every = Duration::from_mins(chance.between(1, 60));
    }
    let reviews = [
        (3, ReviewOutcome::Approve),
        (2, ReviewOutcome::Wait),
        (1, ReviewOutcome::Reject),
    ];
    preset.templates.review = chance.weighted(&reviews);
    if chance.per_mille(600) {
        preset.templates.review_after = Duration::from_mins(chance.between(1, 90));
    }
    if chance.per_mille(300) {
        preset.templates.creations_per_hour = Some(number(chance, 1, 2));
    }
    if chance.per_mille(500) {
        preset.templates.edits_per_day = Some(number(chance, 1, 3));
        preset.templates.name_held_for = Duration::from_mins(chance.between(10, 240));
    }
    if chance.per_mille(300) {
        preset.eligibility.restricted_for = hours(chance.between(1, 48));
    }
    if chance.per_mille(200) {
        preset.delivery.give_up_after = hours(chance.between(1, 12));
    }
    preset
}

fn faults(chance: &mut Chance) -> Faults {
    let mut draw = |most: u64| chance.below(most + 1);
    Faults {
        exchange_dies: draw(12),
        receiver_falls_ill: draw(60),
        receiver_forgets: draw(100),
        leg_fails: draw(150),
        late: draw(200),
        phone_lost: draw(100),
        armed: draw(900),
    }
}

fn number(chance: &mut Chance, least: u64, most: u64) -> u32 {
    u32::try_from(chance.between(least, most)).unwrap_or(1)
}

const fn hours(hours: u64) -> Duration {
    Duration::from_hours(hours)
}

const DENSE_ACTS: u64 = 180;
const YEAR_ACTS: u64 = 220;
/// Makes another seed of a seed.
const PLANS: u64 = 0x9e37_79b9_7f4a_7c15;
