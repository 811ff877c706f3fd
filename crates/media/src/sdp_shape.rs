//! Session descriptions: what a leg needs of its peer's, and our own in the shapes of Meta's.
//!
//! Whether a business's description obeys Meta's rules is checked at the door, in `wire`; here
//! anything is taken that a leg can talk to.

mod read;
mod write;

pub use read::{PeerDescription, Setup};
pub use write::{EVENTS, OPUS, SdpText, Shape};

#[cfg(test)]
mod tests;
