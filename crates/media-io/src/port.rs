//! UDP sockets: opened with large buffers, read and written in batches.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::os::fd::AsRawFd;

use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};
use socket2::{Domain, Protocol, Socket, Type};

use crate::address::Address;

/// One UDP socket and the address that peers know it by.
#[derive(Debug)]
pub(crate) struct Port {
    socket: UdpSocket,
    candidate: SocketAddr,
    is_ipv6: bool,
}

impl Port {
    fn open(address: Address, port: u16) -> io::Result<Self> {
        let socket = Socket::new(
            Domain::for_address((address.bind, port).into()),
            Type::DGRAM,
            Some(Protocol::UDP),
        )?;
        if address.bind.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        // The kernel grants what its limits allow, which is better than nothing.
        let _smaller = socket.set_recv_buffer_size(BUFFER_BYTES);
        let _smaller = socket.set_send_buffer_size(BUFFER_BYTES);
        socket.bind(&SocketAddr::new(address.bind, port).into())?;
        let socket = UdpSocket::from(socket);
        let port = socket.local_addr()?.port();
        let candidate = SocketAddr::new(address.advertised, port);
        Ok(Self {
            socket,
            candidate,
            is_ipv6: address.bind.is_ipv6(),
        })
    }

    /// The address that peers know.
    pub(crate) fn candidate(&self) -> SocketAddr {
        self.candidate
    }

    pub(crate) fn socket(&self) -> &UdpSocket {
        &self.socket
    }
}

/// Opens one port number on all addresses; 0 takes any that is free on each of them.
pub(crate) fn shared(addresses: &[Address], port: u16) -> io::Result<Vec<Port>> {
    if port != 0 {
        return on_all(addresses, port);
    }
    let mut refusal = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for _ in 0..TRIES {
        let Some(first) = addresses.first() else {
            break;
        };
        let found = Port::open(*first, 0)?;
        let number = found.candidate.port();
        match on_all(&addresses[1..], number) {
            Ok(others) => return Ok(std::iter::once(found).chain(others).collect()),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

/// Opens a port for one leg: the first free one of the range from `offset` on, round and round.
pub(crate) fn own(
    addresses: &[Address],
    range: &RangeInclusive<u16>,
    offset: u16,
) -> io::Result<Vec<Port>> {
    if *range.end() == 0 {
        return shared(addresses, 0);
    }
    let count = range.len().max(1);
    let mut refusal = io::Error::from(io::ErrorKind::AddrInUse);
    for step in 0..count {
        let at = u16::try_from((usize::from(offset) + step) % count).unwrap_or(0);
        match on_all(addresses, range.start().saturating_add(at)) {
            Ok(ports) => return Ok(ports),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

fn on_all(addresses: &[Address], port: u16) -> io::Result<Vec<Port>> {
    addresses
        .iter()
        .map(|address| Port::open(*address, port))
        .collect()
}

/// A datagram that waits to be sent.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) destination: SocketAddr,
    pub(crate) datagram: Vec<u8>,
}

/// Where received datagrams land; one per worker.
///
/// Each IP version has headers of its own. The kernel notes in a header how long the sender's address
/// was, nobody sets that back, and the next one is cut to it: after a datagram over IPv4, the same
/// header would take only the first half of an IPv6 address and leave the second of an earlier one.
pub(crate) struct ReceiveBatch {
    v4: MultiHeaders<SockaddrStorage>,
    v6: MultiHeaders<SockaddrStorage>,
    buffers: Vec<u8>,
}

impl ReceiveBatch {
    pub(crate) fn new() -> Self {
        Self {
            v4: MultiHeaders::preallocate(BATCH, None),
            v6: MultiHeaders::preallocate(BATCH, None),
            buffers: vec![0; BATCH * DATAGRAM_BYTES_MAX],
        }
    }

    /// Receives what is there, at most one batch, and hands it on. Returns how many there were,
    /// and whether there may be more.
    pub(crate) fn receive(
        &mut self,
        port: &Port,
        mut take: impl FnMut(SocketAddr, &[u8]),
    ) -> (usize, bool) {
        let mut slices: Vec<[IoSliceMut<'_>; 1]> = self
            .buffers
            .chunks_exact_mut(DATAGRAM_BYTES_MAX)
            .map(|buffer| [IoSliceMut::new(buffer)])
            .collect();
        let flags = MsgFlags::MSG_DONTWAIT;
        let headers = if port.is_ipv6 {
            &mut self.v6
        } else {
            &mut self.v4
        };
        let received = recvmmsg(
            port.socket.as_raw_fd(),
            headers,
            slices.iter_mut(),
            flags,
            None,
        );
        let Ok(messages) = received else {
            return (0, false);
        };
        let mut count = 0;
        for message in messages {
            count += 1;
            let whole = !message.flags.contains(MsgFlags::MSG_TRUNC);
            if let (true, Some(source), Some(bytes)) = (
                whole,
                message.address.and_then(to_std),
                message.iovs().next(),
            ) {
                take(source, bytes);
            }
        }
        (count, count == BATCH)
    }
}

/// Headers for sending; one per worker.
pub(crate) struct SendBatch {
    headers: MultiHeaders<SockaddrStorage>,
    addresses: Vec<Option<SockaddrStorage>>,
}

impl SendBatch {
    pub(crate) fn new() -> Self {
        Self {
            headers: MultiHeaders::preallocate(BATCH, None),
            addresses: Vec::with_capacity(BATCH),
        }
    }

    /// Sends datagrams. What the kernel has no room for is dropped, as the network might have:
    /// waiting would only make it late. Returns how many were dropped.
    pub(crate) fn send_all(&mut self, socket: &UdpSocket, datagrams: &[Outgoing]) -> u64 {
        let mut dropped = 0;
        let mut rest = datagrams;
        while !rest.is_empty() {
            match self.send(socket, &rest[..rest.len().min(BATCH)]) {
                Ok(count) if count > 0 => rest = &rest[count..],
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return dropped + rest.len() as u64,
                // The error is the first datagram's own: an unreachable network, for instance.
                Ok(_) | Err(_) => {
                    dropped += 1;
                    rest = &rest[1..];
                }
            }
        }
        dropped
    }

    fn send(&mut self, socket: &UdpSocket, datagrams: &[Outgoing]) -> Result<usize, Errno> {
        let slices: Vec<[IoSlice<'_>; 1]> = datagrams
            .iter()
            .map(|outgoing| [IoSlice::new(&outgoing.datagram)])
            .collect();
        self.addresses.clear();
        self.addresses.extend(
            datagrams
                .iter()
                .map(|outgoing| Some(outgoing.destination.into())),
        );
        let flags = MsgFlags::MSG_DONTWAIT;
        let sent = sendmmsg(
            socket.as_raw_fd(),
            &mut self.headers,
            &slices,
            &self.addresses,
            [],
            flags,
        )?;
        Ok(sent.count())
    }
}

fn to_std(address: SockaddrStorage) -> Option<SocketAddr> {
    let four = address
        .as_sockaddr_in()
        .map(|four| SocketAddr::V4((*four).into()));
    four.or_else(|| {
        address
            .as_sockaddr_in6()
            .map(|six| SocketAddr::V6((*six).into()))
    })
}

/// Datagrams per system call.
const BATCH: usize = 64;

/// A longer datagram is none of WebRTC's.
const DATAGRAM_BYTES_MAX: usize = 1_600;

/// What we ask of the kernel; fewer than 4 MB lose packets from 100 calls on.
const BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// How often a port that is free on all addresses is looked for.
const TRIES: usize = 16;

#[cfg(test)]
mod tests;
