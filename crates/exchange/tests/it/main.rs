//! The exchange from outside, over real sockets: one binary, laid out as the doors are.

mod control;
mod fake_media;
mod phone_line;
mod world;
