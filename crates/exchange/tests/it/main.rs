//! The exchange from outside, over real sockets: one binary, laid out as the doors are.

mod accounts;
mod business;
mod control;
mod customer;
mod d360;
mod end_to_end;
mod errors;
mod fake_media;
mod faults;
mod graph;
mod kill_nine;
mod phone_chats;
mod phone_line;
mod seeds;
mod settings;
mod templates;
mod world;
