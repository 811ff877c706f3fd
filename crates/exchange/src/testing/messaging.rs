//! What scripts say of messages: what the business and the user write, and what they do with it.

use types::MessageId;
use wire::Recipient;
use wire::messages::{CallButton, Content, NewMessage};

use super::{Platform, number, the_business, user};
use crate::desk::calls::{self, Dial};
use crate::desk::users::{self, UserChange};
use crate::desk::{Refused, messages};
use crate::media_control::PreparedLegs;
use crate::phone_lines::LineId;

/// The messages that a script is about: the last ones.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// By the business.
    pub(super) business: Option<MessageId>,
    /// By the user.
    pub(super) user: Option<MessageId>,
}

impl Platform {
    /// One step of a script that is about messages.
    pub(super) async fn message(&mut self, words: &[&str]) -> Result<(), Refused> {
        match *words {
            ["business", "writes", text] => {
                let body = text.to_owned();
                self.send(Content::Text {
                    body,
                    preview_url: false,
                })
                .await
            }
            ["business", "asks"] => self.send(Content::PermissionRequest { body: None }).await,
            ["business", "offers", minutes, payload] => {
                let button = CallButton {
                    display_text: "Call us".to_owned(),
                    ttl_minutes: minutes.parse().expect("minutes"),
                    payload: Some(payload.to_owned()),
                };
                let body = "Need help?".to_owned();
                self.send(Content::CallButton { body, button }).await
            }
            ["business", "reads"] => {
                let id = self.written.user.clone().expect("the user wrote");
                self.run(move |turn| {
                    let acting = the_business(turn)?;
                    messages::mark_read(turn, &acting, &id)
                })
                .await
            }
            ["user", "writes", text] => self.user_writes(text, None).await,
            ["user", "replies", text] => {
                let reply_to = self.written.business.clone();
                self.user_writes(text, reply_to).await
            }
            ["user", "reads"] => {
                let id = self.the_message();
                self.run(move |turn| messages::user_reads(turn, &user(), &id))
                    .await
            }
            ["user", "presses"] => self.press().await,
            ["user", "goes", way] => {
                let change = UserChange {
                    online: Some(way == "online"),
                    ..UserChange::default()
                };
                self.change(change).await
            }
            ["user", "becomes", word] => {
                let change = UserChange {
                    reachability: Some(word.parse().expect("a reachability")),
                    ..UserChange::default()
                };
                self.change(change).await
            }
            _ => panic!("no such step: {words:?}"),
        }
    }

    /// The last message of the business.
    pub(crate) fn the_message(&self) -> MessageId {
        self.written.business.clone().expect("the business wrote")
    }

    /// Lets the business send something to the user.
    pub(crate) async fn send(&mut self, content: Content) -> Result<(), Refused> {
        let to = Recipient::WaId(user());
        let sent = self.send_to(to, content).await?;
        self.request = Some(sent.clone());
        self.written.business = Some(sent);
        Ok(())
    }

    /// Lets the business send something to anybody.
    pub(crate) async fn send_to(
        &self,
        to: Recipient,
        content: Content,
    ) -> Result<MessageId, Refused> {
        let new = NewMessage {
            to,
            input: "input".to_owned(),
            content,
            reply_to: None,
            callback_data: None,
        };
        let sent = self.run(|turn| {
            let acting = the_business(turn)?;
            messages::send(turn, &acting, new)
        });
        Ok(sent.await?.message)
    }

    async fn user_writes(
        &mut self,
        text: &str,
        reply_to: Option<MessageId>,
    ) -> Result<(), Refused> {
        let text = text.to_owned();
        let written =
            self.run(|turn| messages::user_writes(turn, &user(), &number(), text, reply_to));
        self.written.user = Some(written.await?);
        Ok(())
    }

    async fn press(&mut self) -> Result<(), Refused> {
        let id = self.the_message();
        let offer = "the phone's offer".to_owned();
        let legs = PreparedLegs::for_dial(&*self.outside.media, &offer).expect("legs");
        let placed = self.run(move |turn| {
            let pressed = messages::button(turn, &user(), &id)?;
            let dial = Dial {
                wa_id: user(),
                line: LineId(1),
                dial_id: "d1".to_owned(),
                to: pressed.number,
                origin: pressed.origin,
                offer,
                legs,
            };
            calls::dial(turn, dial)
        });
        self.call = Some(placed.await?);
        Ok(())
    }

    async fn change(&self, change: UserChange) -> Result<(), Refused> {
        self.run(|turn| users::change(turn, &user(), change))
            .await
            .map(drop)
    }
}
