//! Telephone numbers and WhatsApp ids.

use std::fmt;
use std::str::FromStr;

use crate::{ParseError, text_on_the_wire};

/// A telephone number in E.164: 5 to 15 digits, not starting with 0, kept without the `+`.
///
/// Parsing takes what clients send: a leading `+`, and spaces, dashes, dots and brackets between the
/// digits. `Display` gives the bare digits as the wire carries them; `Debug` hides all but two.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The digits, without `+`.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl FromStr for PhoneNumber {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = |rule| ParseError {
            what: "phone number",
            rule,
        };
        let text = text.trim();
        let text = text.strip_prefix('+').unwrap_or(text);
        let mut digits = String::with_capacity(DIGITS_MAX);
        for c in text.chars() {
            match c {
                '0'..='9' if digits.len() == DIGITS_MAX => return Err(wrong("at most 15 digits")),
                '0'..='9' => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' => {}
                _ => return Err(wrong("digits only, with an optional leading +")),
            }
        }
        if digits.len() < DIGITS_MIN {
            return Err(wrong("at least 5 digits, country code included"));
        }
        if digits.starts_with('0') {
            return Err(wrong("a country code first, which never starts with 0"));
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&crate::Pii::new(&self.0), f)
    }
}

impl AsRef<str> for PhoneNumber {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

text_on_the_wire!(PhoneNumber);

/// A user's WhatsApp id: the digits of the number they registered with.
pub type WaId = PhoneNumber;

const DIGITS_MIN: usize = 5;
/// E.164, section 6: at most fifteen digits, country code included.
const DIGITS_MAX: usize = 15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_clients_send() {
        for text in [
            "14085551234",
            "+14085551234",
            " +1 (408) 555-1234 ",
            "1.408.555.1234",
        ] {
            assert_eq!(
                text.parse::<PhoneNumber>().expect(text).digits(),
                "14085551234"
            );
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let rule = |text: &str| text.parse::<PhoneNumber>().expect_err(text).rule;
        assert_eq!(rule(""), "at least 5 digits, country code included");
        assert_eq!(rule("+44"), "at least 5 digits, country code included");
        assert_eq!(
            rule("0044123456"),
            "a country code first, which never starts with 0"
        );
        assert_eq!(rule("1234567890123456"), "at most 15 digits");
        assert_eq!(rule("US.1349"), "digits only, with an optional leading +");
    }

    #[test]
    fn debug_hides_the_number() {
        let number: PhoneNumber = "14085551234".parse().expect("a number");
        assert_eq!(format!("{number:?}"), "***34");
    }
}
