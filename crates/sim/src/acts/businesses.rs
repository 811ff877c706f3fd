//! What businesses do: they call, ask, answer, hang up and change their settings.

use exchange::desk::calls::{self, Connect};
use exchange::desk::{auth, numbers, settings};
use exchange::door;
use exchange::media_control::PreparedLegs;
use types::CallId;
use types::calling::CallingChange;
use wire::Recipient;
use wire::messages::{Content, TemplateCall};

use super::{MINUTE, SECOND, an_answer, in_words};
use crate::law::Broken;
use crate::platform::Failed;
use crate::town;
use crate::world::{Todo, World};

impl World {
    pub(crate) fn business_acts(&mut self, business: usize) -> Result<(), Broken> {
        let user = self.chance.place(self.users.len());
        let act = self.chance.weighted(&[
            (45, Act::Call),
            (18, Act::AskFreeForm),
            (22, Act::AskByTemplate),
            (10, Act::Write),
            (6, Act::SwitchCalling),
            (4, Act::SwitchCallingBack),
        ]);
        match act {
            Act::Call => {
                let user = self.somebody_to_call(business, user);
                self.business_calls(business, user)
            }
            Act::AskFreeForm => self.business_asks(business, user, true),
            Act::AskByTemplate => self.business_asks(business, user, false),
            Act::Write => self.business_writes(business, user),
            Act::SwitchCalling => self.switch_calling(business),
            Act::SwitchCallingBack => self.switch_calling_back(business),
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
        }
        self.kept_its_word("a call", expected, &placed)
    }

    fn business_asks(
        &mut self,
        business: usize,
        user: usize,
        free_form: bool,
    ) -> Result<(), Broken> {
        let mut expected = self
            .standing(business, user)?
            .map(|standing| standing.request);
        let now = self.clock();
        let law = self.law.no_request(now, business, user, free_form);
        if free_form {
            // The API speaks of templates: a free-form one needs an open window besides, and that is
            // looked at before the counts.
            expected = expected.map(|_| law);
        }
        let content = if free_form {
            Content::PermissionRequest { body: None }
        } else {
            Content::Template(TemplateCall {
                name: town::TEMPLATE.to_owned(),
                language: town::LANGUAGE.to_owned(),
                header: Vec::new(),
                body: Vec::new(),
                buttons: Vec::new(),
            })
        };
        // Its way and its place in the law follow from the stream of events.
        let asked = self.sends(business, user, content);
        let form = if free_form {
            "free-form"
        } else {
            "by template"
        };
        let line = format!("business {business} asks user {user} {form}");
        match &asked {
            Ok(()) => {
                self.story.count("a business asked");
                self.tell(&line);
            }
            Err(failed) => {
                self.story.count("a request was refused");
                self.tell(&format!("{line}, {}", in_words(failed)));
            }
        }
        self.kept_its_word("a request", expected, &asked)
    }

    fn switch_calling(&mut self, business: usize) -> Result<(), Broken> {
        let enabled = !self.law.calling_enabled(business);
        let number = town::number(business);
        let done = self.command(|turn| numbers::set_calling(turn, &number, enabled).map(drop));
        if let Ok(()) | Err(Failed::NoAnswer { saved: true }) = &done {
            self.law.set_calling(business, enabled);
            self.tell(&format!("business {business} sets calling to {enabled}"));
        }
        if !enabled {
            // Nobody is off for long.
            let back = self.chance.time(MINUTE, self.plan.lasts / 50);
            self.after(back, Todo::CallingComesBack(business));
        }
        Ok(())
    }

    /// Whether a user who calls may be called back.
    fn switch_calling_back(&mut self, business: usize) -> Result<(), Broken> {
        let enabled = !self.law.calls_back(business);
        let number = town::number(business);
        let change = CallingChange {
            callback_permission: Some(enabled),
            ..CallingChange::default()
        };
        let done =
            self.command(|turn| settings::change_by_operator(turn, &number, change).map(drop));
        if let Ok(()) | Err(Failed::NoAnswer { saved: true }) = &done {
            self.law.set_calls_back(business, enabled);
            self.tell(&format!(
                "business {business} sets calling back to {enabled}"
            ));
        }
        Ok(())
    }

    pub(crate) fn calling_comes_back(&mut self, business: usize) -> Result<(), Broken> {
        if self.law.calling_enabled(business) {
            return Ok(());
        }
        self.switch_calling(business)
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
        let done = self.command(|turn| {
            let acting = auth::number_by_token(turn, &token, &number)?;
            match choice {
                Choice::Take => calls::accept(turn, &acting, call, an_answer(), None),
                Choice::PreAccept => calls::pre_accept(turn, &acting, call, an_answer()),
                Choice::Reject => calls::reject(turn, &acting, call),
                Choice::Ignore => Ok(()),
            }
        });
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
        let done = self.command(|turn| {
            let acting = auth::number_by_token(turn, &token, &number)?;
            calls::terminate(turn, &acting, call)
        });
        let name = self.story.name("call", call.as_str());
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("business {business} hangs up on {name} {outcome}"));
        Ok(())
    }

    /// What a request may not be refused with if the API said that it can be done, and must be
    /// refused with if it said that it cannot.
    fn kept_its_word<T>(
        &mut self,
        what: &str,
        expected: Option<Option<u32>>,
        done: &Result<T, Failed>,
    ) -> Result<(), Broken> {
        let Some(expected) = expected else {
            return Ok(());
        };
        let code = match done {
            Ok(_) => None,
            Err(Failed::Refused(refused)) => Some(door::error_of(refused).code.code()),
            Err(Failed::NoAnswer { .. }) => return Ok(()),
        };
        if code == expected {
            return Ok(());
        }
        let words =
            |code: Option<u32>| code.map_or_else(|| "yes".to_owned(), |code| code.to_string());
        Err(format!(
            "the API said {} to {what} beforehand, and then {}",
            words(expected),
            words(code)
        ))
    }
}

/// What a business does of its own accord.
#[derive(Debug, Clone, Copy)]
enum Act {
    Call,
    AskFreeForm,
    AskByTemplate,
    Write,
    SwitchCalling,
    SwitchCallingBack,
}

/// What a business does with a user's call.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Take,
    PreAccept,
    Reject,
    Ignore,
}
