//! Users who call: by a number, a button or a link, inside and outside of hours.

use exchange::desk::calls::{self, Dial};
use exchange::desk::messages;
use exchange::media_control::PreparedLegs;
use exchange::{Refused, Turn};
use types::{CallId, CallOrigin, MessageId, PhoneNumberId};

use super::{MINUTE, SECOND, in_words};
use crate::law::Broken;
use crate::platform::Failed;
use crate::town;
use crate::world::{Todo, World};

impl World {
    pub(crate) fn user_dials(&mut self, user: usize, business: usize) -> Result<(), Broken> {
        let number = town::number(business);
        let expected = self.law.no_dial(self.clock(), business, user);
        let to = move |_: &mut Turn<'_>| Ok((number, CallOrigin::default()));
        self.dials((business, user), "", CallOrigin::default(), expected, to)
    }

    /// A link has no button of a message before it, and a word of its own.
    pub(crate) fn user_follows_link(&mut self, user: usize, business: usize) -> Result<(), Broken> {
        let number = town::number(business);
        let expected = self.law.no_dial(self.clock(), business, user);
        let origin = CallOrigin {
            deeplink_payload: Some(format!("link {}", self.chance.below(1_000))),
            ..CallOrigin::default()
        };
        let brought = origin.clone();
        let to = move |_: &mut Turn<'_>| Ok((number, brought));
        self.dials((business, user), " by a link", origin, expected, to)
    }

    pub(crate) fn user_presses(&mut self, user: usize, message: &MessageId) -> Result<(), Broken> {
        let now = self.clock();
        let letter = self.law.letters.get(message).ok_or("a button of nobody")?;
        let button = letter.button.clone().ok_or("a message without a button")?;
        let business = letter.business;
        let expected = if button.until <= now {
            self.story.count("a button was pressed too late");
            Some("button_expired")
        } else {
            self.story.count("a button was pressed");
            self.law.no_dial(now, business, user)
        };
        let origin = CallOrigin {
            cta_payload: button.payload,
            deeplink_payload: None,
        };
        let (wa_id, message) = (town::wa_id(user), message.clone());
        let to = move |turn: &mut Turn<'_>| {
            let pressed = messages::button(turn, &wa_id, &message)?;
            Ok((pressed.number, pressed.origin))
        };
        self.dials((business, user), " by a button", origin, expected, to)
    }

    /// A user dials what `to` says, and gets a call or the refusal that the law says.
    fn dials(
        &mut self,
        (business, user): (usize, usize),
        how: &str,
        origin: CallOrigin,
        expected: Option<&'static str>,
        to: impl FnOnce(&mut Turn<'_>) -> Result<(PhoneNumberId, CallOrigin), Refused>,
    ) -> Result<(), Broken> {
        let (Some(line), Some(outside)) = (self.users[user].line, self.platform.outside()) else {
            return Ok(());
        };
        let legs = PreparedLegs::for_dial(&*outside.media, "offer")
            .map_err(|fault| format!("no legs: {fault}"))?;
        self.under_way.dialling = origin;
        let placed = self.command(|turn| {
            let (to, origin) = to(turn)?;
            let dial = Dial {
                wa_id: town::wa_id(user),
                line,
                dial_id: "d".to_owned(),
                to,
                offer: "offer".to_owned(),
                origin,
                legs,
            };
            calls::dial(turn, dial)
        });
        let line = format!("user {user} calls business {business}{how}");
        match &placed {
            Ok(call) => {
                self.story.count("a user called");
                let name = self.story.name("call", call.as_str());
                self.tell(&format!("{line}: {name}"));
                let patience = self.chance.time(2 * SECOND, 3 * MINUTE);
                self.after(patience, Todo::UserHangsUp(user, call.clone()));
            }
            Err(failed) => self.tell(&format!("{line}, {}", in_words(failed))),
        }
        self.dialled_rightly(business, expected, &placed)
    }

    fn dialled_rightly(
        &mut self,
        business: usize,
        expected: Option<&'static str>,
        placed: &Result<CallId, Failed>,
    ) -> Result<(), Broken> {
        let refused = match placed {
            Ok(_) => None,
            Err(Failed::Refused(refused)) => Some(refused),
            Err(Failed::Struck(_) | Failed::NoAnswer { .. }) => return Ok(()),
        };
        if refused.map(Refused::word) != expected {
            return Err(format!(
                "a user who calls must hear {expected:?}, and heard {refused:?}"
            ));
        }
        let Some(Refused::Closed {
            opens_at,
            calls_back,
        }) = refused
        else {
            return Ok(());
        };
        self.story.count("a user called outside of the hours");
        if *calls_back != self.law.calls_back(business) {
            return Err("a user outside of the hours is offered the wrong thing".to_owned());
        }
        if self.law.begin_at(self.clock(), business, *opens_at) {
            return Ok(());
        }
        Err(format!(
            "hours do not begin at {opens_at:?} for the first time"
        ))
    }
}
