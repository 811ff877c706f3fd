//! What a business must hear of its account, in one line each: suspensions, warnings, settings and
//! templates. The law writes these lines when it happens, and the business when it reads the webhook.

use std::collections::BTreeSet;

use serde_json::Value;

/// The lines of one business.
pub(crate) type Notices = BTreeSet<String>;

pub(crate) fn suspended(secs: u64, listed: &[(String, u64)]) -> String {
    let listed: Vec<String> = listed
        .iter()
        .map(|(name, until)| format!("{name} until {until}"))
        .collect();
    format!("{secs}: suspended from {}", listed.join(", "))
}

pub(crate) fn warned(secs: u64, of: &str) -> String {
    format!("{secs}: warned of {of}")
}

pub(crate) fn settings(secs: u64, [status, icon, calls_back]: [&str; 3]) -> String {
    format!("{secs}: calling {status}, icon {icon}, callback {calls_back}")
}

pub(crate) fn template(
    secs: u64,
    (name, language): (&str, &str),
    event: &str,
    reason: &str,
) -> String {
    format!("{secs}: template {name} in {language} is {event}, reason {reason}")
}

/// The line that a change of a webhook says, if it is about an account.
pub(crate) fn read(time: u64, field: &str, value: &Value) -> Option<String> {
    let word = |place: &str| value.pointer(place).and_then(Value::as_str).unwrap_or("?");
    Some(match field {
        "account_update" if value["event"] == "ACCOUNT_VIOLATION" => {
            warned(time, word("/violation_info/violation_type"))
        }
        "account_update" => {
            let listed = value["restriction_info"].as_array().into_iter().flatten();
            let one = |it: &Value| {
                let name = it["restriction_type"].as_str().unwrap_or("?");
                (name.to_owned(), it["expiration"].as_u64().unwrap_or(0))
            };
            suspended(time, &listed.map(one).collect::<Vec<_>>())
        }
        "account_settings_update" => {
            let keys = [
                "/phone_number_settings/calling/status",
                "/phone_number_settings/calling/call_icon_visibility",
                "/phone_number_settings/calling/callback_permission_status",
            ];
            settings(time, keys.map(word))
        }
        "message_template_status_update" => {
            let which = (
                word("/message_template_name"),
                word("/message_template_language"),
            );
            template(time, which, word("/event"), word("/reason"))
        }
        _ => return None,
    })
}
