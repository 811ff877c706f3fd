//! Messages: what businesses send and users write, read and wait for.

use std::time::Duration;

use exchange::desk::users::UserChange;
use exchange::desk::{auth, messages, users};
use exchange::door;
use rules::fault::Operation;
use types::MessageId;
use wire::Recipient;
use wire::messages::{ButtonCall, CallButton, Content, NewMessage, TemplateCall};

use super::requests::{About, Request};
use super::{MINUTE, SECOND, in_words, is_saved};
use crate::law::Broken;
use crate::law::templates::{Form, Key};
use crate::plan::Pace;
use crate::platform::Failed;
use crate::town;
use crate::under_way::Draft;
use crate::world::{Todo, World};

impl World {
    pub(crate) fn business_writes(&mut self, business: usize, user: usize) -> Result<(), Broken> {
        let content = Content::Text {
            body: "Good day.".to_owned(),
            preview_url: false,
        };
        let draft = Draft {
            kind: "text",
            asks: false,
            button: None,
        };
        self.sends((business, user), content, draft, None)
    }

    pub(crate) fn business_asks(&mut self, business: usize, user: usize) -> Result<(), Broken> {
        let content = Content::PermissionRequest { body: None };
        let draft = Draft {
            kind: "call_permission_request",
            asks: true,
            button: None,
        };
        self.sends((business, user), content, draft, None)
    }

    pub(crate) fn business_asks_by_template(
        &mut self,
        business: usize,
        user: usize,
    ) -> Result<(), Broken> {
        self.sends_template((business, user), (business, town::TEMPLATE, town::LANGUAGE))
    }

    pub(crate) fn business_sends_button(
        &mut self,
        business: usize,
        user: usize,
    ) -> Result<(), Broken> {
        let (minutes, payload) = (self.button_minutes(), self.payload());
        let content = Content::CallButton {
            body: "Call us.".to_owned(),
            button: CallButton {
                display_text: "Call".to_owned(),
                ttl_minutes: minutes,
                payload: payload.clone(),
            },
        };
        let draft = Draft {
            kind: "voice_call",
            asks: false,
            button: Some((Duration::from_mins(minutes.into()), payload)),
        };
        self.sends((business, user), content, draft, None)
    }

    /// A template of any kind, whether it is there or not.
    pub(crate) fn sends_template(
        &mut self,
        (business, user): (usize, usize),
        key: Key,
    ) -> Result<(), Broken> {
        let form = self.law.templates.get(key).map(|template| template.form);
        let mut draft = Draft {
            kind: "template",
            asks: form == Some(Form::Asks),
            button: None,
        };
        let mut buttons = Vec::new();
        if let Some(Form::Button(minutes)) = form {
            let own = self.chance.per_mille(700).then(|| self.button_minutes());
            let payload = self.payload();
            let works = Duration::from_mins(own.unwrap_or(minutes).into());
            draft.button = Some((works, payload.clone()));
            buttons.push(ButtonCall::VoiceCall {
                index: None,
                ttl_minutes: own,
                payload,
            });
        }
        let content = Content::Template(TemplateCall {
            name: key.1.to_owned(),
            language: key.2.to_owned(),
            header: Vec::new(),
            body: Vec::new(),
            buttons,
        });
        self.sends((business, user), content, draft, Some(key))
    }

