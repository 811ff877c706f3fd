//! The folder that a process keeps its databases in, and what it must remember besides.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::seed::Seed;

/// A data folder that this process has for itself until it drops it.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Held, not read: the system gives the lock up when the process ends, however it ends.
    _lock: File,
    /// Removes the folder when dropped.
    _temporary: Option<tempfile::TempDir>,
}

/// The start of a process.
#[derive(Clone, Copy)]
pub struct Start {
    /// What everything is drawn from.
    pub seed: Seed,
    /// How often a process had started on this folder before.
    pub number: u64,
}

impl DataFolder {
    /// Opens a folder, made if it is not there.
    ///
    /// # Errors
    ///
    /// When it cannot be made or written to, or another process has it.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let wrong = |error: io::Error| {
            Failure::running(format!("the data folder {}: {error}", path.display()))
        };
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true).mode(0o700);
        folder.create(path).map_err(wrong)?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path.join("lock"))
            .map_err(wrong)?;
        lock.try_lock().map_err(|_| {
            Failure::running(format!(
                "another process uses the data folder {}; stop it, or choose another with --data",
                path.display()
            ))
        })?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
            _temporary: None,
        })
    }

    /// A folder that is gone when the process ends in an orderly way.
    ///
    /// # Errors
    ///
    /// When the system's temporary folder cannot be written to.
    pub fn temporary() -> Result<Self, Failure> {
        let folder = tempfile::Builder::new()
            .prefix("dialtone-")
            .tempdir()
            .map_err(|error| Failure::running(format!("a temporary folder: {error}")))?;
        let mut opened = Self::open(folder.path())?;
        opened._temporary = Some(folder);
        Ok(opened)
    }

    /// The path of a file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Counts this start, and finds the seed: the chosen one, or that of the first start.
    ///
    /// # Errors
    ///
    /// When the folder's memory cannot be read or written, or the machine has no entropy.
    pub fn start(&self, chosen: Option<u64>) -> Result<Start, Failure> {
        let path = self.file(MEMORY);
        let wrong =
            |said: String| Failure::running(format!("the memory {}: {said}", path.display()));
        let before = match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Memory::default(),
            Err(error) => return Err(wrong(error.to_string())),
        };
        let seed = match (chosen, before.seed) {
            (Some(chosen), _) => Seed::chosen(chosen),
            (None, Some(bytes)) => Seed::from_bytes(bytes),
            (None, None) => {
                Seed::drawn().map_err(|error| wrong(format!("no entropy to be had: {error}")))?
            }
        };
        let memory = Memory {
            starts: before.starts + 1,
            seed: Some(seed.to_bytes()),
        };
        let text = toml::to_string(&memory).map_err(|error| wrong(error.to_string()))?;
        replace(&path, text.as_bytes()).map_err(|error| wrong(error.to_string()))?;
        Ok(Start {
            seed,
            number: before.starts,
        })
    }
}

/// Writes a file so that a reader sees all of it or what was there before, readable by its owner
/// only.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    // One of a process that had this id before us, and was killed while it wrote.
    let _ = fs::remove_file(&new);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// What a folder remembers from one start to the next.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Memory {
    starts: u64,
    seed: Option<[u8; 32]>,
}

const MEMORY: &str = "start.toml";

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_folder_belongs_to_one_process() {
        let parent = tempfile::tempdir().expect("a folder");
        let path = parent.path().join("data");
        let first = DataFolder::open(&path).expect("ours");
        let second = DataFolder::open(&path).expect_err("taken");
        assert!(second.to_string().contains("another process uses"));
        drop(first);
        DataFolder::open(&path).expect("free again");
    }

    #[test]
    fn the_seed_is_drawn_once_and_starts_are_counted() {
        let folder = DataFolder::temporary().expect("a folder");
        let first = folder.start(None).expect("a start");
        let second = folder.start(None).expect("a start");
        assert_eq!((first.number, second.number), (0, 1));
        assert!(first.seed == second.seed, "the secrets stay the same");
        assert_ne!(
            first.seed.of("desk", first.number),
            second.seed.of("desk", second.number)
        );
        let mode = fs::metadata(folder.file(MEMORY))
            .expect("there")
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }

    #[test]
    fn a_chosen_seed_is_taken() {
        let folder = DataFolder::temporary().expect("a folder");
        assert!(folder.start(Some(7)).expect("a start").seed == Seed::chosen(7));
    }

    #[test]
    fn a_temporary_folder_goes_away() {
        let folder = DataFolder::temporary().expect("a folder");
        let path = folder.path.clone();
        assert!(path.exists());
        drop(folder);
        assert!(!path.exists());
    }
}
