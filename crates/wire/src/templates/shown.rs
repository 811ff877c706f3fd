//! Writing: a template as Meta's API shows it.

use serde::Serialize;
use serde_json::{Map, Value, json};
use types::template::{Button, Category, Component, Examples, Template, TemplateText};
use types::{TemplateId, Timestamp};

use crate::error::to_bytes;
use crate::reply::Node;

/// A template: `GET /{template_id}`, and an entry of `GET /{waba_id}/message_templates`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    name: String,
    parameter_format: &'static str,
    components: Vec<Value>,
    language: String,
    status: &'static str,
    category: &'static str,
    rejected_reason: &'static str,
    quality_score: QualityScore,
    id: TemplateId,
}

impl Shown {
    /// Its kind, with what Meta's reference and clients know of besides.
    pub const NODE: Node = Node {
        kind: "WhatsAppMessageTemplate",
        unset: &[
            "correct_category",
            "cta_url_link_tracking_opted_out",
            "degrees_of_freedom_spec",
            "is_primary_device_delivery_only",
            "last_updated_time",
            "library_template_body_inputs",
            "library_template_button_inputs",
            "library_template_name",
            "message_send_ttl_seconds",
            "namespace",
            "previous_category",
            "specific_rejection_reason",
            "sub_category",
        ],
        edges: &[],
    };
}

/// What users think of it. Nobody has told yet: nobody can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct QualityScore {
    score: &'static str,
    date: u64,
}

/// A template as Meta's API shows it. `status` is its word there, `rejected` the reason if it was.
#[must_use]
pub fn shown(
    id: TemplateId,
    template: &Template,
    status: &'static str,
    rejected: Option<&'static str>,
    changed_at: Timestamp,
) -> Shown {
    Shown {
        name: template.name.clone(),
        parameter_format: template.variables.as_str(),
        components: template.components.iter().map(component).collect(),
        language: template.language.clone(),
        status,
        category: template.category.as_str(),
        rejected_reason: rejected.unwrap_or("NONE"),
        quality_score: QualityScore {
            score: "UNKNOWN",
            date: changed_at.as_secs(),
        },
        id,
    }
}

/// The answer to a template that was made.
#[must_use]
pub fn created(id: &TemplateId, status: &'static str, category: Category) -> Vec<u8> {
    #[derive(Serialize)]
    struct Created<'a> {
        id: &'a TemplateId,
        status: &'static str,
        category: &'static str,
    }
    to_bytes(&Created {
        id,
        status,
        category: category.as_str(),
    })
}

/// A component, in the words in which Meta's API gives them back.
pub(super) fn component(component: &Component) -> Value {
    match component {
        Component::Header(text) => with_text(
            json!({ "type": "HEADER", "format": "TEXT", "text": text.text }),
            "header_text",
            text,
        ),
        Component::MediaHeader(header) => {
            let mut shown = json!({ "type": "HEADER", "format": header.format });
            if let Some(handle) = &header.handle {
                shown["example"] = json!({ "header_handle": [handle] });
            }
            shown
        }
        Component::Body(text) => with_text(
            json!({ "type": "BODY", "text": text.text }),
            "body_text",
            text,
        ),
        Component::Footer(text) => json!({ "type": "FOOTER", "text": text }),
        Component::Buttons(buttons) => {
            let buttons: Vec<Value> = buttons.iter().map(button).collect();
            json!({ "type": "BUTTONS", "buttons": buttons })
        }
        Component::PermissionRequest => json!({ "type": "CALL_PERMISSION_REQUEST" }),
    }
}

/// The component with its examples, in the way in which they are sent: those of a header in one
/// list, those of a body in a list of lists.
fn with_text(mut component: Value, key: &str, text: &TemplateText) -> Value {
    let (key, examples) = match &text.examples {
        Examples::None => return component,
        Examples::ByPlace(list) if key == "body_text" => (key.to_owned(), json!([list])),
        Examples::ByPlace(list) => (key.to_owned(), json!(list)),
        Examples::ByName(pairs) => {
            let pairs: Vec<Value> = pairs
                .iter()
                .map(|(name, example)| json!({ "param_name": name, "example": example }))
                .collect();
            (format!("{key}_named_params"), json!(pairs))
        }
    };
    component["example"] = Value::Object(Map::from_iter([(key, examples)]));
    component
}

fn button(button: &Button) -> Value {
    let mut shown = json!({ "type": button.kind(), "text": button.text() });
    match button {
        Button::VoiceCall { ttl_minutes, .. } => {
            if let Some(minutes) = ttl_minutes {
                shown["ttl_minutes"] = json!(minutes);
            }
        }
        Button::Url { url, example, .. } => {
            shown["url"] = json!(url);
            if let Some(example) = example {
                shown["example"] = json!([example]);
            }
        }
        Button::PhoneNumber { phone_number, .. } => shown["phone_number"] = json!(phone_number),
        Button::QuickReply { .. } => {}
    }
    shown
}
