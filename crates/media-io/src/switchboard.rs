//! All legs of one worker, who is joined to whom, and which datagram is for which leg.
//!
//! It has no sockets: datagrams come in with the port they came by, and what is to be sent waits
//! in a queue per port until the worker takes it.

mod slot;
mod weather;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use media::audio_app::FRAME;
use media::datagram::{self, Datagram};
use media::{AudioApp, Leg, LegEvent, LegOutput, LegStats, RtpFrame, Transmit};
use types::{LegId, limits};

use crate::port::Outgoing;
use crate::timers::Timers;
use crate::{Feed, MediaEvent, MediaEventKind};
use slot::{Joined, Slot};
pub(crate) use slot::{LegPorts, Newcomer};

/// Where events go.
pub(crate) type Events = Arc<dyn Fn(MediaEvent) + Send + Sync>;

/// All legs of one worker.
pub(crate) struct Switchboard {
    slots: Vec<Option<Slot>>,
    free: Vec<usize>,
    by_id: HashMap<LegId, usize>,
    by_ufrag: HashMap<String, usize>,
    by_address: HashMap<SocketAddr, usize>,
    timers: Timers,
    outbox: Vec<Vec<Outgoing>>,
    /// The ports whose queue in `outbox` is not empty.
    waiting: Vec<usize>,
    closing: Vec<usize>,
    events: Events,
    pub(crate) counts: Counts,
}

/// What has happened since the counters were last told.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) send_dropped: u64,
    pub(crate) unclaimed: u64,
    pub(crate) relayed: u64,
    /// Legs that are gone.
    pub(crate) closed: u64,
}

