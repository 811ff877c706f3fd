//! The post: webhooks on their way from the outbox to receivers that take them, refuse them, forget
//! them or are not there.

use std::time::Duration;

use exchange::desk::deliveries::{self, Errand, ReceiverAnswer, Room};

pub(crate) use exchange::desk::deliveries::Report;

use crate::acts::is_saved;
use crate::business::{Noticed, Receiver};
use crate::law::Broken;
use crate::town;
use crate::world::{Todo, World};

impl World {
    /// Takes what is due from the outbox and sends it.
    pub(crate) fn send_post(&mut self) -> Result<(), Broken> {
        let room = Room {
            free: ROOM,
            ..Room::default()
        };
        self.post_at = None;
        self.story.count("looks into the outbox");
        let clock = self.clock();
        // Not over this one: a lease that is not reported on is another story, and ends as well.
        let leased = self
            .platform
            .run(clock, |turn| deliveries::lease(turn, &room));
        let Ok(leased) = leased else {
            return Ok(());
        };
        self.post_at = leased.next_at;
        for errand in leased.errands {
            self.send(errand)?;
        }
        Ok(())
    }

    fn send(&mut self, errand: Errand) -> Result<(), Broken> {
        let Some(business) = town::receiver(&errand.url) else {
            return Err(format!("a webhook goes to {}", errand.url));
        };
        let now = self.clock();
        self.law.post.leaves(errand.id, now)?;
        if self.chance.per_mille(self.faults.receiver_falls_ill) {
            self.receiver_falls_ill(business);
        }
        let way = self.chance.time(Duration::from_millis(5), 300 * MILLI);
        let took = |status| {
            Ok(ReceiverAnswer {
                status,
                body: String::new(),
            })
        };
        let (wait, answer) = match self.businesses[business].receiver {
            Receiver::Well => {
                let noticed = self.businesses[business].read(&errand.body)?;
                self.notice(business, noticed)?;
                if self.chance.per_mille(self.faults.receiver_forgets) {
                    (way, Err("the connection broke off".to_owned()))
                } else {
                    (way, took(200))
                }
            }
            Receiver::Refuses => (way, took(500)),
            Receiver::Gone => {
                let patience = self.plan.preset.delivery.answer_within;
                (patience, Err("no answer".to_owned()))
            }
        };
        let report = Report {
            id: errand.id,
            attempt: errand.attempt,
            records: errand.records,
            url: errand.url,
            started_at: self.clock(),
            took: wait,
            answer,
        };
        self.after(wait, Todo::Answer(Box::new(report)));
        Ok(())
    }

    pub(crate) fn report(&mut self, report: Report) -> Result<(), Broken> {
        let id = report.id;
        // That the exchange dies over it is a webhook that will come twice.
        let done = self.command(|turn| deliveries::report(turn, vec![report]));
        if is_saved(&done) {
            self.law.post.was_sent(id);
        }
        Ok(())
    }

    fn notice(&mut self, business: usize, noticed: Vec<Noticed>) -> Result<(), Broken> {
        for noticed in noticed {
            let thinks = self.chance.time(100 * MILLI, Duration::from_secs(30));
            match noticed {
                Noticed::Incoming(call) => {
                    self.after(thinks, Todo::BusinessDecides(business, call));
                }
                Noticed::Taken(call) => {
                    self.after(4 * thinks, Todo::BusinessHangsUp(business, call));
                }
                Noticed::Origin(call, origin) => {
                    let known = self.law.call(&call).map(|call| &call.origin);
                    if known != Some(&origin) {
                        return Err(format!(
                            "a call came from {known:?}, and its business hears {origin:?}"
                        ));
                    }
                }
                Noticed::Ended(call, code) => {
                    let must = self.law.call(&call).and_then(|call| call.must_fail);
                    if must.is_some() && must.map(u64::from) != code {
                        return Err(format!(
                            "a call must fail with {must:?}, and does with {code:?}"
                        ));
                    }
                }
                Noticed::Account(line) => {
                    if !self.law.notices(business).contains(&line) {
                        return Err(format!("business {business} hears what is not so: {line}"));
                    }
                }
            }
        }
        Ok(())
    }

    fn receiver_falls_ill(&mut self, business: usize) {
        if self.businesses[business].receiver != Receiver::Well {
            return;
        }
        let ill = self
            .chance
            .weighted(&[(1, Receiver::Refuses), (1, Receiver::Gone)]);
        self.businesses[business].receiver = ill;
        let longest = (self.plan.lasts / 10).min(ILL_MAX);
        let until = if self.chance.per_mille(700) {
            self.chance
                .time(Duration::from_secs(1), Duration::from_mins(10).min(longest))
        } else {
            self.chance.time(Duration::from_mins(1), longest)
        };
        self.tell(&format!(
            "the receiver of business {business} is ill: {ill:?}"
        ));
        self.after(until, Todo::ReceiverHeals(business));
    }

    pub(crate) fn receiver_heals(&mut self, business: usize) {
        if self.businesses[business].receiver != Receiver::Well {
            self.businesses[business].receiver = Receiver::Well;
            self.tell(&format!("the receiver of business {business} is well"));
        }
    }
}

/// An illness of more than this is one more retry each hour.
const ILL_MAX: Duration = Duration::from_hours(36);
const ROOM: usize = 64;
const MILLI: Duration = Duration::from_millis(1);
