//! Every number of a preset by its name, so that a configuration can change it and a screen show it.

use std::time::Duration;

use super::{HolidayTimes, Preset, RestrictionKinds, ReviewOutcome};
use crate::Country;
use crate::template::RejectReason;

/// One thing that a preset decides.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Its name, such as `consent.requests_per_day`; times end in `_ms`.
    pub name: &'static str,
    /// What it decides, in a sentence.
    pub about: &'static str,
    get: fn(&Preset) -> Value,
    set: fn(&mut Preset, Value) -> Result<(), &'static str>,
}

/// What a setting is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A count, a code, or milliseconds.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// One of several words.
    Word(String),
    /// Countries by their two letters.
    Countries(Vec<Country>),
}

/// Why a setting cannot be set so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingFault {
    /// There is none of that name.
    #[error("there is no setting `{name}`")]
    Unknown {
        /// As it was given.
        name: String,
    },
    /// The value does not fit.
    #[error("`{name}` takes {rule}")]
    Unfit {
        /// Of the setting.
        name: &'static str,
        /// What it takes, such as `a whole number from 0 to 4294967295`.
        rule: &'static str,
    },
}

impl Preset {
    /// What the setting of that name is set to, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        Self::setting(name).map(|setting| (setting.get)(self))
    }

    /// Sets the setting of that name.
    ///
    /// # Errors
    ///
    /// When there is none of that name, or the value does not fit it.
    pub fn set(&mut self, name: &str, value: Value) -> Result<(), SettingFault> {
        let setting = Self::setting(name).ok_or_else(|| SettingFault::Unknown {
            name: name.to_owned(),
        })?;
        (setting.set)(self, value).map_err(|rule| SettingFault::Unfit {
            name: setting.name,
            rule,
        })
    }

    fn setting(name: &str) -> Option<&'static Setting> {
        Self::SETTINGS.iter().find(|setting| setting.name == name)
    }
}

/// Makes the table from lines of name, place in the preset, and meaning.
macro_rules! settings {
    ($($name:literal, $($place:ident).+, $about:literal;)*) => {
        impl Preset {
            /// Everything that a preset decides, in the order of its parts.
            pub const SETTINGS: &'static [Setting] = &[$(Setting {
                name: $name,
                about: $about,
                get: |preset| preset.$($place).+.show(),
                set: |preset, value| preset.$($place).+.put(value),
            },)*];
        }
    };
}

