//! Phones over real sockets: a line that a small exchange of the test's own serves, and real media on
//! loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(
    clippy::result_large_err,
    reason = "what a WebSocket handshake is refused with is the library's type"
)]

mod calls;
mod lines;
mod terminal;
mod world;
