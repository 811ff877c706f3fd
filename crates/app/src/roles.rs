//! What the program can be: a file for each role.

pub mod call;
pub mod dev;
pub mod exchange;
pub mod gateway;
pub mod opening;
pub mod phone;
pub mod show;
