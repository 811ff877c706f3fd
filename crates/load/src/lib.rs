//! The load tool: drives an exchange from outside, over its API and UDP.

pub mod calls;
pub mod relay;
