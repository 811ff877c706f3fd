//! A gateway as it runs, against a small platform that plays the other side over HTTP and
//! UDP, and against the exchange itself.

mod exchange;
mod inbound;
mod outbound;
mod placing;
mod restart;
mod webhook;
mod world;