    /// A business sends a message, and gets the code that the law says, if any.
    fn sends(
        &mut self,
        (business, user): (usize, usize),
        content: Content,
        draft: Draft,
        template: Option<Key>,
    ) -> Result<(), Broken> {
        let what = match template {
            Some((_, name, language)) => format!("template {name} in {language}"),
            None => draft.kind.to_owned(),
        };
        let line = format!("business {business} sends user {user} {what}");
        let request = Request {
            business,
            operation: Operation::Messages,
            about: About::User(user),
        };
        if let Err(failed) = self.strikes(request)? {
            self.tell(&format!("{line}, {}", in_words(&failed)));
            return Ok(());
        }
        if draft.asks {
            self.standing(business, user)?;
        }
        let now = self.clock();
        let expected = self.no_message((business, user), &draft, template);
        let is_up = self.platform.is_up();
        if is_up {
            // Of one that was sent before it died, nothing may have been told yet.
            self.under_way.sending = Some(draft.clone());
        }
        let done = self.hands_in(business, user, content);
        if is_saved(&done) {
            self.law.counts_message(now, business, user);
            if draft.asks {
                self.story.count("a business asked");
            }
        } else if is_up {
            self.under_way.sending = None;
        }
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("{line} {outcome}"));
        let code = match &done {
            Ok(()) => None,
            Err(Failed::Refused(refused)) => Some(door::message_error_of(refused).code.code()),
            Err(Failed::Struck(_) | Failed::NoAnswer { .. }) => return Ok(()),
        };
        if code.is_some() {
            let asks = ["a message was refused", "a request was refused"];
            self.story.count(asks[usize::from(draft.asks)]);
        }
        if code == expected {
            return Ok(());
        }
        Err(format!(
            "{what} must get the code {expected:?}, and got {code:?}"
        ))
    }

    /// With what code a message is refused at once, if it is. That nobody may be written to, the
    /// platform says later.
    fn no_message(
        &mut self,
        (business, user): (usize, usize),
        draft: &Draft,
        template: Option<Key>,
    ) -> Option<u32> {
        let now = self.clock();
        if let Some(code) = self.law.too_many(now, business, user) {
            return Some(code);
        }
        let rules = &self.law.preset.templates;
        let no_template = |key| self.law.templates.no_send(now, rules, key);
        if let Some(code) = template.and_then(no_template) {
            return Some(code);
        }
        if draft.button.is_some() && !self.law.calling_enabled(business) {
            return Some(CALLING_DISABLED);
        }
        if draft.asks {
            let free_form = template.is_none();
            return self.law.no_request(now, business, user, free_form);
        }
        None
    }

    fn hands_in(&mut self, business: usize, user: usize, content: Content) -> Result<(), Failed> {
        let (number, token) = (town::number(business), town::token(business));
        let wa_id = town::wa_id(user);
        let new = NewMessage {
            input: wa_id.digits().to_owned(),
            to: Recipient::WaId(wa_id),
            content,
            reply_to: None,
            callback_data: None,
        };
        self.command(|turn| {
            let acting = auth::number_by_token(turn, &token, &number)?;
            messages::send(turn, &acting, new).map(drop)
        })
    }

    fn button_minutes(&mut self) -> u32 {
        let most = match self.plan.pace {
            Pace::Dense => 90,
            Pace::Year => 43_200,
        };
        u32::try_from(self.chance.between(1, most)).unwrap_or(1)
    }

    fn payload(&mut self) -> Option<String> {
        let number = self.chance.below(1_000);
        self.chance
            .per_mille(800)
            .then(|| format!("order {number}"))
    }

    pub(crate) fn user_writes(&mut self, user: usize, business: usize) -> Result<(), Broken> {
        let now = self.clock();
        let (wa_id, number) = (town::wa_id(user), town::number(business));
        let text = "Good day.".to_owned();
        let done =
            self.command(|turn| messages::user_writes(turn, &wa_id, &number, text, None).map(drop));
        if let Ok(()) | Err(Failed::NoAnswer { saved: true }) = done {
            self.tell(&format!("user {user} writes to business {business}"));
            self.law.heard(now, business, user);
        }
        Ok(())
    }

    /// A user's phones take no messages for a while.
    pub(crate) fn user_switches_off(&mut self, user: usize) -> Result<(), Broken> {
        // In a year, often for longer than any message waits.
        let longest = (self.plan.lasts / 8).min(Duration::from_hours(24 * 45));
        let least = if self.chance.per_mille(500) {
            longest / 2
        } else {
            MINUTE
        };
        let away = self.chance.time(least, longest);
        self.set_online(user, false)?;
        self.after(away, Todo::UserSwitchesOn(user));
        Ok(())
    }

    pub(crate) fn set_online(&mut self, user: usize, online: bool) -> Result<(), Broken> {
        let wa_id = town::wa_id(user);
        let change = UserChange {
            online: Some(online),
            ..UserChange::default()
        };
        let done = self.command(|turn| users::change(turn, &wa_id, change).map(drop));
        if is_saved(&done) {
            self.law.set_online(user, online);
            self.tell(&format!("user {user} takes messages: {online}"));
        } else if online {
            self.after(MINUTE, Todo::UserSwitchesOn(user));
        }
        Ok(())
    }

    /// A user has a request on the phone, and thinks about it.
    pub(crate) fn request_is_seen(&mut self, business: usize, user: usize, request: MessageId) {
        self.users[user].requests.push((business, request.clone()));
        let habits = self.users[user].habits;
        let answers = habits.allows + habits.allows_for_ever + habits.declines;
        let choices = [(answers, true), (habits.does_not_answer, false)];
        if self.chance.weighted(&choices) {
            let thinks = self.chance.time(SECOND, Duration::from_hours(1));
            self.after(thinks, Todo::UserAnswers(user, business, request));
        }
    }

    /// A message is on a user's phone, who will look at it, and press its button if it has one.
    pub(crate) fn is_shown(&mut self, user: usize, message: &MessageId, button: Option<Duration>) {
        if self.chance.per_mille(600) {
            let soon = self.chance.time(SECOND, Duration::from_hours(2));
            self.after(soon, Todo::UserReads(user, message.clone()));
        }
        if let Some(works) = button
            && self.chance.per_mille(700)
        {
            let at = self.chance.time(SECOND, MINUTE.max(2 * works));
            self.after(at, Todo::UserPresses(user, message.clone()));
        }
    }

    pub(crate) fn user_reads(&mut self, user: usize, message: &MessageId) -> Result<(), Broken> {
        let wa_id = town::wa_id(user);
        let done = self.command(|turn| messages::user_reads(turn, &wa_id, message));
        match done {
            Err(Failed::Refused(refused)) => Err(format!(
                "a message that was shown cannot be read: {refused}"
            )),
            Ok(()) | Err(Failed::Struck(_) | Failed::NoAnswer { .. }) => Ok(()),
        }
    }
}

const CALLING_DISABLED: u32 = 138_000;
