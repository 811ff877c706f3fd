//! What was measured, as a person reads it.

use std::fmt;
use std::time::Duration;

/// One part of a run.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Calls that were set up and ended, all their webhooks taken.
    pub calls: usize,
    /// Of them, how many a second.
    pub calls_per_second: f64,
    /// From the `connect` request to the arrival of the connect webhook: the median.
    pub connect_p50: Duration,
    /// The same: what 99 of 100 calls did not exceed.
    pub connect_p99: Duration,
}

/// A whole run.
#[derive(Debug, Clone)]
pub struct Report {
    /// Calls a second that the paced part asked for.
    pub rate: u32,
    /// Calls at one time in the unpaced part.
    pub at_once: u32,
    /// Requests a second of a server with nothing behind it.
    pub floor_requests_per_second: f64,
    /// At the asked rate.
    pub paced: Measured,
    /// As fast as it went.
    pub unpaced: Measured,
}

impl Measured {
    pub(super) fn new(mut delays: Vec<Duration>, lasted: Duration) -> Self {
        delays.sort_unstable();
        let at = |percent: usize| {
            let index = (delays.len() * percent / 100).min(delays.len().saturating_sub(1));
            delays.get(index).copied().unwrap_or_default()
        };
        Self {
            calls: delays.len(),
            calls_per_second: delays.len() as f64 / lasted.as_secs_f64(),
            connect_p50: at(50),
            connect_p99: at(99),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (paced, unpaced) = (&self.paced, &self.unpaced);
        // A call is two requests to the API and two webhooks.
        let share = 100.0 * 2.0 * unpaced.calls_per_second / self.floor_requests_per_second;
        writeln!(
            f,
            "floor     {:.0} requests/s by a server with nothing behind it",
            self.floor_requests_per_second
        )?;
        writeln!(
            f,
            "paced     {} calls at {}/s: connect to its webhook p50 {:.1?}, p99 {:.1?} (goal: under 30 ms)",
            paced.calls, self.rate, paced.connect_p50, paced.connect_p99
        )?;
        writeln!(
            f,
            "unpaced   {} calls, {} at once: {:.0} calls/s set up and ended (goal: 100), {:.0} webhooks/s, p99 {:.1?}",
            unpaced.calls,
            self.at_once,
            unpaced.calls_per_second,
            2.0 * unpaced.calls_per_second,
            unpaced.connect_p99
        )?;
        writeln!(
            f,
            "ratio     {share:.0} % of the floor's requests, each with a webhook"
        )
    }
}
