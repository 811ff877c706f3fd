//! Fills a template in with what a message brings.
//!
//! What stands for a variable is not looked through for variables again: a user who is called
//! `{{1}}` is shown so.

use types::limits::{
    BUTTON_PAYLOAD_CHARS_MAX, BUTTON_TTL_MINUTES_DEFAULT, BUTTON_TTL_MINUTES_MAX,
    TEMPLATE_BODY_ALONE_CHARS_MAX, TEMPLATE_BODY_CHARS_MAX, TEMPLATE_HEADER_CHARS_MAX,
    TEMPLATE_URL_CHARS_MAX,
};
use types::template::{
    Button, ButtonCall, Parameter, ParameterValue, Template, TemplateCall, TemplateText,
    VariableNames,
};

use super::buttons::has_variable;
use super::check::{Header, Parts};
use super::fault::Part;
use super::filled::{Filled, FilledButton};
use super::media;
use super::unfit::{SPACES_MAX, Unfit};
use super::variables::{Piece, number, pieces, variables};

/// What a phone shows of a template that was [checked](super::check).
///
/// # Errors
///
/// With the first thing that does not fit, in the order in which the parts are shown.
pub fn fill(template: &Template, call: &TemplateCall) -> Result<Filled, Unfit> {
    let parts = Parts::of(template).unwrap_or_default();
    let header = match parts.header {
        Some(Header::Text(header)) => Some(filled_in(
            Part::Header,
            header,
            template.variables,
            &call.header,
            TEMPLATE_HEADER_CHARS_MAX,
        )?),
        Some(Header::Media(header)) => Some(media::line(header.format, &call.header)?),
        None => {
            none_wanted(Part::Header, &call.header)?;
            None
        }
    };
    let body_max = if template.components.len() == 1 {
        TEMPLATE_BODY_ALONE_CHARS_MAX
    } else {
        TEMPLATE_BODY_CHARS_MAX
    };
    let body = match parts.body {
        Some(body) => filled_in(Part::Body, body, template.variables, &call.body, body_max)?,
        None => {
            none_wanted(Part::Body, &call.body)?;
            String::new()
        }
    };
    Ok(Filled {
        category: template.category,
        header,
        has_media: media::is_there(&call.header),
        body,
        footer: parts.footer.map(str::to_owned),
        buttons: fill_buttons(parts.buttons.unwrap_or_default(), &call.buttons)?,
        asks_permission: parts.asks_permission,
    })
}

fn filled_in(
    part: Part,
    text: &TemplateText,
    names: VariableNames,
    parameters: &[Parameter],
    max: usize,
) -> Result<String, Unfit> {
    let found = variables(&text.text);
    let count = Unfit::Count {
        part,
        variables: found.len(),
        parameters: parameters.len(),
    };
    if found.len() != parameters.len() {
        return Err(count);
    }
    if names == VariableNames::Named {
        check_names(part, &found, parameters)?;
    }
    let mut filled = String::with_capacity(text.text.len());
    for piece in pieces(&text.text).unwrap_or_default() {
        match piece {
            Piece::Plain(plain) => filled.push_str(plain),
            Piece::Variable(name) => {
                let parameter = match names {
                    VariableNames::Positional => {
                        let place = number(name).and_then(|n| usize::try_from(n - 1).ok());
                        place.and_then(|place| parameters.get(place))
                    }
                    VariableNames::Named => parameters
                        .iter()
                        .find(|it| it.name.as_deref() == Some(name)),
                };
                let parameter = parameter.ok_or_else(|| count.clone())?;
                filled.push_str(said(part, parameter)?);
            }
        }
    }
    let chars = filled.chars().count();
    if chars > max {
        return Err(Unfit::TooLong { part, chars, max });
    }
    Ok(filled)
}

fn none_wanted(part: Part, parameters: &[Parameter]) -> Result<(), Unfit> {
    match parameters.len() {
        0 => Ok(()),
        parameters => Err(Unfit::Count {
            part,
            variables: 0,
            parameters,
        }),
    }
}

/// Whether each parameter names a variable of its own; there are as many of these as of those.
fn check_names(part: Part, found: &[&str], parameters: &[Parameter]) -> Result<(), Unfit> {
    let mut taken = Vec::with_capacity(found.len());
    for parameter in parameters {
        let name = parameter.name.as_deref().ok_or(Unfit::Unnamed { part })?;
        if !found.contains(&name) || taken.contains(&name) {
            let name = name.to_owned();
            return Err(Unfit::UnknownName { part, name });
        }
        taken.push(name);
    }
    Ok(())
}

/// The text of a parameter.
fn said(part: Part, parameter: &Parameter) -> Result<&str, Unfit> {
    match &parameter.value {
        ParameterValue::Media(_) | ParameterValue::Place(_) | ParameterValue::Other(_) => {
            Err(Unfit::NotText {
                part,
                kind: media::kind(&parameter.value),
            })
        }
        ParameterValue::Text(text) => check_text(part, text).map(|()| text.as_str()),
    }
}

