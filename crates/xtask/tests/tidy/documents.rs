//! What the documents say, held against the sources: they are read by strangers first.

use std::collections::BTreeSet;
use std::process::Command;

use toml::Table;

use crate::{hold, source};

const MAP_LINES_MAX: usize = 300;

/// Languages of fenced blocks in the documents that hold commands to type. What stands in `sh` is
/// run by a test; `console` shows a session with its output, so its commands must be tested ones.
const COMMAND_FENCES: &[&str] = &["sh", "console", "bash", "shell"];

/// Commands of the README, the guide and CONTRIBUTING.md that no guide test can run as they stand,
/// and what does run them. Everything else in an `sh` block of `docs/guide` is run, as it stands and
/// in order, by `crates/app/tests/it/guide.rs`.
const RUN_ELSEWHERE: &[(&str, &str)] = &[
    (
        "cargo xtask",
        "prints a list; `what_is_typed_wrong_gets_an_answer` runs it",
    ),
    (
        "cargo xtask dev",
        "builds, then `dialtone dev`, which every test of `app` starts",
    ),
    ("cargo xtask test", "is what `.ci/run` calls"),
    ("cargo xtask check", "the first step of `cargo xtask test`"),
    (
        "cargo xtask docs",
        "`the_guide_is_what_the_sources_say` runs it with --check",
    ),
    ("cargo xtask snap", "shows what `cargo xtask test` compares"),
    ("cargo xtask snap --accept", "as `cargo xtask snap`"),
    ("cargo xtask e2e", "a part of `cargo xtask test`"),
    ("cargo xtask release", "its steps have tests of their own"),
    ("cargo xtask fuzz", "looks for what no test knows yet"),
    (
        "cargo xtask sim",
        "what it lives through, the tests of `sim` live through",
    ),
    (
        "cargo xtask sim-many",
        "looks for what no seed has found yet",
    ),
    ("cargo xtask bench", "measures; a timed test would be none"),
];

#[test]
fn the_map_fits_in_a_head() {
    let lines = source::read("ARCHITECTURE.md").lines().count();
    assert!(
        lines <= MAP_LINES_MAX,
        "ARCHITECTURE.md has {lines} lines, over {MAP_LINES_MAX}: say it shorter, or move a hard \
         choice to docs/decisions, because a map is read in one go"
    );
}

#[test]
fn the_compiler_has_one_version() {
    let toolchain: Table = toml::from_str(&source::read("rust-toolchain.toml")).expect("TOML");
    let manifest: Table = toml::from_str(&source::read("Cargo.toml")).expect("TOML");
    let channel = toolchain["toolchain"]["channel"]
        .as_str()
        .expect("a channel");
    let oldest = manifest["workspace"]["package"]["rust-version"]
        .as_str()
        .expect("a version");
    assert_eq!(
        channel.rsplit_once('.').map(|(minor, _)| minor),
        Some(oldest),
        "rust-toolchain.toml builds with {channel}, Cargo.toml promises {oldest}"
    );
    let readme = source::read("README.md");
    assert!(
        readme.contains(&format!("Rust {oldest}")),
        "README.md must say `Rust {oldest}`, because that is what Cargo.toml says"
    );
}

#[test]
fn the_guide_is_what_the_sources_say() {
    let output = xtask(&["docs", "--check"]);
    assert!(output.0, "{}", output.1);
}

#[test]
fn what_is_typed_wrong_gets_an_answer() {
    let (ok, list) = xtask(&[]);
    assert!(
        ok && list.contains("dev ") && list.contains("test "),
        "{list}"
    );
    let (ok, answer) = xtask(&["tset"]);
    assert!(
        !ok && answer.contains("did you mean `cargo xtask test`?"),
        "{answer}"
    );
}

#[test]
fn every_command_that_a_document_shows_is_tested() {
    let mut problems = Vec::new();
    for document in source::all(&[".md"]) {
        let guide = document.path.starts_with("docs/guide/");
        let shown = ["README.md", "CONTRIBUTING.md"].contains(&document.path.as_str());
        if guide || shown {
            problems.extend(untested(&document.path, &document.text));
        }
    }
    hold(&problems);
}

#[test]
fn an_untested_command_is_caught() {
    let readme = "# A\n```sh\ncargo xtask dev\ncargo xtask fly\n```\n```toml\nx = 1\n```\n";
    let problems = untested("README.md", readme);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("README.md:4: "));
    // In the guide a test runs what stands in `sh`, but nobody runs a console's picture.
    let guide = "```sh\ncurl -f x\n```\n```console\n$ dialtone fly\nflown\n```\n";
    assert_eq!(untested("docs/guide/a.md", guide).len(), 1);
    assert!(untested("docs/guide/a.md", "```bash\ncurl x\n```\n")[0].contains("```sh"));
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut problems = Vec::new();
    for document in source::all(&[".md"]) {
        let folder = document
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        for (number, target) in links(&document.text) {
            let path = source::root().join(folder).join(target);
            if !path.exists() {
                problems.push(format!(
                    "{}:{number}: the link to `{target}` leads nowhere",
                    document.path
                ));
            }
        }
    }
    hold(&problems);
}

/// The lines of a document's command blocks that no test runs.
fn untested(path: &str, text: &str) -> Vec<String> {
    let run_here = path.starts_with("docs/guide/");
    let elsewhere: BTreeSet<&str> = RUN_ELSEWHERE.iter().map(|(command, _)| *command).collect();
    let mut problems = Vec::new();
    let mut fence: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = if fence.is_some() {
                None
            } else {
                Some(language.trim())
            };
            continue;
        }
        let Some(language) = fence.filter(|it| COMMAND_FENCES.contains(it)) else {
            continue;
        };
        let line = line.split(" #").next().unwrap_or(line).trim();
        let command = match language {
            "sh" => line,
            "console" => line.strip_prefix("$ ").unwrap_or(""),
            _ => {
                problems.push(format!(
                    "{path}:{}: a block of commands is ```sh, so that a test finds it",
                    number + 1
                ));
                continue;
            }
        };
        let run = command.is_empty()
            || command.starts_with('#')
            || elsewhere.contains(command)
            || (run_here && language == "sh");
        if !run {
            problems.push(format!(
                "{path}:{}: no test runs `{command}`; put it into an `sh` block of the guide, or \
                 into RUN_ELSEWHERE with what runs it, because a command that fails in a \
                 document costs a reader",
                number + 1
            ));
        }
    }
    problems
}

/// The targets of relative links, each with its line.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let target = line[at + 2..].split([')', '#']).next().unwrap_or("");
            if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
                found.push((number + 1, target));
            }
        }
    }
    found
}

/// Whether `xtask` with these words succeeded, and all that it said.
fn xtask(words: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .output()
        .expect("xtask can be started");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}
