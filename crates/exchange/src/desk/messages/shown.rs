//! What a message shows on a phone, as it is kept.

use phone::line::{ChatContent, PermissionRequest, RequestState, TemplateButton};
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// What a message shows. The column `message.body` holds it as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Shown {
    /// Text.
    Text {
        /// The text.
        body: String,
    },
    /// May the business call?
    CallPermissionRequest {
        /// What the business says to that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// A button that calls the business.
    VoiceCall {
        /// What the business says to that.
        body: String,
        /// The button.
        button: ShownCallButton,
    },
    /// A template with its blanks filled in.
    Template {
        /// Its name.
        name: String,
        /// The code of its language.
        language: String,
        /// The line above the body.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<String>,
        /// The body.
        body: String,
        /// The line below the body.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// What can be pressed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        buttons: Vec<ShownButton>,
        /// Whether it asks if the business may call.
        asks_permission: bool,
    },
}

/// A button that calls the business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCallButton {
    /// What stands on it.
    pub text: String,
    /// What the business hears again when it is pressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// When it stops to work, in milliseconds since the Unix epoch.
    pub expires_at_ms: u64,
}

/// A button of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ShownButton {
    /// Calls the business.
    VoiceCall(ShownCallButton),
    /// Opens a page.
    Url {
        /// What stands on it.
        text: String,
        /// The page.
        url: String,
    },
    /// Does nothing here.
    Other {
        /// What stands on it.
        text: String,
    },
}

impl Shown {
    /// The column's text.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain structs always serialise")
    }

    /// Whether it asks if the business may call.
    pub(super) const fn asks_permission(&self) -> bool {
        match self {
            Self::CallPermissionRequest { .. } => true,
            Self::Template {
                asks_permission, ..
            } => *asks_permission,
            Self::Text { .. } | Self::VoiceCall { .. } => false,
        }
    }

    /// The button that calls the business, if there is one.
    pub(super) fn call_button(&self) -> Option<&ShownCallButton> {
        match self {
            Self::VoiceCall { button, .. } => Some(button),
            Self::Template { buttons, .. } => buttons.iter().find_map(|button| match button {
                ShownButton::VoiceCall(button) => Some(button),
                ShownButton::Url { .. } | ShownButton::Other { .. } => None,
            }),
            Self::Text { .. } | Self::CallPermissionRequest { .. } => None,
        }
    }

    /// The same for a phone that gets it now. A request in it can be answered until `answer_by`; without
    /// that it is over.
    pub(super) fn for_phones(self, answer_by: Option<Timestamp>) -> ChatContent {
        let request = PermissionRequest {
            state: match answer_by {
                Some(_) => RequestState::Open,
                None => RequestState::Over,
            },
            answer: None,
            until_ms: answer_by.map_or(0, Timestamp::as_millis),
        };
        match self {
            Self::Text { body } => ChatContent::Text { body },
            Self::CallPermissionRequest { body } => {
                ChatContent::CallPermissionRequest { body, request }
            }
            Self::VoiceCall { body, button } => ChatContent::CallButton {
                body,
                display_text: button.text,
                expires_at_ms: button.expires_at_ms,
            },
            Self::Template {
                header,
                body,
                footer,
                buttons,
                asks_permission,
                ..
            } => ChatContent::Template {
                header,
                body,
                footer,
                buttons: buttons.into_iter().map(ShownButton::for_phones).collect(),
                request: asks_permission.then_some(request),
            },
        }
    }
}

impl ShownButton {
    fn for_phones(self) -> TemplateButton {
        match self {
            Self::VoiceCall(button) => TemplateButton::VoiceCall {
                text: button.text,
                expires_at_ms: button.expires_at_ms,
            },
            Self::Url { text, url } => TemplateButton::Url { text, url },
            Self::Other { text } => TemplateButton::Other { text },
        }
    }
}
