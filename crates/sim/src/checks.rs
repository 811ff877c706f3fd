//! What must hold after every step.

use exchange::desk::{consents, faults, messages, numbers, templates, users};
use exchange::{Refused, door};
use rules::consent::{Entry, Held as Kept, Reason, Status};
use store::templates::TemplateFilter;
use types::calling::CallIcon;
use types::{MessageId, Timestamp};

use crate::law::letters::Fate;
use crate::law::{Broken, Held};
use crate::town;
use crate::world::World;

mod end;

/// What the API says beforehand: with what code something would be refused, if it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foretold {
    pub(crate) call: Option<u32>,
    pub(crate) request: Option<u32>,
}

impl World {
    /// Asks what a business may do about a user, and holds the answer against the law. There is none
    /// while the exchange is down.
    pub(crate) fn standing(
        &mut self,
        business: usize,
        user: usize,
    ) -> Result<Option<Foretold>, Broken> {
        if !self.platform.is_up() {
            return Ok(None);
        }
        self.story.count("standings");
        let now = self.clock();
        let (number, wa_id) = (town::number(business), town::wa_id(user));
        let asked = self.platform.look(now, |turn| {
            let number = numbers::find(turn, &number)?;
            let user = users::find(turn, &wa_id)?;
            let facts = consents::outbound(turn, &number, &user)?;
            Ok(facts.outbound().standing(turn.now, turn.preset))
        });
        let standing = asked.map_err(|refused| format!("a standing: {refused}"))?;
        let errors = self.plan.preset.errors;
        let code = |refused: &Refused| door::error_of(refused).code.code();
        let foretold = Foretold {
            call: standing
                .call
                .refused
                .map(|why| code(&Refused::no_call(why, &errors))),
            request: standing
                .request
                .refused
                .map(|why| code(&Refused::no_request(why, &errors))),
        };
        let lawful = Foretold {
            call: self.law.no_call(now, business, user),
            request: self.law.no_request(now, business, user, false),
        };
        let between = format!("business {business} and user {user}");
        if foretold != lawful {
            return Err(format!(
                "{between}: the API says {foretold:?}, and the law {lawful:?}"
            ));
        }
        let held = match standing.status {
            Status::NoPermission => None,
            Status::Temporary { until } => Some(Held::Until(until)),
            Status::Permanent => Some(Held::Forever),
        };
        let lawful = self.law.held(now, business, user);
        let lawful = Some(lawful).filter(|held| !matches!(held, Held::No { .. }));
        if held != lawful {
            return Err(format!(
                "{between}: the API says {held:?} is held, and the law {lawful:?}"
            ));
        }
        let [day, week, connected] = self.law.counts(now, business, user);
        let used: Vec<u32> = standing.request.limits.iter().map(|it| it.used).collect();
        let calls = standing.call.limits.first().map(|limit| limit.used);
        if used != [day, week] || calls != Some(connected) {
            return Err(format!(
                "{between}: the API counts {used:?} requests and {calls:?} calls, and the law \
                 [{day}, {week}] and {connected}"
            ));
        }
        let limits = standing.request.limits.iter().chain(&standing.call.limits);
        if let Some(over) = limits.clone().find(|limit| limit.used > limit.max) {
            return Err(format!("{between}: a limit is exceeded: {over:?}"));
        }
        Ok(Some(foretold))
    }

    /// What must hold after every step.
    pub(crate) fn check(&mut self) -> Result<(), Broken> {
        let running = self.law.running_count();
        if self.legs.len() != 2 * running {
            return Err(format!(
                "{running} calls run, and {} legs are on the network",
                self.legs.len()
            ));
        }
        self.law.none_outlives_its_fault()?;
        let law = &self.law;
        law.letters.none_waits_in_vain(|user| law.is_online(user))?;
        if self.chance.per_mille(LOOKED_AT) {
            self.check_faults()?;
            self.check_settings()?;
            self.check_templates()?;
        }
        let pairs = self.law.pairs();
        if !pairs.is_empty() && self.chance.per_mille(ASKED) {
            let (business, user) = pairs[self.chance.place(pairs.len())];
            self.standing(business, user)?;
            if self.chance.per_mille(100) {
                self.check_history(business, user)?;
            }
        }
        Ok(())
    }

    /// What the exchange counts of each armed fault is what happened.
    pub(crate) fn check_faults(&mut self) -> Result<(), Broken> {
        let now = self.clock();
        let rows = self.platform.look(now, faults::list);
        let rows = rows.map_err(|refused| format!("armed faults: {refused}"))?;
        let counts: Vec<_> = rows
            .iter()
            .map(|row| (row.id, row.armed.met, row.armed.fired))
            .collect();
        self.law.faults.agree(&counts)
    }

