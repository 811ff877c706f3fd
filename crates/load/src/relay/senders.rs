//! What the bare forwarder is measured with: plain UDP sockets that send as the callers do.

use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

use super::child::Child;
use super::floor::{FloorPort, SenderPorts};
use super::latency::Latency;
use super::{PAYLOAD_BYTES, Traffic};

/// All senders of one run, on a thread of their own; they stop when this is dropped.
#[derive(Debug)]
pub struct Senders {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Senders {
    /// Opens the sockets, tells the forwarder of them and starts the thread.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn start(child: &mut Child, count: usize, traffic: &Arc<Traffic>) -> io::Result<Self> {
        let sockets: io::Result<Vec<UdpSocket>> = (0..count)
            .map(|_| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)))
            .collect();
        let sockets = sockets?;
        let ports: io::Result<Vec<u16>> = sockets
            .iter()
            .map(|socket| Ok(socket.local_addr()?.port()))
            .collect();
        let FloorPort(port) = child.ask(&SenderPorts(ports?))?;
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        for (index, socket) in sockets.iter().enumerate() {
            socket.connect((Ipv4Addr::LOCALHOST, port))?;
            socket.set_nonblocking(true)?;
            epoll.add(
                socket.as_fd(),
                EpollEvent::new(EpollFlags::EPOLLIN, index as u64),
            )?;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let (stopping, traffic) = (Arc::clone(&stop), Arc::clone(traffic));
        let thread = std::thread::spawn(move || {
            let mut senders = Running {
                sockets,
                epoll,
                traffic,
                next: 0,
                began: Instant::now(),
            };
            while !stopping.load(Relaxed) {
                senders.turn();
            }
        });
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Senders {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

struct Running {
    sockets: Vec<UdpSocket>,
    epoll: Epoll,
    traffic: Arc<Traffic>,
    /// How many packets have been due so far, over all sockets in turn.
    next: u64,
    began: Instant,
}

impl Running {
    fn turn(&mut self) {
        let mut ready = [EpollEvent::empty(); 256];
        let timeout = EpollTimeout::from(1_u8);
        let count = self.epoll.wait(&mut ready, timeout).unwrap_or(0);
        let mut bytes = [0; 2_048];
        for event in &ready[..count] {
            let socket = usize::try_from(event.data())
                .ok()
                .and_then(|at| self.sockets.get(at));
            while let Some(Ok(length)) = socket.map(|socket| socket.recv(&mut bytes)) {
                self.traffic.received.fetch_add(1, Relaxed);
                self.traffic.latency.take(&bytes[..length]);
            }
        }
        self.send_due();
    }

    /// Sends in even steps: each socket once in 20 ms, one after the other.
    fn send_due(&mut self) {
        let gap = FRAME.as_nanos() / self.sockets.len().max(1) as u128;
        let due = (self.began.elapsed().as_nanos() / gap.max(1)) as u64;
        while self.next < due {
            let socket = &self.sockets[(self.next % self.sockets.len() as u64) as usize];
            self.next += 1;
            if !self.traffic.go.load(Relaxed) {
                continue;
            }
            let mut packet = [0x5a; PAYLOAD_BYTES + RTP_AND_TAG_BYTES];
            Latency::stamp(&mut packet);
            if socket.send(&packet).is_ok() {
                self.traffic.sent.fetch_add(1, Relaxed);
            }
        }
    }
}

const FRAME: Duration = Duration::from_millis(20);

/// What RTP's header and SRTP's tag add to the payload.
const RTP_AND_TAG_BYTES: usize = 12 + 16;
