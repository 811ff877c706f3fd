//! Message templates on the wire: `/{waba_id}/message_templates` and `/{template_id}` of Meta's API,
//! `/v1/configs/templates` of 360dialog's (`wire.md` 3.2, 8, 9).
//!
//! Reading here is only that each part is what it says it is; whether the parts make a template is
//! decided elsewhere. Types are taken in any case: documents of both dialects mix them.

mod d360;
mod edit;
mod list;
mod read;
mod shown;
mod which;

pub use d360::{D360List, D360Query, d360_deleted, d360_list, d360_template};
pub use edit::Edit;
pub use list::{ListQuery, Page, Summary, page};
pub use read::new_template;
pub use shown::{Shown, created, shown};
pub use which::Which;

#[cfg(test)]
mod tests;
