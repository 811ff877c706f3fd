//! What a business writes: the body of `POST /{phone_number_id}/messages` and of 360dialog's
//! `POST /messages`.
//!
//! Of Meta's kinds of messages these are read: text, the two interactive ones that are about calls,
//! templates, and the word that a message was read. Where Meta's pages name the code of a mistake it
//! is theirs; elsewhere a parameter that is missing is 131008, one with a value that cannot be is
//! 131009, and what is not the right kind of JSON, or too long, is 100.

use types::limits::TEXT_CHARS_MAX;
use types::{Bsuid, MessageId, WaId};

use crate::calls::Recipient;
use crate::fields::Fields;
use crate::json::{self, shortened};
use crate::subscriptions::Params;
use crate::{ApiError, Dialect, ErrorCode};

pub use interactive::CallButton;
pub use types::template::{ButtonCall, Parameter, ParameterValue, TemplateCall};

mod interactive;
mod template;

/// What a business asks of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageRequest {
    /// Send a message to a user.
    Send(NewMessage),
    /// Tell the user that the business has read a message of theirs.
    MarkRead {
        /// Which.
        message: MessageId,
    },
}

/// A message that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// To whom.
    pub to: Recipient,
    /// Whom the body named, as it stood there: the `input` of the answer.
    pub input: String,
    /// What it says.
    pub content: Content,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Text of the business's own, given back in the message's webhooks.
    pub callback_data: Option<String>,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text {
        /// The text.
        body: String,
        /// Whether the phone may show what a link in it leads to.
        preview_url: bool,
    },
    /// May the business call?
    PermissionRequest {
        /// What the business says to that.
        body: Option<String>,
    },
    /// A button that calls the business.
    CallButton {
        /// What the business says to that.
        body: String,
        /// The button.
        button: CallButton,
    },
    /// A template with its blanks filled in.
    Template(TemplateCall),
}

impl MessageRequest {
    /// The parameters that are objects.
    pub const OBJECTS: &[&str] = &["text", "interactive", "template", "context"];

    /// Reads a body of JSON, as [`MessageRequest::read`] does.
    ///
    /// # Errors
    ///
    /// With a sentence that names the field, says what is wrong and what to send; the codes are
    /// those of the module.
    pub fn parse(body: &[u8], dialect: Dialect) -> Result<Self, ApiError> {
        Self::read(&json::object(body)?, dialect)
    }

    /// Reads the parameters of a request.
    ///
    /// # Errors
    ///
    /// As [`MessageRequest::parse`].
    pub fn read(params: &Params, dialect: Dialect) -> Result<Self, ApiError> {
        let body = Fields::of_body(params);
        body.check_product(dialect)?;
        match body.word("status")? {
            Some(status) => mark_read(&body, &status),
            None => new_message(&body).map(Self::Send),
        }
    }

    /// A word for the log.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Send(message) => message.content.word(),
            Self::MarkRead { .. } => "read",
        }
    }
}

impl Content {
    /// A word for rows and logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::PermissionRequest { .. } => "call_permission_request",
            Self::CallButton { .. } => "voice_call",
            Self::Template(_) => "template",
        }
    }
}

/// `typing_indicator`, which may stand beside it, is not acted upon: phones here show none.
fn mark_read(body: &Fields<'_>, status: &str) -> Result<MessageRequest, ApiError> {
    if status != "read" {
        return Err(wrong(format!(
            "status is {}. Only \"read\" can be said of a message.",
            shortened(status)
        )));
    }
    let id = body
        .filled_text("message_id")?
        .ok_or_else(|| missing(body, "message_id", "Send the id of the user's message."))?;
    let message = message_id(body, "message_id", &id)?;
    Ok(MessageRequest::MarkRead { message })
}

fn new_message(body: &Fields<'_>) -> Result<NewMessage, ApiError> {
    let (to, input) = recipient(body)?;
    if let Some(kind) = body.word("recipient_type")?
        && kind != "individual"
    {
        return Err(wrong(format!(
            "recipient_type is {}. This exchange knows users only: send \"individual\", or nothing.",
            shortened(&kind)
        )));
    }
    Ok(NewMessage {
        to,
        input,
        content: content(body)?,
        reply_to: reply_to(body)?,
        callback_data: body.callback_data()?,
    })
}

