//! Enums that are words: how they are written and read, in one place.

/// An enum that is one word on the wire and in the records. Between its name for people and `=>` stands
/// which words there are, unless a list of them says it.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident, $what:literal, $rule:expr =>
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every one, in the order of the documents.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ParseError;

            /// Takes the word in any case.
            fn from_str(text: &str) -> Result<Self, $crate::ParseError> {
                let fits = |it: &&Self| it.as_str().eq_ignore_ascii_case(text.trim());
                Self::ALL.iter().find(fits).copied().ok_or($crate::ParseError {
                    what: $what,
                    rule: $rule,
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::text_on_the_wire!($name);
    };
    (
        $(#[$doc:meta])*
        $name:ident, $what:literal =>
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+
    ) => {
        $crate::words! {
            $(#[$doc])*
            $name, $what, concat!("one of:", $(" ", $word),+) =>
            $($(#[$variant_doc])* $variant = $word,)+
        }
    };
}

pub(crate) use words;
