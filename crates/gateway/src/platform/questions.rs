//! What can be asked of a number, and where each dialect answers it.

use types::PhoneNumberId;
use wire::Dialect;

/// Something about the number that the platform knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether calling is switched on.
    Settings,
    /// Where its webhooks go.
    Webhooks,
}

impl Question {
    /// Path and query, relative to the base.
    pub(super) fn place(
        self,
        dialect: Dialect,
        number: &PhoneNumberId,
    ) -> (String, Option<&'static str>) {
        match (dialect, self) {
            (Dialect::Graph, Self::Settings) => (format!("{number}/settings"), None),
            (Dialect::Graph, Self::Webhooks) => (
                number.as_str().to_owned(),
                Some("fields=display_phone_number,webhook_configuration"),
            ),
            (Dialect::D360, Self::Settings) => ("calling/settings".to_owned(), None),
            (Dialect::D360, Self::Webhooks) => ("v1/configs/webhook".to_owned(), None),
        }
    }
}
