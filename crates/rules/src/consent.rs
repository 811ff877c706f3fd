//! What a user allows one business number to do: who may call whom, when, how often, and why not.
//!
//! The [`Ledger`] of one business number and one user decides and does nothing else: `now` is passed
//! in and what is to be done is carried out. Load it whole, give it what happened, drain its outputs,
//! and store [`Ledger::state`] together with the outputs in one transaction.
//!
//! ```text
//!                 answered, or granted from the business's profile, or by the user's own call
//!   Nothing ───────────────────────────────────────────────────────────▶ Temporary, Permanent
//!      ◀──── declined, withdrawn, lapsed, too many calls in a row not taken ────┘
//!
//!   a request  Sent ──delivered──▶ Delivered ──answered──▶ Answered ⟲ may be changed
//!               └── undeliverable      └── not answered        └── a newer one answered, time
//!                        ▼                     ▼                         ▼
//!                                        it is over
//! ```
//!
//! Where the documents leave room, these are the readings:
//!
//! - The user's last word counts, wherever it was said: declining one request withdraws what another
//!   one, the profile or a call had granted.
//! - A request can be answered, and the answer be changed, until 7 days after the *first* answer: the
//!   earliest of the moments at which Meta lets it expire (`wire.md` 3.3).
//! - What was sent counts as a request, delivered or not.
//! - A call counts as connected from pickup or accept on. One that was not taken counts as unanswered
//!   whoever gave up first, since a user sees a missed call either way; one that the platform or a
//!   broken leg ended does not count.
//! - A connected call in either direction ends a row of unanswered ones, and so does every new grant.

mod calls;
mod entry;
mod grants;
mod ledger;
mod notice;
mod proof;
mod requests;
mod standing;

pub use calls::NoCall;
pub use entry::{Entry, Reason};
pub use grants::{Grant, Held, Lack, Source, Term};
pub use ledger::{Input, Ledger, Output, Refusal, State};
pub use notice::{FlatStatus, Notice, Response, UserNotice};
pub use proof::{Permission, RequestPass};
pub use requests::{Answer, Form, How, NoRequest, Request, RequestEnd, Stage};
pub use standing::{Action, Limit, Standing, Status};

#[cfg(test)]
mod tests;
