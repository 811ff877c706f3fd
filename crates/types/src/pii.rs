//! Values that logs may hint at and never show.

use std::fmt;

/// Something private: a phone number, a name, a token. `Debug` and `Display` show at most its last
/// two characters; [`Pii::reveal`] gives the value to code that needs it on the wire or in a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Wraps a private value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Not for logs, spans, metrics or error messages.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself, by value. Not for logs, spans, metrics or error messages.
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T: AsRef<str>> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_ref();
        let hidden = text.chars().count().saturating_sub(SHOWN);
        // A short value would be half given away by two of its characters.
        if hidden < 2 * SHOWN {
            return f.write_str("***");
        }
        f.write_str("***")?;
        text.chars().skip(hidden).try_for_each(|c| write!(f, "{c}"))
    }
}

impl<T: AsRef<str>> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const SHOWN: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_at_most_two_characters() {
        assert_eq!(Pii::new("14085551234").to_string(), "***34");
        assert_eq!(format!("{:?}", Pii::new("secret")), "***et");
        assert_eq!(Pii::new("short").to_string(), "***");
        assert_eq!(Pii::new("").to_string(), "***");
    }
}
