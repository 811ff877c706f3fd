//! The bare forwarder: receive, open, seal, send, and nothing else. No relay can cost less.

use std::collections::HashMap;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrIn, recvmmsg, sendmmsg};
use serde::{Deserialize, Serialize};

use super::child::answer_lines;

/// The ports of the senders on loopback; each is joined with its neighbour.
#[derive(Debug, Serialize, Deserialize)]
pub struct SenderPorts(pub Vec<u16>);

/// The port of the forwarder on loopback.
#[derive(Debug, Serialize, Deserialize)]
pub struct FloorPort(pub u16);

/// Takes one list of senders and forwards between them until standard input ends.
///
/// # Errors
///
/// What the socket or the pipes say.
pub fn serve(gather: bool) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let buffers = socket2::SockRef::from(&socket);
    buffers.set_recv_buffer_size(BUFFER_BYTES)?;
    buffers.set_send_buffer_size(BUFFER_BYTES)?;
    let port = socket.local_addr()?.port();
    let mut socket = Some(socket);
    answer_lines(|senders: SenderPorts| {
        let socket = socket.take().ok_or(io::ErrorKind::AlreadyExists)?;
        let peers = pairs(&senders);
        std::thread::spawn(move || forward(&socket, &peers, gather));
        Ok(FloorPort(port))
    })
}

fn pairs(senders: &SenderPorts) -> HashMap<SocketAddr, SocketAddr> {
    let address = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let pair = |pair: &[u16]| {
        [
            (address(pair[0]), address(pair[1])),
            (address(pair[1]), address(pair[0])),
        ]
    };
    senders.0.chunks_exact(2).flat_map(pair).collect()
}

fn forward(socket: &UdpSocket, peers: &HashMap<SocketAddr, SocketAddr>, gather: bool) {
    let Ok(key) = UnboundKey::new(&AES_128_GCM, &[7; 16]) else {
        return;
    };
    let key = LessSafeKey::new(key);
    let mut incoming = MultiHeaders::<SockaddrIn>::preallocate(BATCH, None);
    let mut outgoing = MultiHeaders::<SockaddrIn>::preallocate(BATCH, None);
    let mut buffers = vec![0_u8; BATCH * DATAGRAM_BYTES];
    let mut taken: Vec<(Option<SockaddrIn>, Vec<u8>)> = Vec::with_capacity(BATCH);
    loop {
        let began = Instant::now();
        taken.clear();
        let mut slices: Vec<[IoSliceMut<'_>; 1]> = buffers
            .chunks_exact_mut(DATAGRAM_BYTES)
            .map(|buffer| [IoSliceMut::new(buffer)])
            .collect();
        let flags = MsgFlags::MSG_WAITFORONE;
        let messages = recvmmsg(
            socket.as_raw_fd(),
            &mut incoming,
            slices.iter_mut(),
            flags,
            None,
        );
        let Ok(messages) = messages else {
            return;
        };
        for message in messages {
            let source = message
                .address
                .map(|from| SocketAddr::V4(SocketAddrV4::from(from)));
            let Some(SocketAddr::V4(to)) = source.and_then(|from| peers.get(&from)).copied() else {
                continue;
            };
            if let Some(bytes) = message.iovs().next() {
                let mut bytes = bytes.to_vec();
                open_and_seal(&key, &mut bytes);
                taken.push((Some(to.into()), bytes));
            }
        }
        let slices: Vec<[IoSlice<'_>; 1]> = taken
            .iter()
            .map(|(_, bytes)| [IoSlice::new(bytes)])
            .collect();
        let addresses: Vec<Option<SockaddrIn>> = taken.iter().map(|(to, _)| *to).collect();
        let flags = MsgFlags::empty();
        // What the kernel does not take is lost, as anywhere.
        sendmmsg(
            socket.as_raw_fd(),
            &mut outgoing,
            &slices,
            &addresses,
            [],
            flags,
        )
        .ok();
        if gather {
            std::thread::sleep(GATHER.saturating_sub(began.elapsed()));
        }
    }
}

/// The work of SRTP on the packet's bytes: once out of one cipher, once into another. What goes out
/// is what came in, so that the receivers need no keys.
fn open_and_seal(key: &LessSafeKey, bytes: &mut Vec<u8>) {
    let nonce = || Nonce::assume_unique_for_key([1; 12]);
    let length = bytes.len();
    if key
        .seal_in_place_append_tag(nonce(), Aad::empty(), bytes)
        .is_ok()
    {
        key.open_in_place(nonce(), Aad::empty(), bytes).ok();
        bytes.truncate(length);
    }
}

const BATCH: usize = 64;
const DATAGRAM_BYTES: usize = 1_600;
const BUFFER_BYTES: usize = 4 * 1024 * 1024;
const GATHER: Duration = Duration::from_millis(1);
