//! A simulated world: the exchange's desk, businesses that know only what webhooks tell them, and
//! users, in one thread, on one virtual clock, from one seed.
//!
//! The same seed makes the same world, and its log is the same to the byte. After every step the
//! world is held against a law of its own, written from the documents and not from the exchange's
//! rules; in the end, when nothing goes wrong any more, everything must come to its end.

mod acts;
mod agenda;
mod business;
mod chance;
mod checks;
mod hearing;
mod law;
mod outside;
mod plan;
mod platform;
mod post;
mod story;
mod town;
mod under_way;
mod user;
mod weather;
mod world;

use std::collections::BTreeMap;

pub use plan::{Faults, Pace, Plan};

use world::{BEGIN, World};

/// What came of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Everything that happened, a line each.
    pub log: String,
    /// What must not be and was, if anything; the log ends there.
    pub broken: Option<String>,
    /// What happened how often.
    pub counts: BTreeMap<&'static str, u64>,
}

/// Lets a world live to its end.
#[must_use]
pub fn run(plan: Plan) -> Outcome {
    let lasts = plan.lasts;
    let mut world = match World::new(plan) {
        Ok(world) => world,
        Err(broken) => {
            return Outcome {
                log: String::new(),
                broken: Some(broken),
                counts: BTreeMap::new(),
            };
        }
    };
    let lived = live(&mut world, lasts);
    if let Err(broken) = &lived {
        world.tell(&format!("BROKEN: {broken}"));
    }
    Outcome {
        counts: world.story.counts().clone(),
        log: world.story.into_text(),
        broken: lived.err(),
    }
}

fn live(world: &mut World, lasts: std::time::Duration) -> Result<(), String> {
    world.exchange_starts()?;
    world.settle()?;
    world.plan_acts();
    world.live_until(BEGIN + lasts)?;
    world.finish()
}
