//! How log lines are written: for a person at a terminal, or one JSON object a line for a machine.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::failure::Failure;

/// Sends every log line of this process to standard error from now on.
///
/// # Errors
///
/// When the filter cannot be read.
pub fn start(log: &Log) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| {
        Failure::configuration(format!(
            "log.filter: `{}` is not a filter such as `info` or `warn,exchange=debug`: {error}",
            log.filter
        ))
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // An error means that a test has set one already, which then is the one wanted.
    let _ = match log.format {
        LogFormat::Pretty => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    Ok(())
}
