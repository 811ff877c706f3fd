//! How values stand in columns: moments as milliseconds, small enums as words.

use types::{ParseError, Timestamp};

use crate::StoreError;

/// A moment as a column holds it.
pub(crate) fn millis(at: Timestamp) -> i64 {
    i64::try_from(at.as_millis()).unwrap_or(i64::MAX)
}

/// A moment from a column; before the epoch counts as the epoch.
pub(crate) fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// A row's number as a column holds it.
pub(crate) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// A row's number from a column.
pub(crate) fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A typed value from a column of text.
pub(crate) fn parse<T: std::str::FromStr<Err = ParseError>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(StoreError::Row)
}

/// A typed value from a column that may be null.
pub(crate) fn parse_optional<T: std::str::FromStr<Err = ParseError>>(
    text: Option<&str>,
) -> Result<Option<T>, StoreError> {
    text.map(parse).transpose()
}

/// An enum that stands in a column, and in listings, as one word.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident, $what:literal: $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The word, in lower case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = types::ParseError;

            fn from_str(text: &str) -> Result<Self, types::ParseError> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(types::ParseError {
                        what: $what,
                        rule: concat!("one of:", $(" ", $word),+),
                    }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;
