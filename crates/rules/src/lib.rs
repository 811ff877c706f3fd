//! The decisions of the platform: pure state machines, told the time, asked what to do.
//!
//! Nothing here reads a clock, draws a random number, or knows a socket, a database or JSON: `now`
//! and chance are arguments, and what is to be done is an answer. Start with [`call`].

#![warn(clippy::wildcard_enum_match_arm)]

pub mod account;
pub mod admission;
pub mod call;
pub mod consent;
pub mod delivery;
pub mod fault;
pub mod hours;
pub mod inbound;
pub mod message;
pub mod outbound;
pub mod rate;
pub mod reach;
pub mod settings;
pub mod template;
pub mod window;

mod words;