settings! {
    "calls.accept_within_ms", calls.accept_within, "How long the business has to accept a user's call.";
    "calls.ring_for_ms", calls.ring_for, "How long a user's phone rings.";
    "calls.connect_within_ms", calls.connect_within, "How long ICE and DTLS may take once a call is taken.";
    "calls.first_media_within_ms", calls.first_media_within, "How long the start of a call may go without media from the business.";
    "calls.media_gap_max_ms", calls.media_gap_max, "How long a running call may go without media from the business.";
    "calls.first_sign_within_ms", calls.first_sign_within, "How soon after its start a call may be hung up without media from the business and not be a failure.";
    "calls.concurrent_calls_max", calls.concurrent_calls_max, "Calls of one business number at one time.";
    "calls.attempts_per_day_max", calls.attempts_per_day_max, "Calls that one business number may place in 24 hours.";
    "sdp.several_fingerprints", sdp.several_fingerprints, "Whether a session description may have several fingerprints.";
    "sdp.ice_lite", sdp.ice_lite, "Whether the business may be ICE-lite.";
    "sdp.error_code", sdp.error_code, "The code for a session description that breaks a rule.";
    "delivery.answer_within_ms", delivery.answer_within, "How long a receiver of webhooks may take to answer.";
    "delivery.first_wait_ms", delivery.first_wait, "The wait after a webhook's first failure.";
    "delivery.wait_max_ms", delivery.wait_max, "The longest wait between two attempts at a webhook.";
    "delivery.give_up_after_ms", delivery.give_up_after, "How long a webhook is tried.";
    "delivery.jitter_percent", delivery.jitter_percent, "How much chance bends a wait, in percent.";
    "consent.requests_per_day", consent.requests_per_day, "Call permission requests to one user in 24 hours.";
    "consent.requests_per_week", consent.requests_per_week, "Call permission requests to one user in 7 days.";
    "consent.temporary_for_ms", consent.temporary_for, "How long a temporary permission lasts.";
    "consent.request_lives_for_ms", consent.request_lives_for, "How long a request can be answered, and its answer be changed.";
    "consent.request_waits_for_ms", consent.request_waits_for, "How long a request waits for a phone that is not online.";
    "consent.connected_calls_per_day", consent.connected_calls_per_day, "Connected calls to one user in 24 hours.";
    "consent.calls_per_permission", consent.calls_per_permission, "Calls during one temporary permission; 0 for any number.";
    "consent.nudge_after_unanswered", consent.nudge_after_unanswered, "Untaken calls in a row after which the user is asked to think again; 0 for never.";
    "consent.revoke_after_unanswered", consent.revoke_after_unanswered, "Untaken calls in a row after which the permission is revoked; 0 for never.";
    "consent.service_window_ms", consent.service_window, "How long the customer-service window stays open.";
    "messages.per_second", messages.per_second, "Messages of one business number in a second.";
    "messages.pair_every_ms", messages.pair_every, "The time in which a business number may send a user one message, in the long run.";
    "messages.pair_burst", messages.pair_burst, "Messages that a business number may send a user at once.";
    "templates.names_max", templates.names_max, "Names of templates that one account may have.";
    "templates.creations_per_hour", templates.creations_per_hour, "Templates that one account may make in an hour; 0 for any number.";
    "templates.edits_per_day", templates.edits_per_day, "Edits of one approved template in 24 hours; 0 for any number.";
    "templates.edits_per_month", templates.edits_per_month, "Edits of one approved template in 30 days; 0 for any number.";
    "templates.name_held_for_ms", templates.name_held_for, "How long the name of an approved template that was removed cannot be used again.";
    "templates.review", templates.review, "What the review of a template comes to: `approve`, `wait` or `reject`.";
    "templates.review_after_ms", templates.review_after, "How long the review of a template takes.";
    "templates.rejected_reason", templates.rejected_reason, "Why templates are rejected, such as `INVALID_FORMAT`.";
    "reads.permission_reads_per_second", reads.permission_reads_per_second, "Reads of call permissions in a second.";
    "eligibility.excluded_business_countries", eligibility.excluded_business_countries, "Countries whose business numbers may not call users.";
    "eligibility.no_call_button_countries", eligibility.no_call_button_countries, "Countries whose business numbers may not send call buttons.";
    "eligibility.messaging_limit_min", eligibility.messaging_limit_min, "The messaging limit without which calling cannot be enabled.";
    "eligibility.allow_list_max", eligibility.allow_list_max, "Users on the list of a number for tests; 0 for no list.";
    "eligibility.restricted_for_ms", eligibility.restricted_for, "How long calling is suspended for low quality.";
    "eligibility.messaging_restricted_for_ms", eligibility.messaging_restricted_for, "How long messaging is restricted for a breach of policy.";
    "eligibility.restrictions", eligibility.restrictions, "Whether the directions of calls are suspended `split` or `combined`.";
    "hours.openings_per_day_max", hours.openings_per_day_max, "Business hours for one day of the week, in entries.";
    "hours.holidays_max", hours.holidays_max, "Entries of the holiday schedule.";
    "hours.holidays", hours.holidays, "Whether the times of a holiday are those when the business is `open` or `closed`.";
    "errors.permission_lapsed", errors.permission_lapsed, "The code for a call after the permission ran out.";
    "errors.calls_per_permission", errors.calls_per_permission, "The code for a call beyond those of one permission.";
    "errors.too_many_requests", errors.too_many_requests, "The code for one call permission request too many.";
    "errors.request_outside_window", errors.request_outside_window, "The code for a free-form request without an open window.";
    "errors.restricted", errors.restricted, "The code for a call while calling is suspended.";
    "errors.template_whitespace", errors.template_whitespace, "The code for line breaks and rows of spaces in a template's parameters.";
}

