//! `cargo xtask check`: all that can be said of the sources without running the program.

use crate::tools::{Outcome, Step, has};

pub(crate) fn run(_: &[String]) -> Outcome {
    Step::cargo(["fmt", "--all", "--check"]).run()?;
    Step::cargo(["test", "--quiet", "--package", "xtask"]).run()?;
    crate::pages::build()?;
    Step::cargo([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny=warnings",
    ])
    .run()?;
    Step::cargo(["doc", "--quiet", "--workspace", "--no-deps", "--locked"])
        .env("RUSTDOCFLAGS", "--deny=warnings")
        .run()?;
    // Licences and bans are held by the tidy tests as well; this adds sources and duplicates.
    if has("cargo-deny") {
        Step::cargo(["deny", "--offline", "check", "licenses", "bans", "sources"]).run()?;
    }
    Ok(())
}
