//! How the process is asked to stop: politely once, and at once when asked again.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;

/// A token that is cancelled by Ctrl-C or SIGTERM. A second signal ends the process on the spot: who
/// presses Ctrl-C twice does not want to wait for anything.
///
/// # Errors
///
/// When the system does not let us listen for signals.
pub fn on_signal() -> Result<CancellationToken, Failure> {
    let listen = |kind: SignalKind| {
        signal(kind).map_err(|error| Failure::running(format!("signals: {error}")))
    };
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if cancelled.is_cancelled() {
                tracing::warn!("stopped at once by a second signal");
                std::process::exit(EXIT_AT_ONCE);
            }
            tracing::info!("stopping: what is under way may finish; a second Ctrl-C does not wait");
            cancelled.cancel();
        }
    });
    Ok(token)
}

/// As a shell says that a process was interrupted.
const EXIT_AT_ONCE: i32 = 130;