/// A field of a preset, as a value.
trait Field {
    fn show(&self) -> Value;

    /// Answers with what fits, if this does not.
    fn put(&mut self, value: Value) -> Result<(), &'static str>;
}

impl Field for u32 {
    fn show(&self) -> Value {
        Value::Number((*self).into())
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        match value {
            Value::Number(number) => *self = number.try_into().map_err(|_| WHOLE_NUMBER)?,
            _ => return Err(WHOLE_NUMBER),
        }
        Ok(())
    }
}

/// A bound that may be missing; 0 on the outside.
impl Field for Option<u32> {
    fn show(&self) -> Value {
        self.unwrap_or(0).show()
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        let mut number = 0;
        number.put(value)?;
        *self = (number > 0).then_some(number);
        Ok(())
    }
}

/// In milliseconds on the outside.
impl Field for Duration {
    fn show(&self) -> Value {
        Value::Number(u64::try_from(self.as_millis()).unwrap_or(u64::MAX))
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        match value {
            Value::Number(millis) => *self = Self::from_millis(millis),
            _ => return Err("a whole number of milliseconds"),
        }
        Ok(())
    }
}

impl Field for bool {
    fn show(&self) -> Value {
        Value::Flag(*self)
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        match value {
            Value::Flag(flag) => *self = flag,
            _ => return Err("true or false"),
        }
        Ok(())
    }
}

impl Field for Vec<Country> {
    fn show(&self) -> Value {
        Value::Countries(self.clone())
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        match value {
            Value::Countries(countries) => *self = countries,
            _ => return Err("a list of countries as two letters, such as US"),
        }
        Ok(())
    }
}

impl Field for HolidayTimes {
    fn show(&self) -> Value {
        Value::Word(match self {
            Self::Open => "open".to_owned(),
            Self::Closed => "closed".to_owned(),
        })
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        *self = match value {
            Value::Word(word) if word == "open" => Self::Open,
            Value::Word(word) if word == "closed" => Self::Closed,
            _ => return Err("`open` or `closed`"),
        };
        Ok(())
    }
}

impl Field for RestrictionKinds {
    fn show(&self) -> Value {
        Value::Word(match self {
            Self::Split => "split".to_owned(),
            Self::Combined => "combined".to_owned(),
        })
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        *self = match value {
            Value::Word(word) if word == "split" => Self::Split,
            Value::Word(word) if word == "combined" => Self::Combined,
            _ => return Err("`split` or `combined`"),
        };
        Ok(())
    }
}

impl Field for ReviewOutcome {
    fn show(&self) -> Value {
        Value::Word(match self {
            Self::Approve => "approve".to_owned(),
            Self::Wait => "wait".to_owned(),
            Self::Reject => "reject".to_owned(),
        })
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        *self = match value {
            Value::Word(word) if word == "approve" => Self::Approve,
            Value::Word(word) if word == "wait" => Self::Wait,
            Value::Word(word) if word == "reject" => Self::Reject,
            _ => return Err("`approve`, `wait` or `reject`"),
        };
        Ok(())
    }
}

impl Field for RejectReason {
    fn show(&self) -> Value {
        Value::Word(self.as_str().to_owned())
    }

    fn put(&mut self, value: Value) -> Result<(), &'static str> {
        let known = match value {
            Value::Word(word) => word.parse().ok(),
            _ => None,
        };
        *self = known.ok_or(
            "one of ABUSIVE_CONTENT, INCORRECT_CATEGORY, INVALID_FORMAT, PROMOTIONAL, SCAM, \
             TAG_CONTENT_MISMATCH",
        )?;
        Ok(())
    }
}

const WHOLE_NUMBER: &str = "a whole number from 0 to 4294967295";
