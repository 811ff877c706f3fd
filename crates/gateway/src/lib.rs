//! The business's side: webhooks in, WebRTC, handlers for the audio, its own API.
//!
//! A gateway knows what a customer of Meta can know, and nothing more: the wire, not the platform's
//! rules. It runs against Meta, 360dialog or an exchange by configuration only.
//!
//! [`build`] puts it together: the webhook endpoint lets the platform's word in, a desk gives it to the right
//! one of the [`board`]'s [`call`]s, and [`platform`] carries out what those decide.

pub mod api;
pub mod board;
pub mod call;
pub mod config;
mod desk;
pub mod doctor;
mod errands;
mod gateway;
pub mod handlers;
mod legs;
pub mod observe;
mod pause;
pub mod place;
pub mod platform;
pub mod story;
mod webhook;

pub use config::GatewayConfig;
pub use gateway::{BuildError, Gateway, Parts, build};
