//! Chats: what comes is noted and told, what the script wants of it is done when its time has come.

use std::collections::VecDeque;
use std::time::Duration;

use types::limits::{CHAT_WELCOME_MESSAGES_MAX, PHONE_CHORES_MAX};
use types::{MessageId, PhoneNumberId, Timestamp};

use super::{ChatOrder, Dialled, Machine, Refusal, State};
use crate::line::{
    Business, ChatMessage, ChatSide, ChatStatus, FromPhone, PermissionAnswer, PermissionHeld,
    RequestState,
};
use crate::script::Reply;
use crate::story::Happening;

/// What a phone knows of its chats, and has to do about them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Chats {
    /// The latest messages, the oldest first.
    known: VecDeque<MessageId>,
    /// The latest request that waits for an answer or has one that can be changed.
    request: Option<MessageId>,
    /// The latest message with a call button.
    button: Option<Button>,
    /// The latest message of a business that was not read.
    unread: Option<MessageId>,
    /// What the script wants done, in the order in which it was found out.
    chores: Vec<Chore>,
    /// Whether the script's own text and profiles are on their way.
    has_begun: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Button {
    message: MessageId,
    number: PhoneNumberId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Chore {
    at: Timestamp,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Answer {
        message: MessageId,
        answer: PermissionAnswer,
        then: Option<(PermissionAnswer, Duration)>,
    },
    Read(MessageId),
    Press(Button),
    Write,
    Allow(PhoneNumberId),
}

impl Chats {
    fn is_new(&mut self, id: &MessageId) -> bool {
        if self.known.contains(id) {
            return false;
        }
        if self.known.len() == CHAT_WELCOME_MESSAGES_MAX {
            self.known.pop_front();
        }
        self.known.push_back(id.clone());
        true
    }

    fn plan(&mut self, at: Timestamp, what: What) {
        if self.chores.iter().any(|chore| chore.what == what) {
            return;
        }
        if self.chores.len() < PHONE_CHORES_MAX {
            self.chores.push(Chore { at, what });
        } else {
            tracing::warn!(
                "the phone has too much to do about its chats: a message is passed over"
            );
        }
    }

    /// When the earliest chore is due that can be done at all.
    pub(super) fn deadline(&self, may_dial: bool) -> Option<Timestamp> {
        self.chores
            .iter()
            .filter(|chore| may_dial || !matches!(chore.what, What::Press(_)))
            .map(|chore| chore.at)
            .min()
    }

    /// Takes the earliest of the chores that are due; of two at one moment the older.
    fn take_due(&mut self, now: Timestamp, may_dial: bool) -> Option<Chore> {
        let at = self.deadline(may_dial).filter(|at| *at <= now)?;
        let place = self.chores.iter().position(|chore| {
            chore.at == at && (may_dial || !matches!(chore.what, What::Press(_)))
        })?;
        Some(self.chores.remove(place))
    }
}

impl Machine {
    /// What a welcome says of chats: the history is known and not told again; what still waits for the
    /// user does so from now on.
    pub(super) fn chats_up(
        &mut self,
        now: Timestamp,
        businesses: &[Business],
        chat: Vec<ChatMessage>,
    ) {
        for message in chat {
            self.chats.is_new(&message.id);
            self.take_note(&message);
            self.plan_for(now, &message);
        }
        if !std::mem::replace(&mut self.chats.has_begun, true) {
            if let Some(write) = &self.script.chatting.write {
                let at = now + write.after;
                self.chats.plan(at, What::Write);
            }
            if let Some(profile) = self.script.chatting.profile {
                for business in businesses {
                    let number = business.phone_number_id.clone();
                    self.chats.plan(now + profile.after, What::Allow(number));
                }
            }
        }
    }

    pub(super) fn chat_came(&mut self, now: Timestamp, message: ChatMessage) {
        let is_new = self.chats.is_new(&message.id);
        self.take_note(&message);
        if is_new {
            self.plan_for(now, &message);
            if message.button_expires_at_ms().is_some()
                && let Some(after) = self.script.chatting.press_button_after
            {
                let button = Button {
                    message: message.id.clone(),
                    number: message.phone_number_id.clone(),
                };
                self.chats.plan(now + after, What::Press(button));
            }
            self.tell(Happening::Message { message });
        } else if let Some(request) = message.request() {
            self.tell(Happening::RequestStands {
                message_id: message.id.clone(),
                request: *request,
            });
        }
    }

    pub(super) fn chat_status(&mut self, message_id: MessageId, status: ChatStatus) {
        if status == ChatStatus::Read && self.chats.unread.as_ref() == Some(&message_id) {
            self.chats.unread = None;
        }
        self.tell(Happening::MessageStatus { message_id, status });
    }

    /// Does one chore that is due; whether there was one.
    pub(super) fn do_chore(&mut self, now: Timestamp) -> bool {
        if !self.online {
            return false;
        }
        let may_dial = self.may_dial();
        let Some(Chore { at, what }) = self.chats.take_due(now, may_dial) else {
            return false;
        };
        match what {
            What::Answer {
                message,
                answer,
                then,
            } => {
                if let Some((next, after)) = then {
                    let what = What::Answer {
                        message: message.clone(),
                        answer: next,
                        then: None,
                    };
                    // From when the answer was due, not from when the time was noticed.
                    self.chats.plan(at + after, what);
                }
                self.answer_permission(message, answer);
            }
            What::Read(message_id) => self.read(message_id),
            What::Press(button) => self.press_button(button),
            What::Write => {
                if let Some(write) = self.script.chatting.write.take() {
                    self.write(write.to, write.body);
                }
            }
            What::Allow(phone_number_id) => {
                if let Some(profile) = self.script.chatting.profile {
                    self.set_permission(phone_number_id, profile.permission);
                }
            }
        }
        true
    }

    /// Does what the phone's user wants of a chat.
    pub(super) fn obey_in_chat(&mut self, order: ChatOrder) -> Result<(), Refusal> {
        match order {
            ChatOrder::Write { to, body } => self.write(to, body),
            ChatOrder::Read { message } => {
                let message = message.or_else(|| self.chats.unread.clone());
                self.read(message.ok_or(Refusal::NothingUnread)?);
            }
            ChatOrder::AnswerPermission { message, answer } => {
                let message = message.or_else(|| self.chats.request.clone());
                self.answer_permission(message.ok_or(Refusal::NothingAsked)?, answer);
            }
            ChatOrder::SetPermission {
                phone_number_id,
                permission,
            } => self.set_permission(phone_number_id, permission),
            ChatOrder::PressButton => {
                let button = self.chats.button.clone().ok_or(Refusal::NoButton)?;
                if !self.may_dial() {
                    return Err(Refusal::Busy);
                }
                self.press_button(button);
            }
        }
        Ok(())
    }

    fn take_note(&mut self, message: &ChatMessage) {
        if let Some(request) = message.request() {
            match request.state {
                RequestState::Open | RequestState::Answered => {
                    self.chats.request = Some(message.id.clone());
                }
                RequestState::Over if self.chats.request.as_ref() == Some(&message.id) => {
                    self.chats.request = None;
                }
                RequestState::Over => {}
            }
        }
        if message.button_expires_at_ms().is_some() {
            self.chats.button = Some(Button {
                message: message.id.clone(),
                number: message.phone_number_id.clone(),
            });
        }
        if message.from == ChatSide::Business && message.status != ChatStatus::Read {
            self.chats.unread = Some(message.id.clone());
        }
    }

    /// What the script wants of a message, whenever it comes.
    fn plan_for(&mut self, now: Timestamp, message: &ChatMessage) {
        let is_unread = message.from == ChatSide::Business && message.status != ChatStatus::Read;
        if is_unread && let Some(after) = self.script.chatting.read_after {
            self.chats.plan(now + after, What::Read(message.id.clone()));
        }
        let is_open = message
            .request()
            .is_some_and(|request| request.state == RequestState::Open);
        if is_open && let Some(reply) = self.script.chatting.on_permission {
            let Reply {
                answer,
                after,
                then,
            } = reply;
            let message = message.id.clone();
            let what = What::Answer {
                message,
                answer,
                then,
            };
            self.chats.plan(now + after, what);
        }
    }

    fn write(&mut self, to: String, body: String) {
        self.tell(Happening::Writes { to: to.clone() });
        self.send(FromPhone::Text { to, body });
    }

    fn read(&mut self, message_id: MessageId) {
        self.tell(Happening::Reads {
            message_id: message_id.clone(),
        });
        self.send(FromPhone::Read { message_id });
    }

    fn answer_permission(&mut self, message_id: MessageId, answer: PermissionAnswer) {
        self.tell(Happening::AnswersPermission {
            message_id: message_id.clone(),
            answer,
        });
        self.send(FromPhone::AnswerPermission { message_id, answer });
    }

    fn set_permission(&mut self, phone_number_id: PhoneNumberId, permission: PermissionHeld) {
        self.tell(Happening::SetPermission { permission });
        self.send(FromPhone::SetPermission {
            phone_number_id,
            permission,
        });
    }

    fn press_button(&mut self, button: Button) {
        self.tell(Happening::PressesButton {
            message_id: button.message.clone(),
        });
        if matches!(self.state, State::HangingUp { .. }) {
            self.count_call();
        }
        self.dial(Dialled {
            to: button.number.to_string(),
            button: Some(button.message),
            deep_link_payload: None,
        });
    }
}
