//! The template of a message: which, in which language, and what stands in its blanks. Whether they
//! fit the template is not known here.

use serde_json::Value;
use types::limits::{MEDIA_LINK_CHARS_MAX, MEDIA_TEXT_CHARS_MAX};
use types::template::{
    ButtonCall, Media, MediaFormat, MediaSource, Parameter, ParameterValue, Place, TemplateCall,
};

use super::{bounded, interactive, missing, needed_object, wrong};
use crate::ApiError;
use crate::fields::Fields;
use crate::json::shortened;

pub(super) fn read(template: &Fields<'_>) -> Result<TemplateCall, ApiError> {
    let name = template
        .filled_text("name")?
        .ok_or_else(|| missing(template, "name", "Send the template's name."))?;
    bounded(template, "name", &name, NAME_CHARS_MAX)?;
    let language = needed_object(template, "language", "Send {\"code\": \"en_US\"}.")?;
    let code = language
        .filled_text("code")?
        .ok_or_else(|| missing(&language, "code", "Send the template's language."))?;
    let mut call = TemplateCall {
        name: name.trim().to_owned(),
        language: code.trim().to_owned(),
        header: Vec::new(),
        body: Vec::new(),
        buttons: Vec::new(),
    };
    let mut seen = Vec::new();
    for component in template.objects("components")? {
        read_component(&component, &mut seen, &mut call)?;
    }
    Ok(call)
}

fn read_component(
    component: &Fields<'_>,
    seen: &mut Vec<String>,
    call: &mut TemplateCall,
) -> Result<(), ApiError> {
    let hint = "Send header, body or button.";
    let kind = component
        .word("type")?
        .ok_or_else(|| missing(component, "type", hint))?;
    match kind.as_str() {
        "header" | "body" if seen.contains(&kind) => {
            return Err(wrong(format!(
                "{} is {} for the second time. Send all its parameters in one component.",
                component.name("type"),
                shortened(&kind)
            )));
        }
        "header" => call.header = parameters(component)?,
        "body" => call.body = parameters(component)?,
        "button" => call.buttons.push(button(component)?),
        other => {
            return Err(wrong(format!(
                "{} is {}. Only header, body and button take parameters.",
                component.name("type"),
                shortened(other)
            )));
        }
    }
    seen.push(kind);
    Ok(())
}

fn parameters(component: &Fields<'_>) -> Result<Vec<Parameter>, ApiError> {
    component
        .objects("parameters")?
        .iter()
        .map(parameter)
        .collect()
}

fn parameter(parameter: &Fields<'_>) -> Result<Parameter, ApiError> {
    let kind = parameter
        .word("type")?
        .ok_or_else(|| missing(parameter, "type", "Send text, and the text beside it."))?;
    let value = match kind.as_str() {
        "text" => ParameterValue::Text(needed_text(parameter, "text")?),
        "currency" | "date_time" => {
            let of = needed_object(parameter, &kind, "Send an object with fallback_value.")?;
            ParameterValue::Text(needed_text(&of, "fallback_value")?)
        }
        "location" => ParameterValue::Place(place(parameter)?),
        _ => match kind.parse::<MediaFormat>() {
            Ok(format) => ParameterValue::Media(media(parameter, &kind, format)?),
            Err(_) => ParameterValue::Other(kind),
        },
    };
    Ok(Parameter {
        name: parameter.filled_text("parameter_name")?,
        value,
    })
}

/// A picture, a film or a file: where it is, in one of two ways.
fn media(parameter: &Fields<'_>, key: &str, format: MediaFormat) -> Result<Media, ApiError> {
    let hint = "Send an object with link, or with the id that an upload gave.";
    let of = needed_object(parameter, key, hint)?;
    let source = match (of.filled_text("link")?, of.filled_text("id")?) {
        (Some(_), Some(_)) => {
            return Err(wrong(format!(
                "{} and {} stand beside each other. Send one of them.",
                of.name("link"),
                of.name("id")
            )));
        }
        (Some(link), None) => MediaSource::Link(checked_link(&of, link.trim())?),
        (None, Some(id)) => {
            bounded(&of, "id", &id, MEDIA_TEXT_CHARS_MAX)?;
            MediaSource::Id(id.trim().to_owned())
        }
        (None, None) => return Err(missing(&of, "link", "Send the address, or an id.")),
    };
    let filename = of.filled_text("filename")?;
    if let Some(filename) = &filename {
        bounded(&of, "filename", filename, MEDIA_TEXT_CHARS_MAX)?;
    }
    Ok(Media {
        format,
        source,
        filename: filename.filter(|_| format == MediaFormat::Document),
    })
}

fn checked_link(fields: &Fields<'_>, link: &str) -> Result<String, ApiError> {
    bounded(fields, "link", link, MEDIA_LINK_CHARS_MAX)?;
    let behind = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"));
    let fits = |c: char| !c.is_whitespace() && !c.is_control();
    if behind.is_some_and(|it| !it.is_empty()) && link.chars().all(fits) {
        return Ok(link.to_owned());
    }
    Err(wrong(format!(
        "{} is {}. Send an address that begins with https:// or http:// and has no spaces.",
        fields.name("link"),
        shortened(link)
    )))
}

