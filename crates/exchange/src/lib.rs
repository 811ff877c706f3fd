//! The platform: the desk, the HTTP API in both dialects, delivery, phones.
//!
//! Start with [`desk`]: every command goes through it. Handlers, workers and timers around it are
//! thin: they parse, send a command, and carry its answer out.

pub mod clock;
pub mod desk;
pub mod ids;
pub mod media_control;
pub mod observe;
pub mod phone_lines;

mod notices;

pub use clock::Clock;
pub use desk::{Desk, DeskError, Refused, Turn};
