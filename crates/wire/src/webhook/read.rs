//! Reading: a webhook's body as what happened, tolerant of everything that is seen in the wild.
//!
//! Errors may stand beside the calls or inside one, times may be texts or integers, contacts may be
//! missing, several calls may come in one body. What is no event of a call is named and left.

use std::time::Duration;

use serde_json::Value;
use types::{Bsuid, CallId, Direction, PhoneNumber, PhoneNumberId, Timestamp, WaId, WabaId};

use super::{CallStatus, EndStatus};
use crate::calls::SdpType;

/// One thing that a webhook tells, and of which number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The business number.
    pub origin: Origin,
    /// What happened.
    pub notice: Notice,
}

/// The business number that a change is about, as far as the body says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Its WhatsApp Business Account.
    pub waba_id: Option<WabaId>,
    /// Its id.
    pub phone_number_id: Option<PhoneNumberId>,
    /// The number itself.
    pub display_phone_number: Option<PhoneNumber>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A user calls, or the platform's answer to our own call is here. No pickup.
    Connect(Connect),
    /// A call that we placed went on; [`CallStatus::Accepted`] is the pickup.
    Status(Status),
    /// A call is over.
    Terminate(Terminate),
    /// Something that is no event of a call, or that lacks what it cannot do without.
    Unread {
        /// The webhook field or event that it came under.
        field: String,
        /// Why it was not read.
        why: &'static str,
    },
}

/// The platform's half of the media set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// The call.
    pub call_id: CallId,
    /// Who placed it.
    pub direction: Direction,
    /// When.
    pub at: Option<Timestamp>,
    /// The user.
    pub user: Party,
    /// The session description; missing for numbers that are set up for SIP.
    pub session: Option<Session>,
    /// Our own text from the connect.
    pub callback_data: Option<String>,
}

/// A session description and which half it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Offer or answer.
    pub sdp_type: SdpType,
    /// The text.
    pub sdp: String,
}

/// The user of a call, as far as the body says. Users with a username may have no number here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Their WhatsApp id.
    pub wa_id: Option<WaId>,
    /// Their business-scoped id.
    pub user_id: Option<Bsuid>,
    /// The name in their profile.
    pub name: Option<String>,
}

/// How a call that we placed goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The call.
    pub call_id: CallId,
    /// What it came to.
    pub status: CallStatus,
    /// When.
    pub at: Option<Timestamp>,
    /// The user.
    pub user: Party,
    /// Our own text from the connect.
    pub callback_data: Option<String>,
}

/// The end of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminate {
    /// The call.
    pub call_id: CallId,
    /// Who placed it, if the body says or shows it.
    pub direction: Option<Direction>,
    /// When the webhook was made.
    pub at: Option<Timestamp>,
    /// The user.
    pub user: Party,
    /// How it ended; says nothing of whether it was answered.
    pub status: Option<EndStatus>,
    /// When it was taken; none if nobody took it.
    pub started: Option<Timestamp>,
    /// When it ended, if it was taken.
    pub ended: Option<Timestamp>,
    /// How long it was, if it was taken; whole seconds.
    pub duration: Option<Duration>,
    /// Our own text from the connect or the accept.
    pub callback_data: Option<String>,
    /// What went wrong.
    pub faults: Vec<Fault>,
}

/// Something that went wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The integer to branch on.
    pub code: Option<u32>,
    /// A few words: `message`, else `title`.
    pub title: Option<String>,
    /// The explanation: `error_data.details`.
    pub details: Option<String>,
}

/// The body is no webhook at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAWebhook {
    /// It is not JSON.
    #[error("the body is not JSON: line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// It is JSON, but has neither `entry` nor `event`.
    #[error("the body has neither an entry list nor an event")]
    OtherJson,
}

/// Reads a body whose signature has been checked.
///
/// # Errors
///
/// [`NotAWebhook`] if there is nothing to read. A part that cannot be read is no error: it comes
/// as [`Notice::Unread`], and the others beside it are read.
pub fn read(body: &[u8]) -> Result<Vec<Change>, NotAWebhook> {
    let body: Value = serde_json::from_slice(body).map_err(|e| NotAWebhook::NotJson {
        line: e.line(),
        column: e.column(),
    })?;
    // 360dialog's own events are flat: `{"event": "call_permission_status", ...}`.
    if let (None, Some(event)) = (body.get("entry"), text(&body, "event")) {
        let origin = Origin {
            waba_id: parsed(&body, "waba_id"),
            ..Origin::default()
        };
        return Ok(vec![unread(&origin, &event, "not an event of a call")]);
    }
    let entries = body.get("entry").and_then(Value::as_array);
    let Some(entries) = entries else {
        return Err(NotAWebhook::OtherJson);
    };
    let mut changes = Vec::new();
    for entry in entries {
        for change in items(entry, "changes") {
            read_change(entry, change, &mut changes);
        }
    }
    Ok(changes)
}

