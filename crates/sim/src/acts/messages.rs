//! Messages: what businesses and users write, and what becomes of it.

use std::time::Duration;

use exchange::desk::users::UserChange;
use exchange::desk::{auth, messages, users};
use serde_json::Value;
use store::events::Event;
use types::MessageId;
use wire::Recipient;
use wire::messages::{Content, NewMessage};

use super::{MINUTE, SECOND, in_words};
use crate::law::Broken;
use crate::platform::Failed;
use crate::town;
use crate::world::{Todo, World};

impl World {
    /// A business sends a message.
    pub(crate) fn sends(
        &mut self,
        business: usize,
        user: usize,
        content: Content,
    ) -> Result<(), Failed> {
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

    pub(crate) fn business_writes(&mut self, business: usize, user: usize) -> Result<(), Broken> {
        let text = Content::Text {
            body: "Good day.".to_owned(),
            preview_url: false,
        };
        let done = self.sends(business, user, text);
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!(
            "business {business} writes to user {user} {outcome}"
        ));
        match done {
            // Meta takes what it will not deliver, and says so by a status.
            Err(Failed::Refused(refused)) => Err(format!("a text was refused: {refused}")),
            Ok(()) | Err(Failed::NoAnswer { .. }) => Ok(()),
        }
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
        let away = self.chance.time(MINUTE, self.plan.lasts / 10);
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
        match done {
            Ok(()) | Err(Failed::NoAnswer { saved: true }) => {
                self.tell(&format!("user {user} takes messages: {online}"));
            }
            Err(_) if online => self.after(MINUTE, Todo::UserSwitchesOn(user)),
            Err(_) => {}
        }
        Ok(())
    }

    /// What the stream of events tells of a message of a business.
    pub(crate) fn hear_message(&mut self, event: &Event) -> Result<(), Broken> {
        let detail: Value = serde_json::from_str(&event.detail)
            .map_err(|error| format!("an event's detail is no JSON: {error}"))?;
        let business = (0..self.businesses.len())
            .find(|business| event.number == Some(town::number(*business)))
            .ok_or("a message of an unknown number")?;
        let user = (0..self.users.len())
            .find(|user| detail["wa_id"] == town::wa_id(*user).digits())
            .ok_or("a message to an unknown user")?;
        let id: MessageId = detail["message_id"]
            .as_str()
            .unwrap_or_default()
            .parse()
            .map_err(|error| format!("a message's id: {error}"))?;
        let free_form = detail["type"] != "template";
        // The one template of a business asks as well.
        let asks = detail["type"] != "text";
        let open = self.law.window_open(event.at, business, user);
        match event.kind.as_str() {
            "message.sent" => {
                self.story.count("a message was sent");
                if free_form && !open {
                    return Err("a free-form message went out of a closed window".to_owned());
                }
                if asks {
                    if let Some(code) = self.law.no_request(event.at, business, user, free_form) {
                        return Err(format!("a request went out that {code} forbids"));
                    }
                    self.law.asked(event.at, business, user, id);
                }
            }
            "message.delivered" if asks => {
                self.law.delivered(event.at, business, user, &id);
                self.request_is_seen(business, user, id);
            }
            "message.failed" => {
                self.story.count("a message failed");
                if open || asks {
                    return Err(format!("a message failed in an open window: {detail}"));
                }
            }
            _ => {}
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
}
