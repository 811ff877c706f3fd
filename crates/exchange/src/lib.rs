//! The platform: the desk, the HTTP API in both dialects, delivery, phones.
//!
//! Start with [`desk`]: every command goes through it. Handlers, workers and timers around it are
//! thin: they parse, send a command, and carry its answer out.

pub mod build_exchange;
pub mod clock;
pub mod control;
pub mod delivery;
pub mod desk;
pub mod door;
pub mod hosted_phones;
pub mod leg_news;
pub mod media_control;
pub mod observe;
pub mod phone_line;
pub mod phone_lines;
pub mod ticker;
pub mod world;

mod account_notices;
mod d360;
mod graph;
mod ids;
mod notices;
mod pause;
mod subscribe;
mod time_zones;

#[cfg(test)]
mod testing;

pub use build_exchange::{BuildError, Exchange, ExchangeConfig, Parts, build};
pub use clock::Clock;
pub use desk::{Desk, DeskError, Refused, Turn};
pub use door::Door;
pub use leg_news::{LegNewsSink, LegNewsSource, leg_news};
pub use store::Place;
pub use world::World;
