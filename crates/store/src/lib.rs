//! The only place with SQL: rows, transactions, the outbox, deadlines.

pub mod inbox;
