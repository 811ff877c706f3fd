//! One media thread: waits for datagrams, commands and deadlines, and serves them in batches.

use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::{Counter, Gauge, counter, gauge};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::prctl;

use crate::command::{Command, CommandReceiver};
use crate::port::{Outgoing, Port, ReceiveBatch, SendBatch};
use crate::switchboard::{Counts, Events, LegPorts, Newcomer, Switchboard};
use crate::{Feed, PreparedLeg};

/// One media thread and all that it owns.
pub(crate) struct Worker {
    epoll: Epoll,
    inbox: CommandReceiver,
    ports: Vec<Option<OpenPort>>,
    free: Vec<usize>,
    shared: Arc<[(SocketAddr, usize)]>,
    switchboard: Switchboard,
    spare: Vec<Outgoing>,
    meters: Meters,
    stopping: bool,
}

struct OpenPort {
    port: Port,
    /// The slot of the leg whose own port it is.
    owner: Option<usize>,
}

struct Meters {
    received: Counter,
    sent: Counter,
    send_dropped: Counter,
    unclaimed: Counter,
    relayed: Counter,
    legs: Gauge,
}

impl Worker {
    pub(crate) fn new(
        ports: Vec<Port>,
        inbox: CommandReceiver,
        events: Events,
    ) -> io::Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        epoll.add(inbox.bell(), EpollEvent::new(EpollFlags::EPOLLIN, BELL))?;
        let shared = ports
            .iter()
            .enumerate()
            .map(|(index, port)| (port.candidate(), index));
        let mut worker = Self {
            epoll,
            inbox,
            shared: shared.collect(),
            ports: Vec::new(),
            free: Vec::new(),
            switchboard: Switchboard::new(events),
            spare: Vec::new(),
            meters: Meters::new(),
            stopping: false,
        };
        for port in ports {
            worker.open(port, None)?;
        }
        Ok(worker)
    }

    /// Serves until it is told to stop.
    pub(crate) fn run(mut self) {
        // Without it the kernel wakes us up to 50 us late; the default does no harm either.
        let _coarse = prctl::set_timerslack(TIMER_SLACK_NS);
        let mut receive = ReceiveBatch::new();
        let mut send = SendBatch::new();
        let mut ready = [EpollEvent::empty(); READY_MAX];
        while !self.stopping {
            let count = self.wait(&mut ready);
            let began = Instant::now();
            let mut received = 0;
            for event in &ready[..count] {
                if event.data() == BELL {
                    self.take_commands();
                } else {
                    received += self.receive(event.data(), &mut receive);
                }
            }
            self.switchboard.meet_deadlines(Instant::now());
            self.flush(&mut send);
            if received >= BATCH_FROM && !self.shared.is_empty() {
                gather(began);
            }
        }
        self.end_all(&mut send);
    }

    fn wait(&mut self, ready: &mut [EpollEvent]) -> usize {
        let timeout = self.switchboard.next_at().map(|at| {
            let wait = at.saturating_duration_since(Instant::now()).min(WAIT_MAX);
            let millis = wait.as_micros().div_ceil(1_000);
            u16::try_from(millis).unwrap_or(u16::MAX)
        });
        let timeout = timeout.map_or(EpollTimeout::NONE, EpollTimeout::from);
        match self.epoll.wait(ready, timeout) {
            Ok(count) => count,
            Err(Errno::EINTR) => 0,
            Err(error) => {
                tracing::error!(%error, "a media worker cannot wait for its sockets");
                self.stopping = true;
                0
            }
        }
    }

    fn receive(&mut self, key: u64, batch: &mut ReceiveBatch) -> usize {
        let Ok(index) = usize::try_from(key) else {
            return 0;
        };
        let Some(Some(open)) = self.ports.get(index) else {
            return 0;
        };
        let candidate = open.port.candidate();
        let (owner, switchboard) = (open.owner, &mut self.switchboard);
        let mut total = 0;
        for _ in 0..BATCHES_MAX {
            let now = Instant::now();
            let (count, full) = batch.receive(&open.port, |source, bytes| {
                switchboard.take_datagram(now, owner, candidate, source, bytes);
            });
            total += count;
            if !full {
                break;
            }
        }
        total
    }

    fn take_commands(&mut self) {
        self.inbox.still();
        while let Some(command) = self.inbox.next() {
            let now = Instant::now();
            match command {
                Command::Adopt { prepared, feed } => self.adopt(now, *prepared, feed),
                Command::ApplyAnswer { leg, answer } => {
                    self.switchboard.apply_answer(now, leg, &answer);
                }
                Command::Join { one, other } => self.switchboard.join(one, other),
                Command::Pass { leg, on } => self.switchboard.pass(leg, on),
                Command::SetApp { leg, app } => self.switchboard.set_app(now, leg, app),
                Command::Weather { leg, forecast } => {
                    self.switchboard.set_weather(leg, forecast);
                }
                Command::Close { leg } => self.switchboard.close(now, leg),
                Command::Stats { leg, reply } => reply(self.switchboard.stats(leg)),
                Command::Stop => self.stopping = true,
            }
        }
    }

    fn adopt(&mut self, now: Instant, prepared: PreparedLeg, feed: Feed) {
        let PreparedLeg {
            id,
            leg,
            ports,
            place,
            ..
        } = prepared;
        let slot = self.switchboard.next_slot();
        let ports = if ports.is_empty() {
            LegPorts::Shared(Arc::clone(&self.shared))
        } else {
            let mut own = Vec::with_capacity(ports.len());
            for port in ports {
                let candidate = port.candidate();
                match self.open(port, Some(slot)) {
                    Ok(index) => own.push((candidate, index)),
                    Err(error) => tracing::error!(leg = %id, %error, "a leg's port is lost"),
                }
            }
            LegPorts::Own(own)
        };
        self.switchboard.adopt(
            now,
            slot,
            Newcomer {
                id,
                leg,
                feed,
                ports,
                place,
            },
        );
        self.meters.legs.increment(1);
    }

    fn open(&mut self, port: Port, owner: Option<usize>) -> io::Result<usize> {
        let index = self.free.pop().unwrap_or_else(|| {
            self.ports.push(None);
            self.ports.len() - 1
        });
        let event = EpollEvent::new(EpollFlags::EPOLLIN, index as u64);
        self.epoll.add(port.socket().as_fd(), event)?;
        self.switchboard.open_port(index);
        self.ports[index] = Some(OpenPort { port, owner });
        Ok(index)
    }

    /// Sends what waits, closes the ports of legs that are gone, and tells the counters.
    fn flush(&mut self, batch: &mut SendBatch) {
        for index in self.switchboard.take_waiting() {
            let spare = std::mem::take(&mut self.spare);
            let mut outgoing = self.switchboard.take_outgoing(index, spare);
            if let Some(Some(open)) = self.ports.get(index) {
                let dropped = batch.send_all(open.port.socket(), &outgoing);
                self.switchboard.counts.sent += outgoing.len() as u64 - dropped;
                self.switchboard.counts.send_dropped += dropped;
            }
            outgoing.clear();
            self.spare = outgoing;
        }
        for index in self.switchboard.take_closing() {
            if let Some(open) = self.ports.get_mut(index).and_then(Option::take) {
                let _gone = self.epoll.delete(open.port.socket().as_fd());
                self.free.push(index);
            }
        }
        self.meters.tell(&mut self.switchboard.counts);
    }

    fn end_all(&mut self, batch: &mut SendBatch) {
        // Legs that were adopted in the same breath as the stop are ended as well.
        self.take_commands();
        let now = Instant::now();
        for id in self.switchboard.ids() {
            self.switchboard.close(now, id);
        }
        self.flush(batch);
    }
}

