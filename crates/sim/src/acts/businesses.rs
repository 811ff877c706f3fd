//! What businesses do: they call, ask, answer, hang up and change their settings.

use exchange::desk::calls::{self, Connect};
use exchange::desk::{auth, faults};
use exchange::media_control::PreparedLegs;
use rules::fault::Operation;
use types::CallId;
use wire::Recipient;

use super::requests::{About, Request};
use super::{MINUTE, SECOND, an_answer, in_words, is_saved, outcome};
use crate::law::Broken;
use crate::law::armed::{Moment, Occasion};
use crate::platform::Failed;
use crate::town;
use crate::world::{Todo, World};

impl World {
    pub(crate) fn business_acts(&mut self, business: usize) -> Result<(), Broken> {
        let user = self.chance.place(self.users.len());
        let act = self.chance.weighted(&[
            (50, Act::Call),
            (10, Act::AskFreeForm),
            (18, Act::AskByTemplate),
            (12, Act::Write),
            (18, Act::SendButton),
            (20, Act::SendTemplate),
            (18, Act::ManageTemplates),
            (6, Act::SwitchCalling),
            (5, Act::SwitchCallingBack),
            (6, Act::SetHours),
            (4, Act::SetIcon),
        ]);
        match act {
            Act::Call => {
                let user = self.somebody_to_call(business, user);
                self.business_calls(business, user)
            }
            Act::AskFreeForm => self.business_asks(business, user),
            Act::AskByTemplate => self.business_asks_by_template(business, user),
            Act::Write => self.business_writes(business, user),
            Act::SendButton => self.business_sends_button(business, user),
            Act::SendTemplate => self.business_sends_template(business, user),
            Act::ManageTemplates => self.business_manages_templates(business),
            Act::SwitchCalling => self.switch_calling(business),
            Act::SwitchCallingBack => self.switch_calling_back(business),
            Act::SetHours => self.set_hours(business),
            Act::SetIcon => self.set_icon(business),
        }
    }

    /// Mostly somebody who, as far as the business knows, may be called.
    fn somebody_to_call(&mut self, business: usize, anybody: usize) -> usize {
        let now = self.clock();
        let allowed: Vec<usize> = (0..self.users.len())
            .filter(|user| {
                let wa_id = town::wa_id(*user);
                self.businesses[business].may_call(wa_id.digits(), now)
            })
            .collect();
        if allowed.is_empty() || self.chance.per_mille(200) {
            anybody
        } else {
            allowed[self.chance.place(allowed.len())]
        }
    }

    fn business_calls(&mut self, business: usize, user: usize) -> Result<(), Broken> {
        let request = Request {
            business,
            operation: Operation::Connect,
            about: About::User(user),
        };
        if let Err(failed) = self.strikes(request)? {
            let outcome = in_words(&failed);
            self.tell(&format!("business {business} calls user {user}, {outcome}"));
            return Ok(());
        }
        let expected = self.standing(business, user)?.map(|standing| standing.call);
        let Some(outside) = self.platform.outside() else {
            return Ok(());
        };
        let legs = PreparedLegs::for_connect(&*outside.media, "offer")
            .map_err(|fault| format!("no legs: {fault}"))?;
        let to = Recipient::WaId(town::wa_id(user));
        let (number, token) = (town::number(business), town::token(business));
        let placed = self.command(|turn| {
            let acting = auth::number_by_token(turn, &token, &number)?;
            let connect = Connect {
                to,
                offer: "offer".to_owned(),
                callback_data: None,
                legs,
            };
            calls::connect(turn, &acting, connect)
        });
        match &placed {
            Ok(call) => {
                self.story.count("a business called");
                let call = self.story.name("call", call.as_str());
                self.tell(&format!("business {business} calls user {user}: {call}"));
            }
            Err(failed) => {
                self.story.count("a call was refused");
                let line = format!(
                    "business {business} calls user {user}, {}",
                    in_words(failed)
                );
                self.tell(&line);
            }
        }
        if let Ok(call) = &placed {
            let patience = self.chance.time(5 * SECOND, 2 * MINUTE);
            self.after(patience, Todo::BusinessHangsUp(business, call.clone()));
            self.answer_leaves(business, user, call);
        }
        self.kept_its_word("a call", expected, &placed)
    }

