//! Meta's dialect.

mod consent;
mod forms;
mod inbound;
mod messages;
mod outbound;
mod requests;
mod resources;
mod seven_days;
mod subscriptions;
