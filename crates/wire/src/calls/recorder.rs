//! `recording` and `transcription` of `connect` and `accept` (Meta, call recording and transcription): what
//! the platform is to make of a call. The exchange looks at them and makes nothing.

use types::limits::RECORDING_PURPOSE_CHARS_MAX;

use crate::ApiError;
use crate::fields::Fields;
use crate::json::shortened;

/// Refuses what Meta refuses.
pub(super) fn check(body: &Fields<'_>) -> Result<(), ApiError> {
    for key in KEYS {
        if let Some(wish) = body.object(key)? {
            check_one(&wish)?;
        }
    }
    Ok(())
}

fn check_one(wish: &Fields<'_>) -> Result<(), ApiError> {
    let missing = |key: &str, hint: &str| {
        ApiError::parameter(format!(
            "The parameter {} is missing. {hint}",
            wish.name(key)
        ))
    };
    let one_of = |key: &str, given: &str, words: &[&str]| {
        ApiError::parameter(format!(
            "{} is {}. It must be one of {}.",
            wish.name(key),
            shortened(given),
            words.join(", ")
        ))
    };
    let status = wish
        .filled_text("status")?
        .ok_or_else(|| missing("status", "Send \"ENABLED\" or \"DISABLED\"."))?;
    let wanted = match status.trim() {
        word if word.eq_ignore_ascii_case(STATUSES[0]) => true,
        word if word.eq_ignore_ascii_case(STATUSES[1]) => false,
        other => return Err(one_of("status", other, &STATUSES)),
    };
    match wish.filled_text("purpose")? {
        None if wanted => {
            let hint = "Send what the user is told that it is for, such as \"quality assurance\".";
            return Err(missing("purpose", hint));
        }
        Some(purpose) if purpose.chars().count() > RECORDING_PURPOSE_CHARS_MAX => {
            return Err(ApiError::parameter(format!(
                "{} has {} characters. At most {RECORDING_PURPOSE_CHARS_MAX} are allowed.",
                wish.name("purpose"),
                purpose.chars().count()
            )));
        }
        Some(_) | None => {}
    }
    match wish.filled_text("announcement_language")? {
        Some(code) if !LANGUAGES.contains(&code.trim()) => {
            Err(one_of("announcement_language", &code, &LANGUAGES))
        }
        Some(_) | None => Ok(()),
    }
}

/// The two that there are.
const KEYS: [&str; 2] = ["recording", "transcription"];

const STATUSES: [&str; 2] = ["ENABLED", "DISABLED"];

/// In which the platform can announce that a call is recorded.
const LANGUAGES: [&str; 18] = [
    "en", "en_US", "en_AU", "en_CA", "en_GB", "en_IN", "en_NZ", "nl", "fr", "de", "hi", "it", "kn",
    "pt", "es", "es_ES", "te", "vi",
];

#[cfg(test)]
mod tests;
