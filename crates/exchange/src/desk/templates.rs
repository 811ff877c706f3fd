//! Message templates: made, edited, removed and listed; reviewed by the preset or over the control
//! API; and filled in when a message is sent.

use rules::rate::Rate;
use rules::template::{self, Edits, Filled, Review, ReviewInput, Status, Unfit};
use serde_json::json;
use store::numbers::Number;
use store::templates::{TemplateFilter, TemplateRow};
use types::limits::DEADLINES_BATCH_MAX;
use types::template::{Category, Component, RejectReason, Template, TemplateCall, VariableNames};
use types::{TemplateId, Timestamp, WabaId};
use wire::subscriptions::Params;
use wire::webhook::TemplateNews;

use super::{Refused, Turn};
use crate::ids;

mod notices;
mod refused;
mod removal;

pub use refused::TemplateRefused;
pub use removal::{remove, remove_all, remove_name};

/// What is to be changed of a template; nothing where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateChange {
    /// What it is for.
    pub category: Option<Category>,
    /// How its variables are called.
    pub variables: Option<VariableNames>,
    /// What it consists of.
    pub components: Option<Vec<Component>>,
}

/// Makes a template and submits it to review.
///
/// # Errors
///
/// [`Refused::UnknownWaba`]; [`Refused::Template`] when it cannot be a template, is there already, has
/// a name that is held, is one name too many, or one template too many in an hour.
pub fn create(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    template: Template,
) -> Result<TemplateRow, Refused> {
    let review = Review::submitted(turn.now, &turn.preset.templates);
    let row = keep(turn, waba, template, review)?;
    count(turn, waba)?;
    notices::decided(turn, &row)?;
    Ok(row)
}

/// Keeps a template of the configuration, which counts as approved long ago: nobody is told. One that
/// the records know stays as it is, and one that was removed stays away for as long as its name is held.
///
/// # Errors
///
/// As [`create`]; [`TemplateRefused::Unreadable`] for parameters that are none of a template.
pub fn configure(turn: &mut Turn<'_>, waba: &WabaId, parameters: &Params) -> Result<(), Refused> {
    let template = wire::templates::new_template(parameters)
        .map_err(|error| TemplateRefused::Unreadable(error.details))?;
    match keep(turn, waba, template, Review::Approved) {
        Err(Refused::Template(why))
            if matches!(
                *why,
                TemplateRefused::Exists | TemplateRefused::NameHeld { .. }
            ) =>
        {
            Ok(())
        }
        other => other.map(drop),
    }
}

fn keep(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    template: Template,
    review: Review,
) -> Result<TemplateRow, Refused> {
    store::wabas::find(turn.tx, waba)?.ok_or(Refused::UnknownWaba)?;
    template::check(&template).map_err(TemplateRefused::Fault)?;
    let (name, language) = (&template.name, &template.language);
    if store::templates::find_by_name(turn.tx, waba, name, language)?.is_some() {
        return Err(TemplateRefused::Exists.into());
    }
    let lives = store::templates::count(turn.tx, &of_name(waba, name))? > 0;
    let held = store::held_names::find(turn.tx, waba, name)?;
    template::may_use_again(turn.now, language, lives, &held).map_err(|why| {
        TemplateRefused::NameHeld {
            language: language.clone(),
            why,
        }
    })?;
    let max = turn.preset.templates.names_max;
    if !lives && store::templates::names(turn.tx, waba)? >= u64::from(max) {
        return Err(TemplateRefused::TooMany { max }.into());
    }
    let mut row = TemplateRow {
        seq: 0,
        id: free_id(turn)?,
        waba: waba.clone(),
        template,
        review,
        edits: Edits::default(),
        created_at: turn.now,
        changed_at: turn.now,
    };
    row.seq = store::templates::insert(turn.tx, &row)?;
    tell(turn, "template.created", &row)?;
    Ok(row)
}

