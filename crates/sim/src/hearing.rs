//! What the exchange says after each step, heard by phones and legs, and what its stream of events
//! tells the law.

use std::time::Duration;

use exchange::desk::{calls, events};
use exchange::media_control::LegNews;
use exchange::phone_lines::Which;
use phone::line::ToPhone;
use serde_json::Value;
use store::events::Event;
use types::{CallId, Direction, LegId};

use crate::law::{Broken, End};
use crate::outside::Word;
use crate::town;
use crate::user::Shown;
use crate::world::{Todo, World};

impl World {
    /// Lets everybody hear what there is to hear, and looks whether all is as it must be.
    pub(crate) fn settle(&mut self) -> Result<(), Broken> {
        loop {
            let words = self.platform.words();
            if words.is_empty() {
                break;
            }
            for word in words {
                self.hear(word)?;
            }
        }
        if !self.platform.is_up() || !self.changed {
            return Ok(());
        }
        self.changed = false;
        self.read_events()?;
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
            ToPhone::Ring { call_id, .. } => {
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

    fn read_events(&mut self) -> Result<(), Broken> {
        let clock = self.clock();
        loop {
            let after = self.last_event;
            self.story.count("looks at events");
            let read = self
                .platform
                .look(clock, |turn| events::list(turn, after, EVENTS_AT_ONCE));
            let events = read.map_err(|refused| format!("events cannot be read: {refused}"))?;
            let Some(last) = events.last() else {
                return Ok(());
            };
            self.last_event = last.id;
            for event in &events {
                self.hear_event(event)?;
            }
        }
    }

    fn hear_event(&mut self, event: &Event) -> Result<(), Broken> {
        if event.kind.starts_with("message.") && event.kind != "message.received" {
            return self.hear_message(event);
        }
        let Some(call) = &event.call else {
            return Ok(());
        };
        let detail: Value = serde_json::from_str(&event.detail)
            .map_err(|error| format!("an event's detail is no JSON: {error}"))?;
        let name = self.story.name("call", call.as_str());
        match event.kind.as_str() {
            "call.placed" => self.call_placed(event, call, &detail, &name),
            "call.accepted" => {
                self.story.count("a call was taken");
                self.tell(&format!("{name} is taken"));
                self.law.connected(event.at, call)
            }
            "call.ended" => {
                let reason = detail["reason"].as_str().unwrap_or_default();
                self.tell(&format!("{name} is over: {reason}"));
                let end = match reason {
                    "user_rejected"
                    | "user_did_not_answer"
                    | "user_unreachable"
                    | "business_cancelled" => End::NotTaken,
                    _ => End::NoMatter,
                };
                self.law.ended(event.at, call, end)
            }
            _ => Ok(()),
        }
    }

    fn call_placed(
        &mut self,
        event: &Event,
        call: &CallId,
        detail: &Value,
        name: &str,
    ) -> Result<(), Broken> {
        let business = (0..self.businesses.len())
            .find(|business| event.number == Some(town::number(*business)))
            .ok_or("a call of an unknown number")?;
        let user = (0..self.users.len())
            .find(|user| detail["wa_id"] == town::wa_id(*user).digits())
            .ok_or("a call with an unknown user")?;
        let direction = match detail["direction"].as_str() {
            Some(word) if word.eq_ignore_ascii_case("business_initiated") => {
                Direction::BusinessInitiated
            }
            _ => Direction::UserInitiated,
        };
        self.tell(&format!("{name} is placed"));
        self.law.placed(event.at, call, direction, (business, user))
    }
}

const SOON: Duration = Duration::from_secs(3);
const EVENTS_AT_ONCE: usize = 256;
