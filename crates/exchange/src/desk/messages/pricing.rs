//! What a message costs, as it is kept from its sending to its delivery.

use serde::{Deserialize, Serialize};
use store::messages::MessageRow;
use wire::webhook::{Pricing, PricingCategory};

#[derive(Serialize, Deserialize)]
struct Column {
    category: String,
    free: bool,
}

/// The column's text.
pub(super) fn write(pricing: Pricing) -> String {
    let column = Column {
        category: pricing.category.as_str().to_owned(),
        free: pricing.free_customer_service,
    };
    serde_json::to_string(&column).expect("plain structs always serialise")
}

/// What a message costs; nothing is told where a later version wrote it.
pub(crate) fn of(row: &MessageRow) -> Option<Pricing> {
    let column: Column = serde_json::from_str(row.pricing.as_deref()?).ok()?;
    let category = PricingCategory::ALL
        .into_iter()
        .find(|it| it.as_str() == column.category)?;
    Some(Pricing {
        category,
        free_customer_service: column.free,
    })
}
