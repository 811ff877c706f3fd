//! What was measured, and how it is printed: each line with the goal it is held to.

use std::fmt;
use std::time::Duration;

/// What one run of traffic cost.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Packets that came through, per second.
    pub packets_per_second: f64,
    /// CPU time of the relaying process per packet.
    pub cpu_per_packet: Duration,
    /// CPU time of the relaying process as a part of one core.
    pub core_share: f64,
    /// The median of the packets' travel time, callers included.
    pub p50: Duration,
    /// What 99 % of the packets stay under.
    pub p99: Duration,
    /// Packets sent, warm-up included.
    pub sent: u64,
    /// Packets that never came.
    pub lost: u64,
    /// CPU time of the relaying process per leg that was set up.
    pub set_up: Option<Duration>,
    /// Bytes of memory of the relaying process per leg.
    pub memory_per_leg: Option<u64>,
}

/// All runs of one load.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Calls at one time.
    pub calls: usize,
    /// The bare forwarder that takes each packet as it comes.
    pub floor: Option<Measured>,
    /// The bare forwarder that gathers packets for a millisecond.
    pub gathering_floor: Option<Measured>,
    /// The relay.
    pub relay: Option<Measured>,
}

impl Measured {
    fn line(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        let lost = self.lost as f64 * 100.0 / self.sent.max(1) as f64;
        writeln!(
            f,
            "{name:<28} {:>7.0} packets/s  {:>6.2} us CPU/packet  {:>5.1} % of a core  \
             p50 {:>5.2} ms  p99 {:>6.2} ms  lost {lost:.4} %",
            self.packets_per_second,
            self.cpu_per_packet.as_secs_f64() * 1e6,
            self.core_share * 100.0,
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3,
        )
    }

    fn cpu_ratio(&self, floor: &Self) -> f64 {
        self.cpu_per_packet.as_secs_f64() / floor.cpu_per_packet.as_secs_f64()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} calls, two peers each, 50 packets/s of 80 bytes each way",
            self.calls
        )?;
        if let Some(floor) = &self.floor {
            floor.line(f, "bare forwarder")?;
        }
        if let Some(floor) = &self.gathering_floor {
            floor.line(f, "bare forwarder, 1 ms batches")?;
        }
        let Some(relay) = &self.relay else {
            return Ok(());
        };
        relay.line(f, "relay")?;
        if let Some(floor) = &self.floor {
            let ratio = relay.cpu_ratio(floor);
            writeln!(
                f,
                "CPU per packet: {ratio:.2} x the bare forwarder (goal: at most 2)"
            )?;
            let added = relay.p99.saturating_sub(floor.p99).as_secs_f64() * 1e3;
            writeln!(
                f,
                "added delay, p99: {added:.2} ms over the bare forwarder (goal: under 2)"
            )?;
        }
        if let Some(floor) = &self.gathering_floor {
            let ratio = relay.cpu_ratio(floor);
            writeln!(
                f,
                "CPU per packet: {ratio:.2} x the bare forwarder in 1 ms batches"
            )?;
        }
        if let Some(bytes) = relay.memory_per_leg {
            writeln!(
                f,
                "memory per leg: {:.1} kB (goal: under 80)",
                bytes as f64 / 1e3
            )?;
        }
        if let Some(set_up) = relay.set_up {
            let ms = set_up.as_secs_f64() * 1e3;
            writeln!(f, "CPU per leg set-up: {ms:.2} ms (goal: under 3)")?;
        }
        let fit = self.calls as f64 / relay.core_share.max(f64::EPSILON);
        writeln!(f, "calls per core at this cost: {fit:.0} (goal: 500)")
    }
}
