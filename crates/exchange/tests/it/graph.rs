//! Meta's dialect.

mod inbound;
mod outbound;
mod requests;
mod resources;
mod subscriptions;
