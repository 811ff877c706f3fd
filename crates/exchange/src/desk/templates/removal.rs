//! Templates are removed: all languages of a name, one by its id, or several by theirs.

use rules::template::{self, HeldName, Name};
use store::templates::TemplateRow;
use types::{TemplateId, WabaId};
use wire::webhook::TemplateNews;

use super::{TemplateRefused, find_of, notices, of_name, tell};
use crate::desk::{Refused, Turn};

/// Removes every language of a name.
///
/// # Errors
///
/// [`Refused::Template`] when the account has none of this name, or one of them cannot be removed.
pub fn remove_name(turn: &mut Turn<'_>, waba: &WabaId, name: &str) -> Result<(), Refused> {
    let rows = store::templates::list(turn.tx, &of_name(waba, name), template::LANGUAGES.len())?;
    if rows.is_empty() {
        return Err(TemplateRefused::Unknown.into());
    }
    rows.iter().try_for_each(|row| remove_row(turn, row))
}

/// Removes one template; `name` has to be its own if it is given.
///
/// # Errors
///
/// [`Refused::Template`] when there is none of this id, and name, in the account, or it cannot be
/// removed.
pub fn remove(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    id: &TemplateId,
    name: Option<&str>,
) -> Result<(), Refused> {
    let row = find_of(turn, waba, id)?;
    if name.is_some_and(|name| name != row.template.name) {
        return Err(TemplateRefused::Unknown.into());
    }
    remove_row(turn, &row)
}

/// Removes templates by their ids: all of them, or none.
///
/// # Errors
///
/// [`Refused::Template`] when the account has not all of them, or one cannot be removed.
pub fn remove_all(turn: &mut Turn<'_>, waba: &WabaId, ids: &[TemplateId]) -> Result<(), Refused> {
    for id in ids {
        remove(turn, waba, id, None)?;
    }
    Ok(())
}

fn remove_row(turn: &mut Turn<'_>, row: &TemplateRow) -> Result<(), Refused> {
    let name = row
        .review
        .removed()
        .map_err(TemplateRefused::NotRemovable)?;
    store::templates::remove(turn.tx, &row.id)?;
    store::held_names::release(turn.tx, turn.now)?;
    match name {
        Name::Free => {}
        Name::Held => {
            let held = HeldName {
                language: row.template.language.clone(),
                until: turn.now + turn.preset.templates.name_held_for,
            };
            store::held_names::hold(turn.tx, &row.waba, &row.template.name, &held)?;
        }
    }
    tell(turn, "template.removed", row)?;
    notices::send(turn, row, TemplateNews::PendingDeletion)
}
