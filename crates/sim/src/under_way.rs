//! What somebody has begun, and what is known of it only from its first event: an answer may be lost,
//! and the id with it.

use std::time::Duration;

use types::{CallOrigin, FaultId};

/// What is under way.
#[derive(Default)]
pub(crate) struct UnderWay {
    /// Who asks the API for something: a business, and about which user.
    pub(crate) asking: Option<(usize, Option<usize>)>,
    /// The faults that have fired at that request, in their order.
    pub(crate) struck: Vec<FaultId>,
    /// A message that a business sends.
    pub(crate) sending: Option<Draft>,
    /// Where a user's call comes from.
    pub(crate) dialling: CallOrigin,
}

/// A message that a business sends.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// Its type, in the words of the API.
    pub(crate) kind: &'static str,
    /// Whether it asks for a permission.
    pub(crate) asks: bool,
    /// For how long its button works, and with what payload.
    pub(crate) button: Option<(Duration, Option<String>)>,
}
