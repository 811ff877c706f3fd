//! What crosses HTTP, in both dialects: bodies, webhooks, the error table, signatures, session descriptions.
//!
//! Reading is parsing: what a reader returns has been checked, and what it refuses is refused with
//! a sentence that names the field. Nothing here knows a rule of the platform, a clock or a socket.

pub mod account_update;
pub mod calls;
pub mod client;
pub mod error;
pub mod json;
pub mod messages;
pub mod reply;
pub mod sdp;
pub mod settings;
pub mod signature;
pub mod subscriptions;
pub mod templates;
pub mod webhook;

mod fields;

pub use calls::{CallAction, Recipient};
pub use error::{ApiError, ErrorCode, Situation};
pub use messages::MessageRequest;

/// A wire flavour: whose API a client believes it talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Meta's Graph API: ids in the path, a Bearer token.
    Graph,
    /// 360dialog's API: `D360-API-KEY` names the number.
    D360,
}

impl Dialect {
    /// One lower-case word, for configuration, rows and metric labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::D360 => "d360",
        }
    }
}
