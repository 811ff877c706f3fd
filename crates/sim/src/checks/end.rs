//! What must hold in the end, when nothing goes wrong any more.

use std::time::Duration;

use exchange::desk::{calls, deliveries};
use exchange::media_control::LegNews;
use store::calls::CallFilter;
use store::deliveries::{DeliveryFilter, StateWord};

use crate::business::{Permitted, Receiver};
use crate::law::{Broken, Held};
use crate::plan::Faults;
use crate::town;
use crate::world::{Todo, World};

impl World {
    /// Lets everything come to its end, with nothing going wrong any more.
    pub(crate) fn finish(&mut self) -> Result<(), Broken> {
        self.tell("nothing goes wrong any more");
        self.faults = Faults::NONE;
        for business in 0..self.businesses.len() {
            self.receiver_heals(business);
        }
        self.after(Duration::from_mins(2), Todo::ExchangeStarts);
        self.after(Duration::from_mins(3), Todo::FaultsEnd);
        // A call in which both have forgotten to hang up talks on until the network gives out.
        for leg in self.legs.clone() {
            self.after(Duration::from_mins(30), Todo::Leg(leg, LegNews::Failed));
        }
        self.comes_to_rest(LIVENESS)?;
        self.dropped_ones_are_shown()?;
        if self.chance.per_mille(700) {
            self.all_are_sent_again()?;
            self.comes_to_rest(Duration::from_hours(24))?;
        }
        self.check_faults()?;
        self.check_settings()?;
        self.check_templates()?;
        let letters = self.law.letters.all();
        let letters: Vec<_> = letters.map(|(id, it)| (id.clone(), it.fate)).collect();
        for (id, fate) in letters {
            self.check_letter(&id, fate)?;
        }
        for (business, user) in self.law.pairs() {
            self.standing(business, user)?;
            self.check_history(business, user)?;
        }
        self.everybody_knows()
    }

    /// Lives on for a while, and then nothing is left to be done.
    fn comes_to_rest(&mut self, time: Duration) -> Result<(), Broken> {
        let end = self.now + time;
        self.live_until(end)?;
        self.meet_deadlines()?;
        self.settle()?;
        self.nothing_is_left()
    }

    /// A webhook that a fault dropped stands as given up, with an attempt that says so.
    fn dropped_ones_are_shown(&mut self) -> Result<(), Broken> {
        let now = self.clock();
        for (id, by) in self.law.post.dropped() {
            let found = self.platform.look(now, |turn| deliveries::find(turn, id));
            let found = found.map_err(|refused| format!("a webhook: {refused}"))?;
            let state = StateWord::from(found.row.machine.state);
            let says = found.attempts.first().and_then(|it| it.error.clone());
            let named = says.is_some_and(|says| says.ends_with(&format!("fault {by}")));
            if state != StateWord::GivenUp || found.attempts.len() != 1 || !named {
                return Err(format!("webhook {id} was dropped, and stands as {state:?}"));
            }
        }
        Ok(())
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
            if let Some(line) = self.law.notices(index).difference(&business.notices).next() {
                return Err(format!("business {index} never heard this: {line}"));
            }
            let own = self
                .law
                .letters
                .all()
                .filter(|(_, it)| it.business == index);
            for (id, letter) in own {
                let heard = business.letters.get(id).copied().unwrap_or_default();
                if !heard.is_all_of(letter.fate) {
                    let fate = letter.fate;
                    return Err(format!(
                        "business {index} heard {heard:?} of a message that is {fate:?}"
                    ));
                }
            }
        }
        let turned = !self.set_back.is_zero();
        for (business, user) in self.law.pairs() {
            if turned || given_up.contains(&business) || self.law.is_tied(business, user) {
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

/// More than people can leave behind: requests wait for 30 days, and then live for 7.
const LIVENESS: Duration = Duration::from_hours(24 * 60);
