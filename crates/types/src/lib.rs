//! The words everything is said in: ids, numbers, moments, limits and presets. No I/O of any kind.

pub mod calendar;
pub mod call;
pub mod calling;
pub mod country;
pub mod id;
pub mod limits;
pub mod number;
pub mod pii;
pub mod preset;
pub mod template;
pub mod time;
mod words;

pub use calendar::{Date, TimeOfDay, Weekday};
pub use call::{Blame, CallOrigin, Direction};
pub use country::Country;
pub use id::{
    AppId, Bsuid, CallId, DeliveryId, EventId, FaultId, LegId, MessageId, PhoneNumberId,
    SubscriptionId, TemplateId, WabaId,
};
pub use number::{PhoneNumber, WaId};
pub use pii::Pii;
pub use preset::Preset;
pub use time::Timestamp;

/// Why a text is not the value it should be.
///
/// The message names the kind of value and the rule, never the text itself: it may be private.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {what}: {rule}")]
pub struct ParseError {
    /// What the text should have been, such as `phone number`.
    pub what: &'static str,
    /// The rule it breaks, such as `5 to 15 digits`.
    pub rule: &'static str,
}

/// Gives a type that is parsed from text its wire form: the same text, checked by the same parser.
macro_rules! text_on_the_wire {
    ($name:ty) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_on_the_wire;
pub(crate) use words::words;
