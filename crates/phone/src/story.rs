//! What happened on a phone, in order and with times: for people as sentences, for programs as words.

use std::collections::VecDeque;
use std::fmt;

use serde::{Serialize, Serializer};
use types::limits::STORY_EVENTS_MAX;
use types::{CallId, MessageId, Timestamp};

use crate::line::{
    Business, CallPermission, ChatMessage, ChatStatus, DialRefusal, PermissionAnswer,
    PermissionHeld, PermissionRequest, StopReason,
};

mod chat;

/// Something that happened on a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The line to the exchange is up.
    Online {
        /// The businesses, those included that show no call icon.
        businesses: Vec<Business>,
    },
    /// The businesses have changed: their names, call icons, or which there are.
    BusinessesChanged {
        /// All of them, those included that show no call icon.
        businesses: Vec<Business>,
    },
    /// The line to the exchange is down; the phone tries again.
    Offline {
        /// Why, as a sentence without its full stop.
        why: String,
    },
    /// A call to a business was begun.
    Dialling {
        /// What was dialled.
        to: String,
    },
    /// The exchange made a call of it.
    Calling {
        /// The call.
        call_id: CallId,
    },
    /// The exchange made no call of it.
    DialRefused {
        /// Why, for programs.
        reason: DialRefusal,
        /// Why, for people.
        message: String,
    },
    /// The business has seen the call.
    RemoteRings {
        /// The call.
        call_id: CallId,
    },
    /// A business calls.
    Rings {
        /// The call.
        call_id: CallId,
        /// Who calls.
        from: Business,
    },
    /// A business calls while this phone is in another call: it does not ring.
    RingsWhileBusy {
        /// The call.
        call_id: CallId,
    },
    /// The phone need not ring any more.
    StoppedRinging {
        /// The call.
        call_id: CallId,
        /// Why.
        reason: StopReason,
    },
    /// The user took the call.
    PickedUp {
        /// The call.
        call_id: CallId,
    },
    /// The user declined the call.
    Rejected {
        /// The call.
        call_id: CallId,
    },
    /// Audio may flow.
    Accepted {
        /// The call.
        call_id: CallId,
    },
    /// The phone's media is connected.
    MediaUp,
    /// The first audio of the other side was heard.
    HearsAudio,
    /// The other side pressed a key.
    HeardDigit {
        /// The key.
        digit: char,
    },
    /// The phone says something new.
    Says {
        /// What, as the script writes it.
        what: String,
    },
    /// The file that was being said is over.
    Said,
    /// Keys were pressed and sent.
    Pressed,
    /// The user hung up.
    HungUp,
    /// The call is over.
    Ended {
        /// The call.
        call_id: CallId,
        /// Why, as one word.
        reason: String,
        /// Why, as a sentence.
        message: String,
    },
    /// The phone's media could not be set up or broke down.
    MediaFailed {
        /// Why, as a sentence without its full stop.
        why: String,
    },
    /// What the phone heard was written to a file.
    Recorded {
        /// Where.
        file: String,
    },
    /// What the phone heard could not be written.
    NotRecorded {
        /// Where it should have been.
        file: String,
        /// Why, as half a sentence.
        why: String,
    },
    /// A message has come to the chats, or the user's own was taken.
    Message {
        /// The message.
        message: ChatMessage,
    },
    /// A call permission request stands differently.
    RequestStands {
        /// The message that asked.
        message_id: MessageId,
        /// How.
        request: PermissionRequest,
    },
    /// A message has come further.
    MessageStatus {
        /// Which.
        message_id: MessageId,
        /// How far.
        status: ChatStatus,
    },
    /// What the user allows a business has changed.
    Permission {
        /// What it is now.
        permission: CallPermission,
    },
    /// The user writes.
    Writes {
        /// To whom, as it was given.
        to: String,
    },
    /// The user reads a message.
    Reads {
        /// Which.
        message_id: MessageId,
    },
    /// The user answers a call permission request.
    AnswersPermission {
        /// The message that asked.
        message_id: MessageId,
        /// What the user says.
        answer: PermissionAnswer,
    },
    /// The user says in a business's profile what it may do.
    SetPermission {
        /// What.
        permission: PermissionHeld,
    },
    /// The user presses a call button.
    PressesButton {
        /// The message that has it.
        message_id: MessageId,
    },
    /// The exchange could not use what the phone said.
    Complaint {
        /// What was wrong.
        message: String,
    },
}

/// A happening and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryEvent {
    /// Its place in the story, from 0.
    pub number: u64,
    /// When, by the phone's clock.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

