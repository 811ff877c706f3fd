//! `cargo xtask release VERSION`: one commit's worth of release, left in the work tree to be read.

use std::fs;
use std::path::PathBuf;

use crate::tools::{Outcome, Step, failed, root, target};

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let [version] = arguments else {
        return failed("usage: cargo xtask release VERSION, such as 0.2.0");
    };
    if !is_version(version) {
        return failed(format!("`{version}` is not a version such as 0.2.0"));
    }
    let notes = notes()?;
    if notes.is_empty() {
        return failed("release-notes/unreleased holds no note: nothing a user could notice");
    }
    let mut gathered = String::new();
    for path in &notes {
        let note = fs::read_to_string(path)
            .or_else(|error| failed(format!("{}: {error}", path.display())))?;
        gathered.push_str(note.trim());
        gathered.push_str("\n\n");
    }
    change("CHANGELOG.md", |text| {
        with_release(text, version, &gathered)
    })?;
    change("Cargo.toml", |text| with_version(text, version))?;
    for path in &notes {
        fs::remove_file(path).or_else(|error| failed(format!("{}: {error}", path.display())))?;
    }
    // Not --locked: the lock file names our own versions.
    Step::cargo(["build", "--release", "--package", "dialtone"]).run()?;
    eprintln!("built {}", target().join("release/dialtone").display());
    eprintln!("read `git diff`, run `cargo xtask test`, commit, tag v{version}");
    Ok(())
}

fn is_version(text: &str) -> bool {
    let numbers: Vec<_> = text.split('.').collect();
    numbers.len() == 3
        && numbers
            .iter()
            .all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The notes of what is not released yet, in the order of their names.
fn notes() -> Outcome<Vec<PathBuf>> {
    let folder = root().join("release-notes/unreleased");
    let entries =
        fs::read_dir(&folder).or_else(|error| failed(format!("{}: {error}", folder.display())))?;
    let mut notes: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect();
    notes.sort();
    Ok(notes)
}

fn change(name: &str, with: impl FnOnce(&str) -> Option<String>) -> Outcome {
    let path = root().join(name);
    let text = fs::read_to_string(&path).or_else(|error| failed(format!("{name}: {error}")))?;
    let Some(changed) = with(&text) else {
        return failed(format!(
            "{name} does not look as expected; nothing was changed in it"
        ));
    };
    fs::write(&path, changed).or_else(|error| failed(format!("{name}: {error}")))
}

/// The changelog with a new section above the last release's.
fn with_release(changelog: &str, version: &str, notes: &str) -> Option<String> {
    let head = changelog.find("\n## ").map_or(changelog.len(), |at| at + 1);
    let (before, after) = changelog.split_at_checked(head)?;
    let before = before.trim_end();
    Some(format!("{before}\n\n## {version}\n\n{notes}{after}"))
}

/// The workspace's manifest with another version.
fn with_version(manifest: &str, version: &str) -> Option<String> {
    let section = manifest.find("[workspace.package]")?;
    let line = section + manifest[section..].find("\nversion = \"")? + 1;
    let end = line + manifest[line..].find('\n')?;
    Some(format!(
        "{}version = \"{version}\"{}",
        &manifest[..line],
        &manifest[end..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_goes_on_top() {
        let changelog = "# Changelog\n\nHow to read it.\n\n## 0.1.0\n\n### Old\n";
        assert_eq!(
            with_release(changelog, "0.2.0", "### New\n\n").as_deref(),
            Some("# Changelog\n\nHow to read it.\n\n## 0.2.0\n\n### New\n\n## 0.1.0\n\n### Old\n")
        );
        assert_eq!(
            with_release("# Changelog\n", "0.1.0", "### New\n\n").as_deref(),
            Some("# Changelog\n\n## 0.1.0\n\n### New\n\n")
        );
    }

    #[test]
    fn only_the_workspace_has_a_version() {
        let manifest =
            "[workspace.package]\nversion = \"0.1.0\"\n\n[dependencies]\nversion = \"9\"\n";
        assert_eq!(
            with_version(manifest, "0.2.0").as_deref(),
            Some("[workspace.package]\nversion = \"0.2.0\"\n\n[dependencies]\nversion = \"9\"\n")
        );
        assert!(is_version("0.2.0"));
        assert!(!is_version("0.2"));
        assert!(!is_version("v0.2.0"));
    }
}
