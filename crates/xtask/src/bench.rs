//! `cargo xtask bench`: what hot paths cost, as ratios to a floor measured in the same run.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::tools::{Outcome, Step, failed, target};

/// The benchmarks by name, in the order in which they are run.
/// A benchmark's name, and what measures it.
type Benchmark = (&'static str, fn() -> Outcome);

const BENCHMARKS: &[Benchmark] = &[
    ("legs", legs),
    ("exchange", exchange),
    ("relay", relay),
    ("calls", calls),
];

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let Some(wanted) = arguments.first() else {
        return BENCHMARKS.iter().try_for_each(|(_, bench)| bench());
    };
    match BENCHMARKS.iter().find(|(name, _)| name == wanted) {
        Some((_, bench)) => bench(),
        None => {
            let names: Vec<_> = BENCHMARKS.iter().map(|(name, _)| *name).collect();
            failed(format!(
                "no benchmark `{wanted}`; there are {}",
                names.join(", ")
            ))
        }
    }
}

/// A leg without sockets: set-up, one packet.
fn legs() -> Outcome {
    Step::cargo(["bench", "--package", "dialtone-media", "--locked"]).run()
}

/// The desk, delivery and calls in one process.
fn exchange() -> Outcome {
    Step::cargo(["bench", "--package", "dialtone-exchange", "--locked"]).run()
}

/// The relay in a process of its own, against a bare forwarder.
fn relay() -> Outcome {
    build()?;
    Step::new(program("dialtone-load"), ["relay"]).run()
}

/// Whole calls over the API of an exchange in a process of its own, with its records in a file.
fn calls() -> Outcome {
    build()?;
    let folder = std::env::temp_dir().join(format!("dialtone-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).or_else(|error| failed(format!("{error}")))?;
    let outcome = calls_in(&folder);
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn calls_in(folder: &Path) -> Outcome {
    let env_file = folder.join("env");
    let command = Command::new(program("dialtone"))
        .args(["exchange", "--port", "0", "--data"])
        .arg(folder)
        .arg("--env-file")
        .arg(&env_file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(child) = command else {
        return failed("the exchange could not be started");
    };
    let _exchange = Running(child);
    let started = Instant::now();
    while !env_file.exists() {
        if started.elapsed() > READY_WITHIN {
            return failed(format!(
                "the exchange was not ready within {READY_WITHIN:?}"
            ));
        }
        sleep(Duration::from_millis(20));
    }
    Step::new(
        program("dialtone-load"),
        [
            "calls".as_ref(),
            "--env-file".as_ref(),
            env_file.as_os_str(),
        ],
    )
    .run()
}

fn build() -> Outcome {
    Step::cargo([
        "build",
        "--release",
        "--locked",
        "--package=dialtone",
        "--package=dialtone-load",
    ])
    .run()
}

fn program(name: &str) -> std::path::PathBuf {
    target().join("release").join(name)
}

/// A child process that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const READY_WITHIN: Duration = Duration::from_secs(30);
