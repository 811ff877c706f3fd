//! Message templates, as the law sees them: submitted, reviewed, paused, disabled, edited, removed; and
//! with what code a message is refused that needs one (`docs/guide/templates.md`).

use std::collections::BTreeMap;

use types::preset::{ReviewOutcome, TemplateRules};
use types::{TemplateId, Timestamp};

use super::rates::{Meter, Rate};
use super::{DAY, notices, since};
use crate::town;

/// Whose template, and in which language.
pub(crate) type Key = (usize, &'static str, &'static str);

/// The templates of every account.
#[derive(Default)]
pub(crate) struct Templates {
    all: BTreeMap<Key, Template>,
    /// Names of approved ones that were removed, and until when nobody may use them.
    held: Vec<(Key, Timestamp)>,
    /// How many each account makes.
    made: BTreeMap<usize, Meter>,
}

/// A template.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// Its id, once it was heard.
    pub(crate) id: Option<TemplateId>,
    pub(crate) form: Form,
    state: State,
    /// When it was edited while it was approved.
    edits: Vec<Timestamp>,
}

/// What a template is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    /// It asks for a permission.
    Asks,
    /// It has a button that calls the business, for so many minutes.
    Button(u32),
}

/// How a template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Under review, which ends by itself at that moment if there is one.
    Pending(Option<Timestamp>),
    Approved,
    Rejected(&'static str),
    Paused,
    Disabled,
}

/// What somebody does to a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Approve,
    Reject(&'static str),
    Pause,
    Disable,
    Reinstate,
    /// The business says that it may be sent again.
    Unpause,
    Edit,
    Remove,
}

impl Template {
    /// How it stands, a review that is due not met.
    pub(crate) const fn stands(&self) -> &'static str {
        self.state.word()
    }
}

impl Templates {
    pub(crate) fn get(&self, key: Key) -> Option<&Template> {
        self.all.get(&key)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&Key, &Template)> {
        self.all.iter()
    }

    /// The one that the configuration brings along is there, unless the records know it, or its name is
    /// held.
    pub(super) fn configured(&mut self, now: Timestamp, business: usize) {
        let key = (business, town::TEMPLATE, town::LANGUAGE);
        if !self.all.contains_key(&key) && !self.is_held(now, key) {
            self.add(key, Form::Asks, State::Approved);
        }
    }

    /// How a template stands at a moment, whether or not its review was met by then.
    pub(crate) fn state(&self, now: Timestamp, rules: &TemplateRules, key: Key) -> Option<State> {
        self.all.get(&key).map(|it| it.state.at(now, rules))
    }

    /// With what code a message of that template is refused, if it is.
    pub(crate) fn no_send(&self, now: Timestamp, rules: &TemplateRules, key: Key) -> Option<u32> {
        match self.state(now, rules, key) {
            Some(State::Approved) => None,
            None | Some(State::Pending(_) | State::Rejected(_)) => Some(NOT_THERE),
            Some(State::Paused) => Some(PAUSED),
            Some(State::Disabled) => Some(DISABLED),
        }
    }

    /// Whether a template may be made: there is none, its name is not held, and there were not as many
    /// as there may be in an hour.
    pub(crate) fn may_make(&self, now: Timestamp, rules: &TemplateRules, key: Key) -> bool {
        let made = self.made.get(&key.0);
        let room = an_hours(rules).is_none_or(|rate| rate.after(made, now).is_some());
        room && !self.all.contains_key(&key) && !self.is_held(now, key)
    }

    /// A template was made; what its business hears.
    pub(crate) fn made(
        &mut self,
        now: Timestamp,
        rules: &TemplateRules,
        key: Key,
        form: Form,
    ) -> Option<String> {
        let state = submitted(now, rules);
        self.add(key, form, state);
        let meter = an_hours(rules).and_then(|rate| rate.after(self.made.get(&key.0), now));
        self.made.extend(meter.map(|meter| (key.0, meter)));
        told(now, key, state)
    }

    /// Whether something can be done to a template.
    pub(crate) fn can(&self, now: Timestamp, rules: &TemplateRules, key: Key, act: Act) -> bool {
        let Some(state) = self.state(now, rules, key) else {
            return false;
        };
        match act {
            Act::Approve => matches!(state, State::Pending(_) | State::Rejected(_)),
            Act::Reject(_) => matches!(state, State::Pending(_)),
            Act::Pause => state == State::Approved,
            Act::Disable => matches!(state, State::Approved | State::Paused),
            Act::Reinstate => matches!(state, State::Paused | State::Disabled),
            Act::Unpause => state == State::Paused,
            Act::Edit if state == State::Approved => self.may_edit(now, rules, key),
            Act::Edit => !matches!(state, State::Pending(_) | State::Disabled),
            Act::Remove => state != State::Disabled,
        }
    }

