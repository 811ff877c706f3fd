//! Webhooks of the field `account_update`: the platform warns a number of low quality of its calls,
//! or suspends it (`wire.md` 4.4).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use types::{ParseError, PhoneNumber, Timestamp, WabaId};

use crate::settings::Restriction;
use crate::webhook::escape_non_ascii;

/// What a number is warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Violation {
    /// Users give the business's calls bad marks.
    BusinessInitiatedQuality,
    /// Users give their own calls to the business bad marks.
    UserInitiatedQuality,
    /// The business does not take enough of its users' calls.
    LowPickupRate,
    /// Users give calls in either direction bad marks: the one name of 2025.
    Quality,
}

impl Violation {
    /// Every one, those of 2026 first.
    pub const ALL: [Self; 4] = [
        Self::BusinessInitiatedQuality,
        Self::UserInitiatedQuality,
        Self::LowPickupRate,
        Self::Quality,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BusinessInitiatedQuality => "LOW_BUSINESS_INITIATED_CALLING_QUALITY",
            Self::UserInitiatedQuality => "LOW_USER_INITIATED_CALLING_QUALITY",
            Self::LowPickupRate => "USER_INITIATED_CALLS_LOW_PICKUP_RATE",
            Self::Quality => "LOW_CALLING_QUALITY",
        }
    }

    /// What the business can do about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::BusinessInitiatedQuality | Self::Quality => {
                "Call fewer users, and only those who expect it; otherwise calling is suspended."
            }
            Self::UserInitiatedQuality => {
                "Take your users' calls and answer what they ask; otherwise calling is suspended."
            }
            Self::LowPickupRate => {
                "Take more of your users' calls, or set call hours; otherwise the call button is hidden."
            }
        }
    }
}

impl FromStr for Violation {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|it| it.as_str() == text)
            .ok_or(ParseError {
                what: "violation",
                rule: "one of LOW_BUSINESS_INITIATED_CALLING_QUALITY, \
                       LOW_USER_INITIATED_CALLING_QUALITY, USER_INITIATED_CALLS_LOW_PICKUP_RATE, \
                       LOW_CALLING_QUALITY",
            })
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The body that warns a number.
#[must_use]
pub fn violated(
    waba_id: &WabaId,
    number: &PhoneNumber,
    violation: Violation,
    at: Timestamp,
) -> Vec<u8> {
    let value = Value {
        phone_number: number,
        event: "ACCOUNT_VIOLATION",
        violation_info: Some(ViolationInfo {
            violation_type: violation.as_str(),
            remediation: violation.remedy(),
        }),
        restriction_info: None,
    };
    body(waba_id, value, at)
}

/// The body that tells a number what it is suspended from.
#[must_use]
pub fn restricted(
    waba_id: &WabaId,
    number: &PhoneNumber,
    restrictions: &[Restriction],
    at: Timestamp,
) -> Vec<u8> {
    let info = |it: &Restriction| RestrictionInfo {
        restriction_type: it.kind.as_str(),
        expiration: it.until.as_secs_up(),
        remediation: it.kind.reason(),
    };
    let value = Value {
        phone_number: number,
        event: "ACCOUNT_RESTRICTION",
        violation_info: None,
        restriction_info: Some(restrictions.iter().map(info).collect()),
    };
    body(waba_id, value, at)
}

fn body(waba_id: &WabaId, value: Value<'_>, at: Timestamp) -> Vec<u8> {
    let json = serde_json::to_string(&Envelope {
        object: "whatsapp_business_account",
        entry: [Entry {
            id: waba_id,
            time: at.as_secs(),
            changes: [Change {
                value,
                field: "account_update",
            }],
        }],
    });
    escape_non_ascii(&json.expect("plain structs with text keys always serialise"))
}

#[derive(Serialize)]
struct Envelope<'a> {
    object: &'static str,
    entry: [Entry<'a>; 1],
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a WabaId,
    time: u64,
    changes: [Change<'a>; 1],
}

#[derive(Serialize)]
struct Change<'a> {
    value: Value<'a>,
    field: &'static str,
}

#[derive(Serialize)]
struct Value<'a> {
    phone_number: &'a PhoneNumber,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    violation_info: Option<ViolationInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restriction_info: Option<Vec<RestrictionInfo>>,
}

#[derive(Serialize)]
struct ViolationInfo {
    violation_type: &'static str,
    remediation: &'static str,
}

#[derive(Serialize)]
struct RestrictionInfo {
    restriction_type: &'static str,
    expiration: u64,
    remediation: &'static str,
}

#[cfg(test)]
mod tests;