fn read_change(entry: &Value, change: &Value, out: &mut Vec<Change>) {
    let nothing = Value::Null;
    let value = change.get("value").unwrap_or(&nothing);
    let metadata = value.get("metadata").unwrap_or(&nothing);
    let origin = Origin {
        waba_id: parsed(entry, "id"),
        phone_number_id: parsed(metadata, "phone_number_id"),
        display_phone_number: parsed(metadata, "display_phone_number"),
    };
    let field = text(change, "field").unwrap_or_default();
    if field != "calls" {
        out.push(unread(&origin, &field, "not the field calls"));
        return;
    }
    let before = out.len();
    for call in items(value, "calls") {
        let notice = read_call(&origin, value, call);
        out.push(Change {
            origin: origin.clone(),
            notice,
        });
    }
    for status in items(value, "statuses") {
        let notice = read_status(value, status);
        out.push(Change {
            origin: origin.clone(),
            notice,
        });
    }
    if out.len() == before {
        out.push(unread(&origin, &field, "neither calls nor statuses"));
    }
}

fn read_call(origin: &Origin, value: &Value, call: &Value) -> Notice {
    let event = text(call, "event").unwrap_or_default();
    let field = format!("calls.{event}");
    let Some(call_id) = parsed::<CallId>(call, "id") else {
        return Notice::Unread {
            field,
            why: "no call id",
        };
    };
    let at = moment(call, "timestamp");
    let callback_data = text(call, "biz_opaque_callback_data");
    match event.to_ascii_lowercase().as_str() {
        "connect" => {
            let stated = session_type(call);
            let Some(direction) = direction(origin, call, stated) else {
                return Notice::Unread {
                    field,
                    why: "no direction, and nothing that shows it",
                };
            };
            Notice::Connect(Connect {
                call_id,
                direction,
                at,
                user: party(origin, value, call, Some(direction)),
                session: session(call, direction),
                callback_data,
            })
        }
        "terminate" => {
            let direction = direction(origin, call, None);
            Notice::Terminate(Terminate {
                call_id,
                direction,
                at,
                user: party(origin, value, call, direction),
                status: match text(call, "status")
                    .unwrap_or_default()
                    .to_ascii_uppercase()
                    .as_str()
                {
                    "COMPLETED" => Some(EndStatus::Completed),
                    "FAILED" => Some(EndStatus::Failed),
                    _ => None,
                },
                started: moment(call, "start_time"),
                ended: moment(call, "end_time"),
                duration: number(call, "duration").map(Duration::from_secs),
                callback_data,
                faults: faults(value, call),
            })
        }
        _ => Notice::Unread {
            field,
            why: "an event of a call that is not known",
        },
    }
}

fn read_status(value: &Value, status: &Value) -> Notice {
    let word = text(status, "status").unwrap_or_default();
    let field = format!("statuses.{word}");
    let Some(call_id) = parsed::<CallId>(status, "id") else {
        return Notice::Unread {
            field,
            why: "no call id",
        };
    };
    let known = [
        CallStatus::Ringing,
        CallStatus::Accepted,
        CallStatus::Rejected,
    ]
    .into_iter()
    .find(|it| word.eq_ignore_ascii_case(it.as_str()));
    let Some(known) = known else {
        return Notice::Unread {
            field,
            why: "a status of a call that is not known",
        };
    };
    let mut user = contact(value);
    user.wa_id = user.wa_id.or_else(|| parsed(status, "recipient_id"));
    user.user_id = user
        .user_id
        .or_else(|| parsed(status, "recipient_user_id"))
        .or_else(|| parsed(status, "recipient_id"));
    Notice::Status(Status {
        call_id,
        status: known,
        at: moment(status, "timestamp"),
        user,
        callback_data: text(status, "biz_opaque_callback_data"),
    })
}