impl Meters {
    fn new() -> Self {
        Self {
            received: counter!("dialtone_media_datagrams_received_total"),
            sent: counter!("dialtone_media_datagrams_sent_total"),
            send_dropped: counter!("dialtone_media_datagrams_dropped_total", "reason" => "no_room"),
            unclaimed: counter!("dialtone_media_datagrams_dropped_total", "reason" => "no_leg"),
            relayed: counter!("dialtone_relayed_packets_total"),
            legs: gauge!("dialtone_media_legs"),
        }
    }

    fn tell(&self, counts: &mut Counts) {
        let Counts {
            received,
            sent,
            send_dropped,
            unclaimed,
            relayed,
            closed,
        } = std::mem::take(counts);
        for (counter, count) in [
            (&self.received, received),
            (&self.sent, sent),
            (&self.send_dropped, send_dropped),
            (&self.unclaimed, unclaimed),
            (&self.relayed, relayed),
        ] {
            if count > 0 {
                counter.increment(count);
            }
        }
        if closed > 0 {
            self.legs.decrement(closed as f64);
        }
    }
}

/// Lets datagrams gather until a batch is worth its system calls.
fn gather(began: Instant) {
    let rest = BATCH_WITHIN.saturating_sub(began.elapsed());
    if !rest.is_zero() {
        std::thread::sleep(rest);
    }
}

/// The bell's key among the ports' keys.
const BELL: u64 = u64::MAX;

/// Sockets that are served in one turn; the others wait for the next.
const READY_MAX: usize = 256;

/// Batches that one port may take in one turn.
const BATCHES_MAX: usize = 8;

/// From so many datagrams in one turn on, the next turn comes [`BATCH_WITHIN`] after this one
/// began: a quarter of the system calls, for at most so much delay. Legs with ports of their own
/// have nothing to gather.
const BATCH_FROM: usize = 4;
const BATCH_WITHIN: Duration = Duration::from_millis(1);

/// Longer than this nobody waits at once; the wait is then simply begun again.
const WAIT_MAX: Duration = Duration::from_secs(30);

const TIMER_SLACK_NS: u64 = 1_000;
