//! `cargo xtask test`: the checks, then every test there is, the Rust runner's counts last.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::{Outcome, Step, cache, failed, has, root};

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let filter = arguments.first().map(String::as_str);
    if filter.is_some() {
        crate::pages::build()?;
        return tests(filter);
    }
    crate::check::run(&[])?;
    crate::pages::test()?;
    let references = cache().join(format!("snapshots-{}", std::process::id()));
    let _ = fs::remove_file(&references);
    let outcome = snapshots_noted(&references);
    let unused = outcome.and_then(|()| unused_snapshots(&references));
    let _ = fs::remove_file(&references);
    unused
}

/// `cargo xtask e2e`: the tests that need a browser or a Python client.
pub(crate) fn end_to_end(_: &[String]) -> Outcome {
    crate::pages::build()?;
    tests(Some(OUTSIDERS))
}

/// What the names of the tests that drive the program with somebody else's client have in common.
const OUTSIDERS: &str = "outsiders";

fn tests(filter: Option<&str>) -> Outcome {
    runner(filter)?.run()
}

fn snapshots_noted(references: &Path) -> Outcome {
    fs::create_dir_all(cache()).or_else(|error| failed(format!("the cache folder: {error}")))?;
    runner(None)?
        .env("INSTA_SNAPSHOT_REFERENCES_FILE", references)
        .run()
}

/// All tests, the ones that need more of the machine than cargo gives included.
fn runner(filter: Option<&str>) -> Outcome<Step> {
    crate::machine::curl()?;
    let chromium = crate::machine::chromium()?;
    let python = crate::machine::python()?;
    let mut words = Vec::new();
    if has("cargo-nextest") {
        words.extend([
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--run-ignored=all",
        ]);
        words.extend(filter);
    } else {
        words.extend(["test", "--workspace", "--locked"]);
        words.extend(filter);
        words.extend(["--", "--include-ignored"]);
    }
    Ok(Step::cargo(words)
        .env("DIALTONE_CHROMIUM", chromium)
        .env("DIALTONE_PYTHON", python)
        .env("INSTA_UPDATE", "no")
        .env("INSTA_REQUIRE_FULL_MATCH", "1")
        // Else insta asks cargo for it, once in every test.
        .env("INSTA_WORKSPACE_ROOT", root()))
}

/// Fails when a snapshot lies in the tree that no test has looked at.
fn unused_snapshots(references: &Path) -> Outcome {
    let used: BTreeSet<PathBuf> = fs::read_to_string(references)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| fs::canonicalize(line).ok())
        .collect();
    let mut unused = Vec::new();
    for path in snapshots(&root().join("crates")) {
        if fs::canonicalize(&path).is_ok_and(|path| !used.contains(&path)) {
            unused.push(path.display().to_string());
        }
    }
    if unused.is_empty() {
        return Ok(());
    }
    failed(format!(
        "no test looks at these snapshots any more; delete them:\n  {}",
        unused.join("\n  ")
    ))
}

/// Every `*.snap` below `folder`.
pub(crate) fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(snapshots(&path));
        } else if path.extension().is_some_and(|it| it == "snap") {
            found.push(path);
        }
    }
    found.sort();
    found
}
