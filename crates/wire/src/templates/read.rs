//! Reading: what a business submits.

use std::str::FromStr;

use serde_json::{Map, Value};
use types::ParseError;
use types::limits::TEMPLATE_COMPONENTS_MAX;
use types::template::{
    Button, Component, Examples, MediaFormat, MediaHeader, Template, TemplateText, VariableNames,
};

use crate::ApiError;
use crate::fields::Fields;
use crate::json::{self, kind, shortened};
use crate::subscriptions::Params;

/// Reads the parameters of a template that is to be made, in either dialect.
///
/// Keys that are about other things than the template itself, such as `allow_category_change`, are
/// left aside.
///
/// # Errors
///
/// Code 100 that names the parameter.
pub fn new_template(params: &Params) -> Result<Template, ApiError> {
    let params = with_components(params)?;
    let fields = Fields::of_body(&params);
    let needed = |key: &str, hint: &str| {
        fields
            .filled_text(key)?
            .ok_or_else(|| missing(&fields, key, hint))
    };
    Ok(Template {
        name: needed("name", "Send a name such as \"order_update\".")?,
        language: needed("language", "Send a code such as \"en_US\".")?,
        category: word(&fields, "category")?
            .ok_or_else(|| missing(&fields, "category", "Send \"MARKETING\" or \"UTILITY\"."))?,
        variables: word(&fields, "parameter_format")?.unwrap_or(VariableNames::Positional),
        components: components(&fields)?.ok_or_else(|| {
            missing(
                &fields,
                "components",
                "Send an array with at least {\"type\": \"BODY\", \"text\": \"...\"}.",
            )
        })?,
    })
}

/// The parameters, with `components` as the array that it is: in a form it stands as its JSON text.
pub(super) fn with_components(params: &Params) -> Result<Params, ApiError> {
    let mut params = params.clone();
    if let Some(Value::String(text)) = params.get("components") {
        let array = json::value(text.as_bytes()).map_err(|_| {
            ApiError::parameter("components is a string. Send an array of objects.")
        })?;
        params.insert("components".to_owned(), array);
    }
    Ok(params)
}

/// A parameter that is one of a few words, in any case.
pub(super) fn word<T: FromStr<Err = ParseError>>(
    fields: &Fields<'_>,
    key: &str,
) -> Result<Option<T>, ApiError> {
    let text = fields.filled_text(key)?;
    text.map(|text| one_of(fields, key, &text)).transpose()
}

/// What a word of a parameter means, in any case.
pub(super) fn one_of<T: FromStr<Err = ParseError>>(
    fields: &Fields<'_>,
    key: &str,
    text: &str,
) -> Result<T, ApiError> {
    text.trim().parse().map_err(|error: ParseError| {
        ApiError::parameter(format!(
            "{} is {}, {error}.",
            fields.name(key),
            shortened(text)
        ))
    })
}

/// The components, if there are any.
pub(super) fn components(fields: &Fields<'_>) -> Result<Option<Vec<Component>>, ApiError> {
    if fields.get("components").is_none() {
        return Ok(None);
    }
    let given = fields.objects("components")?;
    if given.len() > TEMPLATE_COMPONENTS_MAX {
        return Err(ApiError::parameter(format!(
            "components has {} entries. At most {TEMPLATE_COMPONENTS_MAX} are read.",
            given.len()
        )));
    }
    given
        .iter()
        .map(component)
        .collect::<Result<_, _>>()
        .map(Some)
}

fn component(component: &Fields<'_>) -> Result<Component, ApiError> {
    let hint = "Send HEADER, BODY, FOOTER, BUTTONS or call_permission_request.";
    let kind = component
        .word("type")?
        .ok_or_else(|| missing(component, "type", hint))?;
    match kind.as_str() {
        "header" => header(component),
        "body" => text(component, "body_text").map(Component::Body),
        "footer" => Ok(Component::Footer(
            component.text("text")?.unwrap_or_default(),
        )),
        "buttons" => {
            let buttons = component.objects("buttons")?;
            let buttons = buttons.iter().map(button).collect::<Result<_, _>>()?;
            Ok(Component::Buttons(buttons))
        }
        "call_permission_request" => Ok(Component::PermissionRequest),
        other => Err(ApiError::parameter(format!(
            "{} is {}, which this exchange does not know. {hint}",
            component.name("type"),
            shortened(other)
        ))),
    }
}

fn header(header: &Fields<'_>) -> Result<Component, ApiError> {
    let hint = "Send TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.";
    let Some(format) = header.word("format")? else {
        return Err(missing(header, "format", hint));
    };
    if format == "text" {
        return text(header, "header_text").map(Component::Header);
    }
    let Ok(format) = format.parse::<MediaFormat>() else {
        return Err(ApiError::parameter(format!(
            "{} is {}, which this exchange does not know. {hint}",
            header.name("format"),
            shortened(&format)
        )));
    };
    let handle = match header.object("example")? {
        None => None,
        Some(example) => one_text(&example, "header_handle")?,
    };
    Ok(Component::MediaHeader(MediaHeader { format, handle }))
}

