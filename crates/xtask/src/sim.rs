//! `cargo xtask sim` and `sim-many`: simulated worlds, each from a seed that makes it again.

use std::hash::{BuildHasher as _, RandomState};

use crate::tools::{Outcome, Step, failed};

/// One seed, with the whole log of its worlds; drawn and printed first where nobody gives one.
pub(crate) fn one(arguments: &[String]) -> Outcome {
    let seed = match arguments {
        [] => drawn(),
        [seed] => read(seed)?,
        _ => return failed("usage: cargo xtask sim [SEED]"),
    };
    println!("seed {seed}");
    simulate(&["one", &seed.to_string()])
}

/// Many seeds, one after the other; stops at the first that fails and says how to repeat it.
pub(crate) fn many(arguments: &[String]) -> Outcome {
    let (worlds, first) = match arguments {
        [worlds] => (read(worlds)?, drawn()),
        [worlds, first] => (read(worlds)?, read(first)?),
        _ => return failed("usage: cargo xtask sim-many N [FIRST_SEED]"),
    };
    println!("{worlds} seeds from {first} on");
    simulate(&["many", &worlds.to_string(), &first.to_string()])
}

fn simulate(words: &[&str]) -> Outcome {
    let build = ["run", "--quiet", "--package", "dialtone-sim", "--"];
    Step::cargo(build.iter().chain(words).copied()).run()
}

fn read(number: &str) -> Outcome<u64> {
    number.parse().or_else(|_| {
        failed(format!(
            "`{number}` is no seed and no count: a whole number is"
        ))
    })
}

/// Another one each time, short enough to be typed.
fn drawn() -> u64 {
    RandomState::new().hash_one(()) % 1_000_000_000
}
