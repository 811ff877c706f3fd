//! What stands in the chat of a user and a business, as the user's phones show it.
//!
//! A phone keeps its messages by id: one that it has already takes the place of the old one. So a
//! request that was answered, or is over, is simply said again.

use std::fmt;

use serde::{Deserialize, Serialize};
use types::{MessageId, PhoneNumberId};

/// One message of a chat.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Its id. Notices have one as well, which means nothing to anybody else.
    pub id: MessageId,
    /// The business number whose chat it stands in.
    pub phone_number_id: PhoneNumberId,
    /// Who wrote it.
    pub from: ChatSide,
    /// When, in milliseconds since the Unix epoch, by the exchange's clock.
    pub at_ms: u64,
    /// How far it has come.
    pub status: ChatStatus,
    /// What it says; on the wire its fields stand beside these, with a `kind`.
    #[serde(flatten)]
    pub content: ChatContent,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatSide {
    /// The business.
    Business,
    /// The user.
    User,
    /// The platform itself.
    Platform,
}

/// How far a message has come. A business's message is on the phone, and read once the user has read
/// it; of a user's own message `read` means that the business has said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatStatus {
    /// The platform has it.
    Sent,
    /// The other side has it.
    Delivered,
    /// The other side has read it.
    Read,
    /// The other side will never have it.
    Failed,
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChatContent {
    /// Plain text.
    Text {
        /// The text.
        body: String,
    },
    /// The business asks whether it may call.
    CallPermissionRequest {
        /// What it says to that, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// How the request stands.
        request: PermissionRequest,
    },
    /// A button that calls the business.
    CallButton {
        /// What the business says to it.
        body: String,
        /// What stands on the button.
        display_text: String,
        /// When the button stops to work, in milliseconds since the Unix epoch.
        expires_at_ms: u64,
    },
    /// A template, filled.
    Template {
        /// The line above the body.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<String>,
        /// The body.
        body: String,
        /// The line below the body.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// What can be pressed.
        #[serde(default)]
        buttons: Vec<TemplateButton>,
        /// How the request stands, where the template asks whether the business may call.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<PermissionRequest>,
    },
    /// The platform's own words, such as that a business can no longer call.
    Notice {
        /// One or two sentences.
        text: String,
    },
}

/// A button of a template.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TemplateButton {
    /// Calls the business.
    VoiceCall {
        /// What stands on it.
        text: String,
        /// When it stops to work, in milliseconds since the Unix epoch.
        expires_at_ms: u64,
    },
    /// Opens a page.
    Url {
        /// What stands on it.
        text: String,
        /// The page.
        url: String,
    },
    /// Any other, which is shown and does nothing here.
    Other {
        /// What stands on it.
        text: String,
    },
}

/// How a call permission request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRequest {
    /// Whether it can be answered.
    pub state: RequestState,
    /// The user's last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<PermissionAnswer>,
    /// Until when it can be answered, or the answer be changed, in milliseconds since the Unix epoch,
    /// if nothing happens before.
    pub until_ms: u64,
}

/// Whether a request can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// It waits for an answer.
    Open,
    /// It has one, which can be changed.
    Answered,
    /// It can no longer be answered.
    Over,
}

/// What a user says to a call permission request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionAnswer {
    /// The business may call for a time.
    Temporary,
    /// The business may call for ever.
    Permanent,
    /// The business may not call.
    Decline,
}

/// What a user allows a business, as its profile on the phone shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionHeld {
    /// No calls.
    None,
    /// Calls for a time.
    Temporary,
    /// Calls for ever.
    Permanent,
}

/// What a user allows one business number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallPermission {
    /// The business number.
    pub phone_number_id: PhoneNumberId,
    /// What it may do.
    pub permission: PermissionHeld,
    /// Until when, in milliseconds since the Unix epoch, where it is for a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
}

impl ChatMessage {
    /// How its call permission request stands, if it is one.
    #[must_use]
    pub const fn request(&self) -> Option<&PermissionRequest> {
        match &self.content {
            ChatContent::CallPermissionRequest { request, .. } => Some(request),
            ChatContent::Template { request, .. } => request.as_ref(),
            ChatContent::Text { .. }
            | ChatContent::CallButton { .. }
            | ChatContent::Notice { .. } => None,
        }
    }

    /// The same, to be changed.
    pub const fn request_mut(&mut self) -> Option<&mut PermissionRequest> {
        match &mut self.content {
            ChatContent::CallPermissionRequest { request, .. } => Some(request),
            ChatContent::Template { request, .. } => request.as_mut(),
            ChatContent::Text { .. }
            | ChatContent::CallButton { .. }
            | ChatContent::Notice { .. } => None,
        }
    }

    /// When its button that calls the business stops to work, if it has one.
    #[must_use]
    pub fn button_expires_at_ms(&self) -> Option<u64> {
        match &self.content {
            ChatContent::CallButton { expires_at_ms, .. } => Some(*expires_at_ms),
            ChatContent::Template { buttons, .. } => {
                buttons.iter().find_map(|button| match button {
                    TemplateButton::VoiceCall { expires_at_ms, .. } => Some(*expires_at_ms),
                    TemplateButton::Url { .. } | TemplateButton::Other { .. } => None,
                })
            }
            ChatContent::Text { .. }
            | ChatContent::CallPermissionRequest { .. }
            | ChatContent::Notice { .. } => None,
        }
    }
}

impl ChatContent {
    /// The word on the line.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::CallPermissionRequest { .. } => "call_permission_request",
            Self::CallButton { .. } => "call_button",
            Self::Template { .. } => "template",
            Self::Notice { .. } => "notice",
        }
    }
}

impl ChatStatus {
    /// The word on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }
}

impl PermissionAnswer {
    /// The word on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Temporary => "temporary",
            Self::Permanent => "permanent",
            Self::Decline => "decline",
        }
    }
}

impl PermissionHeld {
    /// The word on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Temporary => "temporary",
            Self::Permanent => "permanent",
        }
    }
}

/// Names the message and its kind, and nothing that it says.
impl fmt::Debug for ChatMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.content.kind(), self.id)
    }
}

/// Names the kind, and nothing that it says.
impl fmt::Debug for ChatContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// Names the kind, and nothing that stands on it.
impl fmt::Debug for TemplateButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VoiceCall { .. } => "voice_call",
            Self::Url { .. } => "url",
            Self::Other { .. } => "other",
        })
    }
}