    /// What is set about numbers, and what they are suspended from, is as it was set.
    pub(crate) fn check_settings(&mut self) -> Result<(), Broken> {
        let now = self.clock();
        for business in 0..self.businesses.len() {
            let number = town::number(business);
            let found = self.platform.look(now, |turn| numbers::find(turn, &number));
            let found = found.map_err(|refused| format!("a number: {refused}"))?;
            let set = self.law.setting(business);
            let hours = set.hours.as_ref();
            let zone = hours.map(|hours| hours.zone.name());
            let counted = |hours: &types::calling::CallHours| {
                (hours.enabled, hours.weekly.len(), hours.holidays.len())
            };
            let lawful = hours.map(|it| (it.on, it.weekly.len(), it.holidays.len()));
            let kept = &found.settings;
            let is_kept = kept.enabled == set.enabled
                && kept.callback_permission == set.calls_back
                && (kept.icon == CallIcon::Default) == set.icon
                && kept.icon_countries == set.countries
                && kept.hours.as_ref().map(|it| it.time_zone.as_str()) == zone
                && kept.hours.as_ref().map(counted) == lawful;
            if !is_kept {
                return Err(format!(
                    "business {business} has set {set:?}, and {kept:?} is kept"
                ));
            }
            let kinds = self.law.preset.eligibility.restrictions;
            let listed = exchange::desk::settings::restrictions(&found, now, kinds);
            let listed: Vec<_> = listed
                .iter()
                .map(|it| (it.kind.as_str(), it.until))
                .collect();
            let lawful = self.law.suspended(now, business);
            if listed != lawful {
                return Err(format!(
                    "business {business} is suspended from {lawful:?}, and {listed:?} is shown"
                ));
            }
        }
        Ok(())
    }

    /// Templates stand as what was done to them makes them; a review that is due may still be met.
    pub(crate) fn check_templates(&mut self) -> Result<(), Broken> {
        let now = self.clock();
        let all = TemplateFilter::default();
        let rows = self
            .platform
            .look(now, |turn| templates::list(turn, &all, usize::MAX));
        let rows = rows.map_err(|refused| format!("templates: {refused}"))?;
        if rows.len() != self.law.templates.all().count() {
            return Err(format!("there are {} templates", rows.len()));
        }
        for row in rows {
            let key = self
                .law
                .templates
                .of_id(&row.id)
                .ok_or("a template of nobody")?;
            let stands = row.review.status().as_str();
            let lawful = self.law.templates.get(key).map(|it| it.stands());
            if lawful != Some(stands) {
                return Err(format!(
                    "template {key:?} is {stands}, and must be {lawful:?}"
                ));
            }
        }
        Ok(())
    }

    /// A message stands as what happened to it makes it.
    pub(crate) fn check_letter(&mut self, id: &MessageId, fate: Fate) -> Result<(), Broken> {
        let now = self.clock();
        let row = self.platform.look(now, |turn| messages::find(turn, id));
        let row = row.map_err(|refused| format!("a message: {refused}"))?;
        let lawful = match fate {
            Fate::Waits => "sent",
            Fate::Delivered => "delivered",
            Fate::Read => "read",
            Fate::Failed(_) => "failed",
            Fate::Dropped => "dropped",
        };
        if row.state.as_str() == lawful {
            return Ok(());
        }
        Err(format!(
            "a message is {}, and must be {lawful}",
            row.state.as_str()
        ))
    }

    /// Folds the lines of a ledger and compares what comes of them with what it holds.
    fn check_history(&mut self, business: usize, user: usize) -> Result<(), Broken> {
        let now = self.clock();
        let (number, wa_id) = (town::number(business), town::wa_id(user));
        let read = self.platform.look(now, |turn| {
            let ledger = consents::load(turn, &number, &wa_id)?;
            let lines = consents::history(turn, &number, &wa_id, None, LINES_MAX)?;
            Ok((ledger, lines))
        });
        let (ledger, lines) = read.map_err(|refused| format!("a history: {refused}"))?;
        if lines.first().is_some_and(|line| line.number > 0) || lines.len() == LINES_MAX {
            // Its beginning is forgotten.
            return Ok(());
        }
        let kept = match &ledger.state().held {
            Kept::Nothing(_) => Folded::Nothing,
            Kept::Temporary { until, .. } => Folded::Until(*until),
            Kept::Permanent { .. } => Folded::Forever,
        };
        let folded = fold(&lines);
        if folded == kept && ledger.state().entries == lines.len() as u64 {
            return Ok(());
        }
        Err(format!(
            "business {business} and user {user}: the lines of the ledger make {folded:?} in {}, and \
             it holds {kept:?} after {}",
            lines.len(),
            ledger.state().entries
        ))
    }
}

/// What the lines of a ledger make.
#[derive(Debug, PartialEq, Eq)]
enum Folded {
    Nothing,
    Until(Timestamp),
    Forever,
}

fn fold(lines: &[Entry]) -> Folded {
    let mut held = Folded::Nothing;
    for line in lines {
        held = match &line.reason {
            Reason::AnsweredTemporary { until, .. } | Reason::AutomaticGrant { until, .. } => {
                Folded::Until(*until)
            }
            Reason::ProfileGrant { until } | Reason::OperatorGrant { until } => {
                until.map_or(Folded::Forever, Folded::Until)
            }
            Reason::AnsweredPermanent { .. } => Folded::Forever,
            Reason::Declined { .. }
            | Reason::ProfileRevoke
            | Reason::OperatorRevoke
            | Reason::Lapsed
            | Reason::RevokedUnanswered { .. } => Folded::Nothing,
            _ => held,
        };
    }
    held
}

/// After how many steps of a thousand somebody's standing is asked besides.
const ASKED: u64 = 300;
/// After how many steps of a thousand settings, templates and faults are looked at besides.
const LOOKED_AT: u64 = 100;
const LINES_MAX: usize = 10_000;
