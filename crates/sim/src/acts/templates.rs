//! Templates: made, edited, removed and unpaused by businesses, reviewed by the operator.

use exchange::Turn;
use exchange::desk::templates::{self, TemplateChange};
use rules::fault::Operation;
use rules::template::ReviewInput;
use serde_json::json;
use types::TemplateId;
use types::template::{Component, RejectReason, Template};

use super::requests::{About, Request};
use super::{in_words, is_saved};
use crate::law::Broken;
use crate::law::templates::{Act, Form, Key};
use crate::platform::Failed;
use crate::town;
use crate::world::World;

impl World {
    /// A template of any state, or one that is not there.
    pub(crate) fn business_sends_template(
        &mut self,
        business: usize,
        user: usize,
    ) -> Result<(), Broken> {
        let key = self.some_template(business);
        self.sends_template((business, user), key)
    }

    pub(crate) fn business_manages_templates(&mut self, business: usize) -> Result<(), Broken> {
        let key = self.some_template(business);
        let choices = [
            (5, None),
            (3, Some(Act::Edit)),
            (2, Some(Act::Unpause)),
            (1, Some(Act::Remove)),
        ];
        match self.chance.weighted(&choices) {
            None => self.makes_template(key),
            Some(act) => self.does_to_template(key, act, Some(business)),
        }
    }

    /// The operator decides on one, in Meta's name.
    pub(crate) fn operator_reviews(&mut self) -> Result<(), Broken> {
        let business = self.chance.place(self.businesses.len());
        let key = self.some_template(business);
        let act = self.chance.weighted(&[
            (3, Act::Approve),
            (2, Act::Reject("SCAM")),
            (3, Act::Pause),
            (1, Act::Disable),
            (3, Act::Reinstate),
        ]);
        self.does_to_template(key, act, None)
    }

    fn makes_template(&mut self, key: Key) -> Result<(), Broken> {
        let (business, name, language) = key;
        let form = match self.chance.below(3) {
            0 => Form::Text,
            1 => Form::Asks,
            _ => Form::Button(u32::try_from(self.chance.between(1_440, 43_200)).unwrap_or(1_440)),
        };
        let template = a_template(key, form, "Good day.")?;
        let now = self.clock();
        let rules = self.law.preset.templates;
        let may = self.law.templates.may_make(now, &rules, key);
        let done = self.request(of_account(business), |turn| {
            templates::create(turn, &town::waba(business), template).map(drop)
        })?;
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!(
            "business {business} makes template {name} in {language}: {form:?} {outcome}"
        ));
        must(&done, may, "made")?;
        if is_saved(&done) {
            self.story.count("a template was made");
            let heard = self.law.templates.made(now, &rules, key, form);
            if let Some(line) = heard {
                self.law.must_hear(business, line);
            }
        }
        Ok(())
    }

    /// Something is done to a template: by its business, or else by the operator.
    fn does_to_template(&mut self, key: Key, act: Act, by: Option<usize>) -> Result<(), Broken> {
        let (business, name, language) = key;
        let Some(template) = self.law.templates.get(key) else {
            return Ok(());
        };
        let (Some(id), form) = (template.id.clone(), template.form) else {
            return Ok(());
        };
        let now = self.clock();
        let rules = self.law.preset.templates;
        let may = self.law.templates.can(now, &rules, key, act);
        let components = a_template(key, form, "Good evening.")?.components;
        let run = |turn: &mut Turn<'_>| does(turn, business, &id, act, components);
        let done = match by {
            Some(business) => self.request(of_account(business), run)?,
            None => self.command(run),
        };
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        let who = by.map_or_else(|| "the operator".to_owned(), |it| format!("business {it}"));
        self.tell(&format!(
            "{who}: {act:?} template {name} in {language} of business {business} {outcome}"
        ));
        must(&done, may, "changed so")?;
        if is_saved(&done) {
            self.story.count("a template was changed");
            for line in self.law.templates.done(now, &rules, key, act) {
                self.law.must_hear(business, line);
            }
        }
        Ok(())
    }

    fn some_template(&mut self, business: usize) -> Key {
        let name = NAMES[self.chance.place(NAMES.len())];
        let languages = if name == town::TEMPLATE {
            1
        } else {
            LANGUAGES.len()
        };
        (business, name, LANGUAGES[self.chance.place(languages)])
    }
}

fn does(
    turn: &mut Turn<'_>,
    business: usize,
    id: &TemplateId,
    act: Act,
    components: Vec<Component>,
) -> Result<(), exchange::Refused> {
    let waba = town::waba(business);
    let input = match act {
        Act::Unpause => return templates::unpause(turn, &waba, id),
        Act::Remove => return templates::remove(turn, &waba, id, None),
        Act::Edit => {
            let change = TemplateChange {
                components: Some(components),
                ..TemplateChange::default()
            };
            return templates::edit(turn, &waba, id, change).map(drop);
        }
        Act::Approve => ReviewInput::Approve,
        Act::Reject(_) => ReviewInput::Reject {
            reason: RejectReason::Scam,
        },
        Act::Pause => ReviewInput::Pause,
        Act::Disable => ReviewInput::Disable,
        Act::Reinstate => ReviewInput::Reinstate,
    };
    templates::review(turn, id, input).map(drop)
}

fn a_template((_, name, language): Key, form: Form, says: &str) -> Result<Template, Broken> {
    let mut components = vec![json!({ "type": "BODY", "text": says })];
    match form {
        Form::Text => {}
        Form::Asks => components.push(json!({ "type": "call_permission_request" })),
        Form::Button(minutes) => components.push(json!({
            "type": "BUTTONS",
            "buttons": [{ "type": "VOICE_CALL", "text": "Call", "ttl_minutes": minutes }],
        })),
    }
    let parameters = json!({
        "name": name,
        "language": language,
        "category": "UTILITY",
        "components": components,
    });
    let parameters = parameters.as_object().cloned().unwrap_or_default();
    wire::templates::new_template(&parameters)
        .map_err(|error| format!("a template cannot be read: {}", error.details))
}

const fn of_account(business: usize) -> Request<'static> {
    Request {
        business,
        operation: Operation::Templates,
        about: About::Account,
    }
}

/// Holds what was done to a template against what may be done.
fn must(done: &Result<(), Failed>, may: bool, what: &str) -> Result<(), Broken> {
    match done {
        Ok(()) if !may => Err(format!("a template was {what} that cannot be")),
        Err(Failed::Refused(refused)) if may => Err(format!(
            "a template could not be {what} that can be: {refused}"
        )),
        Ok(()) | Err(_) => Ok(()),
    }
}

const NAMES: [&str; 3] = [town::TEMPLATE, "hello", "call_us"];
const LANGUAGES: [&str; 2] = [town::LANGUAGE, "de"];
