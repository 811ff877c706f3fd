//! What a phone and the exchange say to each other on the phone's line: one WebSocket, JSON in text
//! frames, each with a `type`. Messages only; who sends what when is the phone's and the exchange's.
//!
//! ```text
//! phone                                             exchange
//!   │ GET /phone/v1/line?wa_id=…&token=…  (upgrade)    │     wrong token: 401, no upgrade
//!   │◀──────────────────────────────────────── welcome │
//!   │ dial (offer) ───────────────────────────────────▶│     a user calls a business
//!   │◀───────────── dialing (answer), or dial_refused  │
//!   │◀──────────────────────── remote_ringing, accepted│
//!   │◀──────────────────────────────────── ring (offer)│     a business calls a user
//!   │ ringing, then pick_up (answer) or reject ───────▶│
//!   │◀────────────────────────── accepted, stop_ringing│
//!   │ hang_up ────────────────────────────────────────▶│
//!   │◀─────────────────────────────────────────── ended│
//!   │◀──────────────────────────── chat, chat_status   │     what was written, by whomever
//!   │ text, read ─────────────────────────────────────▶│
//!   │ answer_permission, set_permission ──────────────▶│
//!   │◀─────────────────────────────────── permission   │
//!   │◀─────────────────────────────────── businesses   │     one shows itself differently now
//! ```
//!
//! Both sides ignore fields that they do not know, so that either may learn new ones first.

use std::fmt;

use serde::{Deserialize, Serialize};
use types::limits::PHONE_MESSAGE_BYTES_MAX;
use types::{CallId, MessageId, PhoneNumber, PhoneNumberId, WaId};

mod chat;

pub use chat::{
    CallPermission, ChatContent, ChatMessage, ChatSide, ChatStatus, PermissionAnswer,
    PermissionHeld, PermissionRequest, RequestState, TemplateButton,
};

/// Where the line is, on the exchange's public listener.
pub const LINE_PATH: &str = "/phone/v1/line";

/// What a phone tells the exchange.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromPhone {
    /// The user calls a business. Answered by `dialing` or `dial_refused` with the same `dial_id`.
    Dial {
        /// Chosen by the phone, so that it finds the answer; up to 64 characters.
        dial_id: String,
        /// The business's display number in any usual writing, or its phone number id.
        to: String,
        /// The phone's WebRTC offer, all candidates in it (there is no trickle).
        sdp: String,
        /// The message whose call button was pressed. The call is then its business's, and brings
        /// the button's payload.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        button: Option<MessageId>,
        /// The `biz_payload` of the deep link that was followed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deep_link_payload: Option<String>,
    },
    /// The phone rings now. The first of these makes the business hear that it rings.
    Ringing {
        /// The call that `ring` named.
        call_id: CallId,
    },
    /// The user takes the call.
    PickUp {
        /// The call that `ring` named.
        call_id: CallId,
        /// The phone's WebRTC answer to the offer in `ring`.
        sdp: String,
    },
    /// The user declines the call.
    Reject {
        /// The call that `ring` named.
        call_id: CallId,
    },
    /// The user ends the call, or gives up waiting for the business to take it.
    HangUp {
        /// The call that `ring` or `dialing` named.
        call_id: CallId,
    },
    /// The user writes to a business. Every phone of the user is shown it by `chat`.
    Text {
        /// The business's display number in any usual writing, or its phone number id.
        to: String,
        /// What the user writes.
        body: String,
    },
    /// The user has read a message of a business.
    Read {
        /// Which.
        message_id: MessageId,
    },
    /// The user answers a call permission request, or changes the answer.
    AnswerPermission {
        /// The message that asks.
        message_id: MessageId,
        /// What the user says.
        answer: PermissionAnswer,
    },
    /// The user allows or forbids calls in the business's profile.
    SetPermission {
        /// The business number.
        phone_number_id: PhoneNumberId,
        /// What it may do from now on.
        permission: PermissionHeld,
    },
}

