//! The pages: installs what builds them, builds them when their sources are newer.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::tools::{Outcome, Step, cache, failed, find, root};

/// Builds `web/dist`, unless it is newer than every source.
pub(crate) fn build() -> Outcome {
    let web = root().join("web");
    let built = changed(&web.join("dist/index.html"));
    let newest = newest(&web);
    if built.is_some() && built >= newest {
        return Ok(());
    }
    install(&web)?;
    Step::new(npm()?, ["run", "--silent", "build"])
        .within(&web)
        .run()
}

/// The unit tests of the pages.
pub(crate) fn test() -> Outcome {
    let web = root().join("web");
    install(&web)?;
    Step::new(npm()?, ["test", "--silent"]).within(&web).run()
}

/// `npm ci`, unless it has been done for this lock file.
fn install(web: &Path) -> Outcome {
    let lock = fs::read(web.join("package-lock.json"))
        .or_else(|error| failed(format!("web/package-lock.json cannot be read: {error}")))?;
    let stamp = web.join("node_modules/.dialtone-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    Step::new(
        npm()?,
        [
            "ci",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--prefer-offline",
        ],
    )
    .env("npm_config_cache", cache().join("npm"))
    .within(web)
    .run()?;
    fs::write(&stamp, lock).or_else(|error| failed(format!("{}: {error}", stamp.display())))
}

fn npm() -> Outcome<std::path::PathBuf> {
    find("npm").map_or_else(
        || failed("the pages need Node 20 or newer with npm; install it and run this again"),
        Ok,
    )
}

/// When the youngest source below `folder` was changed.
fn newest(folder: &Path) -> Option<SystemTime> {
    let mut newest = None;
    let entries = fs::read_dir(folder).ok()?;
    for entry in entries.flatten() {
        let name = entry.file_name();
        if matches!(name.to_str(), Some("node_modules" | "dist")) {
            continue;
        }
        let path = entry.path();
        newest = newest.max(if path.is_dir() {
            self::newest(&path)
        } else {
            changed(&path)
        });
    }
    newest
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|it| it.modified()).ok()
}
