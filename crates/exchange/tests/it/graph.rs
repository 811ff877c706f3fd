//! Meta's dialect.

mod consent;
mod inbound;
mod outbound;
mod requests;
mod resources;
mod subscriptions;
