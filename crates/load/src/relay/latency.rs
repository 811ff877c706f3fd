//! How long packets took: a histogram in steps of ten microseconds that many threads may write.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// The histogram.
#[derive(Debug)]
pub struct Latency {
    steps: Box<[AtomicU32]>,
}

impl Default for Latency {
    fn default() -> Self {
        Self {
            steps: (0..STEPS).map(|_| AtomicU32::new(0)).collect(),
        }
    }
}

impl Latency {
    /// Takes note of a packet that carries the moment it was sent at.
    pub fn take(&self, payload: &[u8]) {
        if let Some(sent) = payload.first_chunk() {
            let took = since_start().saturating_sub(u64::from_be_bytes(*sent));
            let step = usize::try_from(took / STEP_NS)
                .unwrap_or(STEPS)
                .min(STEPS - 1);
            self.steps[step].fetch_add(1, Relaxed);
        }
    }

    /// Writes the moment of sending into a payload.
    pub fn stamp(payload: &mut [u8]) {
        if let Some(head) = payload.first_chunk_mut() {
            *head = since_start().to_be_bytes();
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        for step in &self.steps {
            step.store(0, Relaxed);
        }
    }

    /// The time that `percent` of the packets did not exceed.
    pub fn percentile(&self, percent: f64) -> Duration {
        let counts: Vec<u64> = self
            .steps
            .iter()
            .map(|step| u64::from(step.load(Relaxed)))
            .collect();
        let wanted = (counts.iter().sum::<u64>() as f64 * percent / 100.0).ceil() as u64;
        let mut seen = 0;
        for (step, count) in counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return Duration::from_nanos((step as u64 + 1) * STEP_NS);
            }
        }
        Duration::from_nanos(STEPS as u64 * STEP_NS)
    }
}

/// Nanoseconds since the first packet of this process.
fn since_start() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

const STEP_NS: u64 = 10_000;
/// Up to half a second; what took longer counts as that.
const STEPS: usize = 50_000;