impl Happening {
    /// What happened, as one word for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Online { .. } => "online",
            Self::BusinessesChanged { .. } => "businesses_changed",
            Self::Offline { .. } => "offline",
            Self::Dialling { .. } => "dialling",
            Self::Calling { .. } => "calling",
            Self::DialRefused { .. } => "dial_refused",
            Self::RemoteRings { .. } => "remote_rings",
            Self::Rings { .. } => "rings",
            Self::RingsWhileBusy { .. } => "rings_while_busy",
            Self::StoppedRinging { .. } => "stopped_ringing",
            Self::PickedUp { .. } => "picked_up",
            Self::Rejected { .. } => "rejected",
            Self::Accepted { .. } => "accepted",
            Self::MediaUp => "media_up",
            Self::HearsAudio => "hears_audio",
            Self::HeardDigit { .. } => "heard_digit",
            Self::Says { .. } => "says",
            Self::Said => "said",
            Self::Pressed => "pressed",
            Self::HungUp => "hung_up",
            Self::Ended { .. } => "ended",
            Self::MediaFailed { .. } => "media_failed",
            Self::Recorded { .. } => "recorded",
            Self::NotRecorded { .. } => "not_recorded",
            Self::Message { .. } => "message",
            Self::RequestStands { .. } => "request_stands",
            Self::MessageStatus { .. } => "message_status",
            Self::Permission { .. } => "permission",
            Self::Writes { .. } => "writes",
            Self::Reads { .. } => "reads",
            Self::AnswersPermission { .. } => "answers_permission",
            Self::SetPermission { .. } => "sets_permission",
            Self::PressesButton { .. } => "presses_button",
            Self::Complaint { .. } => "complaint",
        }
    }

    /// The call it names, if it names one.
    #[must_use]
    pub const fn call_id(&self) -> Option<&CallId> {
        match self {
            Self::Calling { call_id }
            | Self::RemoteRings { call_id }
            | Self::Rings { call_id, .. }
            | Self::RingsWhileBusy { call_id }
            | Self::StoppedRinging { call_id, .. }
            | Self::PickedUp { call_id }
            | Self::Rejected { call_id }
            | Self::Accepted { call_id }
            | Self::Ended { call_id, .. } => Some(call_id),
            Self::Online { .. }
            | Self::BusinessesChanged { .. }
            | Self::Offline { .. }
            | Self::Dialling { .. }
            | Self::DialRefused { .. }
            | Self::MediaUp
            | Self::HearsAudio
            | Self::HeardDigit { .. }
            | Self::Says { .. }
            | Self::Said
            | Self::Pressed
            | Self::HungUp
            | Self::MediaFailed { .. }
            | Self::Recorded { .. }
            | Self::NotRecorded { .. }
            | Self::Message { .. }
            | Self::RequestStands { .. }
            | Self::MessageStatus { .. }
            | Self::Permission { .. }
            | Self::Writes { .. }
            | Self::Reads { .. }
            | Self::AnswersPermission { .. }
            | Self::SetPermission { .. }
            | Self::PressesButton { .. }
            | Self::Complaint { .. } => None,
        }
    }

    /// The message it names, if it names one.
    #[must_use]
    pub const fn message_id(&self) -> Option<&MessageId> {
        match self {
            Self::Message { message } => Some(&message.id),
            Self::RequestStands { message_id, .. }
            | Self::MessageStatus { message_id, .. }
            | Self::Reads { message_id }
            | Self::AnswersPermission { message_id, .. }
            | Self::PressesButton { message_id } => Some(message_id),
            _ => None,
        }
    }

    /// The one word that says more: why it ended, which key it was.
    pub(crate) fn detail(&self) -> Option<String> {
        match self {
            Self::DialRefused { reason, .. } => Some(reason.as_str().to_owned()),
            Self::StoppedRinging { reason, .. } => Some(reason.as_str().to_owned()),
            Self::Ended { reason, .. } => Some(reason.clone()),
            Self::HeardDigit { digit } => Some(digit.to_string()),
            Self::Says { what } => Some(what.clone()),
            Self::Recorded { file } => Some(file.clone()),
            Self::Message { message } => Some(message.content.kind().to_owned()),
            Self::RequestStands { request, .. } => Some(chat::stands(request).to_owned()),
            Self::MessageStatus { status, .. } => Some(status.as_str().to_owned()),
            Self::Permission { permission } => Some(permission.permission.as_str().to_owned()),
            Self::AnswersPermission { answer, .. } => Some(answer.as_str().to_owned()),
            Self::SetPermission { permission } => Some(permission.as_str().to_owned()),
            _ => None,
        }
    }
}

