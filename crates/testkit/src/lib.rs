//! What tests share: a world that owns everything, a webhook receiver, audio probes.

pub mod json;
pub mod webhook;
