//! The two interactive messages that are about calls: the request for permission and the button
//! (`wire.md` 3.1, 8).

use types::limits::{
    BUTTON_PAYLOAD_CHARS_MAX, BUTTON_TEXT_CHARS_MAX, BUTTON_TTL_MINUTES_DEFAULT,
    BUTTON_TTL_MINUTES_MAX, INTERACTIVE_BODY_CHARS_MAX,
};

use super::{Content, bounded, missing, needed_object, wrong};
use crate::ApiError;
use crate::fields::Fields;
use crate::json::shortened;

/// A button that calls the business which sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallButton {
    /// What stands on it.
    pub display_text: String,
    /// For how long it works, in minutes from the sending: 1 to 43 200.
    pub ttl_minutes: u32,
    /// What the business hears again when it is pressed.
    pub payload: Option<String>,
}

/// What stands on a button that does not say.
pub(super) const DEFAULT_TEXT: &str = "Call Now";

pub(super) fn read(interactive: &Fields<'_>) -> Result<Content, ApiError> {
    let kind = interactive
        .word("type")?
        .ok_or_else(|| missing(interactive, "type", ONE_OF))?;
    match kind.as_str() {
        REQUEST => {
            refuse_header_and_footer(interactive, REQUEST)?;
            check_action(interactive, REQUEST)?;
            let body = body(interactive)?;
            Ok(Content::PermissionRequest { body })
        }
        BUTTON => {
            refuse_header_and_footer(interactive, BUTTON)?;
            let hint = "Send {\"text\": \"...\"}: what the business says to the button.";
            let body = body(interactive)?.ok_or_else(|| missing(interactive, "body", hint))?;
            let button = button(&check_action(interactive, BUTTON)?)?;
            Ok(Content::CallButton { body, button })
        }
        other => Err(wrong(format!(
            "Interactive message type {} is not supported. {ONE_OF}",
            shortened(other)
        ))),
    }
}

fn refuse_header_and_footer(interactive: &Fields<'_>, kind: &str) -> Result<(), ApiError> {
    for key in ["header", "footer"] {
        if interactive.get(key).is_some() {
            return Err(wrong(format!(
                "{} is not allowed: a {kind} has a body and nothing around it. Leave it out.",
                interactive.name(key)
            )));
        }
    }
    Ok(())
}

fn body(interactive: &Fields<'_>) -> Result<Option<String>, ApiError> {
    let Some(body) = interactive.object("body")? else {
        return Ok(None);
    };
    let text = body.filled_text("text")?;
    if let Some(text) = &text {
        bounded(&body, "text", text, INTERACTIVE_BODY_CHARS_MAX)?;
    }
    Ok(text)
}

/// The action names the kind of message once more.
fn check_action<'a>(interactive: &Fields<'a>, kind: &str) -> Result<Fields<'a>, ApiError> {
    let hint = format!("Send {{\"name\": \"{kind}\"}}.");
    let action = needed_object(interactive, "action", &hint)?;
    match action.word("name")? {
        Some(name) if name == kind => Ok(action),
        Some(name) => Err(wrong(format!(
            "{} is {}. It must be \"{kind}\".",
            action.name("name"),
            shortened(&name)
        ))),
        None => Err(missing(&action, "name", &format!("Send \"{kind}\"."))),
    }
}

fn button(action: &Fields<'_>) -> Result<CallButton, ApiError> {
    let Some(parameters) = action.object("parameters")? else {
        return Ok(CallButton {
            display_text: DEFAULT_TEXT.to_owned(),
            ttl_minutes: BUTTON_TTL_MINUTES_DEFAULT,
            payload: None,
        });
    };
    let display_text = parameters
        .filled_text("display_text")?
        .unwrap_or_else(|| DEFAULT_TEXT.to_owned());
    let chars = display_text.chars().count();
    if chars > BUTTON_TEXT_CHARS_MAX {
        return Err(wrong(format!(
            "{} has {chars} characters. At most {BUTTON_TEXT_CHARS_MAX} are allowed.",
            parameters.name("display_text")
        )));
    }
    Ok(CallButton {
        display_text,
        ttl_minutes: ttl_minutes(&parameters)?.unwrap_or(BUTTON_TTL_MINUTES_DEFAULT),
        payload: payload(&parameters)?,
    })
}

/// For how long a button works.
pub(super) fn ttl_minutes(parameters: &Fields<'_>) -> Result<Option<u32>, ApiError> {
    let Some(minutes) = parameters.whole("ttl_minutes")? else {
        return Ok(None);
    };
    match u32::try_from(minutes) {
        Ok(minutes @ 1..=BUTTON_TTL_MINUTES_MAX) => Ok(Some(minutes)),
        _ => Err(wrong(format!(
            "{} is {minutes}. It must be from 1 to {BUTTON_TTL_MINUTES_MAX}, which is 30 days.",
            parameters.name("ttl_minutes")
        ))),
    }
}

/// What the business hears again when a button is pressed.
pub(super) fn payload(parameters: &Fields<'_>) -> Result<Option<String>, ApiError> {
    let payload = parameters.text("payload")?;
    match payload.as_ref().map(|it| it.chars().count()) {
        Some(chars) if chars > BUTTON_PAYLOAD_CHARS_MAX => Err(wrong(format!(
            "{} has {chars} characters. At most {BUTTON_PAYLOAD_CHARS_MAX} are allowed.",
            parameters.name("payload")
        ))),
        _ => Ok(payload),
    }
}

const REQUEST: &str = "call_permission_request";
const BUTTON: &str = "voice_call";
const ONE_OF: &str = "Supported types: call_permission_request, voice_call.";