/// A sentence. It may name people and numbers: for the phone's user, not for logs.
impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Online { businesses } => {
                f.write_str("The phone is online.")?;
                callable(businesses, f)
            }
            Self::BusinessesChanged { businesses } => {
                f.write_str("The businesses have changed.")?;
                callable(businesses, f)
            }
            Self::Offline { why } => write!(f, "The phone is offline: {why}."),
            Self::Dialling { to } => write!(f, "Dialling {to}."),
            Self::Calling { .. } => f.write_str("The call is on its way to the business."),
            Self::DialRefused { message, .. } => write!(f, "There is no call: {message}"),
            Self::RemoteRings { .. } => f.write_str("It rings at the business."),
            Self::Rings { from, .. } => {
                let Business {
                    display_phone_number,
                    name,
                    ..
                } = from;
                write!(
                    f,
                    "The phone rings: {name} calls from +{display_phone_number}."
                )
            }
            Self::RingsWhileBusy { .. } => {
                f.write_str("Another call came and was not let through: the phone is in a call.")
            }
            Self::StoppedRinging { reason, .. } => f.write_str(stopped_ringing(*reason)),
            Self::PickedUp { .. } => f.write_str("Picked up."),
            Self::Rejected { .. } => f.write_str("Rejected."),
            Self::Accepted { .. } => f.write_str("Both sides can talk now."),
            Self::MediaUp => f.write_str("Media is connected."),
            Self::HearsAudio => f.write_str("The other side can be heard."),
            Self::HeardDigit { digit } => write!(f, "The other side pressed {digit}."),
            Self::Says { what } => write!(f, "Saying {what}."),
            Self::Said => f.write_str("Said it."),
            Self::Pressed => f.write_str("The keys were sent."),
            Self::HungUp => f.write_str("Hung up."),
            Self::Ended {
                message, reason, ..
            } => write!(f, "The call is over ({reason}). {message}"),
            Self::MediaFailed { why } => write!(f, "Media failed: {why}."),
            Self::Recorded { file } => write!(f, "What was heard is in {file}."),
            Self::NotRecorded { file, why } => {
                write!(f, "What was heard could not be written to {file}: {why}.")
            }
            Self::Message { message } => chat::came(message, f),
            Self::RequestStands { request, .. } => f.write_str(chat::request_stands(request)),
            Self::MessageStatus { status, .. } => f.write_str(chat::message_is(*status)),
            Self::Permission { permission } => f.write_str(chat::may(permission.permission)),
            Self::Writes { to } => write!(f, "Writing to {to}."),
            Self::Reads { .. } => f.write_str("Reading a message."),
            Self::AnswersPermission { answer, .. } => f.write_str(chat::answering(*answer)),
            Self::SetPermission { permission } => f.write_str(chat::setting(*permission)),
            Self::PressesButton { .. } => f.write_str("Pressing a call button."),
            Self::Complaint { message } => write!(f, "The exchange complains: {message}"),
        }
    }
}

fn callable(businesses: &[Business], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut callable = businesses.iter().filter(|business| business.call_icon);
    callable.try_for_each(|business| {
        let Business {
            display_phone_number,
            name,
            ..
        } = business;
        write!(f, " It can call {name} at +{display_phone_number}.")
    })
}

const fn stopped_ringing(reason: StopReason) -> &'static str {
    match reason {
        StopReason::TakenElsewhere => "The phone stops ringing: another phone took the call.",
        StopReason::RejectedElsewhere => {
            "The phone stops ringing: another phone rejected the call."
        }
        StopReason::CallerHungUp => "The phone stops ringing: the business gave up.",
        StopReason::NoAnswer => "The phone stops ringing: nobody answered in time.",
        StopReason::Ended => "The phone stops ringing: the call is over.",
    }
}

/// As the control API gives it: `{"number":3,"at_ms":…,"event":"ended","call_id":…,"detail":…,"text":…}`.
impl Serialize for StoryEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'a> {
            number: u64,
            at_ms: u64,
            event: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            call_id: Option<&'a CallId>,
            #[serde(skip_serializing_if = "Option::is_none")]
            message_id: Option<&'a MessageId>,
            #[serde(skip_serializing_if = "Option::is_none")]
            detail: Option<String>,
            text: String,
        }
        Entry {
            number: self.number,
            at_ms: self.at.as_millis(),
            event: self.what.word(),
            call_id: self.what.call_id(),
            message_id: self.what.message_id(),
            detail: self.what.detail(),
            text: self.what.to_string(),
        }
        .serialize(serializer)
    }
}

/// The story of one phone; the oldest events go when it gets too long.
#[derive(Debug, Clone, Default)]
pub struct Story {
    events: VecDeque<StoryEvent>,
    told: u64,
}

impl Story {
    /// Adds what happened.
    pub fn tell(&mut self, at: Timestamp, what: Happening) {
        if self.events.len() == STORY_EVENTS_MAX {
            self.events.pop_front();
        }
        self.events.push_back(StoryEvent {
            number: self.told,
            at,
            what,
        });
        self.told += 1;
    }

    /// How many events there have been, those that went included.
    #[must_use]
    pub const fn told(&self) -> u64 {
        self.told
    }

    /// The events from `number` on that are still there.
    #[must_use]
    pub fn from(&self, number: u64) -> Vec<StoryEvent> {
        self.events
            .iter()
            .filter(|event| event.number >= number)
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests;