    /// The answer to a call that was placed leaves, or waits for the webhook if a fault is armed for
    /// that.
    fn answer_leaves(&mut self, business: usize, user: usize, call: &CallId) {
        if !self.law.faults.any() {
            return;
        }
        let waits = self.command(|turn| faults::reply_waits(turn, call));
        if is_saved(&waits) {
            self.law.faults.meet(&Occasion {
                moment: Moment::Reply,
                business: Some(business),
                user: Some(user),
            });
        }
        if matches!(waits, Ok(true)) {
            self.tell("the answer waits for the webhook");
        }
    }

    pub(crate) fn business_decides(
        &mut self,
        business: usize,
        call: &CallId,
    ) -> Result<(), Broken> {
        let choice = self.chance.weighted(&[
            (60, Choice::Take),
            (15, Choice::PreAccept),
            (10, Choice::Reject),
            (10, Choice::Ignore),
        ]);
        let (number, token) = (town::number(business), town::token(business));
        let operation = match choice {
            Choice::Take => Operation::Accept,
            Choice::PreAccept => Operation::PreAccept,
            Choice::Reject => Operation::Reject,
            Choice::Ignore => return Ok(()),
        };
        let request = Request {
            business,
            operation,
            about: About::Call(call),
        };
        let done = self.request(request, |turn| {
            let acting = auth::number_by_token(turn, &token, &number)?;
            match choice {
                Choice::Take => calls::accept(turn, &acting, call, an_answer(), None),
                Choice::PreAccept => calls::pre_accept(turn, &acting, call, an_answer()),
                Choice::Reject => calls::reject(turn, &acting, call),
                Choice::Ignore => Ok(()),
            }
        })?;
        let name = self.story.name("call", call.as_str());
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("business {business}: {choice:?} {name} {outcome}"));
        match (choice, done) {
            (Choice::PreAccept, Ok(())) => {
                let wait = self.chance.time(SECOND, 20 * SECOND);
                self.after(wait, Todo::BusinessDecides(business, call.clone()));
            }
            (Choice::Take, Ok(())) => {
                let talk = self.chance.time(SECOND, 5 * MINUTE);
                self.after(talk, Todo::BusinessHangsUp(business, call.clone()));
            }
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn business_hangs_up(
        &mut self,
        business: usize,
        call: &CallId,
    ) -> Result<(), Broken> {
        let known = self.businesses[business].calls.get(call);
        if known.is_some_and(|known| known.over) || self.chance.per_mille(300) {
            return Ok(());
        }
        let (number, token) = (town::number(business), town::token(business));
        let request = Request {
            business,
            operation: Operation::Terminate,
            about: About::Call(call),
        };
        let done = self.request(request, |turn| {
            let acting = auth::number_by_token(turn, &token, &number)?;
            calls::terminate(turn, &acting, call)
        })?;
        let name = self.story.name("call", call.as_str());
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("business {business} hangs up on {name} {outcome}"));
        Ok(())
    }

    /// What a request may not be refused with if the API said that it can be done, and must be
    /// refused with if it said that it cannot.
    pub(crate) fn kept_its_word<T>(
        &mut self,
        what: &str,
        expected: Option<Option<u32>>,
        done: &Result<T, Failed>,
    ) -> Result<(), Broken> {
        match (expected, outcome(done)) {
            (Some(expected), Some(code)) if code != expected => {
                let words = |code: Option<u32>| {
                    code.map_or_else(|| "yes".to_owned(), |code| code.to_string())
                };
                let (expected, code) = (words(expected), words(code));
                Err(format!("{what} must get {expected}, and got {code}"))
            }
            _ => Ok(()),
        }
    }
}

/// What a business does of its own accord.
#[derive(Debug, Clone, Copy)]
enum Act {
    Call,
    AskFreeForm,
    AskByTemplate,
    Write,
    SendButton,
    SendTemplate,
    ManageTemplates,
    SwitchCalling,
    SwitchCallingBack,
    SetHours,
    SetIcon,
}

/// What a business does with a user's call.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Take,
    PreAccept,
    Reject,
    Ignore,
}
