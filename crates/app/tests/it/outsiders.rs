//! The program under clients that others wrote: a browser on the phone page, and pywa with aiortc.
//!
//! `cargo xtask test` brings what they need and runs them; `cargo test` alone leaves them out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::program::{Program, run_whole};

#[test]
#[ignore = "needs Chromium and the pages' packages, which `cargo xtask test` brings"]
fn a_browser_calls_and_is_called() {
    let chromium = brought("DIALTONE_CHROMIUM");
    let pictures = tempfile::tempdir().expect("a folder");
    let mut node = Command::new("node");
    node.arg("e2e/main.mjs")
        .arg(env!("CARGO_BIN_EXE_dialtone"))
        .current_dir(root().join("web"))
        .env("DIALTONE_CHROMIUM", chromium)
        .env("DIALTONE_E2E_OUT", pictures.path());
    assert!(
        run_whole(&mut node, STORIES_WITHIN).success(),
        "a story of web/e2e failed"
    );
}

#[test]
#[ignore = "needs a Python with pywa and aiortc, which `cargo xtask test` brings"]
fn pywa_and_aiortc_are_a_business() {
    let python = brought("DIALTONE_PYTHON");
    let program = Program::start("dev", &[]);
    let mut python = Command::new(python);
    python
        .arg(root().join("tests/interop/run.py"))
        .envs(&program.env);
    assert!(
        run_whole(&mut python, STORIES_WITHIN).success(),
        "a story of tests/interop failed"
    );
}

/// What a variable names, which `cargo xtask test` sets.
fn brought(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable);
    path.unwrap_or_else(|| panic!("{variable} is not set: run this through `cargo xtask e2e`"))
        .into()
}

/// How long a whole set of stories may take, on a machine that is busy.
const STORIES_WITHIN: Duration = Duration::from_secs(240);

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