/// What the exchange tells a phone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToPhone {
    /// The first message on every line.
    Welcome {
        /// The user whose phone this is.
        wa_id: WaId,
        /// The user's profile name.
        name: String,
        /// The businesses, those included that take no calls: they may write.
        businesses: Vec<Business>,
        /// The user's calls that are not over. A phone that was away drops every call that is not
        /// among them: it missed the end.
        #[serde(default)]
        calls: Vec<CallId>,
        /// The latest messages of all chats, oldest first; a phone that was away has missed none
        /// that it still shows.
        #[serde(default)]
        chat: Vec<ChatMessage>,
        /// What the user allows the businesses; of those that are missing nothing.
        #[serde(default)]
        permissions: Vec<CallPermission>,
        /// The exchange's time, in milliseconds since the Unix epoch: its clock may be held or turned.
        #[serde(default)]
        now_ms: u64,
    },
    /// The businesses have changed: their names, call icons, or which there are.
    Businesses {
        /// All of them, as in `welcome`.
        businesses: Vec<Business>,
    },
    /// The call of that `dial` exists and the business is being told.
    Dialing {
        /// The `dial_id` of the `dial`.
        dial_id: String,
        /// The call, from now on.
        call_id: CallId,
        /// The exchange's WebRTC answer.
        sdp: String,
    },
    /// There will be no call for that `dial`.
    DialRefused {
        /// The `dial_id` of the `dial`.
        dial_id: String,
        /// Why, for programs.
        reason: DialRefusal,
        /// Why and what to do, for people.
        message: String,
        /// With `closed`: when the business takes calls again, in Unix milliseconds, if it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens_at_ms: Option<u64>,
        /// With `closed`: whether the business would call back a user who lets it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        callback_offered: bool,
    },
    /// A business calls. Sent again when a phone comes back while its user's call still rings.
    Ring {
        /// The call.
        call_id: CallId,
        /// Who calls.
        from: Business,
        /// The exchange's WebRTC offer to this user.
        sdp: String,
    },
    /// This phone need not ring any more, though it did nothing.
    StopRinging {
        /// The call that `ring` named.
        call_id: CallId,
        /// Why.
        reason: StopReason,
    },
    /// The business has seen the call that this user dialled (it pre-accepted).
    RemoteRinging {
        /// The call.
        call_id: CallId,
    },
    /// Audio may flow: the business took the user's call, or the exchange took this phone's pick-up.
    Accepted {
        /// The call.
        call_id: CallId,
    },
    /// The call is over; nothing follows for it.
    Ended {
        /// The call.
        call_id: CallId,
        /// Why, as one word in snake_case, such as `business_hung_up` or `no_answer`.
        reason: String,
        /// Why, as a sentence.
        message: String,
    },
    /// A message of a chat: a new one, the user's own included, or one whose contents have changed.
    Chat {
        /// The message.
        message: ChatMessage,
    },
    /// A message of a chat has come further.
    ChatStatus {
        /// Which.
        message_id: MessageId,
        /// How far.
        status: ChatStatus,
    },
    /// What the user allows a business has changed.
    Permission {
        /// What it is now.
        #[serde(flatten)]
        permission: CallPermission,
    },
    /// The phone said something that the exchange could not use. The line stays open.
    Error {
        /// What was wrong and what to do.
        message: String,
    },
}

/// A business as a phone's user sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    /// The id of its number.
    pub phone_number_id: PhoneNumberId,
    /// The number that it shows.
    pub display_phone_number: PhoneNumber,
    /// Its verified name.
    pub name: String,
    /// Whether its chat has a call button. A user can call without one: from a link or the call log.
    #[serde(default = "yes")]
    pub call_icon: bool,
}

/// Why there is no call for a `dial`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialRefusal {
    /// No business has this number or id.
    UnknownBusiness,
    /// The business does not take calls.
    CallingDisabled,
    /// The business takes calls at other hours.
    Closed,
    /// The platform keeps the business from taking calls for a while.
    Restricted,
    /// The business does not want calls from this user.
    Blocked,
    /// The call button has expired, or its message is none of this user's.
    ButtonExpired,
    /// The business has as many calls as it may have.
    Busy,
    /// This user and this business already have a call with each other.
    AlreadyInCall,
    /// The offer is not one that the exchange can answer.
    BadOffer,
    /// The exchange has too much to do just now.
    TryAgain,
    /// A reason that this version does not know; see the message.
    #[serde(other)]
    Other,
}

impl DialRefusal {
    /// The word on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownBusiness => "unknown_business",
            Self::CallingDisabled => "calling_disabled",
            Self::Closed => "closed",
            Self::Restricted => "restricted",
            Self::Blocked => "blocked",
            Self::ButtonExpired => "button_expired",
            Self::Busy => "busy",
            Self::AlreadyInCall => "already_in_call",
            Self::BadOffer => "bad_offer",
            Self::TryAgain => "try_again",
            Self::Other => "other",
        }
    }
}

