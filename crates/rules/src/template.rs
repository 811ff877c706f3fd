//! Message templates: what may be made one, what comes of its review, and what a phone shows once its
//! variables are filled in (`wire.md` 3.2, 8, 9).
//!
//! [`check`] before a template is kept, [`Review`] while it lives, [`fill`] when it is sent. Meta's
//! rules hold as far as its pages and servers tell them; what only a person at Meta would object to,
//! such as too little text for so many variables, is left to [`ReviewInput::Reject`].

mod buttons;
mod check;
mod edits;
mod fault;
mod fill;
mod filled;
mod language;
mod media;
mod removal;
mod review;
mod unfit;
mod variables;

pub use check::check;
pub use edits::{Edits, TooManyEdits};
pub use fault::{ButtonFault, Fault, FaultKind, Part, VariableFault};
pub use fill::fill;
pub use filled::{Filled, FilledButton};
pub use language::LANGUAGES;
pub use removal::{HeldName, Name, NameHeld, NotRemovable, may_use_again};
pub use review::{NotSo, Review, ReviewInput, Status};
pub use unfit::{Unfit, UnfitMedia};

#[cfg(test)]
mod tests;
