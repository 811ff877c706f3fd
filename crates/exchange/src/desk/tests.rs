//! Stories of the desk: a script of what happens goes in, and what the desk told media, phones and
//! the business comes out. `testing::Platform` is the only
//! place that knows the API.

mod business_calls;
mod chat;
mod commit;
mod consents;
mod consequences;
mod core;
mod faults;
mod messages;
mod restart;
mod settings;
mod templates;
mod user_calls;
mod weather;
mod webhooks;