/// Why a phone need not ring any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// Another phone of this user took the call.
    TakenElsewhere,
    /// Another phone of this user rejected the call.
    RejectedElsewhere,
    /// The business gave up.
    CallerHungUp,
    /// It rang for as long as it may.
    NoAnswer,
    /// The call ended otherwise; also every reason that this version does not know.
    #[serde(other)]
    Ended,
}

impl StopReason {
    /// The word on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TakenElsewhere => "taken_elsewhere",
            Self::RejectedElsewhere => "rejected_elsewhere",
            Self::CallerHungUp => "caller_hung_up",
            Self::NoAnswer => "no_answer",
            Self::Ended => "ended",
        }
    }
}

/// Why a frame on the line is not a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMessage {
    /// The frame is longer than any message may be.
    #[error("a message of {bytes} bytes is too long: at most {PHONE_MESSAGE_BYTES_MAX}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not JSON, no known `type`, or a field that is missing or not what it should be.
    #[error("not a message of the phone line: {0}")]
    Malformed(String),
}

impl FromPhone {
    /// The phone's message in a text frame.
    ///
    /// # Errors
    ///
    /// Refuses frames that are too long, not JSON, or not one of these messages, and says why.
    pub fn parse(frame: &str) -> Result<Self, BadMessage> {
        parse(frame)
    }

    /// The message as the text of a frame.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

impl ToPhone {
    /// The exchange's message in a text frame.
    ///
    /// # Errors
    ///
    /// Refuses frames that are too long, not JSON, or not one of these messages, and says why.
    pub fn parse(frame: &str) -> Result<Self, BadMessage> {
        parse(frame)
    }

    /// The message as the text of a frame.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// Names the message and its call or message, and neither numbers, names nor session descriptions.
impl fmt::Debug for FromPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dial { dial_id, .. } => write!(f, "dial {dial_id}"),
            Self::Ringing { call_id } => write!(f, "ringing {call_id}"),
            Self::PickUp { call_id, .. } => write!(f, "pick_up {call_id}"),
            Self::Reject { call_id } => write!(f, "reject {call_id}"),
            Self::HangUp { call_id } => write!(f, "hang_up {call_id}"),
            Self::Text { .. } => f.write_str("text"),
            Self::Read { message_id } => write!(f, "read {message_id}"),
            Self::AnswerPermission { message_id, answer } => {
                write!(f, "answer_permission {message_id} {}", answer.as_str())
            }
            Self::SetPermission {
                phone_number_id,
                permission,
            } => write!(
                f,
                "set_permission {phone_number_id} {}",
                permission.as_str()
            ),
        }
    }
}

/// Names the message and its call or message, and neither numbers, names nor session descriptions.
impl fmt::Debug for ToPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Welcome { .. } => f.write_str("welcome"),
            Self::Businesses { .. } => f.write_str("businesses"),
            Self::Dialing {
                dial_id, call_id, ..
            } => write!(f, "dialing {dial_id} {call_id}"),
            Self::DialRefused {
                dial_id, reason, ..
            } => write!(f, "dial_refused {dial_id} {}", reason.as_str()),
            Self::Ring { call_id, .. } => write!(f, "ring {call_id}"),
            Self::StopRinging { call_id, reason } => {
                write!(f, "stop_ringing {call_id} {}", reason.as_str())
            }
            Self::RemoteRinging { call_id } => write!(f, "remote_ringing {call_id}"),
            Self::Accepted { call_id } => write!(f, "accepted {call_id}"),
            Self::Ended {
                call_id, reason, ..
            } => write!(f, "ended {call_id} {reason}"),
            Self::Chat { message } => write!(f, "chat {message:?}"),
            Self::ChatStatus { message_id, status } => {
                write!(f, "chat_status {message_id} {}", status.as_str())
            }
            Self::Permission { permission } => write!(
                f,
                "permission {} {}",
                permission.phone_number_id,
                permission.permission.as_str()
            ),
            Self::Error { .. } => f.write_str("error"),
        }
    }
}

impl fmt::Debug for Business {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "business {}", self.phone_number_id)
    }
}

const fn yes() -> bool {
    true
}

fn parse<T: for<'de> Deserialize<'de>>(frame: &str) -> Result<T, BadMessage> {
    if frame.len() > PHONE_MESSAGE_BYTES_MAX {
        return Err(BadMessage::TooLong { bytes: frame.len() });
    }
    serde_json::from_str(frame).map_err(|error| BadMessage::Malformed(error.to_string()))
}

fn to_json<T: Serialize>(message: &T) -> String {
    serde_json::to_string(message).expect("messages have text keys and no failing serializers")
}

#[cfg(test)]
mod tests;
