//! Real sockets on loopback: a phone, the exchange's relay and a business in one process.

mod ends;
mod relay;
mod stage;
