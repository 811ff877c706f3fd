//! What the exchange says after each step, heard by phones and legs.

use std::time::Duration;

use exchange::desk::calls;
use exchange::media_control::LegNews;
use exchange::phone_lines::Which;
use phone::line::{Business, ToPhone};
use types::{LegId, Timestamp};

use crate::law::Broken;
use crate::outside::Word;
use crate::town;
use crate::user::Shown;
use crate::world::{Todo, World};

mod events;
mod outbox;

impl World {
    /// Lets everybody hear what there is to hear, and looks whether all is as it must be.
    pub(crate) fn settle(&mut self) -> Result<(), Broken> {
        loop {
            let words = self.platform.words();
            if words.is_empty() {
                break;
            }
            for word in words {
                // What an exchange said and nobody heard goes with it.
                if self.platform.is_up() {
                    self.hear(word)?;
                }
            }
        }
        if !self.platform.is_up() || !self.changed {
            return Ok(());
        }
        self.changed = false;
        self.read_news()?;
        self.check()
    }

    fn hear(&mut self, word: Word) -> Result<(), Broken> {
        match word {
            Word::Phone(wa_id, which, message) => {
                let user = (0..self.users.len()).find(|user| town::wa_id(*user) == wa_id);
                let user = user.ok_or("a word went to a phone of nobody")?;
                let line = self.users[user].line;
                let meant = match which {
                    Which::All | Which::The(_) => line.is_some(),
                    Which::AllBut(other) => line.is_some_and(|line| line != other),
                };
                if meant {
                    self.phone_hears(user, message)?;
                }
            }
            Word::BusinessesChanged => self.phones_look_at_businesses(),
            Word::Begin(user, business) => {
                self.legs.extend([user, business]);
                // The caller's leg comes up as soon as the answer is there.
                self.leg_comes_up(user);
            }
            Word::Answer(leg) => self.leg_comes_up(leg),
            Word::Pass(user, business) => {
                self.leg_comes_up(user);
                self.leg_comes_up(business);
                if !self.chance.per_mille(self.faults.leg_fails) {
                    let wait = self.chance.time(Duration::from_millis(200), SOON);
                    self.after(wait, Todo::Leg(business, LegNews::MediaStarted));
                }
            }
            Word::Close(user, business) => {
                for leg in [user, business] {
                    if !self.legs.remove(&leg) {
                        return Err("a leg was closed that was not open".to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    fn leg_comes_up(&mut self, leg: LegId) {
        let wait = self.chance.time(Duration::from_millis(50), SOON);
        let fails = self.faults.leg_fails / 3;
        if self.chance.per_mille(fails) {
            return;
        }
        self.after(wait, Todo::Leg(leg, LegNews::Up));
        if self.chance.per_mille(fails) {
            let later = self.chance.time(SOON, Duration::from_mins(2));
            self.after(later, Todo::Leg(leg, LegNews::Failed));
        }
    }

    pub(crate) fn leg_news(&mut self, leg: LegId, news: LegNews) -> Result<(), Broken> {
        let outside = self.platform.outside();
        let Some((call, side)) = outside.and_then(|outside| outside.legs.find(leg)) else {
            return Ok(());
        };
        if !self.legs.contains(&leg) {
            return Ok(());
        }
        let done = self.command(|turn| calls::leg_news(turn, &call, side, news));
        drop(done);
        Ok(())
    }

    fn phone_hears(&mut self, user: usize, message: ToPhone) -> Result<(), Broken> {
        match message {
            ToPhone::Welcome { businesses, .. } | ToPhone::Businesses { businesses } => {
                self.shows_businesses(user, &businesses)?
            }
            ToPhone::Ring { call_id, from, .. } => {
                self.shows_businesses(user, &[from])?;
                if self.users[user].ended.contains(&call_id) {
                    return Err("a phone rings for a call that it was told is over".to_owned());
                }
                self.users[user].calls.insert(call_id.clone(), Shown::Rings);
                let wa_id = town::wa_id(user);
                let rings = self.command(|turn| calls::phone_rings(turn, &wa_id, &call_id));
                drop(rings);
                let looks = self
                    .chance
                    .time(Duration::from_secs(1), Duration::from_secs(50));
                self.after(looks, Todo::UserDecides(user, call_id));
                if self.chance.per_mille(self.faults.phone_lost) {
                    let soon = self.chance.time(Duration::ZERO, looks);
                    self.after(soon, Todo::PhoneGoes(user));
                }
            }
            ToPhone::Dialing { call_id, .. } => {
                self.users[user].calls.insert(call_id, Shown::Waits);
            }
            ToPhone::Accepted { call_id } => {
                if let Some(shown) = self.users[user].calls.get_mut(&call_id) {
                    *shown = Shown::Talks;
                }
            }
            ToPhone::Ended { call_id, .. } | ToPhone::StopRinging { call_id, .. } => {
                self.users[user].calls.remove(&call_id);
                if !self.users[user].ended.insert(call_id) {
                    return Err("a phone was told twice that a call is over".to_owned());
                }
            }
            // The chat is a picture of what this world knows from elsewhere.
            _ => {}
        }
        Ok(())
    }

    /// Every phone that is online asks how businesses show themselves now.
    fn phones_look_at_businesses(&mut self) {
        for user in 0..self.users.len() {
            if let Some(line) = self.users[user].line {
                let wa_id = town::wa_id(user);
                let looked = self.command(|turn| calls::show_businesses(turn, &wa_id, line));
                drop(looked);
            }
        }
    }

    /// The phone of a user shows these businesses.
    fn shows_businesses(&mut self, user: usize, businesses: &[Business]) -> Result<(), Broken> {
        for shown in businesses {
            let business = town::business(&shown.phone_number_id, &self.plan)
                .ok_or("a phone shows a business that is not there")?;
            self.users[user].icons.insert(business, shown.call_icon);
        }
        Ok(())
    }

    /// Phones that are online show call buttons where their users may see them.
    pub(crate) fn phones_show_businesses(&self, now: Timestamp) -> Result<(), Broken> {
        for (user, phone) in self.users.iter().enumerate() {
            let country = town::country(user);
            for (business, shown) in phone.icons.iter().filter(|_| phone.line.is_some()) {
                if *shown != self.law.shows_icon(now, *business, country) {
                    return Err(format!(
                        "user {user} sees a call button of business {business}: {shown}, which is wrong"
                    ));
                }
            }
        }
        Ok(())
    }
}

const SOON: Duration = Duration::from_secs(3);
