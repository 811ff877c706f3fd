//! The words for what happens in chats.

use std::fmt;

use crate::line::{
    ChatContent, ChatMessage, ChatSide, ChatStatus, PermissionAnswer, PermissionHeld,
    PermissionRequest, RequestState, TemplateButton,
};

/// A message that has come, as a sentence with what it says.
pub(super) fn came(message: &ChatMessage, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (&message.content, message.from) {
        (ChatContent::Text { body }, ChatSide::User) => write!(f, "Written: {body}"),
        (ChatContent::Text { body }, ChatSide::Business | ChatSide::Platform) => {
            write!(f, "A business writes: {body}")
        }
        (ChatContent::CallPermissionRequest { body, .. }, _) => {
            f.write_str("A business asks whether it may call.")?;
            body.iter()
                .try_for_each(|body| write!(f, " It writes: {body}"))
        }
        (
            ChatContent::CallButton {
                body, display_text, ..
            },
            _,
        ) => write!(
            f,
            "A business writes, with the call button \"{display_text}\": {body}"
        ),
        (
            ChatContent::Template {
                body,
                buttons,
                request,
                ..
            },
            _,
        ) => {
            write!(f, "A business writes: {body}")?;
            buttons
                .iter()
                .try_for_each(|button| write!(f, " [{}]", text(button)))?;
            match request {
                Some(_) => f.write_str(" It asks whether it may call."),
                None => Ok(()),
            }
        }
        (ChatContent::Notice { text }, _) => write!(f, "The platform says: {text}"),
    }
}

/// How a request stands, in one word for programs.
pub(super) const fn stands(request: &PermissionRequest) -> &'static str {
    match (request.state, request.answer) {
        (RequestState::Over, _) => "over",
        (RequestState::Open | RequestState::Answered, Some(answer)) => answer.as_str(),
        (RequestState::Open | RequestState::Answered, None) => "open",
    }
}

pub(super) const fn request_stands(request: &PermissionRequest) -> &'static str {
    match (request.state, request.answer) {
        (RequestState::Over, _) => "The request can no longer be answered.",
        (_, Some(PermissionAnswer::Temporary)) => "The request is answered: calls for a time.",
        (_, Some(PermissionAnswer::Permanent)) => "The request is answered: calls for ever.",
        (_, Some(PermissionAnswer::Decline)) => "The request is answered: no calls.",
        (RequestState::Open | RequestState::Answered, None) => "The request waits for an answer.",
    }
}

pub(super) const fn message_is(status: ChatStatus) -> &'static str {
    match status {
        ChatStatus::Sent => "The message is sent.",
        ChatStatus::Delivered => "The message is delivered.",
        ChatStatus::Read => "The message is read.",
        ChatStatus::Failed => "The message could not be delivered.",
    }
}

pub(super) const fn may(permission: PermissionHeld) -> &'static str {
    match permission {
        PermissionHeld::None => "The business may not call.",
        PermissionHeld::Temporary => "The business may call for a time.",
        PermissionHeld::Permanent => "The business may call for ever.",
    }
}

pub(super) const fn answering(answer: PermissionAnswer) -> &'static str {
    match answer {
        PermissionAnswer::Temporary => "Allowing calls for a time.",
        PermissionAnswer::Permanent => "Allowing calls for ever.",
        PermissionAnswer::Decline => "Declining calls.",
    }
}

pub(super) const fn setting(permission: PermissionHeld) -> &'static str {
    match permission {
        PermissionHeld::None => "Forbidding calls in the business's profile.",
        PermissionHeld::Temporary => "Allowing calls for a time in the business's profile.",
        PermissionHeld::Permanent => "Allowing calls for ever in the business's profile.",
    }
}

fn text(button: &TemplateButton) -> &str {
    match button {
        TemplateButton::VoiceCall { text, .. }
        | TemplateButton::Url { text, .. }
        | TemplateButton::Other { text } => text,
    }
}
