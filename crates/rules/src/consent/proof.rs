//! What the ledger hands out where it says yes. Nothing else can make these.

use types::Timestamp;

use super::Form;

/// Proof that a user may be called now; starting a call demands one. It is good for one call.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a permission is for starting a call"]
pub struct Permission {
    at: Timestamp,
}

/// Proof that a user may be asked now; sending a call permission request demands one. It is good
/// for one request, and for the ledger as it was.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a pass is for sending a request"]
pub struct RequestPass {
    at: Timestamp,
    form: Form,
    entries: u64,
}

impl Permission {
    pub(super) const fn new(at: Timestamp) -> Self {
        Self { at }
    }

    /// The moment that it holds for.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl RequestPass {
    pub(super) const fn new(at: Timestamp, form: Form, entries: u64) -> Self {
        Self { at, form, entries }
    }

    /// The moment that it holds for.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How the request goes out.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// Whether nothing has happened since it was given.
    pub(super) fn fits(&self, now: Timestamp, entries: u64) -> bool {
        self.at == now && self.entries == entries
    }
}
