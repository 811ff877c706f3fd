//! Legs that call each other over a network of memory, on a clock that is turned by hand.

mod call;
mod dtmf;
mod foreign;
mod hostile;
mod peers;
mod relayed;
mod set_up;
mod statistics;
mod world;
