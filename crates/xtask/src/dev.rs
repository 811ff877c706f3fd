//! `cargo xtask dev`: from nothing to a system that can be called.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::tools::{Outcome, Step, failed, target};

pub(crate) fn run(arguments: &[String]) -> Outcome {
    crate::pages::build()?;
    Step::cargo(["build", "--package", "dialtone", "--locked"]).run()?;
    // The program takes this process's place, so that Ctrl-C and `kill` reach it and nobody else.
    let program = target().join("debug/dialtone");
    let error = Command::new(&program).arg("dev").args(arguments).exec();
    failed(format!(
        "{} could not be started: {error}",
        program.display()
    ))
}