/// Counts a template that an account makes. Whatever is refused later gives it back.
fn count(turn: &mut Turn<'_>, waba: &WabaId) -> Result<(), Refused> {
    let Some(per_hour) = turn.preset.templates.creations_per_hour else {
        return Ok(());
    };
    let mut bucket = store::wabas::new_templates(turn.tx, waba)?;
    bucket
        .take(turn.now, &Rate::of_new_templates(per_hour))
        .map_err(|why| TemplateRefused::TooOften { per_hour, why })?;
    Ok(store::wabas::save_new_templates(turn.tx, waba, bucket)?)
}

/// Changes a template and submits it to review again.
///
/// # Errors
///
/// [`Refused::Template`] when there is none of this id in the account, when it stands so that it
/// cannot be edited, when what it would become cannot be a template, and, of one that is approved, when
/// its category would change or it was edited as often as it may be.
pub fn edit(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    id: &TemplateId,
    change: TemplateChange,
) -> Result<TemplateRow, Refused> {
    let mut row = find_of(turn, waba, id)?;
    let template = &mut row.template;
    let category = change.category.unwrap_or(template.category);
    if category != template.category && row.review == Review::Approved {
        return Err(TemplateRefused::CategoryFixed.into());
    }
    template.category = category;
    template.variables = change.variables.unwrap_or(template.variables);
    if let Some(components) = change.components {
        template.components = components;
    }
    template::check(template).map_err(TemplateRefused::Fault)?;
    let was_approved = row.review == Review::Approved;
    row.review
        .handle(turn.now, &turn.preset.templates, ReviewInput::Edit)
        .map_err(TemplateRefused::Review)?;
    if was_approved {
        let limits = &turn.preset.templates;
        let taken = row.edits.take(turn.now, limits);
        taken.map_err(TemplateRefused::TooManyEdits)?;
    }
    row.changed_at = turn.now;
    store::templates::update(turn.tx, &row)?;
    tell(turn, "template.edited", &row)?;
    notices::decided(turn, &row)?;
    Ok(row)
}

/// The template of that id, for those who see all accounts.
///
/// # Errors
///
/// [`Refused::Template`] when there is none.
pub fn find(turn: &mut Turn<'_>, id: &TemplateId) -> Result<TemplateRow, Refused> {
    let found = store::templates::find(turn.tx, id)?;
    on_time(turn, found.ok_or(TemplateRefused::Unknown)?)
}

/// An account's template of that id.
///
/// # Errors
///
/// [`Refused::Template`] also for one of another account, so that ids cannot be guessed.
pub fn find_of(
    turn: &mut Turn<'_>,
    waba: &WabaId,
    id: &TemplateId,
) -> Result<TemplateRow, Refused> {
    let found = store::templates::find(turn.tx, id)?.filter(|row| row.waba == *waba);
    on_time(turn, found.ok_or(TemplateRefused::Unknown)?)
}

/// Up to `rows` templates, the youngest first.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(
    turn: &mut Turn<'_>,
    filter: &TemplateFilter,
    rows: usize,
) -> Result<Vec<TemplateRow>, Refused> {
    Ok(store::templates::list(turn.tx, filter, rows)?)
}

/// Lets something happen to a template: its review comes to something, or it is paused, disabled or
/// reinstated. The account's subscribers hear of it.
///
/// # Errors
///
/// [`Refused::Template`] when there is none, or it stands so that this cannot happen.
pub fn review(
    turn: &mut Turn<'_>,
    id: &TemplateId,
    input: ReviewInput,
) -> Result<TemplateRow, Refused> {
    let mut row = find(turn, id)?;
    row.review
        .handle(turn.now, &turn.preset.templates, input)
        .map_err(TemplateRefused::Review)?;
    row.changed_at = turn.now;
    store::templates::update(turn.tx, &row)?;
    tell(turn, "template.reviewed", &row)?;
    let news = match input {
        ReviewInput::Approve => TemplateNews::Approved,
        ReviewInput::Reject { reason } => TemplateNews::Rejected(reason),
        ReviewInput::Pause => TemplateNews::Paused,
        ReviewInput::Disable => TemplateNews::Disabled,
        ReviewInput::Reinstate => TemplateNews::Reinstated,
        ReviewInput::Edit => return Ok(row),
    };
    notices::send(turn, &row, news)?;
    Ok(row)
}

