//! The only place with SQL: rows, transactions, the outbox, deadlines.
//!
//! A [`Store`] owns one connection to the exchange's database. Everything happens inside
//! [`Store::transaction`], which lends out the [`Tx`] that each table's functions ask for. Functions
//! read and write whole rows of typed values; what they mean is for `rules` and the desk. Every one
//! fails with a [`StoreError`] when the database does. The gateway's records are [`inbox`]'s alone.

mod database;
mod error;
mod json;
mod schema;
mod text;

pub mod apps;
pub mod attempts;
pub mod calls;
pub mod chat;
pub mod consents;
pub mod deliveries;
pub mod events;
pub mod faults;
pub mod held_names;
pub mod inbox;
pub mod keys;
pub mod legs;
pub mod messages;
pub mod numbers;
pub mod rates;
pub mod recipients;
pub mod state;
pub mod subscriptions;
pub mod templates;
pub mod users;
pub mod wabas;
pub mod windows;

pub use database::{Place, Store, Tx};
pub use error::StoreError;

#[cfg(test)]
mod tests;
