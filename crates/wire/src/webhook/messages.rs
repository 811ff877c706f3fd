//! Webhooks of the field `messages`: what became of a message of the business, and what a user wrote.

use serde::Serialize;
use types::{Bsuid, MessageId, PhoneNumber, Timestamp, WaId};

use super::envelope::{self, ContactOut, ErrorOut, Metadata, seconds};
use super::write::{BusinessLine, CallFault, Shape, UserContact};

/// What became of a message of the business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageStatusEvent {
    /// The business number.
    pub line: BusinessLine,
    /// Whom the message was for.
    pub recipient: WaId,
    /// The same as a user; none where nobody on WhatsApp has that number.
    pub user: Option<UserContact>,
    /// The message.
    pub message: MessageId,
    /// When this happened; whole seconds on the wire.
    pub at: Timestamp,
    /// What happened.
    pub status: MessageStatus,
    /// What it costs; told when it is sent and when it is delivered.
    pub pricing: Option<Pricing>,
    /// `biz_opaque_callback_data` of the message.
    pub callback_data: Option<String>,
}

/// How far a message of the business has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageStatus {
    /// The platform has it.
    Sent,
    /// A phone of the user has it.
    Delivered,
    /// The user has seen it.
    Read,
    /// It will never reach the user.
    Failed(CallFault),
}

/// What a message costs, since messages and not conversations are billed (Meta, pricing, July 2025).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pricing {
    /// What it is.
    pub category: PricingCategory,
    /// Whether it costs nothing, as an answer in an open customer-service window.
    pub free_customer_service: bool,
}

/// What a message is in the eyes of whoever bills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricingCategory {
    /// A free-form message.
    Service,
    /// A template of that category.
    Utility,
    /// A template of that category.
    Marketing,
    /// A template of that category.
    Authentication,
}

/// What a user wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserText {
    /// The business number.
    pub line: BusinessLine,
    /// The user.
    pub user: UserContact,
    /// The message.
    pub message: MessageId,
    /// When; whole seconds on the wire.
    pub at: Timestamp,
    /// What it says.
    pub body: String,
    /// The message of the business that it answers.
    pub reply_to: Option<MessageId>,
}

impl MessageStatusEvent {
    /// The body, byte for byte as it is to be signed and sent: ASCII only.
    #[must_use]
    pub fn to_bytes(&self, shape: Shape) -> Vec<u8> {
        let rich = shape == Shape::Rich;
        let errors = match &self.status {
            MessageStatus::Failed(fault) => Some([ErrorOut::of(fault.code, &fault.details, true)]),
            MessageStatus::Sent | MessageStatus::Delivered | MessageStatus::Read => None,
        };
        let status = StatusOut {
            id: &self.message,
            status: self.status.as_str(),
            timestamp: seconds(self.at),
            recipient_id: &self.recipient,
            recipient_user_id: self.user.as_ref().map(|user| &user.user_id),
            pricing: self.pricing.map(PricingOut::of),
            errors,
            biz_opaque_callback_data: self.callback_data.as_deref(),
        };
        let value = Value {
            messaging_product: "whatsapp",
            metadata: Metadata::of(&self.line),
            contacts: self
                .user
                .as_ref()
                .filter(|_| rich)
                .map(|user| [ContactOut::of(user)]),
            statuses: Some([status]),
            messages: None,
        };
        envelope::body(&self.line.waba_id, FIELD, &value)
    }
}

impl MessageStatus {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed(_) => "failed",
        }
    }
}

impl PricingCategory {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::Service,
        Self::Utility,
        Self::Marketing,
        Self::Authentication,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Utility => "utility",
            Self::Marketing => "marketing",
            Self::Authentication => "authentication",
        }
    }
}

impl UserText {
    /// The body, byte for byte as it is to be signed and sent: ASCII only. The same in both shapes:
    /// Meta's own samples have the contact.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let message = MessageOut {
            context: self.reply_to.as_ref().map(|id| ContextOut {
                from: &self.line.display_phone_number,
                id,
            }),
            from: &self.user.wa_id,
            from_user_id: &self.user.user_id,
            id: &self.message,
            timestamp: seconds(self.at),
            kind: "text",
            text: TextOut { body: &self.body },
        };
        let value = Value {
            messaging_product: "whatsapp",
            metadata: Metadata::of(&self.line),
            contacts: Some([ContactOut::of(&self.user)]),
            statuses: None,
            messages: Some([message]),
        };
        envelope::body(&self.line.waba_id, FIELD, &value)
    }
}

#[derive(Serialize)]
struct Value<'a> {
    messaging_product: &'static str,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<[ContactOut<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<[StatusOut<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<[MessageOut<'a>; 1]>,
}

#[derive(Serialize)]
struct StatusOut<'a> {
    id: &'a MessageId,
    status: &'static str,
    timestamp: String,
    recipient_id: &'a WaId,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_user_id: Option<&'a Bsuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pricing: Option<PricingOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[ErrorOut<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
}

#[derive(Serialize)]
struct PricingOut {
    billable: bool,
    pricing_model: &'static str,
    category: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl PricingOut {
    const fn of(pricing: Pricing) -> Self {
        Self {
            billable: !pricing.free_customer_service,
            pricing_model: "PMP",
            category: pricing.category.as_str(),
            kind: if pricing.free_customer_service {
                "free_customer_service"
            } else {
                "regular"
            },
        }
    }
}

#[derive(Serialize)]
struct MessageOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<ContextOut<'a>>,
    from: &'a WaId,
    from_user_id: &'a Bsuid,
    id: &'a MessageId,
    timestamp: String,
    #[serde(rename = "type")]
    kind: &'static str,
    text: TextOut<'a>,
}

#[derive(Serialize)]
struct ContextOut<'a> {
    from: &'a PhoneNumber,
    id: &'a MessageId,
}

#[derive(Serialize)]
struct TextOut<'a> {
    body: &'a str,
}

/// The webhook field of everything here.
pub const FIELD: &str = "messages";

#[cfg(test)]
mod tests;
