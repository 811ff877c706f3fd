//! Webhooks of the field `account_update`: the platform warns a number of low quality of its calls,
//! or suspends it (`wire.md` 4.4); and it warns, restricts or bans a whole account for a breach of
//! policy (Meta, account_update webhook reference).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use types::calendar::Date;
use types::{ParseError, PhoneNumber, Timestamp, WabaId};

use crate::settings::Restriction;
use crate::webhook::body_at;

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

/// What an account may not do (Meta, account_update webhook reference).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountRestriction {
    /// Begin conversations with users.
    BusinessInitiated,
    /// Answer its users.
    CustomerInitiated,
}

impl AccountRestriction {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BusinessInitiated => "RESTRICTED_BIZ_INITIATED_MESSAGING",
            Self::CustomerInitiated => "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
        }
    }
}

/// What becomes of an account that broke a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BanNews {
    /// It will be disabled.
    Scheduled,
    /// It is disabled.
    Disabled,
    /// It is not any more.
    Reinstated,
}

impl BanNews {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULE_FOR_DISABLE",
            Self::Disabled => "DISABLE",
            Self::Reinstated => "REINSTATE",
        }
    }
}

/// The body that tells an account of a breach of policy: `violation` is Meta's word for it.
#[must_use]
pub fn account_violated(waba_id: &WabaId, violation: &str, at: Timestamp) -> Vec<u8> {
    let value = Value {
        violation_info: Some(ViolationInfo {
            violation_type: violation,
            remediation: None,
        }),
        ..Value::of("ACCOUNT_VIOLATION")
    };
    body_at(waba_id, at, FIELD, &value)
}

/// The body that tells an account what it may not do, and until when.
#[must_use]
pub fn account_restricted(
    waba_id: &WabaId,
    restrictions: &[(AccountRestriction, Timestamp)],
    at: Timestamp,
) -> Vec<u8> {
    let info = |(kind, until): &(AccountRestriction, Timestamp)| RestrictionInfo {
        restriction_type: kind.as_str(),
        expiration: until.as_secs_up(),
        remediation: None,
    };
    let value = Value {
        restriction_info: Some(restrictions.iter().map(info).collect()),
        ..Value::of("ACCOUNT_RESTRICTION")
    };
    body_at(waba_id, at, FIELD, &value)
}

/// The body that tells an account of its ban, which was told `since`.
#[must_use]
pub fn banned(waba_id: &WabaId, news: BanNews, since: Timestamp, at: Timestamp) -> Vec<u8> {
    let value = Value {
        ban_info: Some(BanInfo {
            waba_ban_state: news.as_str(),
            waba_ban_date: in_words(since),
        }),
        ..Value::of("DISABLED_UPDATE")
    };
    body_at(waba_id, at, FIELD, &value)
}

/// A day as Meta's sample writes it: `April 17, 2025`, in UTC.
fn in_words(at: Timestamp) -> String {
    let days = u32::try_from(at.as_secs() / 86_400).unwrap_or(u32::MAX);
    let (year, month, day) = Date::from_days(days).ymd();
    let month = usize::try_from(month - 1)
        .ok()
        .and_then(|it| MONTHS.get(it));
    format!("{} {day}, {year}", month.copied().unwrap_or_default())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The body that warns a number.
#[must_use]
pub fn violated(
    waba_id: &WabaId,
    number: &PhoneNumber,
    violation: Violation,
    at: Timestamp,
) -> Vec<u8> {
    let value = Value {
        phone_number: Some(number),
        violation_info: Some(ViolationInfo {
            violation_type: violation.as_str(),
            remediation: Some(violation.remedy()),
        }),
        ..Value::of("ACCOUNT_VIOLATION")
    };
    body_at(waba_id, at, FIELD, &value)
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
        remediation: Some(it.kind.reason()),
    };
    let value = Value {
        phone_number: Some(number),
        restriction_info: Some(restrictions.iter().map(info).collect()),
        ..Value::of("ACCOUNT_RESTRICTION")
    };
    body_at(waba_id, at, FIELD, &value)
}

#[derive(Serialize)]
struct Value<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a PhoneNumber>,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    violation_info: Option<ViolationInfo<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restriction_info: Option<Vec<RestrictionInfo>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ban_info: Option<BanInfo>,
}

impl Value<'_> {
    /// An event that says nothing else yet.
    const fn of(event: &'static str) -> Self {
        Self {
            phone_number: None,
            event,
            violation_info: None,
            restriction_info: None,
            ban_info: None,
        }
    }
}

#[derive(Serialize)]
struct ViolationInfo<'a> {
    violation_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<&'static str>,
}

#[derive(Serialize)]
struct RestrictionInfo {
    restriction_type: &'static str,
    expiration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<&'static str>,
}

#[derive(Serialize)]
struct BanInfo {
    waba_ban_state: &'static str,
    waba_ban_date: String,
}

/// The webhook field of everything here.
const FIELD: &str = "account_update";

#[cfg(test)]
mod tests;
