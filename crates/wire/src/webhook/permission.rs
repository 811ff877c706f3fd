//! What a business hears when a user has said something about being called (`wire.md` 3.5, 3.6):
//! Meta's permission reply, and 360dialog's flat event.

use serde::{Serialize, Serializer};
use types::{Bsuid, CallId, MessageId, PhoneNumber, Timestamp, WaId, WabaId};

use super::envelope::{self, ContactOut, Metadata, seconds};
use super::{BusinessLine, Shape, UserContact};
use crate::error::to_bytes;

/// A user's word, or the platform's in the user's name, in the shape of a message of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionReply {
    /// The business number.
    pub line: BusinessLine,
    /// The user.
    pub user: UserContact,
    /// The id of this message.
    pub id: MessageId,
    /// When it was said; whole seconds on the wire.
    pub at: Timestamp,
    /// What it answers; nothing if it was said in the business's profile or by the platform.
    pub about: Option<About>,
    /// What was said.
    pub response: PermissionResponse,
    /// Whether the platform said it rather than the user.
    pub automatic: bool,
}

/// What a permission reply answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A call permission request of the business.
    Request(MessageId),
    /// A call of the user.
    Call(CallId),
}

/// What is said of being called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionResponse {
    /// It is allowed.
    Accept {
        /// Until when; none for ever.
        until: Option<Timestamp>,
    },
    /// It is not, or no longer.
    Reject,
}

/// 360dialog's own event, flat and without an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlatPermission {
    /// The business number's account.
    pub waba_id: WabaId,
    /// The user.
    pub recipient: WaId,
    /// `GRANTED`, `REJECTED` or `REVOKED`.
    pub status: &'static str,
}

impl PermissionReply {
    /// The webhook field.
    pub const FIELD: &'static str = "messages";

    /// The body, byte for byte as it is to be signed and sent: ASCII only.
    ///
    /// As the documents print it, it has no `type`, its times are texts, and what is answered
    /// comes `from` the user; what is seen in the wild has all that otherwise, and is what clients
    /// read.
    #[must_use]
    pub fn to_bytes(&self, shape: Shape) -> Vec<u8> {
        let value = Value {
            messaging_product: "whatsapp",
            metadata: Metadata::of(&self.line),
            contacts: [ContactOut::of(&self.user)],
            messages: [self.message(shape)],
        };
        envelope::body(&self.line.waba_id, Self::FIELD, &value)
    }

    fn message(&self, shape: Shape) -> Message<'_> {
        let (is_permanent, until) = match self.response {
            PermissionResponse::Accept { until } => (Some(until.is_none()), until),
            PermissionResponse::Reject => (None, None),
        };
        Message {
            context: self.about.as_ref().map(|about| self.context(about, shape)),
            from: &self.user.wa_id,
            from_user_id: &self.user.user_id,
            id: &self.id,
            timestamp: seconds(self.at),
            kind: (shape == Shape::Rich).then_some("interactive"),
            interactive: Interactive {
                kind: "call_permission_reply",
                call_permission_reply: Reply {
                    response: match self.response {
                        PermissionResponse::Accept { .. } => "accept",
                        PermissionResponse::Reject => "reject",
                    },
                    is_permanent,
                    expiration_timestamp: until.map(|at| match shape {
                        Shape::Rich => Moment::Number(at),
                        Shape::DocExact => Moment::Text(at),
                    }),
                    response_source: if self.automatic {
                        "automatic"
                    } else {
                        "user_action"
                    },
                },
            },
        }
    }

    fn context<'a>(&'a self, about: &'a About, shape: Shape) -> Context<'a> {
        let (id, sender) = match about {
            About::Request(id) => (id.as_str(), &self.line.display_phone_number),
            About::Call(id) => (id.as_str(), &self.user.wa_id),
        };
        let from = match shape {
            Shape::Rich => sender,
            Shape::DocExact => &self.user.wa_id,
        };
        Context { from, id }
    }
}

impl FlatPermission {
    /// The word for this event among the fields of a subscription.
    pub const FIELD: &'static str = "call_permission_status";

    /// The body, byte for byte as it is to be signed and sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Flat<'a> {
            event: &'static str,
            status: &'static str,
            waba_id: &'a WabaId,
            recipient: &'a WaId,
        }
        to_bytes(&Flat {
            event: Self::FIELD,
            status: self.status,
            waba_id: &self.waba_id,
            recipient: &self.recipient,
        })
    }
}

#[derive(Serialize)]
struct Value<'a> {
    messaging_product: &'static str,
    metadata: Metadata<'a>,
    contacts: [ContactOut<'a>; 1],
    messages: [Message<'a>; 1],
}

#[derive(Serialize)]
struct Message<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context<'a>>,
    from: &'a WaId,
    from_user_id: &'a Bsuid,
    id: &'a MessageId,
    timestamp: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    interactive: Interactive,
}

#[derive(Serialize)]
struct Context<'a> {
    from: &'a PhoneNumber,
    id: &'a str,
}

#[derive(Serialize)]
struct Interactive {
    #[serde(rename = "type")]
    kind: &'static str,
    call_permission_reply: Reply,
}

#[derive(Serialize)]
struct Reply {
    response: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_permanent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_timestamp: Option<Moment>,
    response_source: &'static str,
}

/// Documents print a text, captured webhooks a number.
enum Moment {
    Number(Timestamp),
    Text(Timestamp),
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(at) => to.serialize_u64(at.as_secs()),
            Self::Text(at) => to.serialize_str(&seconds(*at)),
        }
    }
}

#[cfg(test)]
mod tests;