fn check_text(part: Part, text: &str) -> Result<(), Unfit> {
    let mut spaces = 0;
    for c in text.chars() {
        spaces = if c == ' ' { spaces + 1 } else { 0 };
        if spaces > SPACES_MAX || matches!(c, '\n' | '\r' | '\t') {
            return Err(Unfit::Whitespace { part });
        }
    }
    if text.trim().is_empty() {
        Err(Unfit::Empty { part })
    } else {
        Ok(())
    }
}

fn fill_buttons(buttons: &[Button], calls: &[ButtonCall]) -> Result<Vec<FilledButton>, Unfit> {
    let mut given: Vec<Option<&ButtonCall>> = vec![None; buttons.len()];
    for call in calls {
        let place = place_of(buttons, call)?;
        if given[place].replace(call).is_some() {
            return Err(Unfit::ButtonTwice { place });
        }
    }
    let pairs = buttons.iter().zip(given).enumerate();
    pairs
        .map(|(place, (button, call))| fill_button(place, button, call))
        .collect()
}

/// The place of the button that parameters are for. A button that calls needs none named: there is
/// one at most.
fn place_of(buttons: &[Button], call: &ButtonCall) -> Result<usize, Unfit> {
    let (kind, place) = match call {
        ButtonCall::VoiceCall { index, .. } => ("VOICE_CALL", *index),
        ButtonCall::Url { index, .. } => ("URL", Some(*index)),
        ButtonCall::QuickReply { index, .. } => ("QUICK_REPLY", Some(*index)),
    };
    let found = match place {
        None => buttons.iter().position(|it| it.kind() == kind),
        Some(place) => usize::try_from(place)
            .ok()
            .filter(|place| buttons.get(*place).is_some_and(|it| it.kind() == kind)),
    };
    found.ok_or(Unfit::NoSuchButton { kind, place })
}

fn fill_button(
    place: usize,
    button: &Button,
    call: Option<&ButtonCall>,
) -> Result<FilledButton, Unfit> {
    match button {
        Button::VoiceCall { text, ttl_minutes } => {
            let (own, payload) = match call {
                Some(ButtonCall::VoiceCall {
                    ttl_minutes,
                    payload,
                    ..
                }) => (*ttl_minutes, payload.as_deref()),
                Some(ButtonCall::Url { .. } | ButtonCall::QuickReply { .. }) | None => (None, None),
            };
            let max = BUTTON_TTL_MINUTES_MAX;
            if let Some(given) = own
                && !(1..=max).contains(&given)
            {
                return Err(Unfit::Ttl { given, max });
            }
            Ok(FilledButton::VoiceCall {
                text: text.clone(),
                ttl_minutes: own.or(*ttl_minutes).unwrap_or(BUTTON_TTL_MINUTES_DEFAULT),
                payload: checked_payload(payload)?,
            })
        }
        Button::Url { text, url, .. } => Ok(FilledButton::Url {
            text: text.clone(),
            url: fill_address(place, url, call)?,
        }),
        Button::PhoneNumber { text, phone_number } => Ok(FilledButton::PhoneNumber {
            text: text.clone(),
            phone_number: phone_number.clone(),
        }),
        Button::QuickReply { text } => {
            let payload = match call {
                Some(ButtonCall::QuickReply { payload, .. }) => payload.as_deref(),
                Some(ButtonCall::VoiceCall { .. } | ButtonCall::Url { .. }) | None => None,
            };
            Ok(FilledButton::QuickReply {
                text: text.clone(),
                payload: checked_payload(payload)?,
            })
        }
    }
}

fn fill_address(place: usize, url: &str, call: Option<&ButtonCall>) -> Result<String, Unfit> {
    let part = Part::Button(place);
    let end = match call {
        Some(ButtonCall::Url { text, .. }) => Some(text.as_str()),
        Some(ButtonCall::VoiceCall { .. } | ButtonCall::QuickReply { .. }) | None => None,
    };
    let end = match (has_variable(url), end) {
        (true, Some(end)) => end,
        (false, None) => return Ok(url.to_owned()),
        (has_variable, end) => {
            return Err(Unfit::Count {
                part,
                variables: usize::from(has_variable),
                parameters: usize::from(end.is_some()),
            });
        }
    };
    check_text(part, end)?;
    let mut whole = String::with_capacity(url.len() + end.len());
    for piece in pieces(url).unwrap_or_default() {
        whole.push_str(match piece {
            Piece::Plain(plain) => plain,
            Piece::Variable(_) => end,
        });
    }
    let (chars, max) = (whole.chars().count(), TEMPLATE_URL_CHARS_MAX);
    if chars > max {
        return Err(Unfit::TooLong { part, chars, max });
    }
    Ok(whole)
}

fn checked_payload(payload: Option<&str>) -> Result<Option<String>, Unfit> {
    let max = BUTTON_PAYLOAD_CHARS_MAX;
    match payload.map(|it| it.chars().count()) {
        Some(chars) if chars > max => Err(Unfit::Payload { chars, max }),
        Some(_) | None => Ok(payload.map(str::to_owned)),
    }
}
