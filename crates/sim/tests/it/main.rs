//! Worlds as tests: some fixed seeds, every seed that ever failed, and the same seed twice.

use std::collections::BTreeMap;
use std::time::Duration;

use sim::{Faults, Outcome, Pace, Plan};

#[test]
fn five_dense_worlds_hold() {
    five_hold(Pace::Dense);
}

#[test]
fn five_years_hold() {
    five_hold(Pace::Year);
}

#[test]
fn seeds_that_failed_hold() {
    let seeds = include_str!("../../seeds.txt");
    let mut lived = 0;
    for line in seeds.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (Some(pace), Some(seed)) = (words.next(), words.next()) else {
            panic!("seeds.txt: `{line}` is no `PACE SEED what it found`");
        };
        assert!(words.next().is_some(), "`{line}` must say what it found");
        let pace = match pace {
            "dense" => Pace::Dense,
            "year" => Pace::Year,
            other => panic!("seeds.txt: `{other}` is neither `dense` nor `year`"),
        };
        hold(Plan::drawn(pace, seed.parse().expect("a seed")));
        lived += 1;
    }
    assert!(lived > 0, "no seed ever failed?");
}

#[test]
fn the_same_seed_makes_the_same_world() {
    for pace in [Pace::Dense, Pace::Year] {
        assert_eq!(live(pace, 7).log, live(pace, 7).log);
    }
}

/// An exchange that does not keep to the law is found out, whichever number it has wrong.
#[test]
fn a_wrong_number_is_found() {
    let wrong: [fn(&mut Plan); 3] = [
        |plan| plan.law.calls.ring_for += Duration::from_secs(1),
        |plan| plan.law.consent.requests_per_day += 1,
        |plan| plan.law.consent.temporary_for += Duration::from_secs(1),
    ];
    for (index, change) in wrong.into_iter().enumerate() {
        let found = SEEDS.into_iter().any(|seed| {
            [Pace::Dense, Pace::Year].into_iter().any(|pace| {
                let mut plan = Plan::drawn(pace, seed);
                change(&mut plan);
                sim::run(plan).broken.is_some()
            })
        });
        assert!(found, "mistake {index} is not noticed");
    }
}

/// Nothing goes wrong where nothing is to.
#[test]
fn a_quiet_world_is_quiet() {
    let mut plan = Plan::drawn(Pace::Dense, 7);
    plan.faults = Faults::NONE;
    let outcome = sim::run(plan);
    assert_eq!(outcome.counts.get("the exchange died"), None);
    assert!(!outcome.log.contains("is ill"));
}

fn live(pace: Pace, seed: u64) -> Outcome {
    sim::run(Plan::drawn(pace, seed))
}

/// Five worlds hold, and what worlds are for happens in them.
#[track_caller]
fn five_hold(pace: Pace) {
    let mut all = BTreeMap::new();
    for seed in SEEDS {
        for (what, often) in hold(Plan::drawn(pace, seed)).counts {
            *all.entry(what).or_insert(0) += often;
        }
    }
    for what in [
        "a business called",
        "a call was refused",
        "a call was taken",
        "a user called",
        "a business asked",
        "a request was refused",
        "a request was answered",
        "a user spoke in a profile",
        "a user called outside of the hours",
        "a message was sent",
        "a message was read",
        "a template was made",
        "a template was changed",
        "settings were changed",
        "a number was suspended or let go",
        "a fault was armed",
        "a fault struck a webhook",
        "the exchange died",
    ] {
        let often = all.get(what).copied().unwrap_or(0);
        assert!(often > 5, "{what}: {all:?}");
    }
}

#[track_caller]
fn hold(plan: Plan) -> Outcome {
    let (pace, seed) = (plan.pace, plan.seed);
    let outcome = sim::run(plan);
    if let Some(broken) = &outcome.broken {
        let lines: Vec<&str> = outcome.log.lines().collect();
        let last = lines[lines.len().saturating_sub(60)..].join("\n");
        panic!("seed {seed}, {pace:?}: {broken}\n\n{last}\n\ncargo xtask sim {seed}");
    }
    outcome
}

const SEEDS: [u64; 5] = [1, 2, 3, 5, 8];