/// Lets a business send a template again that was paused. One that is disabled is not its own to
/// reinstate.
///
/// # Errors
///
/// [`Refused::Template`] when the account has none of this id, or it is not paused.
pub fn unpause(turn: &mut Turn<'_>, waba: &WabaId, id: &TemplateId) -> Result<(), Refused> {
    let status = find_of(turn, waba, id)?.review.status();
    if status != Status::Paused {
        return Err(TemplateRefused::NotPaused { status }.into());
    }
    review(turn, id, ReviewInput::Reinstate).map(drop)
}

/// Ends reviews that end by themselves and have come to it by `at`: at least one, if there is one.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn meet_deadlines(turn: &mut Turn<'_>, at: Timestamp) -> Result<(), Refused> {
    for row in store::templates::due(turn.tx, at, DEADLINES_BATCH_MAX)? {
        on_time(turn, row)?;
    }
    Ok(())
}

/// Time moves first: a review that has come to its end is over before anything else is done with its
/// template, whether a timer was here or not.
fn on_time(turn: &mut Turn<'_>, mut row: TemplateRow) -> Result<TemplateRow, Refused> {
    if row.review.meet(turn.now, &turn.preset.templates) {
        row.changed_at = turn.now;
        store::templates::update(turn.tx, &row)?;
        tell(turn, "template.reviewed", &row)?;
        notices::decided(turn, &row)?;
    }
    Ok(row)
}

/// What a phone shows of a template that a number sends.
///
/// # Errors
///
/// [`Refused::Template`]: the account has no such template in this language or it is not approved
/// (132001), it is paused (132015) or disabled (132016), or what the message brings does not fit
/// (132000, 132005, 132007 or 132018, 132008, 132012).
pub fn filled(
    turn: &mut Turn<'_>,
    number: &Number,
    call: &TemplateCall,
) -> Result<Filled, Refused> {
    let found = store::templates::find_by_name(turn.tx, &number.waba, &call.name, &call.language)?;
    let row = on_time(turn, found.ok_or(TemplateRefused::NotThere)?)?;
    match row.review.status() {
        Status::Approved => {}
        Status::Paused => return Err(TemplateRefused::Paused.into()),
        Status::Disabled => return Err(TemplateRefused::Disabled.into()),
        status @ (Status::Pending | Status::Rejected) => {
            return Err(TemplateRefused::NotApproved { status }.into());
        }
    }
    template::fill(&row.template, call).map_err(|unfit| {
        let chosen_code = match unfit {
            Unfit::Whitespace { .. } => Some(turn.preset.errors.template_whitespace),
            _ => None,
        };
        TemplateRefused::Unfit { unfit, chosen_code }.into()
    })
}

/// The templates of a name, in all languages.
fn of_name(waba: &WabaId, name: &str) -> TemplateFilter {
    TemplateFilter {
        waba: Some(waba.clone()),
        name: Some(name.to_owned()),
        ..TemplateFilter::default()
    }
}

/// An id that no template has.
fn free_id(turn: &mut Turn<'_>) -> Result<TemplateId, Refused> {
    loop {
        let id = ids::template_id(turn.chance);
        if store::templates::find(turn.tx, &id)?.is_none() {
            return Ok(id);
        }
    }
}

fn tell(turn: &mut Turn<'_>, kind: &str, row: &TemplateRow) -> Result<(), Refused> {
    let detail = json!({
        "template_id": row.id,
        "waba_id": row.waba,
        "name": row.template.name,
        "language": row.template.language,
        "status": row.review.status().as_str(),
        "reason": row.review.rejected().map(RejectReason::as_str),
    });
    Ok(turn.tell(kind, None, None, &detail)?)
}