fn place(parameter: &Fields<'_>) -> Result<Place, ApiError> {
    let hint = "Send an object with latitude and longitude.";
    let of = needed_object(parameter, "location", hint)?;
    let text = |key: &str| {
        let text = of.filled_text(key)?;
        if let Some(text) = &text {
            bounded(&of, key, text, MEDIA_TEXT_CHARS_MAX)?;
        }
        Ok::<_, ApiError>(text)
    };
    Ok(Place {
        latitude: degrees(&of, "latitude", 90.0)?,
        longitude: degrees(&of, "longitude", 180.0)?,
        name: text("name")?,
        address: text("address")?,
    })
}

/// Degrees as they were sent: samples have them as text, and as numbers in free-form messages.
fn degrees(fields: &Fields<'_>, key: &str, most: f64) -> Result<String, ApiError> {
    let given = match fields.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => {
            return Err(missing(
                fields,
                key,
                "Send it in degrees, such as \"52.52\".",
            ));
        }
    };
    let fits = |degrees: &f64| (-most..=most).contains(degrees);
    match given.parse::<f64>().ok().filter(fits) {
        Some(_) => Ok(given),
        None => Err(wrong(format!(
            "{} is {}. It goes from -{most} to {most} degrees.",
            fields.name(key),
            shortened(&given)
        ))),
    }
}

fn needed_text(fields: &Fields<'_>, key: &str) -> Result<String, ApiError> {
    fields
        .text(key)?
        .ok_or_else(|| missing(fields, key, "Send what is to stand in the blank."))
}

fn button(component: &Fields<'_>) -> Result<ButtonCall, ApiError> {
    let hint = "Send voice_call, url or quick_reply.";
    let kind = component
        .word("sub_type")?
        .ok_or_else(|| missing(component, "sub_type", hint))?;
    match kind.as_str() {
        "voice_call" => voice_call(component),
        "url" => {
            let hint = "Send the end of the address as a parameter of type text.";
            let given = component.objects("parameters")?;
            let text = given
                .first()
                .ok_or_else(|| missing(component, "parameters", hint))?;
            Ok(ButtonCall::Url {
                index: needed_index(component)?,
                text: needed_text(text, "text")?,
            })
        }
        "quick_reply" => {
            let given = component.objects("parameters")?;
            let payload = given.first().map(interactive::payload).transpose()?;
            Ok(ButtonCall::QuickReply {
                index: needed_index(component)?,
                payload: payload.flatten(),
            })
        }
        other => Err(wrong(format!(
            "{} is {}. {hint}",
            component.name("sub_type"),
            shortened(other)
        ))),
    }
}

/// Each of its parameters has a `type` that is the key of its value (`wire.md` 8).
fn voice_call(component: &Fields<'_>) -> Result<ButtonCall, ApiError> {
    let (mut ttl_minutes, mut payload) = (None, None);
    for parameter in component.objects("parameters")? {
        match parameter.word("type")?.as_deref() {
            Some("ttl_minutes") => {
                let hint = "Send for how many minutes the button works.";
                let given = interactive::ttl_minutes(&parameter)?;
                ttl_minutes = Some(given.ok_or_else(|| missing(&parameter, "ttl_minutes", hint))?);
            }
            Some("payload") => {
                let hint = "Send what you want to hear again.";
                let given = interactive::payload(&parameter)?;
                payload = Some(given.ok_or_else(|| missing(&parameter, "payload", hint))?);
            }
            Some(other) => {
                return Err(wrong(format!(
                    "{} is {}. A voice_call button takes ttl_minutes and payload.",
                    parameter.name("type"),
                    shortened(other)
                )));
            }
            None => {
                let hint = "Send ttl_minutes or payload.";
                return Err(missing(&parameter, "type", hint));
            }
        }
    }
    Ok(ButtonCall::VoiceCall {
        index: index(component)?,
        ttl_minutes,
        payload,
    })
}

fn needed_index(component: &Fields<'_>) -> Result<u32, ApiError> {
    let hint = "Send the button's place in the template, from 0.";
    index(component)?.ok_or_else(|| missing(component, "index", hint))
}

fn index(component: &Fields<'_>) -> Result<Option<u32>, ApiError> {
    let Some(index) = component.whole("index")? else {
        return Ok(None);
    };
    match u32::try_from(index) {
        Ok(index @ 0..=INDEX_MAX) => Ok(Some(index)),
        _ => Err(wrong(format!(
            "{} is {index}. A template has at most ten buttons, from 0.",
            component.name("index")
        ))),
    }
}

/// Meta, template components: at most ten buttons.
const INDEX_MAX: u32 = 9;
/// Meta and 360dialog: the longest name of a template.
const NAME_CHARS_MAX: usize = 512;
