//! What every command needs: the root of the project, the caches, and how to run a program.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// How a command ended: a failure is one sentence for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// What went wrong, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes a failure of a sentence.
pub(crate) fn failed<T>(sentence: impl Into<String>) -> Outcome<T> {
    Err(Failure(sentence.into()))
}

/// The project's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or_else(|| Path::new("."))
}

/// Where what is installed for the tests is kept between runs, outside the checkout.
pub(crate) fn cache() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .unwrap_or_else(std::env::temp_dir);
    base.join("dialtone")
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Whether a program of that name can be started.
pub(crate) fn has(program: &str) -> bool {
    find(program).is_some()
}

/// The path of a program, looked up as a shell does.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// A program to run in the project's root, with its output on this terminal.
pub(crate) struct Step {
    command: Command,
    shown: String,
}

impl Step {
    /// `program` with `arguments`.
    pub(crate) fn new<S: AsRef<OsStr>>(
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = S>,
    ) -> Self {
        let program = program.as_ref();
        let arguments: Vec<OsString> = arguments
            .into_iter()
            .map(|it| it.as_ref().to_owned())
            .collect();
        let mut shown = Path::new(program)
            .file_name()
            .unwrap_or(program)
            .to_string_lossy()
            .into_owned();
        for argument in &arguments {
            shown.push(' ');
            shown.push_str(&argument.to_string_lossy());
        }
        let mut command = Command::new(program);
        command.args(arguments).current_dir(root());
        Self { command, shown }
    }

    /// `cargo` with `arguments`: the one that started us.
    pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(cargo, arguments)
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it in another folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it to its end, and says what it was and how long it took.
    pub(crate) fn run(mut self) -> Outcome {
        eprintln!("── {}", self.shown);
        let started = Instant::now();
        let status = self.command.status().map_err(|error| {
            Failure(format!(
                "`{}` could not be started: {error}",
                self.program()
            ))
        })?;
        let seconds = started.elapsed().as_secs_f32();
        if !status.success() {
            return failed(format!(
                "`{}` failed after {seconds:.0} s ({status})",
                self.shown
            ));
        }
        if seconds >= 1.0 {
            eprintln!("   {seconds:.0} s");
        }
        Ok(())
    }

    /// Runs it to its end and gives what it wrote to standard output.
    pub(crate) fn output(mut self) -> Outcome<String> {
        let output = self.command.output().map_err(|error| {
            Failure(format!(
                "`{}` could not be started: {error}",
                self.program()
            ))
        })?;
        if !output.status.success() {
            return failed(format!(
                "`{}` failed ({}): {}",
                self.shown,
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            ));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn program(&self) -> String {
        self.command.get_program().to_string_lossy().into_owned()
    }
}
