//! What the operator does over the control API: arms faults and disarms them, suspends numbers and lets
//! them go, reviews templates, sends webhooks again.

use std::time::Duration;

use exchange::desk::restrictions::Order as Restriction;
use exchange::desk::{deliveries, faults, restrictions};
use rules::fault as armed;
use store::deliveries::{DeliveryFilter, StateWord};
use types::{DeliveryId, FaultId};
use wire::account_update::Violation;

use self::draw::drawn;
use super::{MINUTE, in_words, is_saved};
use crate::law::number::Order;
use crate::law::{Broken, notices};
use crate::town;
use crate::world::{Todo, World};

mod draw;

impl World {
    pub(crate) fn operator_acts(&mut self) -> Result<(), Broken> {
        if self.chance.per_mille(self.faults.armed) {
            return self.operator_arms();
        }
        let act = self.chance.weighted(&[
            (4, Act::Suspend),
            (7, Act::Review),
            (2, Act::SendAgain),
            (1, Act::Disarm),
        ]);
        match act {
            Act::Suspend => self.operator_suspends(),
            Act::Review => self.operator_reviews(),
            Act::SendAgain => self.operator_sends_again(),
            Act::Disarm => self.faults_end(),
        }
    }

    /// Arms a fault for a while.
    fn operator_arms(&mut self) -> Result<(), Broken> {
        if !self.platform.is_up() {
            // What was armed last may not be told of yet.
            return Ok(());
        }
        let (businesses, users) = (self.businesses.len(), self.users.len());
        let fault = drawn(&mut self.chance, businesses, users);
        let filter = armed::Filter {
            number: fault.filter.business.map(town::number),
            wa_id: fault.filter.user.map(town::wa_id),
            operation: fault.filter.operation.and_then(armed::Operation::from_word),
            event: fault.filter.event.map(str::to_owned),
            direction: fault.filter.direction,
        };
        let (kind, times) = (draw::as_armed(&fault.kind), draw::times(fault.times));
        let seed = self.chance.below(1 << 32);
        let line = format!("the operator arms {:?}, {:?}", fault.kind, fault.times);
        self.law.faults.prepare(fault);
        let done = self.command(|turn| faults::arm(turn, kind, filter, times, Some(seed)));
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("{line} {outcome}"));
        self.story.count("a fault was armed");
        match done {
            Ok(row) => {
                let longest = (self.plan.lasts / 6).min(Duration::from_hours(24 * 7));
                let ends = self.chance.time(MINUTE, longest);
                self.after(ends, Todo::FaultEnds(row.id));
                Ok(())
            }
            Err(crate::platform::Failed::Refused(refused)) => {
                Err(format!("a fault cannot be armed: {refused}"))
            }
            Err(_) => Ok(()),
        }
    }

    pub(crate) fn fault_ends(&mut self, fault: FaultId) -> Result<(), Broken> {
        if !self.law.faults.ids().contains(&fault) {
            return Ok(());
        }
        if self.command(|turn| faults::disarm(turn, fault)).is_err() {
            self.after(MINUTE, Todo::FaultEnds(fault));
        } else {
            self.tell(&format!("the operator disarms fault {fault}"));
        }
        Ok(())
    }

    pub(crate) fn faults_end(&mut self) -> Result<(), Broken> {
        if self.law.faults.ids().is_empty() {
            return Ok(());
        }
        if self.command(faults::disarm_all).is_err() {
            self.after(MINUTE, Todo::FaultsEnd);
        } else {
            self.tell("the operator disarms all faults");
        }
        Ok(())
    }

    /// Suspends a number, warns it, or lets it go.
    fn operator_suspends(&mut self) -> Result<(), Broken> {
        let business = self.chance.place(self.businesses.len());
        let longest = Duration::from_hours(24 * 9).min(self.plan.lasts / 8);
        let order = Order {
            business: self.chance.per_mille(400),
            user: self.chance.per_mille(400),
            button: self.chance.per_mille(300),
            lasts: self
                .chance
                .per_mille(700)
                .then(|| self.chance.time(MINUTE, longest)),
        };
        let warned = self.chance.per_mille(400);
        let violation = warned.then_some(Violation::LowPickupRate);
        let now = self.clock();
        let number = town::number(business);
        let wanted = Restriction {
            business_initiated: order.business,
            user_initiated: order.user,
            call_button_hidden: order.button,
            lasts: order.lasts,
            violation,
        };
        let done = self.command(|turn| restrictions::set(turn, &number, wanted).map(drop));
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!(
            "the operator suspends business {business}: {order:?} {outcome}"
        ));
        if is_saved(&done) {
            self.story.count("a number was suspended or let go");
            if let Some(violation) = violation {
                let line = notices::warned(now.as_secs(), violation.as_str());
                self.law.must_hear(business, line);
            }
            self.law.suspend(now, business, order);
        }
        Ok(())
    }

    /// Sends a webhook again, whatever came of it.
    fn operator_sends_again(&mut self) -> Result<(), Broken> {
        let Some(last) = self.law.post.last() else {
            return Ok(());
        };
        let id = DeliveryId(self.chance.between(1, last.0));
        self.sends_again(id);
        Ok(())
    }

    fn sends_again(&mut self, id: DeliveryId) {
        let done = self.command(|turn| deliveries::redeliver(turn, id).map(drop));
        if is_saved(&done) {
            self.law.post.again(id);
            self.tell(&format!("the operator sends webhook {id} again"));
        }
    }

    /// Sends every webhook again that was given up.
    pub(crate) fn all_are_sent_again(&mut self) -> Result<(), Broken> {
        let filter = DeliveryFilter {
            state: Some(StateWord::GivenUp),
            ..DeliveryFilter::default()
        };
        let now = self.clock();
        let lost = self
            .platform
            .look(now, |turn| deliveries::list(turn, &filter, usize::MAX))
            .map_err(|refused| format!("deliveries: {refused}"))?;
        for row in lost.iter().rev() {
            self.sends_again(row.id);
        }
        Ok(())
    }
}

/// What the operator does besides arming faults.
#[derive(Debug, Clone, Copy)]
enum Act {
    Suspend,
    Review,
    SendAgain,
    Disarm,
}
