//! What stands around every webhook, and the pieces that several kinds of them share.

use serde::Serialize;
use types::{Bsuid, PhoneNumber, PhoneNumberId, Timestamp, WaId, WabaId};

use super::escape_non_ascii;
use super::write::{BusinessLine, UserContact};
use crate::ErrorCode;

/// The body of a webhook with one change, byte for byte as it is to be signed and sent: ASCII only.
pub(super) fn body(waba: &WabaId, field: &'static str, value: &impl Serialize) -> Vec<u8> {
    write(waba, None, field, value)
}

/// The same for the fields of accounts, whose entries say when they were made.
pub(crate) fn body_at(
    waba: &WabaId,
    at: Timestamp,
    field: &'static str,
    value: &impl Serialize,
) -> Vec<u8> {
    write(waba, Some(at.as_secs()), field, value)
}

fn write(waba: &WabaId, time: Option<u64>, field: &'static str, value: &impl Serialize) -> Vec<u8> {
    let envelope = Envelope {
        object: "whatsapp_business_account",
        entry: [Entry {
            id: waba,
            time,
            changes: [ChangeOut { value, field }],
        }],
    };
    let json =
        serde_json::to_string(&envelope).expect("plain structs with text keys always serialise");
    escape_non_ascii(&json)
}

#[derive(Serialize)]
struct Envelope<'a, V> {
    object: &'static str,
    entry: [Entry<'a, V>; 1],
}

#[derive(Serialize)]
struct Entry<'a, V> {
    id: &'a WabaId,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<u64>,
    changes: [ChangeOut<'a, V>; 1],
}

#[derive(Serialize)]
struct ChangeOut<'a, V> {
    value: &'a V,
    field: &'static str,
}

/// The business number that a change is about.
#[derive(Serialize)]
pub(super) struct Metadata<'a> {
    display_phone_number: &'a PhoneNumber,
    phone_number_id: &'a PhoneNumberId,
}

impl<'a> Metadata<'a> {
    pub(super) const fn of(line: &'a BusinessLine) -> Self {
        Self {
            display_phone_number: &line.display_phone_number,
            phone_number_id: &line.phone_number_id,
        }
    }
}

/// The user that a change is about.
#[derive(Serialize)]
pub(super) struct ContactOut<'a> {
    profile: Profile<'a>,
    wa_id: &'a WaId,
    user_id: &'a Bsuid,
}

#[derive(Serialize)]
struct Profile<'a> {
    name: &'a str,
}

impl<'a> ContactOut<'a> {
    pub(super) fn of(user: &'a UserContact) -> Self {
        Self {
            profile: Profile { name: &user.name },
            wa_id: &user.wa_id,
            user_id: &user.user_id,
        }
    }
}

/// What went wrong.
#[derive(Serialize, Clone)]
pub(super) struct ErrorOut<'a> {
    code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    message: &'static str,
    href: &'static str,
    error_data: ErrorData<'a>,
}

#[derive(Serialize, Clone)]
struct ErrorData<'a> {
    details: &'a str,
}

impl<'a> ErrorOut<'a> {
    pub(super) fn of(code: ErrorCode, details: &'a str, titled: bool) -> Self {
        let row = code.row();
        Self {
            code: row.code,
            title: titled.then_some(row.title),
            message: row.title,
            href: ERROR_PAGES,
            error_data: ErrorData { details },
        }
    }
}

/// A moment in whole seconds, as a string.
pub(super) fn seconds(at: Timestamp) -> String {
    at.as_secs().to_string()
}

/// Where Meta's own webhooks send the reader of an error.
const ERROR_PAGES: &str =
    "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
