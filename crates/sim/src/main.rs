//! The simulator as a program: one seed with its whole log, or many until one fails.

use std::process::ExitCode;

use sim::{Pace, Plan};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["one", seed] => seed.parse().map(one),
        ["many", worlds, first] => worlds
            .parse()
            .and_then(|worlds| Ok(many(worlds, first.parse()?))),
        _ => {
            eprintln!("usage: dialtone-sim one SEED | many WORLDS FIRST_SEED");
            return ExitCode::from(2);
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("a seed and a number of worlds are whole numbers: {error}");
        ExitCode::from(2)
    })
}

/// Both worlds of a seed, with their logs.
fn one(seed: u64) -> ExitCode {
    println!("seed {seed}");
    for pace in [Pace::Dense, Pace::Year] {
        println!("\n{pace:?}");
        let outcome = sim::run(Plan::drawn(pace, seed));
        print!("{}", outcome.log);
        for (what, often) in &outcome.counts {
            println!("{often:>6}  {what}");
        }
        if outcome.broken.is_some() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// One line for each world; stops at the first that fails.
fn many(worlds: u64, first: u64) -> ExitCode {
    for seed in (first..).take(usize::try_from(worlds).unwrap_or(usize::MAX)) {
        for pace in [Pace::Dense, Pace::Year] {
            if let Some(broken) = sim::run(Plan::drawn(pace, seed)).broken {
                println!("seed {seed}, {pace:?}: {broken}");
                println!("cargo xtask sim {seed}");
                return ExitCode::FAILURE;
            }
        }
        println!("seed {seed}: well");
    }
    ExitCode::SUCCESS
}
