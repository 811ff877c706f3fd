//! `cargo xtask snap`: what the snapshots would be now, side by side with what they are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::{Outcome, Step, failed, root};

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let accept = match arguments {
        [] => false,
        [one] if one == "--accept" => true,
        _ => return failed("usage: cargo xtask snap [--accept]"),
    };
    Step::cargo(["test", "--quiet", "--workspace", "--locked"])
        .env("INSTA_UPDATE", "new")
        .env("INSTA_FORCE_PASS", "1")
        .env("INSTA_WORKSPACE_ROOT", root())
        .run()?;
    let mut news = Vec::new();
    find(&root().join("crates"), &mut news);
    for new in &news {
        let old = new.with_extension("");
        if accept {
            fs::rename(new, &old).or_else(|error| failed(format!("{}: {error}", old.display())))?;
            eprintln!("accepted {}", old.display());
        } else {
            show(&old, new);
        }
    }
    if !accept && !news.is_empty() {
        eprintln!(
            "\n{} changed; `cargo xtask snap --accept` takes them all",
            news.len()
        );
    }
    Ok(())
}

/// Prints the difference; that there is one is no failure, so the status is not looked at.
fn show(old: &Path, new: &Path) {
    let old = if old.exists() {
        old
    } else {
        Path::new("/dev/null")
    };
    let _ = Step::new(
        "git",
        [Path::new("diff"), Path::new("--no-index"), old, new],
    )
    .run();
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            find(&path, found);
        } else if path.to_string_lossy().ends_with(".snap.new") {
            found.push(path);
        }
    }
}
