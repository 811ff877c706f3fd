//! Templates that may be kept and ones that may not, filled in and reviewed.

use types::limits::TEMPLATE_NAME_CHARS_MAX;
use types::template::{
    Button, ButtonCall, Category, Component, Examples, Media, MediaHeader, MediaSource, Parameter,
    ParameterValue, Place, Template, TemplateCall, TemplateText, VariableNames,
};

use super::*;

mod faults;
mod filling;
mod limits;
mod reviews;

/// A template from lines such as `body: Hello {{1}}! = Pablo`, `footer: Bye`, `permission`,
/// `voice_call: Call now, 1440`, `url: Shop, https://example.com/{{1}} = abc`, `phone: Dial, +4915`,
/// `reply: No`, `named`, `authentication`, `name: x`, `language: de`,
/// `media: IMAGE, 4::aW`.
#[track_caller]
fn template(text: &str) -> Template {
    let mut template = Template {
        name: "order_update".to_owned(),
        language: "en_US".to_owned(),
        category: Category::Marketing,
        variables: VariableNames::Positional,
        components: Vec::new(),
    };
    let mut buttons = Vec::new();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim();
        let components = &mut template.components;
        match key {
            "name" => template.name = value.to_owned(),
            "language" => template.language = value.to_owned(),
            "named" => template.variables = VariableNames::Named,
            "authentication" => template.category = Category::Authentication,
            "header" => components.push(Component::Header(with_examples(value))),
            "media" => {
                let (format, handle) = value.split_once(", ").unwrap_or((value, ""));
                components.push(Component::MediaHeader(MediaHeader {
                    format: format.parse().expect("a format"),
                    handle: (!handle.is_empty()).then(|| handle.to_owned()),
                }));
            }
            "body" => components.push(Component::Body(with_examples(value))),
            "footer" => components.push(Component::Footer(value.to_owned())),
            "permission" => components.push(Component::PermissionRequest),
            "no buttons" => components.push(Component::Buttons(Vec::new())),
            _ => buttons.push(button(key, value)),
        }
    }
    if !buttons.is_empty() {
        template.components.push(Component::Buttons(buttons));
    }
    template
}

/// `text = one; two` for variables by place, `text = name is one; other is two` by name.
fn with_examples(text: &str) -> TemplateText {
    let (text, examples) = match text.split_once(" = ") {
        None => (text, Examples::None),
        Some((text, list)) if list.contains(" is ") => {
            let pairs = list.split("; ").filter_map(|it| it.split_once(" is "));
            let pairs = pairs.map(|(name, of)| (name.to_owned(), of.to_owned()));
            (text, Examples::ByName(pairs.collect()))
        }
        Some((text, list)) => {
            let list = list.split("; ").map(str::to_owned).collect();
            (text, Examples::ByPlace(list))
        }
    };
    TemplateText {
        text: text.replace("\\n", "\n"),
        examples,
    }
}

#[track_caller]
fn button(key: &str, value: &str) -> Button {
    let (text, rest) = value.split_once(", ").unwrap_or((value, ""));
    let text = text.to_owned();
    match key {
        "voice_call" => Button::VoiceCall {
            text,
            ttl_minutes: (!rest.is_empty()).then(|| rest.parse().expect("minutes")),
        },
        "url" => {
            let (url, example) = rest.split_once(" = ").unwrap_or((rest, ""));
            Button::Url {
                text,
                url: url.to_owned(),
                example: (!example.is_empty()).then(|| example.to_owned()),
            }
        }
        "phone" => Button::PhoneNumber {
            text,
            phone_number: rest.to_owned(),
        },
        "reply" => Button::QuickReply { text },
        other => panic!("no such line: {other}"),
    }
}