fn text(component: &Fields<'_>, key: &str) -> Result<TemplateText, ApiError> {
    Ok(TemplateText {
        text: component.text("text")?.unwrap_or_default(),
        examples: match component.object("example")? {
            None => Examples::None,
            Some(example) => examples(&example, key)?,
        },
    })
}

fn examples(example: &Fields<'_>, key: &str) -> Result<Examples, ApiError> {
    let by_name = format!("{key}_named_params");
    if example.get(&by_name).is_some() {
        let mut named = Vec::new();
        for entry in example.objects(&by_name)? {
            let name = entry.text("param_name")?.unwrap_or_default();
            let name = name.trim_start_matches('{').trim_end_matches('}');
            named.push((name.to_owned(), entry.text("example")?.unwrap_or_default()));
        }
        return Ok(Examples::ByName(named));
    }
    let given = match example.get(key) {
        None => return Ok(Examples::None),
        // A body's examples are a list of sets, of which the first counts.
        Some(Value::Array(items)) => match items.first() {
            Some(Value::Array(first)) => first.as_slice(),
            _ => items.as_slice(),
        },
        Some(one @ Value::String(_)) => std::slice::from_ref(one),
        Some(other) => {
            return Err(ApiError::parameter(format!(
                "{} is {}. It must be an array of texts.",
                example.name(key),
                kind(other)
            )));
        }
    };
    given
        .iter()
        .map(|it| match it {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            other => Err(ApiError::parameter(format!(
                "{} has {} in it. Every example must be a text.",
                example.name(key),
                kind(other)
            ))),
        })
        .collect::<Result<_, _>>()
        .map(Examples::ByPlace)
}

fn button(button: &Fields<'_>) -> Result<Button, ApiError> {
    let hint = "Send VOICE_CALL, URL, PHONE_NUMBER or QUICK_REPLY.";
    let kind = button
        .word("type")?
        .ok_or_else(|| missing(button, "type", hint))?;
    let text = button.text("text")?.unwrap_or_default();
    match kind.as_str() {
        "voice_call" => Ok(Button::VoiceCall {
            text,
            ttl_minutes: minutes(button)?,
        }),
        "url" => Ok(Button::Url {
            text,
            // Documents print addresses with a blank behind them.
            url: button.text("url")?.unwrap_or_default().trim().to_owned(),
            example: one_text(button, "example")?,
        }),
        "phone_number" => Ok(Button::PhoneNumber {
            text,
            phone_number: button.text("phone_number")?.unwrap_or_default(),
        }),
        "quick_reply" => Ok(Button::QuickReply { text }),
        "call_permission_request" => Err(ApiError::parameter(format!(
            "{} is call_permission_request, which is no button. Send it as a component of its own.",
            button.name("type")
        ))),
        other => Err(ApiError::parameter(format!(
            "{} is {}, which this exchange does not know. {hint}",
            button.name("type"),
            shortened(other)
        ))),
    }
}

/// `ttl_minutes`; more than can be counted is left to the rule that names the bounds.
fn minutes(button: &Fields<'_>) -> Result<Option<u32>, ApiError> {
    let given = button
        .whole("ttl_minutes")
        .map_err(|error| ApiError::parameter(error.details))?;
    Ok(given.map(|it| u32::try_from(it).unwrap_or(u32::MAX)))
}

/// A list of one text, or the text by itself: the example of an address, the handle of a sample.
fn one_text(fields: &Fields<'_>, key: &str) -> Result<Option<String>, ApiError> {
    match fields.get(key) {
        None => Ok(None),
        Some(Value::String(one)) => Ok(Some(one.clone())),
        Some(Value::Array(list)) => match list.first() {
            None => Ok(None),
            Some(Value::String(one)) => Ok(Some(one.clone())),
            Some(other) => Err(not_one_text(fields, key, other)),
        },
        Some(other) => Err(not_one_text(fields, key, other)),
    }
}

fn not_one_text(fields: &Fields<'_>, key: &str, value: &Value) -> ApiError {
    ApiError::parameter(format!(
        "{} is or has {}. Send an array with one text.",
        fields.name(key),
        kind(value)
    ))
}

pub(super) fn missing(fields: &Fields<'_>, key: &str, hint: &str) -> ApiError {
    ApiError::parameter(format!(
        "The parameter {} is missing. {hint}",
        fields.name(key)
    ))
}

/// The parameters of a request as fields.
pub(super) const fn fields(params: &Map<String, Value>) -> Fields<'_> {
    Fields::of_body(params)
}
