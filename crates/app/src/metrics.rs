//! Counts and measures of this process, in the format that Prometheus reads.

use std::time::Duration;

use exchange::observe;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::failure::Failure;

/// What everything in this process counts into. Keep it to render what was counted.
#[derive(Debug, Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Installs the recorder and says what the names mean. Once per process.
    ///
    /// # Errors
    ///
    /// When one is installed already.
    pub fn start() -> Result<Self, Failure> {
        let mut builder = PrometheusBuilder::new();
        let people = observe::PEOPLE_TIMES.map(|name| (name, observe::PEOPLE_BUCKETS));
        let machine = observe::MACHINE_TIMES.map(|name| (name, observe::MACHINE_BUCKETS));
        for (name, buckets) in people.into_iter().chain(machine) {
            builder = builder
                .set_buckets_for_metric(Matcher::Full(name.to_owned()), &buckets)
                .map_err(|error| Failure::running(format!("buckets of {name}: {error}")))?;
        }
        let handle = builder
            .install_recorder()
            .map_err(|error| Failure::running(format!("metrics: {error}")))?;
        observe::describe();
        Ok(Self { handle })
    }

    /// Everything counted so far, as the text that Prometheus reads.
    #[must_use]
    pub fn page(&self) -> String {
        self.handle.render()
    }

    /// Folds what was measured since the last time into the histograms, for ever: without it they
    /// would grow between two readings.
    pub async fn keep_small(self) {
        let mut tick = tokio::time::interval(UPKEEP);
        loop {
            tick.tick().await;
            self.handle.run_upkeep();
        }
    }
}

const UPKEEP: Duration = Duration::from_secs(5);