    /// Something was done to a template; what its business hears, a review that has ended by then
    /// included.
    pub(crate) fn done(
        &mut self,
        now: Timestamp,
        rules: &TemplateRules,
        key: Key,
        act: Act,
    ) -> Vec<String> {
        let mut heard: Vec<String> = self.met(now, rules, key).into_iter().collect();
        let Some(template) = self.all.get_mut(&key) else {
            return heard;
        };
        let say = |event, reason| Some(line(now, key, event, reason));
        let news = match act {
            Act::Approve => {
                template.state = State::Approved;
                say("APPROVED", "NONE")
            }
            Act::Reject(reason) => {
                template.state = State::Rejected(reason);
                say("REJECTED", reason)
            }
            Act::Pause => {
                template.state = State::Paused;
                say("PAUSED", "NONE")
            }
            Act::Disable => {
                template.state = State::Disabled;
                say("DISABLED", "NONE")
            }
            Act::Reinstate | Act::Unpause => {
                template.state = State::Approved;
                say("REINSTATED", "NONE")
            }
            Act::Edit => {
                if template.state == State::Approved {
                    template.edits.push(now);
                }
                template.state = submitted(now, rules);
                told(now, key, template.state)
            }
            Act::Remove => {
                self.held.retain(|(_, until)| now < *until);
                if template.state == State::Approved {
                    self.held.push((key, now + rules.name_held_for));
                }
                self.all.remove(&key);
                say("PENDING_DELETION", "NONE")
            }
        };
        heard.extend(news);
        heard
    }

    /// A review that ends by itself was met, if it was due; what its business hears.
    pub(crate) fn met(
        &mut self,
        now: Timestamp,
        rules: &TemplateRules,
        key: Key,
    ) -> Option<String> {
        let template = self.all.get_mut(&key)?;
        let state = template.state.at(now, rules);
        if state == template.state {
            return None;
        }
        template.state = state;
        told(now, key, state)
    }

    /// Whose id it is.
    pub(crate) fn of_id(&self, id: &TemplateId) -> Option<Key> {
        let mut own = self.all.iter().filter(|(_, it)| it.id.as_ref() == Some(id));
        own.next().map(|(key, _)| *key)
    }

    /// An id was heard.
    pub(crate) fn has_id(&mut self, key: Key, id: TemplateId) {
        if let Some(template) = self.all.get_mut(&key) {
            template.id = Some(id);
        }
    }

    fn add(&mut self, key: Key, form: Form, state: State) {
        let template = Template {
            id: None,
            form,
            state,
            edits: Vec::new(),
        };
        self.all.insert(key, template);
    }

    /// The name of a removed one is held in every language once none of that name is left, and
    /// otherwise in the language that was removed.
    fn is_held(&self, now: Timestamp, (business, name, language): Key) -> bool {
        let lives = self.all.keys().any(|it| (it.0, it.1) == (business, name));
        let same = |it: &Key| (it.0, it.1) == (business, name) && (!lives || it.2 == language);
        let mut held = self.held.iter();
        held.any(|(key, until)| same(key) && now < *until)
    }

    /// An approved one may be edited so often in a day, and in 30.
    fn may_edit(&self, now: Timestamp, rules: &TemplateRules, key: Key) -> bool {
        let edits = self.all.get(&key).map_or(&[][..], |it| &it.edits);
        let room = |max: Option<u32>, within| max.is_none_or(|max| since(edits, now, within) < max);
        room(rules.edits_per_day, DAY) && room(rules.edits_per_month, 30 * DAY)
    }

    /// Whether a review should have ended by a moment.
    pub(crate) fn any_is_due(&self, now: Timestamp) -> bool {
        let due = |it: &Template| matches!(it.state, State::Pending(Some(at)) if at <= now);
        self.all.values().any(due)
    }
}

impl State {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Pending(_) => "PENDING",
            Self::Approved => "APPROVED",
            Self::Rejected(_) => "REJECTED",
            Self::Paused => "PAUSED",
            Self::Disabled => "DISABLED",
        }
    }

    fn at(self, now: Timestamp, rules: &TemplateRules) -> Self {
        match self {
            Self::Pending(Some(ends)) if ends <= now => match rules.review {
                ReviewOutcome::Approve => Self::Approved,
                ReviewOutcome::Reject => Self::Rejected(rules.rejected_reason.as_str()),
                ReviewOutcome::Wait => Self::Pending(None),
            },
            other => other,
        }
    }
}

/// How many templates an account may make.
fn an_hours(rules: &TemplateRules) -> Option<Rate> {
    let count = u64::from(rules.creations_per_hour?);
    Some(Rate {
        count,
        period_ms: 3_600_000,
        burst: count,
    })
}

fn submitted(now: Timestamp, rules: &TemplateRules) -> State {
    let ends = match rules.review {
        ReviewOutcome::Approve | ReviewOutcome::Reject => Some(now + rules.review_after),
        ReviewOutcome::Wait => None,
    };
    State::Pending(ends).at(now, rules)
}

/// What a business hears of a review that has come to something.
fn told(now: Timestamp, key: Key, state: State) -> Option<String> {
    match state {
        State::Approved => Some(line(now, key, "APPROVED", "NONE")),
        State::Rejected(reason) => Some(line(now, key, "REJECTED", reason)),
        State::Pending(_) | State::Paused | State::Disabled => None,
    }
}

fn line(now: Timestamp, (_, name, language): Key, event: &str, reason: &str) -> String {
    notices::template(now.as_secs(), (name, language), event, reason)
}

const NOT_THERE: u32 = 132_001;
const PAUSED: u32 = 132_015;
const DISABLED: u32 = 132_016;
