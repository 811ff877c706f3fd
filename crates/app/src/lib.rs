//! The program `dialtone`: configuration, clock, entropy and wiring, and nothing else.

pub mod clock;
pub mod config;
pub mod data;
pub mod env_file;
pub mod face;
pub mod failure;
pub mod health;
pub mod logs;
pub mod media_ports;
pub mod metrics;
pub mod population;
pub mod secret;
pub mod seed;
pub mod shutdown;
pub mod suggest;
pub mod world_there;
