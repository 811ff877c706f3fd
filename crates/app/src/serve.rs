//! HTTP listeners: opened early, so that their ports are known, and served once there is something to
//! serve.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::failure::Failure;

/// A listener with its port, which nobody serves yet: callers wait.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    /// How a client on this machine reaches it.
    pub url: Url,
}

impl Listening {
    /// Opens a listener; `key` is what the address is called in the configuration.
    ///
    /// # Errors
    ///
    /// When the address is taken, or not of this machine.
    pub async fn open(key: &str, address: SocketAddr) -> Result<Self, Failure> {
        let wrong = |error: io::Error| {
            let advice = match error.kind() {
                io::ErrorKind::AddrInUse => {
                    ": another process listens there; stop it, or move all ports with --port N"
                }
                io::ErrorKind::AddrNotAvailable => ": this machine has no such address",
                _ => "",
            };
            Failure::running(format!("{key} = {address}: {error}{advice}"))
        };
        let listener = TcpListener::bind(address).await.map_err(wrong)?;
        let bound = listener.local_addr().map_err(wrong)?;
        let url = Url::parse(&format!("http://{}", reachable(bound)))
            .map_err(|error| Failure::running(format!("{key} = {address}: {error}")))?;
        Ok(Self { listener, url })
    }

    /// Serves `routes` until `stop`, then lets requests under way finish.
    ///
    /// # Errors
    ///
    /// When the system takes the listener away.
    pub async fn serve(self, routes: Router, stop: CancellationToken) -> io::Result<()> {
        // A small answer must not wait for the acknowledgement of the one before.
        let listener = self.listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        axum::serve(listener, routes)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await
    }
}

/// What became of a part of the process that ran as a task of its own.
///
/// # Errors
///
/// The part's own failure, or that it had a bug.
pub async fn ended(part: JoinHandle<Result<(), Failure>>) -> Result<(), Failure> {
    part.await
        .unwrap_or_else(|error| Err(Failure::running(format!("a part of the program: {error}"))))
}

/// The address that a client on this machine uses for a listener that may listen on all.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_answered_with_what_to_do() {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let first = Listening::open("listen.public", any).await.expect("free");
        let port = first.url.port().expect("a port");
        let taken = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let failure = Listening::open("listen.public", taken)
            .await
            .expect_err("taken");
        let said = failure.to_string().replace(&port.to_string(), "PORT");
        insta::assert_snapshot!(said, @"listen.public = 127.0.0.1:PORT: Address already in use (os error 98): another process listens there; stop it, or move all ports with --port N");
    }

    #[test]
    fn everywhere_is_reached_on_loopback() {
        let at = |text: &str| reachable(text.parse().expect(text)).to_string();
        assert_eq!(at("0.0.0.0:80"), "127.0.0.1:80");
        assert_eq!(at("[::]:80"), "[::1]:80");
        assert_eq!(at("10.0.0.5:80"), "10.0.0.5:80");
    }
}