fn recipient(body: &Fields<'_>) -> Result<(Recipient, String), ApiError> {
    let Some(to) = body.recipient()? else {
        return Err(ApiError::parameter(
            "The parameter to is missing. Send the user's number, or their business-scoped user id as recipient.",
        ));
    };
    let key = match &to {
        Recipient::WaId(_) => "to",
        Recipient::Bsuid(_) => "recipient",
    };
    let input = body.text(key)?.unwrap_or_default();
    Ok((to, input))
}

/// A message without a type is text, as Meta's reference says.
fn content(body: &Fields<'_>) -> Result<Content, ApiError> {
    let kind = body.word("type")?.unwrap_or_else(|| "text".to_owned());
    match kind.as_str() {
        "text" => text(&needed_object(body, "text", "Send {\"body\": \"...\"}.")?),
        "interactive" => {
            let hint = "Send an object with type, body and action.";
            interactive::read(&needed_object(body, "interactive", hint)?)
        }
        "template" => {
            let hint = "Send an object with name, language and components.";
            template::read(&needed_object(body, "template", hint)?).map(Content::Template)
        }
        other => Err(ApiError::new(
            ErrorCode::UnsupportedMessageType,
            format!(
                "This exchange sends no messages of type {}. Send text, interactive or template.",
                shortened(other)
            ),
        )),
    }
}

fn text(text: &Fields<'_>) -> Result<Content, ApiError> {
    let body = text
        .filled_text("body")?
        .ok_or_else(|| missing(text, "body", "Send what the message says."))?;
    bounded(text, "body", &body, TEXT_CHARS_MAX)?;
    Ok(Content::Text {
        body,
        preview_url: text.flag("preview_url")?.unwrap_or(false),
    })
}

fn reply_to(body: &Fields<'_>) -> Result<Option<MessageId>, ApiError> {
    let Some(context) = body.object("context")? else {
        return Ok(None);
    };
    match context.filled_text("message_id")? {
        Some(id) => message_id(&context, "message_id", &id).map(Some),
        None => Ok(None),
    }
}

fn message_id(fields: &Fields<'_>, key: &str, id: &str) -> Result<MessageId, ApiError> {
    id.trim().parse().map_err(|error| {
        wrong(format!(
            "{} is {error}. Send messages[].id as a webhook or an answer gave it.",
            fields.name(key)
        ))
    })
}

fn needed_object<'a>(fields: &Fields<'a>, key: &str, hint: &str) -> Result<Fields<'a>, ApiError> {
    fields
        .object(key)?
        .ok_or_else(|| missing(fields, key, hint))
}

/// 131008: a parameter is missing, or says nothing.
fn missing(fields: &Fields<'_>, key: &str, hint: &str) -> ApiError {
    ApiError::new(
        ErrorCode::RequiredParameterMissing,
        format!("The parameter {} is missing. {hint}", fields.name(key)),
    )
}

/// 131009: a parameter has a value that cannot be.
fn wrong(details: String) -> ApiError {
    ApiError::new(ErrorCode::ParameterValueInvalid, details)
}

/// 100: a text is longer than it may be.
fn bounded(fields: &Fields<'_>, key: &str, text: &str, chars_max: usize) -> Result<(), ApiError> {
    let chars = text.chars().count();
    if chars <= chars_max {
        return Ok(());
    }
    Err(ApiError::parameter(format!(
        "{} has {chars} characters. At most {chars_max} are allowed.",
        fields.name(key)
    )))
}

/// Who got a message, as the answer to sending it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Whom the body named, as it stood there.
    pub input: String,
    /// Their WhatsApp id.
    pub wa_id: WaId,
    /// Their business-scoped id, if they are on WhatsApp.
    pub user_id: Option<Bsuid>,
}

#[cfg(test)]
mod tests;
