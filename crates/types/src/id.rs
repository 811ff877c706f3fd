//! Names of things. Each is a type of its own, so that one cannot stand where another belongs.

use std::fmt;
use std::str::FromStr;

use crate::{ParseError, text_on_the_wire};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The id as the wire carries it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                let fits: fn(&str) -> bool = $check;
                if fits(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(ParseError { what: $what, rule: $rule })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        text_on_the_wire!($name);
    };
}

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                text.parse().map(Self).map_err(|_| ParseError { what: $what, rule: "a whole number" })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u64(self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <u64 as serde::Deserialize>::deserialize(deserializer).map(Self)
            }
        }
    };
}

text_id!(
    /// A business number's id in paths and webhook metadata (`wire.md` 1).
    PhoneNumberId, "phone number id", "1 to 32 digits", is_graph_id
);
text_id!(
    /// A WhatsApp Business Account: the owner of business numbers, and `entry[].id` in webhooks.
    WabaId, "WhatsApp Business Account id", "1 to 32 digits", is_graph_id
);
text_id!(
    /// A Meta app: holds the secret that signs webhooks.
    AppId, "app id", "1 to 32 digits", is_graph_id
);
text_id!(
    /// A message template in one language: a number to Meta, which clients carry as text.
    TemplateId, "template id", "1 to 32 digits", is_graph_id
);
text_id!(
    /// One call, `wacid.` and what the platform makes of it; opaque (`wire.md` 1.5).
    CallId, "call id", "wacid. and 1 to 250 characters without spaces",
    |text| text.strip_prefix("wacid.").is_some_and(is_opaque)
);
text_id!(
    /// One message, `wamid.` and what the platform makes of it; opaque.
    MessageId, "message id", "wamid. and 1 to 250 characters without spaces",
    |text| text.strip_prefix("wamid.").is_some_and(is_opaque)
);
text_id!(
    /// A business-scoped user id: country, dot, up to 128 letters and digits, such as
    /// `US.13491208655302741918`; a parent id has `.ENT.` in between (`wire.md` 5.2).
    Bsuid, "business-scoped user id", "two letters, a dot, 1 to 128 letters and digits", is_bsuid
);

row_id!(
    /// One webhook on its way to one subscriber.
    DeliveryId, "delivery id"
);
row_id!(
    /// One entry of the event stream, in the order of commits.
    EventId, "event id"
);
row_id!(
    /// One subscriber of webhooks.
    SubscriptionId, "subscription id"
);
row_id!(
    /// One armed fault.
    FaultId, "fault id"
);
row_id!(
    /// One WebRTC peer of a call, for as long as the process lives.
    LegId, "leg id"
);

fn is_graph_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_opaque(text: &str) -> bool {
    (1..=250).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_bsuid(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else {
        return false;
    };
    let own = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_alphabetic())
        && (1..=128).contains(&own.len())
        && own.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart() {
        assert!("wacid.HBgL".parse::<CallId>().is_ok());
        assert!("wamid.HBgL".parse::<CallId>().is_err());
        assert!("wacid.".parse::<CallId>().is_err());
        assert!("wacid.a b".parse::<CallId>().is_err());
        assert!("436666719526789".parse::<PhoneNumberId>().is_ok());
        assert!("../etc".parse::<PhoneNumberId>().is_err());
        assert!("US.13491208655302741918".parse::<Bsuid>().is_ok());
        assert!("US.ENT.11815799212886844830".parse::<Bsuid>().is_ok());
        assert!("14085551234".parse::<Bsuid>().is_err());
    }
}