impl Switchboard {
    pub(crate) fn new(events: Events) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            by_id: HashMap::new(),
            by_ufrag: HashMap::new(),
            by_address: HashMap::new(),
            timers: Timers::default(),
            outbox: Vec::new(),
            waiting: Vec::new(),
            closing: Vec::new(),
            events,
            counts: Counts::default(),
        }
    }

    /// Takes a leg in, at a place that [`Switchboard::next_slot`] gave.
    pub(crate) fn adopt(&mut self, now: Instant, index: usize, newcomer: Newcomer) {
        let Newcomer {
            id,
            leg,
            feed,
            ports,
            place,
        } = newcomer;
        self.by_id.insert(id, index);
        self.by_ufrag.insert(leg.ufrag().to_owned(), index);
        self.slots[index] = Some(Slot {
            id,
            leg,
            joined: Joined::from(feed),
            ports,
            addresses: Vec::new(),
            weather: None,
            due: None,
            stamp: 0,
            _place: place,
        });
        self.touch(now, index, |leg| leg.handle_timeout(now));
    }

    /// Where the next leg will stand.
    pub(crate) fn next_slot(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        })
    }

    pub(crate) fn apply_answer(&mut self, now: Instant, id: LegId, answer: &str) {
        let Some(index) = self.index(id) else {
            return;
        };
        let mut refused = None;
        self.touch(now, index, |leg| {
            refused = leg.accept_answer(answer, now).err();
            leg.handle_timeout(now);
        });
        if let Some(error) = refused {
            self.tell(id, MediaEventKind::AnswerRefused(error));
        }
    }

    pub(crate) fn join(&mut self, one: LegId, other: LegId) {
        if let (Some(one), Some(other)) = (self.index(one), self.index(other))
            && one != other
        {
            self.part(one);
            self.part(other);
            self.set_joined(one, Joined::Leg(other));
            self.set_joined(other, Joined::Leg(one));
        }
    }

    pub(crate) fn pass(&mut self, id: LegId, on: bool) {
        let Some(index) = self.index(id) else {
            return;
        };
        let peer = self.peer_of(index);
        for index in [Some(index), peer].into_iter().flatten() {
            if let Some(slot) = self.slot(index) {
                slot.leg.pass(on);
            }
        }
    }

    pub(crate) fn set_app(&mut self, now: Instant, id: LegId, app: Box<dyn AudioApp>) {
        if let Some(index) = self.index(id) {
            self.part(index);
            self.set_joined(index, Joined::from(Feed::App(app)));
            self.start_ticks(now, index);
        }
    }

    /// Ends a leg.
    pub(crate) fn close(&mut self, now: Instant, id: LegId) {
        if let Some(index) = self.index(id) {
            self.touch(now, index, |leg| leg.close(now));
        }
    }

    pub(crate) fn stats(&mut self, id: LegId) -> Option<LegStats> {
        let index = self.index(id)?;
        self.slot(index).map(|slot| slot.leg.stats())
    }

    pub(crate) fn ids(&self) -> Vec<LegId> {
        self.by_id.keys().copied().collect()
    }

    /// Takes a datagram that came to `candidate` by a port that is the leg's in `owner`, or shared.
    pub(crate) fn take_datagram(
        &mut self,
        now: Instant,
        owner: Option<usize>,
        candidate: SocketAddr,
        source: SocketAddr,
        bytes: &[u8],
    ) {
        self.counts.received += 1;
        let index = owner.or_else(|| self.find(source, bytes));
        match index {
            Some(index) if self.is_held_up(now, index, source, candidate, bytes) => {}
            Some(index) => {
                self.touch(now, index, |leg| {
                    leg.handle_datagram(now, source, candidate, bytes)
                });
            }
            None => self.counts.unclaimed += 1,
        }
    }

    /// The leg that a datagram on a shared port is for. A check names it; everything else comes
    /// from where a check has come from.
    fn find(&self, source: SocketAddr, bytes: &[u8]) -> Option<usize> {
        if datagram::kind(bytes) == Some(Datagram::Stun) {
            let ufrag = datagram::wanted_ufrag(bytes)?;
            return self.by_ufrag.get(ufrag).copied();
        }
        self.by_address.get(&source).copied()
    }

    /// When [`Switchboard::meet_deadlines`] is due.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.timers.next_at()
    }

    pub(crate) fn meet_deadlines(&mut self, now: Instant) {
        while let Some((index, stamp)) = self.timers.pop(now) {
            if let Some(slot) = self.slot(index)
                && slot.stamp == stamp
            {
                slot.due = None;
                self.let_late_ones_come(now, index);
                self.tick(now, index);
                self.touch(now, index, |leg| leg.handle_timeout(now));
            }
        }
    }

    /// The ports that have something to send.
    pub(crate) fn take_waiting(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.waiting)
    }

    /// Hands over what waits for the port, and takes an empty queue in exchange.
    pub(crate) fn take_outgoing(&mut self, port: usize, empty: Vec<Outgoing>) -> Vec<Outgoing> {
        self.outbox
            .get_mut(port)
            .map_or_else(Vec::new, |queue| std::mem::replace(queue, empty))
    }

    /// Makes room for a port's queue.
    pub(crate) fn open_port(&mut self, port: usize) {
        if self.outbox.len() <= port {
            self.outbox.resize_with(port + 1, Vec::new);
        }
    }

    /// The ports of legs that are gone; to be closed once their last datagrams are sent.
    pub(crate) fn take_closing(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.closing)
    }

    fn index(&self, id: LegId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    fn slot(&mut self, index: usize) -> Option<&mut Slot> {
        self.slots.get_mut(index)?.as_mut()
    }

    fn peer_of(&mut self, index: usize) -> Option<usize> {
        match self.slot(index)?.joined {
            Joined::Leg(peer) => Some(peer),
            Joined::Nothing | Joined::App { .. } => None,
        }
    }

    fn set_joined(&mut self, index: usize, joined: Joined) {
        if let Some(slot) = self.slot(index) {
            slot.joined = joined;
        }
    }

    /// Parts a leg from the one it is joined with.
    fn part(&mut self, index: usize) {
        if let Some(peer) = self.peer_of(index) {
            self.set_joined(index, Joined::Nothing);
            self.set_joined(peer, Joined::Nothing);
        }
    }

    /// Changes a leg and carries its outputs out. A panic ends that leg alone.
    fn touch(&mut self, now: Instant, index: usize, change: impl FnOnce(&mut Leg)) {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            if let Some(slot) = self.slot(index) {
                change(&mut slot.leg);
            }
            self.drain(now, index);
        }));
        if outcome.is_err() {
            tracing::error!(leg = ?self.slot(index).map(|slot| slot.id), "a leg has panicked");
            self.remove(index);
        }
    }

    fn drain(&mut self, now: Instant, index: usize) {
        loop {
            let Some(slot) = self.slot(index) else {
                return;
            };
            match slot.leg.poll() {
                LegOutput::Transmit(transmit) => self.send(now, index, transmit),
                LegOutput::Event(event) => self.take_event(now, index, event),
                LegOutput::Timeout(at) => {
                    if slot.leg.is_closed() {
                        self.remove(index);
                    } else {
                        self.schedule(now, index, at);
                    }
                    return;
                }
            }
        }
    }

    /// Puts a leg's datagram into the queue of its port.
    fn post(&mut self, index: usize, transmit: Transmit) {
        let Some(slot) = self.slot(index) else {
            return;
        };
        if let Some(port) = slot.ports.find(transmit.source)
            && let Some(queue) = self.outbox.get_mut(port)
        {
            if queue.is_empty() {
                self.waiting.push(port);
            }
            let (destination, datagram) = (transmit.destination, transmit.datagram);
            queue.push(Outgoing {
                destination,
                datagram,
            });
        }
    }

    fn take_event(&mut self, now: Instant, index: usize, event: LegEvent) {
        let Some(slot) = self.slot(index) else {
            return;
        };
        let id = slot.id;
        let kind = match event {
            LegEvent::Rtp(frame) => return self.carry(now, index, &frame),
            LegEvent::PeerAddress(address) => {
                slot.addresses.push(address);
                if slot.addresses.len() > ADDRESSES_MAX {
                    let oldest = slot.addresses.remove(0);
                    self.forget(oldest, index);
                }
                self.by_address.insert(address, index);
                return;
            }
            LegEvent::Up => {
                self.start_ticks(now, index);
                MediaEventKind::Up
            }
            LegEvent::Digit(digit) => {
                if let Joined::App { app, .. } = &mut slot.joined {
                    app.on_digit(digit);
                }
                MediaEventKind::Digit(digit)
            }
            LegEvent::MediaStarted => MediaEventKind::MediaStarted,
            LegEvent::MediaStopped => MediaEventKind::MediaStopped,
            LegEvent::Failed(failure) => MediaEventKind::Failed(failure),
        };
        self.tell(id, kind);
    }

    /// Brings a packet of one leg to what the leg is joined with.
    fn carry(&mut self, now: Instant, index: usize, frame: &RtpFrame) {
        let Some(slot) = self.slot(index) else {
            return;
        };
        if slot.weather.as_ref().is_some_and(|it| !it.is_heard()) {
            return;
        }
        match &mut slot.joined {
            Joined::Nothing => {}
            Joined::App { app, .. } => {
                if frame.kind == media::FrameKind::Audio {
                    app.on_rtp(frame);
                }
            }
            Joined::Leg(peer) => {
                let peer = *peer;
                let mut relayed = false;
                self.touch(now, peer, |leg| relayed = leg.relay(now, frame));
                self.counts.relayed += u64::from(relayed);
            }
        }
    }

    fn start_ticks(&mut self, now: Instant, index: usize) {
        if let Some(slot) = self.slot(index)
            && slot.leg.is_up()
            && let Joined::App { next_tick, .. } = &mut slot.joined
        {
            next_tick.get_or_insert(now);
            self.schedule(now, index, Some(now));
        }
    }

    /// Lets an app speak for each 20 ms that have passed.
    fn tick(&mut self, now: Instant, index: usize) {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.tick_app(now, index)));
        if outcome.is_err() {
            tracing::error!(leg = ?self.slot(index).map(|slot| slot.id), "an app has panicked");
            self.touch(now, index, |leg| leg.close(now));
        }
    }

    fn tick_app(&mut self, now: Instant, index: usize) {
        while let Some(slot) = self.slot(index)
            && let Joined::App {
                app,
                next_tick: Some(at),
            } = &mut slot.joined
            && *at <= now
        {
            let due = *at;
            // After a long standstill the lost time is not made up for: it would come as a burst.
            let too_late = now.saturating_duration_since(due) > limits::APP_LATE_MAX;
            *at = if too_late { now + FRAME } else { due + FRAME };
            let frame = app.tick();
            self.touch(now, index, |leg| leg.speak(now, frame));
        }
    }

    /// Sets the leg's timer, if it is to come earlier than the one that is set. It never comes at
    /// once: a leg that always wants more time must not keep the others from theirs.
    fn schedule(&mut self, now: Instant, index: usize, at: Option<Instant>) {
        let Some(slot) = self.slots.get_mut(index).and_then(Option::as_mut) else {
            return;
        };
        let tick = match &slot.joined {
            Joined::App { next_tick, .. } => *next_tick,
            Joined::Nothing | Joined::Leg(_) => None,
        };
        let late = slot.weather.as_ref().and_then(|it| it.next_at());
        let Some(at) = [at, tick, late].into_iter().flatten().min() else {
            return;
        };
        let at = at.max(now + TIMER_STEP);
        if slot.due.is_none_or(|due| at < due) {
            slot.due = Some(at);
            slot.stamp += 1;
            self.timers.push(at, index, slot.stamp);
        }
    }

    fn remove(&mut self, index: usize) {
        self.part(index);
        let Some(slot) = self.slots.get_mut(index).and_then(Option::take) else {
            return;
        };
        self.by_id.remove(&slot.id);
        self.by_ufrag.remove(slot.leg.ufrag());
        for address in &slot.addresses {
            self.forget(*address, index);
        }
        if let LegPorts::Own(ports) = &slot.ports {
            self.closing.extend(ports.iter().map(|(_, port)| *port));
        }
        self.free.push(index);
        self.counts.closed += 1;
        self.tell(slot.id, MediaEventKind::Closed(slot.leg.stats()));
    }

    fn forget(&mut self, address: SocketAddr, index: usize) {
        if self.by_address.get(&address) == Some(&index) {
            self.by_address.remove(&address);
        }
    }

    fn tell(&self, leg: LegId, kind: MediaEventKind) {
        (self.events)(MediaEvent { leg, kind });
    }
}

/// The shortest wait; the system's own is no finer.
const TIMER_STEP: Duration = Duration::from_millis(1);

/// As many addresses of one peer as a leg itself remembers.
const ADDRESSES_MAX: usize = 8;
