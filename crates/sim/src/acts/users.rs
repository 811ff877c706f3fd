//! What users do: they dial, take calls or not, answer requests, change their minds, write, and lose
//! their lines.

use exchange::desk::{calls, consents};
use exchange::phone_lines::LineId;
use rules::consent::{Answer, Term};
use types::{CallId, MessageId};

use super::{MINUTE, SECOND, in_words};
use crate::law::{Broken, Word};
use crate::platform::Failed;
use crate::town;
use crate::user::Shown;
use crate::world::{Todo, World};

impl World {
    pub(crate) fn user_acts(&mut self, user: usize) -> Result<(), Broken> {
        let business = self.chance.place(self.businesses.len());
        let act = self.chance.weighted(&[
            (28, Act::Dial),
            (9, Act::FollowLink),
            (15, Act::Say(Word::Temporary)),
            (8, Act::Say(Word::Permanent)),
            (12, Act::Say(Word::No)),
            (15, Act::ChangeMind),
            (15, Act::Write),
            (8, Act::GoAway),
            (10, Act::SwitchOff),
        ]);
        match act {
            Act::Dial => self.user_dials(user, business),
            Act::FollowLink => self.user_follows_link(user, business),
            Act::Say(word) => self.user_says(user, business, word),
            Act::ChangeMind => {
                let requests = self.users[user].requests.len();
                if requests == 0 {
                    return Ok(());
                }
                // Mostly one of the last: most of the others are over.
                let back = self.chance.place(requests.min(3));
                let (business, request) = self.users[user].requests[requests - 1 - back].clone();
                self.user_answers(user, business, &request)
            }
            Act::Write => self.user_writes(user, business),
            Act::GoAway => self.phone_goes(user),
            Act::SwitchOff => self.user_switches_off(user),
        }
    }

    fn user_says(&mut self, user: usize, business: usize, word: Word) -> Result<(), Broken> {
        let (now, held) = (self.clock(), self.law.held(self.clock(), business, user));
        let (wa_id, number) = (town::wa_id(user), town::number(business));
        let term = match word {
            Word::Temporary => Some(Term::Temporary),
            Word::Permanent => Some(Term::Permanent),
            Word::No => None,
        };
        let done = self.command(|turn| consents::profile(turn, &wa_id, &number, term));
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!(
            "user {user} says {word:?} in the profile of business {business} {outcome}"
        ));
        if let Ok(()) | Err(Failed::NoAnswer { saved: true }) = done {
            self.story.count("a user spoke in a profile");
            if (word, held) == (Word::Permanent, crate::law::Held::Forever) {
                return Err("what was said already was said anew".to_owned());
            }
            self.law.said(now, business, user, word);
        }
        Ok(())
    }

    pub(crate) fn user_answers(
        &mut self,
        user: usize,
        business: usize,
        request: &MessageId,
    ) -> Result<(), Broken> {
        let habits = self.users[user].habits;
        let word = self.chance.weighted(&[
            (habits.allows, Word::Temporary),
            (habits.allows_for_ever, Word::Permanent),
            (habits.declines, Word::No),
        ]);
        let answer = match word {
            Word::Temporary => Answer::Temporary,
            Word::Permanent => Answer::Permanent,
            Word::No => Answer::Decline,
        };
        let now = self.clock();
        let open = self.law.can_answer(now, business, user, request);
        let wa_id = town::wa_id(user);
        let done = self.command(|turn| consents::answer(turn, &wa_id, request, answer));
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        let name = self.story.name("request", request.as_str());
        self.tell(&format!(
            "user {user} answers {word:?} to {name} of business {business} {outcome}"
        ));
        match done {
            Ok(()) | Err(Failed::NoAnswer { saved: true }) if !open => {
                Err("a request was answered that is over".to_owned())
            }
            Ok(()) | Err(Failed::NoAnswer { saved: true }) => {
                self.story.count("a request was answered");
                self.law.answered(now, business, user, request, word);
                Ok(())
            }
            Err(Failed::Refused(exchange::Refused::Consent(
                rules::consent::Refusal::NoSuchRequest,
            ))) if open => Err("a request cannot be answered that is open".to_owned()),
            Err(_) => Ok(()),
        }
    }

    pub(crate) fn phone_comes(&mut self, user: usize) -> Result<(), Broken> {
        if self.users[user].line.is_some() {
            return Ok(());
        }
        if !self.platform.is_up() {
            self.after(MINUTE, Todo::PhoneComes(user));
            return Ok(());
        }
        self.lines += 1;
        let line = LineId(self.lines);
        let wa_id = town::wa_id(user);
        self.users[user].line = Some(line);
        if self
            .command(|turn| calls::phone_came(turn, &wa_id, line))
            .is_err()
        {
            self.phone_drops(user);
            return Ok(());
        }
        Ok(())
    }

    pub(crate) fn phone_goes(&mut self, user: usize) -> Result<(), Broken> {
        if self.users[user].line.is_some() {
            self.tell(&format!("the phone of user {user} loses its line"));
            self.phone_drops(user);
        }
        Ok(())
    }

    /// The line is gone; the phone opens another one after a while.
    pub(crate) fn phone_drops(&mut self, user: usize) {
        self.users[user].goes_offline();
        let away = if self.chance.per_mille(700) {
            self.chance.time(SECOND, 3 * MINUTE)
        } else {
            self.chance.time(MINUTE, self.plan.lasts / 20)
        };
        self.after(away, Todo::PhoneComes(user));
    }

    pub(crate) fn user_decides(&mut self, user: usize, call: &CallId) -> Result<(), Broken> {
        let Some(line) = self.users[user].line else {
            return Ok(());
        };
        if self.users[user].calls.get(call) != Some(&Shown::Rings) {
            return Ok(());
        }
        let habits = self.users[user].habits;
        let choice = self.chance.weighted(&[
            (habits.takes_calls, Choice::Take),
            (habits.rejects_calls, Choice::Reject),
            (habits.lets_ring, Choice::LetRing),
        ]);
        let wa_id = town::wa_id(user);
        let done = self.command(|turn| match choice {
            Choice::Take => calls::phone_picks_up(turn, &wa_id, line, call, "answer".to_owned()),
            Choice::Reject => calls::phone_rejects(turn, &wa_id, line, call),
            Choice::LetRing => Ok(()),
        });
        let name = self.story.name("call", call.as_str());
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("user {user}: {choice:?} {name} {outcome}"));
        if let (Choice::Take, Ok(())) = (choice, &done) {
            let talk = self.chance.time(SECOND, 5 * MINUTE);
            self.after(talk, Todo::UserHangsUp(user, call.clone()));
        }
        Ok(())
    }

    pub(crate) fn user_hangs_up(&mut self, user: usize, call: &CallId) -> Result<(), Broken> {
        let Some(line) = self.users[user].line else {
            return Ok(());
        };
        if !self.users[user].calls.contains_key(call) {
            return Ok(());
        }
        let wa_id = town::wa_id(user);
        let done = self.command(|turn| calls::phone_hangs_up(turn, &wa_id, line, call));
        let name = self.story.name("call", call.as_str());
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("user {user} hangs up on {name} {outcome}"));
        Ok(())
    }
}

/// What a user does of their own accord.
#[derive(Debug, Clone, Copy)]
enum Act {
    Dial,
    FollowLink,
    Say(Word),
    ChangeMind,
    Write,
    GoAway,
    SwitchOff,
}

/// What a user does with a call that rings.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Take,
    Reject,
    LetRing,
}
