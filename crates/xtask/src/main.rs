//! The commands of the house: `cargo xtask`. Each is a file of its own; what they share is in
//! [`tools`]. What they check is written down as tests in `crates/xtask/tests`, not here.

mod bench;
mod check;
mod dev;
mod docs;
mod fuzz;
mod machine;
mod pages;
mod release;
mod sim;
mod snap;
mod test;
mod tools;

use std::process::ExitCode;

use tools::Outcome;

/// One command: its name, what follows it, what it does, and the function that does it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    does: &'static str,
    run: fn(&[String]) -> Outcome,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "dev",
        arguments: "[options of `dialtone dev`]",
        does: "builds what is needed, the pages too, and starts exchange, gateway and pages here",
        run: dev::run,
    },
    Command {
        name: "check",
        arguments: "",
        does: "format, clippy, rustdoc, licences and bans, tidy: everything but the other tests",
        run: check::run,
    },
    Command {
        name: "test",
        arguments: "[filter]",
        does: "`check` and every test; installs what is missing on the machine, or names it",
        run: test::run,
    },
    Command {
        name: "snap",
        arguments: "[--accept]",
        does: "shows the snapshots that changed, or accepts them",
        run: snap::run,
    },
    Command {
        name: "e2e",
        arguments: "",
        does: "the phone page in a real browser, and pywa with aiortc, against `dialtone dev`",
        run: test::end_to_end,
    },
    Command {
        name: "bench",
        arguments: "[legs|exchange|relay|calls]",
        does: "what hot paths cost, as ratios to a floor measured in the same run",
        run: bench::run,
    },
    Command {
        name: "sim",
        arguments: "[seed]",
        does: "lives through the simulated worlds of a seed, with the whole log",
        run: sim::one,
    },
    Command {
        name: "sim-many",
        arguments: "N [first seed]",
        does: "many short worlds; stops at the first that fails, with the line to repeat it",
        run: sim::many,
    },
    Command {
        name: "fuzz",
        arguments: "[sdp|json] [seconds]",
        does: "feeds noise to the readers of what strangers send",
        run: fuzz::run,
    },
    Command {
        name: "docs",
        arguments: "[--check]",
        does: "writes the pages of the guide that are made from the sources",
        run: docs::run,
    },
    Command {
        name: "release",
        arguments: "VERSION",
        does: "gathers the release notes, sets the version, builds the program",
        run: release::run,
    },
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(name) = arguments.next() else {
        list();
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        list();
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        match nearest(&name) {
            Some(near) => eprintln!("no command `{name}`; did you mean `cargo xtask {near}`?"),
            None => eprintln!("no command `{name}`; `cargo xtask` lists them"),
        }
        return ExitCode::from(2);
    };
    match (command.run)(&arguments.collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\ncargo xtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The command that a mistyped `word` most likely means, if any is near enough.
fn nearest(word: &str) -> Option<&'static str> {
    COMMANDS
        .iter()
        .map(|command| {
            (
                strsim::damerau_levenshtein(word, command.name),
                command.name,
            )
        })
        .filter(|(distance, name)| 2 * *distance <= name.len().max(word.len()))
        .min()
        .map(|(_, name)| name)
}

fn list() {
    println!("cargo xtask COMMAND\n");
    for command in COMMANDS {
        let left = format!("{} {}", command.name, command.arguments);
        println!("  {left:<34} {}", command.does);
    }
}
