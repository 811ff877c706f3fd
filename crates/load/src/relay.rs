//! What relaying calls costs: CPU per packet, added delay, loss, memory and set-up per leg.
//!
//! The relay runs in a process of its own, so that its CPU and memory are its own too; the callers
//! are in this one. The same numbers are taken of a bare forwarder (receive, open, seal, send),
//! because absolute times differ from machine to machine while ratios hold.

pub mod callers;
pub mod child;
pub mod exchange_side;
pub mod floor;
pub mod latency;
pub mod report;
pub mod senders;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use callers::Callers;
use child::Child;
use latency::Latency;
use report::{Measured, Report};
use senders::Senders;

/// How much load, for how long.
#[derive(Debug, Clone, clap::Args)]
pub struct RelayLoad {
    /// Calls at one time; each has two peers that send 50 packets of 80 bytes a second.
    #[arg(long, default_value_t = 200)]
    pub calls: usize,
    /// How long is measured.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Leaves the bare forwarder out, and prints no ratios.
    #[arg(long)]
    pub no_floor: bool,
}

/// What the senders and receivers of one run share.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Whether to send.
    pub go: AtomicBool,
    /// Packets sent.
    pub sent: AtomicU64,
    /// Packets that came back through the relay.
    pub received: AtomicU64,
    /// How long they took.
    pub latency: Latency,
}

/// Measures the bare forwarder, twice, and the relay.
///
/// # Errors
///
/// What the operating system says when a process, a socket or a thread cannot be had, or that the
/// calls did not come up.
pub fn run(load: &RelayLoad) -> io::Result<Report> {
    let mut report = Report {
        calls: load.calls,
        ..Report::default()
    };
    if !load.no_floor {
        report.floor = Some(measure_floor(load, false)?);
        report.gathering_floor = Some(measure_floor(load, true)?);
    }
    report.relay = Some(measure_relay(load)?);
    Ok(report)
}

fn measure_floor(load: &RelayLoad, gather: bool) -> io::Result<Measured> {
    let flag: &[&str] = if gather { &["--gather"] } else { &[] };
    let mut child = Child::start("serve-floor", flag)?;
    let traffic = Arc::new(Traffic::default());
    let senders = Senders::start(&mut child, load.calls * 2, &traffic)?;
    let measured = measure(&child, &traffic, load.seconds)?;
    drop(senders);
    Ok(measured)
}

fn measure_relay(load: &RelayLoad) -> io::Result<Measured> {
    let mut child = Child::start("serve-relay", &[])?;
    let traffic = Arc::new(Traffic::default());
    let callers = Callers::start(&traffic)?;
    callers.place(&mut child, 1)?;
    let (cpu, memory) = (child.cpu()?, child.memory()?);
    callers.place(&mut child, load.calls.saturating_sub(1).max(1))?;
    let legs = load.calls.saturating_sub(1).max(1) as u32 * 2;
    let set_up = (child.cpu()? - cpu) / legs;
    let mut measured = measure(&child, &traffic, load.seconds)?;
    measured.set_up = Some(set_up);
    measured.memory_per_leg = Some(child.memory()?.saturating_sub(memory) / u64::from(legs));
    Ok(measured)
}

/// Lets traffic flow and looks at the child meanwhile.
fn measure(child: &Child, traffic: &Traffic, seconds: u64) -> io::Result<Measured> {
    use std::sync::atomic::Ordering::Relaxed;

    traffic.go.store(true, Relaxed);
    std::thread::sleep(WARM_UP);
    traffic.latency.clear();
    let (cpu, received) = (child.cpu()?, traffic.received.load(Relaxed));
    let began = std::time::Instant::now();
    std::thread::sleep(Duration::from_secs(seconds));
    let (spent, relayed) = (
        child.cpu()? - cpu,
        traffic.received.load(Relaxed) - received,
    );
    let elapsed = began.elapsed();
    let (p50, p99) = (
        traffic.latency.percentile(50.0),
        traffic.latency.percentile(99.0),
    );
    traffic.go.store(false, Relaxed);
    std::thread::sleep(COOL_DOWN);
    let (sent, received) = (traffic.sent.load(Relaxed), traffic.received.load(Relaxed));
    Ok(Measured {
        packets_per_second: relayed as f64 / elapsed.as_secs_f64(),
        cpu_per_packet: spent / u32::try_from(relayed.max(1)).unwrap_or(u32::MAX),
        core_share: spent.as_secs_f64() / elapsed.as_secs_f64(),
        p50,
        p99,
        sent,
        lost: sent.saturating_sub(received),
        set_up: None,
        memory_per_leg: None,
    })
}

/// Bytes of payload per packet: 20 ms of Opus at 32 kbit/s.
pub const PAYLOAD_BYTES: usize = 80;

const WARM_UP: Duration = Duration::from_secs(2);
const COOL_DOWN: Duration = Duration::from_millis(500);