/// Who placed the call: as stated, else by the half that the session description is (360dialog's
/// sample of a user's call has no direction and the two numbers the wrong way round), else by which
/// side the business number stands on.
fn direction(origin: &Origin, call: &Value, sdp_type: Option<SdpType>) -> Option<Direction> {
    let stated = text(call, "direction").and_then(|it| it.to_ascii_uppercase().parse().ok());
    let by_session = match sdp_type {
        Some(SdpType::Offer) => Some(Direction::UserInitiated),
        Some(SdpType::Answer) => Some(Direction::BusinessInitiated),
        None => None,
    };
    let ours = |key| {
        let number = parsed::<PhoneNumber>(call, key);
        number.is_some() && number == origin.display_phone_number
    };
    let by_number = match (ours("from"), ours("to")) {
        (true, false) => Some(Direction::BusinessInitiated),
        (false, true) => Some(Direction::UserInitiated),
        _ => None,
    };
    stated.or(by_session).or(by_number)
}

fn session_type(call: &Value) -> Option<SdpType> {
    let word = text(call.get("session")?, "sdp_type")?;
    SdpType::from_word(&word)
}

fn session(call: &Value, direction: Direction) -> Option<Session> {
    let by_direction = match direction {
        Direction::UserInitiated => SdpType::Offer,
        Direction::BusinessInitiated => SdpType::Answer,
    };
    let sdp_type = session_type(call).unwrap_or(by_direction);
    if let Some(sdp) = call.get("session").and_then(|it| text(it, "sdp")) {
        return Some(Session { sdp_type, sdp });
    }
    // The legacy place: the text itself, or the JSON text of `{"sdp", "type"}`.
    let legacy = call.pointer("/connection/webrtc/sdp")?.as_str()?;
    let inner = serde_json::from_str::<Value>(legacy).ok();
    let sdp = inner
        .and_then(|it| text(&it, "sdp"))
        .unwrap_or_else(|| legacy.to_owned());
    Some(Session { sdp_type, sdp })
}

fn party(origin: &Origin, value: &Value, call: &Value, direction: Option<Direction>) -> Party {
    let mut user = contact(value);
    let (side, user_id) = match direction {
        Some(Direction::UserInitiated) => ("from", "from_user_id"),
        Some(Direction::BusinessInitiated) => ("to", "to_user_id"),
        None => return user,
    };
    // Where a sample has the two numbers the wrong way round, the user's is the one that is not ours.
    let theirs = |side| {
        parsed::<WaId>(call, side).filter(|it| Some(it) != origin.display_phone_number.as_ref())
    };
    let swapped = if side == "from" { "to" } else { "from" };
    user.wa_id = user
        .wa_id
        .or_else(|| theirs(side))
        .or_else(|| theirs(swapped));
    user.user_id = user
        .user_id
        .or_else(|| parsed(call, user_id))
        // Users with a username: their id has been seen where the number should be.
        .or_else(|| parsed(call, side));
    user
}

fn contact(value: &Value) -> Party {
    let Some(contact) = items(value, "contacts").first() else {
        return Party::default();
    };
    Party {
        wa_id: parsed(contact, "wa_id"),
        user_id: parsed(contact, "user_id"),
        name: contact.get("profile").and_then(|it| text(it, "name")),
    }
}

/// The call's own errors and those beside the calls; the same error in both places once.
fn faults(value: &Value, call: &Value) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for error in items(value, "errors").iter().chain(items(call, "errors")) {
        let fault = Fault {
            code: number(error, "code").and_then(|it| it.try_into().ok()),
            title: text(error, "message").or_else(|| text(error, "title")),
            details: error.get("error_data").and_then(|it| text(it, "details")),
        };
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

fn unread(origin: &Origin, field: &str, why: &'static str) -> Change {
    Change {
        origin: origin.clone(),
        notice: Notice::Unread {
            field: field.to_owned(),
            why,
        },
    }
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn parsed<T: std::str::FromStr>(value: &Value, key: &str) -> Option<T> {
    text(value, key)?.trim().parse().ok()
}

fn number(value: &Value, key: &str) -> Option<u64> {
    parsed(value, key)
}

fn moment(value: &Value, key: &str) -> Option<Timestamp> {
    number(value, key).map(Timestamp::from_secs)
}

#[cfg(test)]
mod tests;
