//! The business's side: webhooks in, WebRTC, handlers for the audio, its own API.
//!
//! A gateway knows what a customer of Meta can know, and nothing more: the wire, not the platform's
//! rules. It runs against Meta, 360dialog or an exchange by configuration only.

pub mod board;
pub mod call;
