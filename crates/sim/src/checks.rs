//! What must hold after every step, and in the end when nothing goes wrong any more.

use std::time::Duration;

use exchange::desk::{calls, consents, deliveries, numbers, users};
use exchange::media_control::LegNews;
use exchange::{Refused, door};
use rules::consent::{Entry, Held as Kept, Reason, Status};
use store::calls::CallFilter;
use store::deliveries::{DeliveryFilter, StateWord};
use types::Timestamp;

use crate::business::{Permitted, Receiver};
use crate::law::{Broken, Held};
use crate::plan::Faults;
use crate::town;
use crate::world::{Todo, World};

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

    /// Lets everything come to its end, with nothing going wrong any more.
    pub(crate) fn finish(&mut self) -> Result<(), Broken> {
        self.tell("nothing goes wrong any more");
        self.faults = Faults::NONE;
        for business in 0..self.businesses.len() {
            self.receiver_heals(business);
        }
        self.after(Duration::from_mins(2), Todo::ExchangeStarts);
        // A call in which both have forgotten to hang up talks on until the network gives out.
        for leg in self.legs.clone() {
            self.after(Duration::from_mins(30), Todo::Leg(leg, LegNews::Failed));
        }
        let end = self.now + LIVENESS;
        self.live_until(end)?;
        self.meet_deadlines()?;
        self.settle()?;
        self.nothing_is_left()?;
        for (business, user) in self.law.pairs() {
            self.standing(business, user)?;
            self.check_history(business, user)?;
        }
        self.everybody_knows()
    }

    fn nothing_is_left(&mut self) -> Result<(), Broken> {
        let now = self.clock();
        if let Some(at) = self.platform.next_deadline() {
            return Err(format!(
                "a deadline is left, {} days ahead",
                at.since(now).as_secs() / 86_400
            ));
        }
        let running = CallFilter {
            is_over: Some(false),
            ..CallFilter::default()
        };
        let left = self.platform.look(now, |turn| {
            let running = calls::list(turn, &running, 1)?.len();
            let mut open = 0;
            for state in [StateWord::Due, StateWord::Leased] {
                let filter = DeliveryFilter {
                    state: Some(state),
                    ..DeliveryFilter::default()
                };
                open += deliveries::list(turn, &filter, 1)?.len();
            }
            Ok((running, open))
        });
        match left.map_err(|refused| format!("the end: {refused}"))? {
            (0, 0) => Ok(()),
            (0, _) => Err("a webhook is neither delivered nor given up".to_owned()),
            (_, _) => Err("a call has not ended".to_owned()),
        }
    }

    /// What businesses believe is how it is, as far as their webhooks were not given up.
    fn everybody_knows(&mut self) -> Result<(), Broken> {
        let given_up = self.given_up()?;
        for (index, business) in self.businesses.iter().enumerate() {
            if business.receiver != Receiver::Well || given_up.contains(&index) {
                continue;
            }
            if business.calls.values().any(|call| !call.over) {
                return Err(format!("business {index} never heard of the end of a call"));
            }
        }
        let turned = !self.set_back.is_zero();
        for (business, user) in self.law.pairs() {
            if turned || given_up.contains(&business) {
                continue;
            }
            let wa_id = town::wa_id(user);
            let believed = self.businesses[business].allowed.get(wa_id.digits());
            let forever = believed.is_some_and(|it| it.what == Permitted::Forever);
            let held = self.law.held(self.clock(), business, user) == Held::Forever;
            if forever != held {
                return Err(format!(
                    "business {business} believes {believed:?} of user {user}, which is not so"
                ));
            }
        }
        Ok(())
    }

    /// The businesses that lost a webhook for good.
    fn given_up(&mut self) -> Result<Vec<usize>, Broken> {
        let filter = DeliveryFilter {
            state: Some(StateWord::GivenUp),
            ..DeliveryFilter::default()
        };
        let now = self.clock();
        let lost = self
            .platform
            .look(now, |turn| deliveries::list(turn, &filter, usize::MAX));
        let lost = lost.map_err(|refused| format!("deliveries: {refused}"))?;
        let own = |business: &usize| {
            let number = town::number(*business);
            lost.iter().any(|row| row.notice.number == number)
        };
        Ok((0..self.businesses.len()).filter(own).collect())
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

/// More than people can leave behind: requests wait for 30 days, and then live for 7.
const LIVENESS: Duration = Duration::from_hours(24 * 60);
/// After how many steps of a thousand somebody's standing is asked besides.
const ASKED: u64 = 300;
const LINES_MAX: usize = 10_000;
